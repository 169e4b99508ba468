package cache_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cache"
	"github.com/tenon-go/tenon/problem"
)

func TestSD124StaleWhileRevalidate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		at, n := newClock(), &counter{}
		app := compiled(t, func(app *tenon.App) {
			app.Get("/data", n.next, cache.For(10*time.Second), cache.StaleWhileRevalidate(20*time.Second))
		}, cache.Use(newCache(t, cache.Config{Now: at.now})))
		if w := send(app, get("/data")); w.Header().Get("Cache-Control") != "private, max-age=10, stale-while-revalidate=20" {
			t.Errorf("%v", w.Header())
		}
		at.move(30 * time.Second)
		w := send(app, get("/data"))
		synctest.Wait()
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
	})
}

// TestSD124NobodyWaitsForARefresh but the app that stops; beyond 256 of them, the request that got what is stale does.
func TestSD124NobodyWaitsForARefresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type one struct {
			ID int `path:"id"`
		}
		var slow, made atomic.Int64
		app := compiled(t, func(app *tenon.App) {
			app.Get("/data/{id}", func(ctx context.Context, in *one) (*number, error) {
				select {
				case <-time.After(time.Duration(slow.Load())):
				case <-ctx.Done():
					return nil, ctx.Err()
				}
				made.Add(1)
				return &number{int64(in.ID)}, nil
			}, cache.For(10*time.Second), cache.StaleWhileRevalidate(time.Hour))
		}, cache.Use(newCache(t, cache.Config{Runs: 300})))
		ask := func(id int, want time.Duration) {
			start := time.Now()
			ctx, leave := context.WithCancel(t.Context())
			w := send(app, get(fmt.Sprintf("/data/%d", id)).WithContext(ctx))
			leave() // as a server does when the handler returns
			if w.Body.String() != fmt.Sprintf(`{"n":%d}`, id) || time.Since(start) != want {
				t.Errorf("%d waited %v: %s", id, time.Since(start), w.Body)
			}
		}
		for id := range 257 {
			ask(id, 0)
		}
		time.Sleep(20 * time.Second) //nolint:forbidigo // in the time of the test
		slow.Store(int64(time.Second))
		for id := range 256 {
			ask(id, 0)
			ask(id, 0) // while it is made anew
		}
		if made.Load() != 257 {
			t.Errorf("%d were made meanwhile", made.Load()-257)
		}
		start := time.Now()
		var last sync.WaitGroup
		last.Go(func() { ask(256, time.Second) })
		synctest.Wait()
		if err := app.Stop(t.Context()); err != nil || time.Since(start) != time.Second {
			t.Errorf("stopped after %v: %v", time.Since(start), err)
		}
		last.Wait()
		if made.Load() != 2*257 {
			t.Errorf("%d were made, want %d", made.Load(), 2*257)
		}
	})
}

// TestARefreshEndsWithTheApp: its context ends when the app cannot wait for it any longer.
func TestARefreshEndsWithTheApp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var n, ended atomic.Int64
		app := compiled(t, func(app *tenon.App) {
			app.Get("/data", func(ctx context.Context, _ *struct{}) (*number, error) {
				if n.Add(1) > 1 {
					<-ctx.Done()
					ended.Add(1)
				}
				return &number{1}, nil
			}, cache.For(10*time.Second), cache.StaleWhileRevalidate(time.Hour))
		}, cache.Use(newCache(t, cache.Config{})))
		send(app, get("/data"))
		time.Sleep(20 * time.Second) //nolint:forbidigo // in the time of the test
		send(app, get("/data"))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := app.Stop(ctx)
		synctest.Wait()
		if err == nil || n.Load() != 2 || ended.Load() != 1 {
			t.Errorf("%v: %d runs, %d ended", err, n.Load(), ended.Load())
		}
	})
}

// TestARefreshThatFails leaves what is kept, and harms nobody.
func TestARefreshThatFails(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func() error{"fails": func() error { return errors.New("oh") }, "panics": func() error { panic("oh") }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
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
					synctest.Wait()
				}
				if n.Load() != 4 {
					t.Errorf("ran %d times", n.Load())
				}
			})
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
