package cache_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cache"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/store"
)

// tx is a transaction that notes when it ends.
type tx struct {
	shelf *shelf
	n     int64
}

// Finish commits.
func (t *tx) Finish(_ context.Context, err error) error {
	if t.shelf.finishes != nil {
		t.shelf.finishes()
	}
	if err != nil {
		return err
	}
	if t.shelf.lost.Load() {
		t.shelf.n.Add(t.n)
		return errors.New("the answer to COMMIT is lost")
	}
	t.shelf.n.Add(t.n)
	return nil
}

// shelf is what an API is about: a number.
type shelf struct {
	n, reads atomic.Int64
	lost     atomic.Bool // commits are
	finishes func()      // before a commit
	caches   *cache.Cache
}

type byID struct {
	ID string `path:"id"`
}

func (s *shelf) read(context.Context, *byID) (*number, error) {
	s.reads.Add(1)
	return &number{s.n.Load()}, nil
}

func (s *shelf) list(context.Context, *struct{}) (*number, error) {
	s.reads.Add(1)
	return &number{s.n.Load()}, nil
}

func (s *shelf) write(_ context.Context, in *struct {
	Tx *tx    `dep:""`
	ID string `path:"id"`
}) (*tenon.NoContent, error) {
	if in.ID == "refused" {
		return nil, problem.NotFound("")
	}
	in.Tx.n = 1
	return &tenon.NoContent{}, nil
}

// told is write, for which the handler says what it changes.
func (s *shelf) told(ctx context.Context, in *struct {
	Tx *tx    `dep:""`
	ID string `path:"id"`
}) (*tenon.NoContent, error) {
	in.Tx.n = 1
	return &tenon.NoContent{}, s.caches.Invalidate(ctx, "item/"+in.ID)
}

func shelved(t testing.TB, kept *cache.Cache) (*shelf, *tenon.App) {
	t.Helper()
	s := &shelf{caches: kept}
	return s, compiled(t, func(app *tenon.App) {
		app.Provide(func(context.Context, *struct{}) (*tx, error) { return &tx{shelf: s}, nil })
		app.Get("/items/{id}", s.read, cache.For(time.Hour), cache.Tag("items", "item/{id}"))
		app.Get("/items", s.list, cache.For(time.Hour), cache.Tag("items"))
		app.Put("/items/{id}", s.write, cache.Invalidates("item/{id}"), tenon.Fails(problem.NotFound("")))
		app.Post("/items/{id}", s.write, cache.Invalidates("items"), tenon.Status(http.StatusNoContent), tenon.Fails(problem.NotFound("")))
		app.Patch("/items/{id}", s.told)
	}, cache.Use(kept))
}

func call(app http.Handler, method, target string) *httptest.ResponseRecorder {
	return send(app, httptest.NewRequest(method, target, nil))
}

