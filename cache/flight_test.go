package cache_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cache"
)

// slow is an operation that takes a second.
type slow struct{ n, most, now atomic.Int64 }

func (s *slow) run(ctx context.Context, _ *struct{}) (*number, error) {
	s.most.Store(max(s.most.Load(), s.now.Add(1)))
	defer s.now.Add(-1)
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return &number{s.n.Add(1)}, nil
}

func TestSD124FC06AHundredMissesRunTheHandlerOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &slow{}
		app := compiled(t, func(app *tenon.App) { app.Get("/data", s.run, cache.For(time.Minute)) }, cache.Use(newCache(t, cache.Config{})))
		var collapsed atomic.Int64
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				w := send(app, get("/data"))
				if w.Body.String() != `{"n":1}` {
					t.Errorf("%d %s", w.Code, w.Body)
				}
				if w.Header().Get("Cache-Status") == "tenon; fwd=miss; collapsed" {
					collapsed.Add(1)
				}
			})
		}
		all.Wait()
		if s.n.Load() != 1 || collapsed.Load() != 99 {
			t.Errorf("ran %d times, %d waited", s.n.Load(), collapsed.Load())
		}
	})
}

func TestWhoWaitsDoesNotFailWithWhoLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &slow{}
		app := compiled(t, func(app *tenon.App) { app.Get("/data", s.run, cache.For(time.Minute)) }, cache.Use(newCache(t, cache.Config{})))
		ctx, leave := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() { send(app, get("/data").WithContext(ctx)) })
		synctest.Wait()
		all.Go(func() {
			if w := send(app, get("/data")); w.Body.String() != `{"n":1}` {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
		synctest.Wait()
		leave()
		all.Wait()
		if s.n.Load() != 1 {
			t.Errorf("ran %d times", s.n.Load())
		}
	})
}

func TestWhoWaitsLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &slow{}
		app := compiled(t, func(app *tenon.App) { app.Get("/data", s.run, cache.For(time.Minute)) }, cache.Use(newCache(t, cache.Config{})))
		start := time.Now()
		var all sync.WaitGroup
		all.Go(func() { send(app, get("/data")) })
		synctest.Wait()
		ctx, leave := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer leave()
		send(app, get("/data").WithContext(ctx))
		if waited := time.Since(start); waited != 100*time.Millisecond {
			t.Errorf("waited %v", waited)
		}
		all.Wait()
	})
}

// TestWhoFails: a problem is one request's own, so each of the others runs the operation by itself, a bounded number at once.
func TestTheOperationRunsABoundedNumberOfTimesAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &slow{}
		app := compiled(t, func(app *tenon.App) {
			app.Get("/data", func(ctx context.Context, _ *struct {
				ID int `query:"id"`
			}) (*number, error) {
				return s.run(ctx, nil)
			}, cache.For(time.Minute))
		}, cache.Use(newCache(t, cache.Config{Runs: 4, Wait: 2500 * time.Millisecond})))
		codes := make([]atomic.Int64, 600)
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				w := send(app, get("/data?id="+string(rune('a'+i))))
				codes[w.Code].Add(1)
			})
			all.Go(func() {
				w := send(app, get("/data?id="+strings.Repeat("1", i+1), "Cache-Control", []string{"no-store", "no-cache", ""}[i%3]))
				codes[w.Code].Add(1)
				if w.Code == http.StatusServiceUnavailable && w.Header().Get("Retry-After") != "1" {
					t.Errorf("%v", w.Header())
				}
			})
		}
		all.Wait()
		if s.most.Load() != 4 || codes[200].Load() != 12 || codes[503].Load() == 0 {
			t.Errorf("%d at once, %d answered, %d refused", s.most.Load(), codes[200].Load(), codes[503].Load())
		}
	})
}

func TestAfterAFailureEachRunsByItself(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func() error{
		"a problem": func() error { return context.DeadlineExceeded },
		"a panic":   func() error { panic("oh") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var n atomic.Int64
				app := compiled(t, func(app *tenon.App) {
					app.Get("/data", func(context.Context, *struct{}) (*number, error) {
						time.Sleep(time.Second) //nolint:forbidigo // in the time of the test
						if n.Add(1) == 1 {
							return nil, fail()
						}
						return &number{n.Load()}, nil
					}, cache.For(time.Minute))
				}, cache.Use(newCache(t, cache.Config{})))
				var ok, failed atomic.Int64
				var all sync.WaitGroup
				for range 10 {
					all.Go(func() {
						if send(app, get("/data")).Code == http.StatusOK {
							ok.Add(1)
						} else {
							failed.Add(1)
						}
					})
				}
				all.Wait()
				if ok.Load() != 9 || failed.Load() != 1 || n.Load() != 10 {
					t.Errorf("%d answered, %d failed, %d runs", ok.Load(), failed.Load(), n.Load())
				}
			})
		})
	}
}

// TestAnswersAfterADeadline: a handler that hangs keeps nobody waiting, and its turn until it ends.
func TestADeadlineIsAnsweredAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		app := compiled(t, func(app *tenon.App) {
			app.Get("/data", func(context.Context, *struct{}) (*number, error) {
				<-hang
				return &number{1}, nil
			}, cache.For(time.Minute), tenon.Deadline(2*time.Second))
		}, cache.Use(newCache(t, cache.Config{Wait: time.Minute})))
		w := &answered{ResponseRecorder: httptest.NewRecorder(), at: make(chan int, 1)}
		go app.ServeHTTP(w, get("/data"))
		if code := <-w.at; code != http.StatusGatewayTimeout {
			t.Errorf("%d", code)
		}
		close(hang)
		synctest.Wait()
	})
}

// answered tells when an answer begins.
type answered struct {
	*httptest.ResponseRecorder

	at chan int
}

func (w *answered) WriteHeader(code int) {
	w.ResponseRecorder.WriteHeader(code)
	w.at <- code
}

// TestWhoWaitsLearnsTheAge of what stands in for a failure, so that no client takes it for fresh.
func TestWhoWaitsLearnsTheAge(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var n atomic.Int64
		app := compiled(t, func(app *tenon.App) {
			app.Get("/data", func(context.Context, *struct{}) (*number, error) {
				if n.Add(1) > 1 {
					time.Sleep(2 * time.Second) //nolint:forbidigo // in the time of the test
					return nil, errors.New("oh")
				}
				return &number{1}, nil
			}, cache.For(10*time.Second), cache.StaleIfError(time.Hour))
		}, cache.Use(newCache(t, cache.Config{})))
		send(app, get("/data"))
		time.Sleep(20 * time.Second) //nolint:forbidigo // in the time of the test
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				if w := send(app, get("/data")); w.Body.String() != `{"n":1}` || w.Header().Get("Age") != "22" {
					t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
				}
			})
		}
		all.Wait()
		if n.Load() != 2 {
			t.Errorf("ran %d times", n.Load())
		}
	})
}
