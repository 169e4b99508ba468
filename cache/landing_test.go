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

// stuck is a client that takes nothing of the body until it is let.
type stuck struct {
	*httptest.ResponseRecorder

	let chan struct{}
}

func newStuck() *stuck { return &stuck{httptest.NewRecorder(), make(chan struct{})} }

func (w *stuck) Write(b []byte) (int, error) {
	<-w.let
	return w.ResponseRecorder.Write(b)
}

// TestAClientThatReadsSlowlyHandsNothingOldOn: what it is sent is no new answer to those who come meanwhile.
func TestAClientThatReadsSlowlyHandsNothingOldOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := &counter{}
		app := compiled(t, func(app *tenon.App) { app.Get("/data", n.next, cache.For(time.Minute)) }, cache.Use(newCache(t, cache.Config{})))
		client := newStuck()
		go app.ServeHTTP(client, get("/data"))
		synctest.Wait()
		if w := send(app, get("/data", "Cache-Control", "max-age=0")); w.Body.String() != `{"n":1}` || status(w) != "hit" {
			t.Errorf("meanwhile: %s %v", w.Body, w.Header())
		}
		time.Sleep(61 * time.Second) //nolint:forbidigo // in the time of the test
		if w := send(app, get("/data")); w.Body.String() != `{"n":2}` || w.Header().Get("Cache-Status") != "tenon; fwd=miss; stored" {
			t.Errorf("a minute later: %s %v", w.Body, w.Header())
		}
		close(client.let)
		synctest.Wait()
	})
}

// TestNobodyWaitsForWhatIsTooLong: that it cannot be kept is known before its client takes it.
func TestNobodyWaitsForWhatIsTooLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		kept := newCache(t, cache.Config{})
		app := compiled(t, func(app *tenon.App) {
			app.Get("/data", func(context.Context, *struct{}) (*page, error) {
				time.Sleep(time.Second) //nolint:forbidigo // in the time of the test
				return &page{strings.Repeat("x", cache.MaxBody+1)}, nil
			}, cache.For(time.Minute))
		}, cache.Use(kept))
		start, client := time.Now(), newStuck()
		go app.ServeHTTP(client, get("/data"))
		synctest.Wait()
		w := send(app, get("/data"))
		if took := time.Since(start); took != 2*time.Second || w.Body.Len() != cache.MaxBody+1 || w.Header().Get("Cache-Status") != "tenon; fwd=miss" {
			t.Errorf("after %v: %d bytes, %v", took, w.Body.Len(), w.Header())
		}
		close(client.let)
		synctest.Wait()
		if s := kept.Stats(); s != (cache.Stats{Misses: 2}) || client.Header().Get("Cache-Status") != "tenon; fwd=miss" {
			t.Errorf("%+v %v", s, client.Header())
		}
	})
}

// TestFC06WhatStandsInIsNotNewForThoseWhoWait: they get it as old as it is.
func TestFC06WhatStandsInIsNotNewForThoseWhoWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var n atomic.Int64
		kept := newCache(t, cache.Config{})
		app := compiled(t, func(app *tenon.App) {
			app.Get("/data", func(context.Context, *struct{}) (*number, error) {
				time.Sleep(time.Second) //nolint:forbidigo // in the time of the test
				if n.Add(1) > 1 {
					return nil, errors.New("oh")
				}
				return &number{1}, nil
			}, cache.For(10*time.Second), cache.StaleIfError(time.Minute))
		}, cache.Use(kept))
		send(app, get("/data"))
		time.Sleep(20 * time.Second) //nolint:forbidigo // in the time of the test
		var collapsed atomic.Int64
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				w := send(app, get("/data"))
				told, shared := strings.CutSuffix(w.Header().Get("Cache-Status"), "; collapsed")
				if shared {
					collapsed.Add(1)
				}
				if w.Code != http.StatusOK || w.Header().Get("Age") != "21" || told != "tenon; fwd=stale; fwd-status=500; detail=stale-if-error" {
					t.Errorf("%d %v", w.Code, w.Header())
				}
			})
		}
		all.Wait()
		if s := kept.Stats(); s != (cache.Stats{Stale: 3, Misses: 1}) || collapsed.Load() != 2 || n.Load() != 2 {
			t.Errorf("%+v, %d waited, %d runs", s, collapsed.Load(), n.Load())
		}
	})
}
