package ratelimit_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/ratelimit"
	"github.com/tenon-go/tenon/store"
)

// TestSD056GeneralGuesses bounds those who guess credentials of a whole service, and holds no places for them.
func TestSD056GeneralGuesses(t *testing.T) {
	t.Parallel()
	s := serve(t, func(a *tenon.App) {
		a.Get("/a", ping)
		a.Get("/b", ping)
	}, auth.Required(people(t)), ratelimit.General())
	if got := s.passes(50, "/a", ada, "X-Api-Key", "wrong") + s.passes(50, "/b", ada); got != 60 {
		t.Errorf("%d of 100 who are not let in learn so, want 60", got)
	}
	if got := s.passes(150, "/a", bob, "X-Api-Key", "user,1"); got != 100 {
		t.Errorf("%d of a caller from elsewhere pass, want 100", got)
	}
}

// TestSD055Guesses counts guesses in the store, so that they are those of all replicas, and asks it for nothing else before a credential is known.
func TestSD055Guesses(t *testing.T) {
	t.Parallel()
	memory, err := store.NewMemory(store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	st := &faulty{Store: memory}
	apps := replicas(t, 2, st, auth.Required(people(t)), ratelimit.Limit{Per: "5/hour", By: ratelimit.Caller()}.Option())
	call := func(i int, key string) int {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/ping", http.NoBody)
		r.Header.Set("X-Api-Key", key)
		w := httptest.NewRecorder()
		apps[i].ServeHTTP(w, r)
		return w.Code
	}
	if got, asked := call(0, "user,1"), st.asked.Load(); got != http.StatusOK || asked != 1 {
		t.Errorf("a caller is answered %d, and the store asked %d times", got, asked)
	}
	for i, want := range []int{401, 401, 401, 401, 401, 429, 429} {
		if got := call(0, "wrong"); got != want {
			t.Errorf("guess %d is answered %d, want %d", i, got, want)
		}
	}
	for i, want := range []int{401, 429, 429} { // the first has it learn what the other knows
		if got := call(1, "wrong"); got != want {
			t.Errorf("guess %d at another replica is answered %d, want %d", i, got, want)
		}
	}
}

// TestSD054Outage holds nothing against callers whose credentials cannot be judged.
func TestSD054Outage(t *testing.T) {
	t.Parallel()
	broken := auth.APIKey(auth.APIKeyConfig{Verify: func(context.Context, string, auth.Secret, bool) (*auth.Principal, error) {
		return nil, errors.New("the database is down")
	}})
	s := one(t, auth.Required(broken), ratelimit.Limit{Per: "1/minute", By: ratelimit.Caller()}.Option())
	for range 3 {
		if got := s.call(http.MethodGet, "/ping", ada, "X-Api-Key", "user,1").StatusCode; got != http.StatusServiceUnavailable {
			t.Errorf("a caller is answered %d", got)
		}
	}
}
