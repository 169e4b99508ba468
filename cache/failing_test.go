package cache_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cache"
	"github.com/tenon-go/tenon/store"
)

// flaky is a store that can be lost, or slow.
type flaky struct {
	store.Store

	lost  atomic.Bool
	delay atomic.Int64
	calls atomic.Int64
}

func newFlaky(t testing.TB) *flaky {
	t.Helper()
	memory, err := store.NewMemory(store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return &flaky{Store: memory}
}

func (f *flaky) fail(ctx context.Context) error {
	f.calls.Add(1)
	if d := time.Duration(f.delay.Load()); d > 0 {
		select {
		case <-time.After(d):
		case <-ctx.Done():
			return errors.Join(store.ErrUnavailable, ctx.Err())
		}
	}
	if f.lost.Load() {
		return store.ErrUnavailable
	}
	return nil
}

func (f *flaky) Get(ctx context.Context, keys ...string) ([][]byte, error) {
	if err := f.fail(ctx); err != nil {
		return nil, err
	}
	return f.Store.Get(ctx, keys...)
}

func (f *flaky) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	if err := f.fail(ctx); err != nil {
		return err
	}
	return f.Store.Set(ctx, key, value, ttl)
}

func (f *flaky) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	if err := f.fail(ctx); err != nil {
		return false, err
	}
	return f.Store.Add(ctx, key, value, ttl)
}

func (f *flaky) Delete(ctx context.Context, keys ...string) error {
	if err := f.fail(ctx); err != nil {
		return err
	}
	return f.Store.Delete(ctx, keys...)
}

// TestSD122FC05ALostStoreIsAMiss, counted, and logged once.
func TestSD122FC05ALostStoreIsAMiss(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		f, n := newFlaky(t), &counter{}
		kept := newCache(t, cache.Config{Store: f, Logger: slog.New(slog.NewTextHandler(&log, nil))})
		app := compiled(t, func(app *tenon.App) { app.Get("/data", n.next, cache.For(time.Hour), cache.Tag("data")) }, cache.Use(kept))
		send(app, get("/data"))
		f.lost.Store(true)
		calls := f.calls.Load()
		for range 50 {
			if w := send(app, get("/data")); w.Code != http.StatusOK || status(w) != "fwd=miss" {
				t.Errorf("%d %v", w.Code, w.Header())
			}
		}
		if asked := f.calls.Load() - calls; asked != 1 {
			t.Errorf("the lost store was asked %d times in one second, want once", asked)
		}
		time.Sleep(time.Second) //nolint:forbidigo // in the time of the test
		send(app, get("/data"))
		f.lost.Store(false)
		time.Sleep(time.Second) //nolint:forbidigo // in the time of the test
		if w := send(app, get("/data")); status(w) != "hit" {
			t.Errorf("when it is back: %v", w.Header())
		}
		if s := kept.Stats(); s != (cache.Stats{Hits: 1, Misses: 1, Errors: 51}) {
			t.Errorf("%+v", s)
		}
		if text := log.String(); strings.Count(text, "is lost") != 1 || strings.Count(text, "is back") != 1 {
			t.Errorf("the log: %s", text)
		}
	})
}

// TestASlowStoreIsLeftAlone: one request waits for it, and not for long.
func TestASlowStoreIsLeftAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, n := newFlaky(t), &counter{}
		app := compiled(t, func(app *tenon.App) { app.Get("/data", n.next, cache.For(time.Hour)) }, cache.Use(newCache(t, cache.Config{Store: f})))
		f.delay.Store(int64(time.Minute))
		start := time.Now()
		for range 100 {
			if w := send(app, get("/data")); w.Code != http.StatusOK {
				t.Errorf("%d", w.Code)
			}
		}
		if took := time.Since(start); took != 100*time.Millisecond {
			t.Errorf("a hundred requests waited %v for the store", took)
		}
	})
}

