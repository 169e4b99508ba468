package stack_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/middleware"
	"github.com/tenon-go/tenon/middleware/cors"
)

type item struct {
	ID string `path:"id"`
}

type found struct {
	Name string `json:"name"`
}

func app(tb testing.TB, opts ...tenon.Option) http.Handler {
	tb.Helper()
	a := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)}, opts...)
	a.Get("/items/{id}", func(_ context.Context, in *item) (*found, error) { return &found{in.ID}, nil })
	if err := a.Compile(); err != nil {
		tb.Fatal(err)
	}
	return a
}

// null is the null device: a write to it is a call of the system.
func null(tb testing.TB) *os.File {
	tb.Helper()
	f, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = f.Close() })
	return f
}

// stack is what Serve puts before an app, with CORS as an option of the app.
func stack(tb testing.TB, log slog.Handler) http.Handler {
	tb.Helper()
	logger := slog.New(log)
	return made(tb, app(tb, tenon.Use(cors.New(cors.Config{Origins: []string{"https://app.example.com"}}))),
		func() (middleware.Middleware, error) { return middleware.RequestID, nil },
		func() (middleware.Middleware, error) {
			return middleware.AccessLog(middleware.AccessLogConfig{Logger: logger})
		},
		func() (middleware.Middleware, error) {
			return middleware.SecureHeaders(middleware.SecureHeadersConfig{})
		},
		func() (middleware.Middleware, error) { return middleware.Admission(middleware.AdmissionConfig{}) },
	)
}

func made(tb testing.TB, h http.Handler, makers ...func() (middleware.Middleware, error)) http.Handler {
	tb.Helper()
	for i := range makers {
		mw, err := makers[len(makers)-1-i]()
		if err != nil {
			tb.Fatal(err)
		}
		h = mw(h)
	}
	return h
}

// sink is a writer that keeps nothing, and is used again.
type sink struct{ header http.Header }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(b []byte) (int, error) { return io.Discard.Write(b) }
func (s *sink) WriteHeader(int)             {}

// once makes a function that sends one request.
func once(h http.Handler) func() {
	r := httptest.NewRequest(http.MethodGet, "/items/7", nil)
	r.Header.Set("Origin", "https://app.example.com")
	w := &sink{http.Header{}}
	return func() {
		clear(w.header)
		here := *r // middleware writes on it
		h.ServeHTTP(w, &here)
	}
}

// BenchmarkStack tells what a request costs without the middleware, with it, and with it and the handler of logs of the standard library, which
// writes each line where it is logged.
func BenchmarkStack(b *testing.B) {
	for _, bb := range []struct {
		name string
		h    http.Handler
	}{
		{"without", app(b)},
		{"with", stack(b, middleware.NewJSONLog(null(b), nil))},
		{"with the JSONHandler of slog", stack(b, slog.NewJSONHandler(null(b), nil))},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			send := once(bb.h)
			for b.Loop() {
				send()
			}
		})
	}
}

// TestTheStackAddsFewAllocations holds the whole stack to twelve.
//
//nolint:paralleltest // it counts what the process allocates
func TestTheStackAddsFewAllocations(t *testing.T) {
	without, with := least(once(app(t))), least(once(stack(t, middleware.NewJSONLog(null(t), nil))))
	if added := with - without; added > 12+raceAllocs {
		t.Errorf("the stack adds %v allocations to %v, want 12 or fewer", added, without)
	}
}

// least counts the allocations of the run that has the fewest: under the race detector a pool forgets at random.
func least(f func()) float64 {
	n := testing.AllocsPerRun(1, f)
	for range 200 {
		n = min(n, testing.AllocsPerRun(1, f))
	}
	return n
}
