package ratelimit_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/ratelimit"
	"github.com/tenon-go/tenon/store"
)

type slowly struct {
	For time.Duration `query:"for"`
}

// slow is an app whose operation takes as long as it is told, or panics.
func slow(t *testing.T, st store.Store, limit ratelimit.Limit) *tenon.App {
	t.Helper()
	app := tenon.New(tenon.Config{}, ratelimit.In(keeper(t, ratelimit.Config{Store: st})))
	app.Get("/slow", func(_ context.Context, in *slowly) (*pong, error) {
		if in.For == 0 {
			panic(http.ErrAbortHandler)
		}
		time.Sleep(in.For) //nolint:forbidigo // in the time of the test
		return &pong{}, nil
	}, limit.Option(), tenon.NoDeadline("test"))
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	return app
}

func get(ctx context.Context, app *tenon.App, target string) (w *httptest.ResponseRecorder) {
	w = httptest.NewRecorder()
	defer func() { _ = recover() }() // of a handler that cuts the connection
	app.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, target, http.NoBody))
	return w
}

// TestAS04Concurrent gives places back when requests end, however they do, and keeps those of requests that go on.
func TestAS04Concurrent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st, err := store.NewMemory(store.Config{Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		limit := ratelimit.Limit{Concurrent: 3}
		app, other := slow(t, st, limit), slow(t, st, limit)
		var all sync.WaitGroup
		ctx, leave := context.WithCancel(t.Context())
		for range 2 {
			all.Go(func() { get(ctx, app, "/slow?for=PT10M") })
		}
		all.Go(func() { get(ctx, other, "/slow?for=PT5M") })
		synctest.Wait()
		for range 8 { // beyond the lease of a place
			time.Sleep(30 * time.Second) //nolint:forbidigo // in the time of the test
			w := get(t.Context(), other, "/slow?for=PT1S")
			if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "1" ||
				w.Header().Get("Ratelimit") != `"3 concurrent per address";r=0` ||
				w.Header().Get("Ratelimit-Policy") != `"3 concurrent per address";q=3;qu="concurrent-requests"` {
				t.Fatalf("a fourth is answered %d with %v", w.Code, w.Header())
			}
		}
		time.Sleep(61 * time.Second) //nolint:forbidigo // in the time of the test
		for range 5 {
			if w := get(t.Context(), app, "/slow?for=PT1S"); w.Code != http.StatusOK {
				t.Errorf("one after the other: %d", w.Code)
			}
		}
		for range 5 {
			get(t.Context(), app, "/slow?for=PT0S") // panics
		}
		leave()
		if w := get(t.Context(), app, "/slow?for=PT1S"); w.Code != http.StatusOK {
			t.Errorf("after those that panic: %d", w.Code)
		}
		all.Wait()
	})
}

// TestAS04Killed has the places of a replica that was killed come back.
func TestAS04Killed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		memory, err := store.NewMemory(store.Config{Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		st := &faulty{Store: memory}
		limit := ratelimit.Limit{Concurrent: 1}
		dead, alive := slow(t, st, limit), slow(t, memory, limit)
		ctx, end := context.WithCancel(t.Context())
		defer end()
		go get(ctx, dead, "/slow?for=PT3M")
		synctest.Wait()
		st.breaks(func(context.Context) error { return store.ErrUnavailable }) // it renews and releases no more
		time.Sleep(30 * time.Second)                                           //nolint:forbidigo // in the time of the test
		if w := get(ctx, alive, "/slow?for=PT1S"); w.Code != http.StatusTooManyRequests {
			t.Errorf("within the lease: %d", w.Code)
		}
		time.Sleep(31 * time.Second) //nolint:forbidigo // in the time of the test
		if w := get(ctx, alive, "/slow?for=PT1S"); w.Code != http.StatusOK {
			t.Errorf("after the lease: %d", w.Code)
		}
		time.Sleep(3 * time.Minute) //nolint:forbidigo // in the time of the test
	})
}

// TestAS04Refused gives back the place of who is refused by another limit.
func TestAS04Refused(t *testing.T) {
	t.Parallel()
	s := serve(t, func(a *tenon.App) {
		a.Get("/ping", ping, ratelimit.Concurrent(1), ratelimit.Per("2/30seconds"))
	})
	if got := s.passes(5, "/ping", ada); got != 2 {
		t.Errorf("%d pass, want 2", got)
	}
	s.clock.add(30 * time.Second) // within the lease
	if got := s.passes(1, "/ping", ada); got != 1 {
		t.Error("who was refused holds a place")
	}
}

// TestAS04Joined counts rate and places as one: who is refused for the rate holds no place.
func TestAS04Joined(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st, err := store.NewMemory(store.Config{Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		app := slow(t, st, ratelimit.Limit{Per: "3/minute", Concurrent: 2, Name: "api"})
		for i, want := range []int{200, 200, 200, 429, 429} {
			w := get(t.Context(), app, "/slow?for=PT1S")
			if w.Code != want {
				t.Errorf("call %d is answered %d, want %d", i, w.Code, want)
			}
			if i == 0 && w.Header().Get("Ratelimit-Policy") != `"api 3/minute";q=3;w=60, "api 2 concurrent";q=2;qu="concurrent-requests"` {
				t.Errorf("the policy is %q", w.Header().Get("Ratelimit-Policy"))
			}
		}
		time.Sleep(time.Minute) //nolint:forbidigo // in the time of the test
		if w := get(t.Context(), app, "/slow?for=PT1S"); w.Code != http.StatusOK || w.Header().Get("Ratelimit") != `"api 3/minute";r=2;t=60, "api 2 concurrent";r=1` {
			t.Errorf("a minute later: %d, %v", w.Code, w.Header())
		}
	})
}