// TestALostStoreStillCollapsesMisses, so that the operation is not run over.
func TestALostStoreStillCollapsesMisses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, s := newFlaky(t), &slow{}
		f.lost.Store(true)
		app := compiled(t, func(app *tenon.App) { app.Get("/data", s.run, cache.For(time.Hour)) }, cache.Use(newCache(t, cache.Config{Store: f})))
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				if w := send(app, get("/data")); w.Code != http.StatusOK {
					t.Errorf("%d", w.Code)
				}
			})
		}
		all.Wait()
		if s.n.Load() != 1 {
			t.Errorf("ran %d times", s.n.Load())
		}
	})
}

// TestAnInvalidationThatTheStoreMissed: what was kept before is not served, and the store is told when it is back.
func TestAnInvalidationThatTheStoreMissed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFlaky(t)
		here, there := newCache(t, cache.Config{Store: f}), newCache(t, cache.Config{Store: f})
		_, app := shelved(t, here)
		_, other := shelved(t, there)
		call(app, http.MethodGet, "/items/1")
		call(app, http.MethodGet, "/items/2")
		f.lost.Store(true)
		if w := call(app, http.MethodPut, "/items/1"); w.Code != http.StatusNoContent {
			t.Fatalf("a write fails with the store of the cache: %d %s", w.Code, w.Body)
		}
		if w := call(app, http.MethodGet, "/items/1"); w.Body.String() != `{"n":1}` {
			t.Errorf("while it is lost: %s", w.Body)
		}
		f.lost.Store(false)
		if w := call(app, http.MethodGet, "/items/1"); w.Body.String() != `{"n":1}` {
			t.Errorf("before it is asked again: %s %v", w.Body, w.Header())
		}
		time.Sleep(time.Second) //nolint:forbidigo // in the time of the test
		if w := call(app, http.MethodGet, "/items/2"); w.Body.String() != `{"n":0}` || status(w) != "hit" {
			t.Errorf("what has not changed: %s %v", w.Body, w.Header())
		}
		if w := call(other, http.MethodGet, "/items/1"); status(w) != "fwd=miss" {
			t.Errorf("the other replica: %v", w.Header())
		}
	})
}

// TestMoreIsOwedThanIsRemembered: then nothing with a tag is served until the store was told.
func TestMoreIsOwedThanIsRemembered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFlaky(t)
		kept := newCache(t, cache.Config{Store: f})
		_, app := shelved(t, kept)
		call(app, http.MethodGet, "/items/1")
		f.lost.Store(true)
		for i := range 5000 {
			if err := kept.Invalidate(t.Context(), "item/of many "+string(rune(i+1000))); err == nil {
				t.Fatal("the lost store was told")
			}
		}
		f.lost.Store(false)
		time.Sleep(time.Second) //nolint:forbidigo // in the time of the test
		if w := call(app, http.MethodGet, "/items/1"); status(w) != "fwd=miss" {
			t.Errorf("%v", w.Header())
		}
		if w := call(app, http.MethodGet, "/items/1"); status(w) != "hit" {
			t.Errorf("once it was told: %v", w.Header())
		}
	})
}

// TestWhatIsNoEntryIsAMiss: another program may write what it likes there.
func TestWhatIsNoEntryIsAMiss(t *testing.T) {
	t.Parallel()
	memory, err := store.NewMemory(store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	n := &counter{}
	spy := &spy{Store: memory}
	app := compiled(t, func(app *tenon.App) { app.Get("/data", n.next, cache.For(time.Hour)) }, cache.Use(newCache(t, cache.Config{Store: spy})))
	send(app, get("/data"))
	whole := spy.value
	for i := range whole {
		_ = memory.Set(t.Context(), spy.key, whole[:i], time.Hour)
		if w := send(app, get("/data")); w.Code != http.StatusOK || status(w) == "hit" {
			t.Fatalf("cut at %d: %d %v", i, w.Code, w.Header())
		}
	}
	if w := send(app, get("/data")); status(w) != "hit" {
		t.Errorf("%v", w.Header())
	}
}

// spy remembers what is kept.
type spy struct {
	store.Store

	key   string
	value []byte
}

func (s *spy) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	s.key, s.value = key, value
	return s.Store.Set(ctx, key, value, ttl)
}
