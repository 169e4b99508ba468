package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/examples/docs/session"
	"github.com/tenon-go/tenon/ratelimit"
	"github.com/tenon-go/tenon/store"
	"github.com/tenon-go/tenon/tenontest"
)

// region: clock

// still is a Keeper for which no time passes.
func still(t *testing.T) *ratelimit.Keeper {
	t.Helper()
	noon := time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)
	memory, err := store.NewMemory(store.Config{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	k, err := ratelimit.New(ratelimit.Config{Store: memory})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// endregion: clock

func TestSession(t *testing.T) {
	t.Parallel()
	app, err := newApp(still(t))
	if err != nil {
		t.Fatal(err)
	}
	session.Run(t, app)
}

func TestMistakesAreToldAtStart(t *testing.T) {
	t.Parallel()
	err := wrong()
	for _, want := range []string{`"fortnight" is no unit`, "the count is 0", "Burst is 5", "main.go:"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %s", err, want)
		}
	}
}

func TestPlansAndMeters(t *testing.T) {
	t.Parallel()
	k := still(t)
	app := tenon.New(tenon.Config{}, ratelimit.In(k))
	app.Get("/export", search, byPlan())
	app.Get("/ping", search, byPlan())
	if err := resets(app, k); err != nil {
		t.Fatal(err)
	}
	s := tenontest.New(t, app)
	for range 70 {
		s.Get("/export").Status(http.StatusOK)
	}
	for range 60 {
		s.Get("/ping").Status(http.StatusOK)
	}
	s.Get("/ping").Status(http.StatusTooManyRequests)
	for range 6 {
		s.Post("/password/reset", `{"email":"ada@example.com"}`)
	}
	s.Post("/password/reset", `{"email":"ada@example.com"}`).Status(http.StatusTooManyRequests).At("/limit", `"resets of an account"`)
}
