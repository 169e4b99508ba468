package store_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenon-go/tenon/store"
)

func TestTags(t *testing.T) {
	t.Parallel()
	ctx, m := t.Context(), memory(t, store.Config{})
	tags := store.Tags{Store: m}
	stamp := func(names ...string) []byte {
		s, err := tags.Stamp(ctx, names...)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	fresh := func(what string, stamp []byte, want bool) {
		t.Helper()
		got, err := tags.Fresh(ctx, stamp)
		if err != nil || got != want {
			t.Errorf("%s: fresh %t, %v, want %t", what, got, err, want)
		}
	}
	none, users, both := stamp(), stamp("users"), stamp("users", "posts")
	for range 2 {
		fresh("no tag", none, true)
		fresh("one tag", users, true)
		fresh("two tags", both, true)
	}
	ok(t, tags.Invalidate(ctx, "other", "user", "users "))
	fresh("other tags were invalidated", both, true)
	ok(t, tags.Invalidate(ctx, "posts"))
	fresh("the second tag was invalidated", both, false)
	fresh("another tag than its own was invalidated", users, true)
	again := stamp("users", "posts")
	fresh("stamped after an invalidation", again, true)
	fresh("stamped before one, with a new generation since", both, false)
	ok(t, tags.Invalidate(ctx, "users", "posts"))
	fresh("all were invalidated", again, false)
	fresh("no tag can be invalidated", none, true)
	for _, bad := range []string{"x", "\x00", "\xff", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "\x05users", string(users[:len(users)-1]), string(users) + "\x05"} {
		fresh("no stamp", []byte(bad), false)
	}
	for _, name := range []string{"", strings.Repeat("t", store.MaxKey-3)} {
		if _, err := tags.Stamp(ctx, name); !errors.Is(err, store.ErrSize) {
			t.Errorf("a tag of %d bytes: %v", len(name), err)
		}
		if err := tags.Invalidate(ctx, name); !errors.Is(err, store.ErrSize) {
			t.Errorf("a tag of %d bytes: %v", len(name), err)
		}
	}
	fresh("the longest tag", stamp(strings.Repeat("t", store.MaxKey-4)), true)
}

func TestTagsEndWithTheirTTL(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	m := memory(t, store.Config{Now: func() time.Time { return now }})
	for ttl, passes := range map[time.Duration]time.Duration{0: 24 * time.Hour, time.Minute: time.Minute} {
		tags := store.Tags{Store: m, TTL: ttl}
		stamp, err := tags.Stamp(t.Context(), ttl.String())
		ok(t, err)
		now = now.Add(passes - 1)
		if got, err := tags.Fresh(t.Context(), stamp); !got || err != nil {
			t.Errorf("a stamp of %v is no longer fresh before its end: %v", ttl, err)
		}
		now = now.Add(1)
		if got, err := tags.Fresh(t.Context(), stamp); got || err != nil {
			t.Errorf("a stamp of %v is fresh at its end: %v", ttl, err)
		}
		ok(t, tags.Renew(t.Context(), ttl.String())) // which begins none
		if got, err := tags.Fresh(t.Context(), stamp); got || err != nil {
			t.Errorf("a stamp of %v is fresh again: %v", ttl, err)
		}
		stamp, err = tags.Stamp(t.Context(), ttl.String())
		ok(t, err)
		now = now.Add(passes - 1)
		ok(t, tags.Renew(t.Context(), "other", ttl.String()))
		now = now.Add(passes - 1)
		if got, err := tags.Fresh(t.Context(), stamp); !got || err != nil {
			t.Errorf("a stamp of %v that was renewed is not fresh: %v", ttl, err)
		}
		now = now.Add(1)
		if got, err := tags.Fresh(t.Context(), stamp); got || err != nil {
			t.Errorf("a stamp of %v that was renewed is fresh at its end: %v", ttl, err)
		}
	}
}

// A generation that is taken away between any two calls of a Stamp leaves a stamp that is not fresh, never an error.
func TestTagsInvalidatedWhileStamping(t *testing.T) {
	t.Parallel()
	m := memory(t, store.Config{})
	s := &meddling{Store: m}
	tags := store.Tags{Store: s}
	stamp, err := tags.Stamp(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := tags.Fresh(t.Context(), stamp); got || err != nil {
		t.Error(got, err)
	}
}

// meddling lets another caller add a generation before each Add, and invalidate it after.
type meddling struct{ store.Store }

func (m *meddling) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	if err := m.Set(ctx, key, make([]byte, 16), ttl); err != nil {
		return false, err
	}
	done, err := m.Store.Add(ctx, key, value, ttl)
	return done, errors.Join(err, m.Delete(ctx, key))
}

// Readers keep what they read with a stamp; once an Invalidate has returned, nobody is served what was there before it.
func TestTagsUnderConcurrency(t *testing.T) {
	t.Parallel()
	ctx, m := t.Context(), memory(t, store.Config{})
	tags := store.Tags{Store: m}
	var source, told atomic.Int64
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				least := told.Load()
				if entry, err := m.Get(ctx, "entry"); err == nil && entry[0] != nil {
					fresh, err := tags.Fresh(ctx, entry[0][1:])
					if err != nil {
						t.Error(err)
						return
					}
					if is := int64(entry[0][0]); fresh && is < least {
						t.Errorf("served %d when %d was told", is, least)
						return
					}
				}
				stamp, err := tags.Stamp(ctx, "source")
				if err != nil {
					t.Error(err)
					return
				}
				read := byte(source.Load())
				ok(t, m.Set(ctx, "entry", append([]byte{read}, stamp...), time.Hour))
			}
		})
	}
	for i := range int64(200) {
		source.Store(i)
		ok(t, tags.Invalidate(ctx, "source"))
		told.Store(i)
	}
	close(stop)
	wg.Wait()
}

func TestPrefix(t *testing.T) {
	t.Parallel()
	ctx, m := t.Context(), memory(t, store.Config{})
	a, b := store.Prefix(m, "a:"), store.Prefix(m, "b:")
	ok(t, a.Set(ctx, "k", []byte("1"), time.Hour))
	if has(t, b, "k") || has(t, m, "k") || !has(t, m, "a:k") || !has(t, a, "k") {
		t.Error("a key of one prefix is seen by another, or not by its own")
	}
	ok(t, b.Delete(ctx, "k"))
	if n, err := a.Count(ctx, "k", 1, time.Hour); n != 2 || err != nil {
		t.Error(n, err)
	}
	if err := a.Set(ctx, strings.Repeat("k", store.MaxKey-1), nil, time.Hour); !errors.Is(err, store.ErrSize) {
		t.Error(err)
	}
	ok(t, a.Set(ctx, strings.Repeat("k", store.MaxKey-2), nil, time.Hour))
}
