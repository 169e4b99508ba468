package cache_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cache"
	"github.com/tenon-go/tenon/problem"
)

func TestSD124StaleWhileRevalidate(t *testing.T) {
	t.Parallel()
	at, n := newClock(), &counter{}
	app := compiled(t, func(app *tenon.App) {
		app.Get("/data", n.next, cache.For(10*time.Second), cache.StaleWhileRevalidate(20*time.Second))
	}, cache.Use(newCache(t, cache.Config{Now: at.now})))
	if w := send(app, get("/data")); w.Header().Get("Cache-Control") != "private, max-age=10, stale-while-revalidate=20" {
		t.Errorf("%v", w.Header())
	}
	at.move(30 * time.Second)
	w := send(app, get("/data"))
	if w.Body.String() != `{"n":1}` || w.Header().Get("Cache-Status") != "tenon; hit; ttl=-20" || w.Header().Get("Age") != "30" || n.n.Load() != 2 {
		t.Errorf("%s %v, ran %d times", w.Body, w.Header(), n.n.Load())
	}
	if w := send(app, get("/data")); w.Body.String() != `{"n":2}` || w.Header().Get("Cache-Status") != "tenon; hit; ttl=10" {
		t.Errorf("after the refresh: %s %v", w.Body, w.Header())
	}
	at.move(31 * time.Second)
	if w := send(app, get("/data")); w.Body.String() != `{"n":3}` {
		t.Errorf("after the window: %s %v", w.Body, w.Header())
	}
}

// TestARefreshThatFails leaves what is kept, and harms nobody.
func TestARefreshThatFails(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func() error{"fails": func() error { return errors.New("oh") }, "panics": func() error { panic("oh") }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := newClock()
			var n atomic.Int64
			app := compiled(t, func(app *tenon.App) {
				app.Get("/data", func(context.Context, *struct{}) (*number, error) {
					if n.Add(1) > 1 {
						return nil, fail()
					}
					return &number{1}, nil
				}, cache.For(10*time.Second), cache.StaleWhileRevalidate(20*time.Second))
			}, cache.Use(newCache(t, cache.Config{Now: at.now})))
			send(app, get("/data"))
			at.move(15 * time.Second)
			for range 3 {
				if w := send(app, get("/data")); w.Code != http.StatusOK || w.Body.String() != `{"n":1}` {
					t.Errorf("%d %s", w.Code, w.Body)
				}
			}
			if n.Load() != 4 {
				t.Errorf("ran %d times", n.Load())
			}
		})
	}
}

func TestFC06StaleIfError(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fail func() error
		want string
	}{
		"an error":  {func() error { return errors.New("oh") }, "tenon; fwd=stale; fwd-status=500; detail=stale-if-error"},
		"a panic":   {func() error { panic("oh") }, "tenon; fwd=stale; fwd-status=500; detail=stale-if-error"},
		"a refusal": {func() error { return problem.New(problem.CodeUnavailable, "") }, "tenon; fwd=stale; fwd-status=503; detail=stale-if-error"},
		"no error":  {func() error { return problem.NotFound("") }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := newClock()
			var n atomic.Int64
			app := compiled(t, func(app *tenon.App) {
				app.Get("/data", func(context.Context, *struct{}) (*number, error) {
					if n.Add(1) > 1 {
						return nil, tt.fail()
					}
					return &number{1}, nil
				}, cache.For(10*time.Second), cache.StaleIfError(20*time.Second), tenon.Fails(problem.NotFound(""), problem.New(problem.CodeUnavailable, "")))
			}, cache.Use(newCache(t, cache.Config{Now: at.now})))
			first := send(app, get("/data"))
			at.move(30 * time.Second)
			w := send(app, get("/data"))
			if tt.want == "" {
				if w.Code != http.StatusNotFound {
					t.Errorf("%d %s", w.Code, w.Body)
				}
				return
			}
			if w.Code != http.StatusOK || w.Body.String() != `{"n":1}` || w.Header().Get("Cache-Status") != tt.want || w.Header().Get("Age") != "30" {
				t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
			}
			if w := send(app, get("/data", "If-None-Match", first.Header().Get("ETag"))); w.Code != http.StatusNotModified {
				t.Errorf("with the tag: %d", w.Code)
			}
			if w := send(app, get("/data", "Cache-Control", "no-cache")); w.Code < 500 {
				t.Errorf("no-cache: %d", w.Code)
			}
			at.move(time.Second)
			if w := send(app, get("/data")); w.Code < 500 {
				t.Errorf("after the window: %d", w.Code)
			}
		})
	}
}

// TestWhatMustBeRevalidatedIsNeverStale, whatever options and requests say (RFC 9111, section 5.2.2.2).
func TestWhatMustBeRevalidatedIsNeverStale(t *testing.T) {
	t.Parallel()
	for _, control := range []string{"max-age=10, must-revalidate", "max-age=10, proxy-revalidate", "s-maxage=10"} {
		at := newClock()
		var n atomic.Int64
		app := compiled(t, func(app *tenon.App) {
			app.Get("/data", (&counter{}).next, cache.For(time.Hour), cache.StaleIfError(time.Hour), cache.StaleWhileRevalidate(time.Hour),
				scripted(func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Cache-Control", control)
					if n.Add(1) > 1 {
						w.WriteHeader(http.StatusBadGateway)
					}
				}))
		}, cache.Use(newCache(t, cache.Config{Now: at.now})))
		send(app, get("/data"))
		at.move(10 * time.Second)
		if w := send(app, get("/data", "Cache-Control", "max-stale")); w.Code != http.StatusBadGateway {
			t.Errorf("%s: %d %v", control, w.Code, w.Header())
		}
	}
}
