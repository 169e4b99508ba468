package cache_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cache"
)

// clock is a clock that stands until it is moved.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(1_800_000_000)
	return c
}

func (c *clock) now() time.Time       { return time.Unix(c.at.Load(), 0) }
func (c *clock) move(d time.Duration) { c.at.Add(int64(d / time.Second)) }

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// get makes a request with header fields, each a name and a value.
func get(target string, fields ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i < len(fields); i += 2 {
		r.Header.Add(fields[i], fields[i+1])
	}
	return r
}

func newCache(t testing.TB, cfg cache.Config) *cache.Cache {
	t.Helper()
	if cfg.Logger == nil {
		cfg.Logger = quiet()
	}
	c, err := cache.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// compiled makes an app of operations.
func compiled(t testing.TB, register func(*tenon.App), opts ...tenon.Option) *tenon.App {
	t.Helper()
	app := tenon.New(tenon.Config{Logger: quiet()}, opts...)
	register(app)
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	return app
}

func send(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// number is what a counting operation answers.
type number struct {
	N int64 `json:"n"`
}

// counter counts how often an operation runs.
type counter struct{ n atomic.Int64 }

func (c *counter) next(context.Context, *struct{}) (*number, error) { return &number{c.n.Add(1)}, nil }

// status is the first parameter of Cache-Status.
func status(w *httptest.ResponseRecorder) string {
	_, told, _ := strings.Cut(w.Header().Get("Cache-Status"), "; ")
	told, _, _ = strings.Cut(told, ";")
	return told
}

// named is next for an operation whose path has a name.
func (c *counter) named(context.Context, *struct {
	File string `path:"file"`
}) (*number, error) {
	return &number{c.n.Add(1)}, nil
}