func TestSD124FC04WritesInvalidate(t *testing.T) {
	t.Parallel()
	_, app := shelved(t, newCache(t, cache.Config{}))
	expect := func(target, want, how string) {
		t.Helper()
		if w := call(app, http.MethodGet, target); w.Body.String() != want || status(w) != how {
			t.Errorf("%s: %s %s, want %s %s", target, w.Body, status(w), want, how)
		}
	}
	expect("/items/1", `{"n":0}`, "fwd=miss")
	expect("/items/2", `{"n":0}`, "fwd=miss")
	expect("/items", `{"n":0}`, "fwd=miss")
	call(app, http.MethodPut, "/items/1")
	expect("/items/1", `{"n":1}`, "fwd=miss")
	expect("/items/2", `{"n":0}`, "hit")
	expect("/items", `{"n":0}`, "hit")
	call(app, http.MethodPost, "/items/3")
	expect("/items/1", `{"n":2}`, "fwd=miss")
	expect("/items/2", `{"n":2}`, "fwd=miss")
	expect("/items", `{"n":2}`, "fwd=miss")
	call(app, http.MethodPatch, "/items/2")
	expect("/items/1", `{"n":2}`, "hit")
	expect("/items/2", `{"n":3}`, "fwd=miss")
	if w := call(app, http.MethodPost, "/items/refused"); w.Code != http.StatusNotFound {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	expect("/items", `{"n":2}`, "hit")
}

// TestWhatNoCacheReachesInvalidatesInItsWake: a read that comes between Invalidate and the commit keeps nothing that is older than the commit.
func TestWhatNoCacheReachesInvalidatesInItsWake(t *testing.T) {
	t.Parallel()
	for _, refuses := range []bool{false, true} {
		kept := newCache(t, cache.Config{})
		s := &shelf{caches: kept}
		app := compiled(t, func(app *tenon.App) {
			app.Provide(func(context.Context, *struct{}) (*tx, error) { return &tx{shelf: s}, nil })
			app.Get("/items/{id}", s.read, cache.For(time.Hour), cache.Tag("item/{id}"), cache.Use(kept))
			app.Patch("/items/{id}", func(ctx context.Context, in *struct {
				Tx *tx    `dep:""`
				ID string `path:"id"`
			},
			) (*tenon.NoContent, error) {
				done, err := s.told(ctx, &struct {
					Tx *tx    `dep:""`
					ID string `path:"id"`
				}{in.Tx, in.ID})
				if refuses {
					s.n.Add(1) // by a transaction of its own
					return nil, problem.NotFound("")
				}
				return done, err
			}, tenon.Fails(problem.NotFound("")))
		})
		s.finishes = func() {
			if w := call(app, http.MethodGet, "/items/1"); status(w) != "hit" {
				t.Errorf("refuses %v: a read before the commit is a %s", refuses, status(w))
			}
		}
		before := call(app, http.MethodGet, "/items/1").Body.String()
		w := call(app, http.MethodPatch, "/items/1")
		if got := call(app, http.MethodGet, "/items/1").Body.String(); before != `{"n":0}` || got != `{"n":1}` {
			t.Errorf("refuses %v: %d, and then %s, want the change", refuses, w.Code, got)
		}
	}
}

// TestARefusalDropsWhatItsHandlerSaysItChanged: a handler may have committed something before it refused. What the options say has not happened then.
func TestARefusalDropsWhatItsHandlerSaysItChanged(t *testing.T) {
	t.Parallel()
	kept := newCache(t, cache.Config{})
	s := &shelf{caches: kept}
	app := compiled(t, func(app *tenon.App) {
		app.Get("/tries", s.list, cache.For(time.Hour), cache.Tag("tries"))
		app.Get("/codes", s.list, cache.For(time.Hour), cache.Tag("codes"))
		app.Post("/codes", func(ctx context.Context, _ *struct{}) (*tenon.NoContent, error) {
			s.n.Add(1) // the try is counted, whatever becomes of it
			return nil, errors.Join(problem.NotFound(""), kept.Invalidate(ctx, "tries"))
		}, cache.Invalidates("codes"), tenon.Fails(problem.NotFound("")), tenon.Status(http.StatusNoContent))
	}, cache.Use(kept))
	for _, target := range []string{"/tries", "/codes"} {
		call(app, http.MethodGet, target)
	}
	if w := call(app, http.MethodPost, "/codes"); w.Code != http.StatusNotFound {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for target, want := range map[string]string{"/tries": `{"n":1}`, "/codes": `{"n":0}`} {
		if w := call(app, http.MethodGet, target); w.Body.String() != want {
			t.Errorf("%s: %s, want %s", target, w.Body, want)
		}
	}
}

// TestACommitWhoseAnswerIsLostInvalidates: nobody knows whether it took effect.
func TestACommitWhoseAnswerIsLostInvalidates(t *testing.T) {
	t.Parallel()
	s, app := shelved(t, newCache(t, cache.Config{}))
	call(app, http.MethodGet, "/items/1")
	s.lost.Store(true)
	if w := call(app, http.MethodPut, "/items/1"); w.Code != http.StatusInternalServerError {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := call(app, http.MethodGet, "/items/1"); w.Body.String() != `{"n":1}` {
		t.Errorf("%s %v", w.Body, w.Header())
	}
}

// TestTheAnswerLeavesAfterTheInvalidation, and that comes after the commit.
func TestTheAnswerLeavesAfterTheInvalidation(t *testing.T) {
	t.Parallel()
	kept := newCache(t, cache.Config{})
	s, app := shelved(t, kept)
	call(app, http.MethodGet, "/items/1")
	w := &answered{ResponseRecorder: httptest.NewRecorder(), at: make(chan int)}
	go app.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/items/1", nil))
	<-w.at // the header is being sent
	if got := call(app, http.MethodGet, "/items/1"); got.Body.String() != `{"n":1}` || s.n.Load() != 1 {
		t.Errorf("%s, committed %d", got.Body, s.n.Load())
	}
}

// TestWhatWasComputedBeforeIsNeverServedAfter: an answer is computed, what it is made of changes, and only then is it stored.
func TestWhatWasComputedBeforeIsNeverServedAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shared, err := store.NewMemory(store.Config{})
		if err != nil {
			t.Fatal(err)
		}
		var n atomic.Int64
		replica := func() *tenon.App {
			return compiled(t, func(app *tenon.App) {
				app.Get("/data", func(context.Context, *struct{}) (*number, error) {
					computed := n.Load()
					time.Sleep(time.Second) //nolint:forbidigo // in the time of the test
					return &number{computed}, nil
				}, cache.For(time.Hour), cache.Tag("data"))
				app.Put("/data", func(context.Context, *struct{}) (*tenon.NoContent, error) {
					n.Add(1)
					return &tenon.NoContent{}, nil
				}, cache.Invalidates("data"))
			}, cache.Use(newCache(t, cache.Config{Store: shared})))
		}
		here, there := replica(), replica()
		var all sync.WaitGroup
		all.Go(func() { call(here, http.MethodGet, "/data") })  // computes 0
		all.Go(func() { call(there, http.MethodGet, "/data") }) // computes 0
		time.Sleep(500 * time.Millisecond)                      //nolint:forbidigo // in the time of the test
		call(here, http.MethodPut, "/data")                     // 1
		for _, app := range []*tenon.App{here, there} {
			all.Go(func() { // joins nobody who began before
				if w := call(app, http.MethodGet, "/data"); w.Body.String() != `{"n":1}` {
					t.Errorf("begun after: %s %v", w.Body, w.Header())
				}
			})
		}
		all.Wait()
		for _, app := range []*tenon.App{here, there} {
			if w := call(app, http.MethodGet, "/data"); w.Body.String() != `{"n":1}` || status(w) != "hit" {
				t.Errorf("later: %s %v", w.Body, w.Header())
			}
		}
	})
}

