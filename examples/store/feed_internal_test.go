package store

import (
	"errors"
	"iter"
	"slices"
	"testing"
)

func TestFeedDropsWhoDoesNotKeepUp(t *testing.T) {
	t.Parallel()
	f := newFeed("a")
	f.behind = 2
	missed, next, err := f.listen("")
	if len(missed) > 0 || err != nil {
		t.Fatal(missed, err)
	}
	for range 4 { // nobody waits, though nobody reads
		f.tell(productDeleted, ProductChange{})
	}
	var got []string
	for e := range next {
		got = append(got, e.ID)
	}
	if want := []string{"a-1", "a-2"}; !slices.Equal(got, want) || len(f.open) != 0 {
		t.Errorf("%q and then the end, with %d listeners; want %q and none", got, len(f.open), want)
	}
}

func TestFeedKeepsTheLastChanges(t *testing.T) {
	t.Parallel()
	f := newFeed("a")
	f.keep = 3
	for range 5 {
		f.tell(productCreated, ProductChange{})
	}
	for id, want := range map[string][]string{
		"a-4": {"created a-5"}, "a-2": {"created a-3", "created a-4", "created a-5"}, "a-1": {"missed a-5"}, "b-4": {"missed a-5"},
	} {
		next, stop := iter.Pull2(f.after(t.Context(), id))
		for _, want := range want {
			if e, err, _ := next(); e.Name+" "+e.ID != want || err != nil {
				t.Errorf("after %s: %+v, %v, want %s", id, e, err, want)
			}
		}
		stop()
	}
	if len(f.open) != 0 {
		t.Errorf("%d listeners are left", len(f.open))
	}
}

func TestFeedBoundsItsListeners(t *testing.T) {
	t.Parallel()
	f := newFeed("a")
	f.listeners = 1
	if _, _, err := f.listen(""); err != nil {
		t.Fatal(err)
	}
	for _, err := range f.after(t.Context(), "") {
		if !errors.Is(err, ErrTooManyListeners) {
			t.Errorf("%v, want ErrTooManyListeners", err)
		}
	}
}