// TestAS04ClockPutBack frees the places of a replica that was killed within two leases.
func TestAS04ClockPutBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClock()
		limit := ratelimit.Limit{Concurrent: 1}
		memory := c.memory(t)
		st := &faulty{Store: memory}
		dead, alive := slow(t, st, limit), slow(t, memory, limit)
		go get(t.Context(), dead, "/slow?for=PT1S")
		synctest.Wait()
		st.breaks(func(context.Context) error { return store.ErrUnavailable }) // it releases nothing
		c.add(-24 * time.Hour)
		c.add(2 * time.Minute)
		if w := get(t.Context(), alive, "/slow?for=PT1S"); w.Code != http.StatusOK {
			t.Errorf("two leases later: %d", w.Code)
		}
	})
}

// TestAS04Back gives back in the process what was taken there, once the store is back.
func TestAS04Back(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		memory, err := store.NewMemory(store.Config{})
		if err != nil {
			t.Fatal(err)
		}
		st := &faulty{Store: memory}
		down := func(context.Context) error { return store.ErrUnavailable }
		app := slow(t, st, ratelimit.Limit{Concurrent: 1})
		st.breaks(down)
		go get(t.Context(), app, "/slow?for=PT1S")
		synctest.Wait()
		st.breaks(nil)
		time.Sleep(2 * time.Second) //nolint:forbidigo // in the time of the test
		st.breaks(down)
		if w := get(t.Context(), app, "/slow?for=PT1S"); w.Code != http.StatusOK {
			t.Errorf("when it is lost again: %d", w.Code)
		}
		go get(t.Context(), app, "/slow?for=PT30S")
		synctest.Wait()
		st.breaks(nil)
		time.Sleep(35 * time.Second) //nolint:forbidigo // in the time of the test
		if w := get(t.Context(), app, "/slow?for=PT1S"); w.Code != http.StatusOK {
			t.Errorf("after one that was told to the store while it went on: %d", w.Code)
		}
	})
}

// TestAS04Panics gives a place back where a function of another limit panics.
func TestAS04Panics(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{}, ratelimit.In(keeper(t, ratelimit.Config{Store: newClock().memory(t)})))
	app.Get("/ping", ping, tenon.AllowUnknownQuery(), ratelimit.Concurrent(1), ratelimit.Limit{Per: "10/minute", CostOf: func(r *http.Request) int {
		if r.URL.RawQuery != "" {
			panic(http.ErrAbortHandler)
		}
		return 1
	}}.Option())
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	get(t.Context(), app, "/ping?panic")
	if w := get(t.Context(), app, "/ping"); w.Code != http.StatusOK {
		t.Errorf("after one that panicked: %d", w.Code)
	}
}

// TestAS04Together ends many requests at once on a store that takes its time and asks one after the other: nobody waits for it, and all places are free.
func TestAS04Together(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		memory, err := store.NewMemory(store.Config{})
		if err != nil {
			t.Fatal(err)
		}
		st, one := &faulty{Store: memory}, make(chan struct{}, 1)
		st.breaks(func(ctx context.Context) error {
			select {
			case one <- struct{}{}:
			case <-ctx.Done():
				return ctx.Err()
			}
			defer func() { <-one }()
			time.Sleep(10 * time.Millisecond) //nolint:forbidigo // in the time of the test
			return nil
		})
		app := slow(t, st, ratelimit.Limit{Concurrent: 200, By: ratelimit.Everybody()})
		for round := range 2 {
			var all sync.WaitGroup
			for range 200 {
				all.Go(func() {
					start := time.Now()
					if w := get(t.Context(), app, "/slow?for=PT10S"); w.Code != http.StatusOK {
						t.Errorf("in round %d one is answered %d", round, w.Code)
					}
					if took := time.Since(start); took > 10*time.Second+20*time.Millisecond {
						t.Errorf("one takes %v", took)
					}
				})
			}
			all.Wait()
		}
		time.Sleep(time.Second) //nolint:forbidigo // in the time of the test
		if got := st.asked.Load(); got > 12 {
			t.Errorf("the store is asked %d times", got)
		}
	})
}

// TestAS04GivenBackLater tells a store that was lost of the places that are free when it is back.
func TestAS04GivenBackLater(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		memory, err := store.NewMemory(store.Config{})
		if err != nil {
			t.Fatal(err)
		}
		st := &faulty{Store: memory}
		app := slow(t, st, ratelimit.Limit{Concurrent: 1})
		go get(t.Context(), app, "/slow?for=PT1S")
		synctest.Wait()
		st.breaks(func(context.Context) error { return store.ErrUnavailable })
		time.Sleep(5 * time.Second) //nolint:forbidigo // in the time of the test
		st.breaks(nil)
		time.Sleep(2 * time.Second) //nolint:forbidigo // in the time of the test
		if w := get(t.Context(), app, "/slow?for=PT1S"); w.Code != http.StatusOK {
			t.Errorf("within the lease, and after the store was back: %d", w.Code)
		}
	})
}