func TestInvalidateAnywhere(t *testing.T) {
	t.Parallel()
	kept := newCache(t, cache.Config{})
	_, app := shelved(t, kept)
	call(app, http.MethodGet, "/items/1")
	if err := kept.Invalidate(t.Context(), "item/1"); err != nil {
		t.Fatal(err)
	}
	if w := call(app, http.MethodGet, "/items/1"); status(w) != "fwd=miss" {
		t.Errorf("%v", w.Header())
	}
	for _, tag := range []string{"", "*", string(make([]byte, 257))} {
		if err := kept.Invalidate(t.Context(), tag); err == nil {
			t.Errorf("the tag %q is taken", tag)
		}
	}
}

// TestEveryCacheWaitsForTheCommit: what is read between Invalidate or Forget and the commit is not served after it, whichever cache the operation uses.
func TestEveryCacheWaitsForTheCommit(t *testing.T) {
	t.Parallel()
	kept, other := newCache(t, cache.Config{}), newCache(t, cache.Config{})
	s := &shelf{}
	loaded := newMemo(t, cache.MemoConfig[string, int64]{
		In: kept, Name: "n", TTL: time.Hour, Load: func(context.Context, string) (int64, error) { return s.n.Load(), nil },
	})
	var app *tenon.App
	expect := func(want string) {
		t.Helper()
		if w := call(app, http.MethodGet, "/items/1"); w.Body.String() != want {
			t.Errorf("%s %v, want %s", w.Body, w.Header(), want)
		}
		if n, err := loaded.Get(t.Context(), "n"); err != nil || fmt.Sprintf(`{"n":%d}`, n) != want {
			t.Errorf("the Memo has %d, %v, want %s", n, err, want)
		}
	}
	app = compiled(t, func(app *tenon.App) {
		app.Provide(func(context.Context, *struct{}) (*tx, error) { return &tx{shelf: s}, nil })
		app.Get("/items/{id}", s.read, cache.Use(kept), cache.For(time.Hour), cache.Tag("item/{id}"))
		app.Put("/items/{id}", func(ctx context.Context, in *struct {
			Tx *tx    `dep:""`
			ID string `path:"id"`
		}) (*tenon.NoContent, error) {
			in.Tx.n = 1
			err := errors.Join(kept.Invalidate(ctx, "item/"+in.ID), loaded.Forget(ctx, "n"))
			expect(`{"n":0}`)
			return &tenon.NoContent{}, err
		}, cache.Use(other))
	})
	expect(`{"n":0}`)
	if w := call(app, http.MethodPut, "/items/1"); w.Code != http.StatusNoContent {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	expect(`{"n":1}`)
}

// TestGenerationsOutliveWhatIsKept, whatever was kept first, and the one that all share does not end it all at once.
func TestGenerationsOutliveWhatIsKept(t *testing.T) {
	t.Parallel()
	at, n := newClock(), &counter{}
	app := compiled(t, func(app *tenon.App) {
		app.Get("/minute", n.next, cache.For(time.Minute), cache.Tag("all"))
		app.Get("/days", n.next, cache.For(3*24*time.Hour), cache.Tag("all"))
	}, cache.Use(newCache(t, cache.Config{Now: at.now})))
	hours := compiled(t, func(app *tenon.App) {
		app.Get("/{id}", func(ctx context.Context, _ *byID) (*number, error) { return n.next(ctx, nil) }, cache.For(time.Hour), cache.Tag("{id}"))
	}, cache.Use(newCache(t, cache.Config{Now: at.now})))
	for _, step := range []struct {
		after  time.Duration
		app    http.Handler
		target string
		want   string
	}{
		{0, app, "/minute", "fwd=miss"},
		{0, app, "/days", "fwd=miss"},
		{25 * time.Hour, app, "/days", "hit"},
		{46 * time.Hour, app, "/days", "hit"},
		{0, hours, "/1", "fwd=miss"},
		{23*time.Hour + 30*time.Minute, hours, "/2", "fwd=miss"},
		{40 * time.Minute, hours, "/2", "hit"},
	} {
		at.move(step.after)
		if w := call(step.app, http.MethodGet, step.target); status(w) != step.want {
			t.Errorf("%s %v later: %v, want %s", step.target, step.after, w.Header(), step.want)
		}
	}
}
