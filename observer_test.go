package tenon_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/tenon-go/tenon"
)

// watcher keeps what it was told.
type watcher struct {
	mu    sync.Mutex
	began int
	seen  []tenon.Observation
}

func (w *watcher) Begin() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.began++
}

func (w *watcher) End(seen tenon.Observation) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = append(w.seen, seen)
}

func TestServeTellsAnObserver(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, request string
		want          tenon.Observation
	}{
		{"of an answer", "GET /hello/ada HTTP/1.1\r\n", tenon.Observation{Method: "GET", Route: "/hello/{name}", Status: 200, Sent: 15}},
		{"of what was sent", "POST /echo HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"text\":\"a\"}",
			tenon.Observation{Method: "POST", Route: "/echo", Status: 201, Received: 12, Sent: 12}},
		{"of a refusal", "POST /echo HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx",
			tenon.Observation{Method: "POST", Route: "/echo", Status: 415, Problem: "unsupported-media-type"}},
		{"of faults", "GET /hello/ada?x=1 HTTP/1.1\r\n", tenon.Observation{Method: "GET", Route: "/hello/{name}", Status: 422, Problem: "validation-failed"}},
		{"of what no route takes", "GET /nowhere/1 HTTP/1.1\r\n", tenon.Observation{Method: "GET", Status: 404, Problem: "not-found"}},
		{"of a panic", "GET /panics HTTP/1.1\r\n", tenon.Observation{Method: "GET", Route: "/panics", Status: 500, Problem: "internal"}},
		{"of a finding", "GET /finds HTTP/1.1\r\n", tenon.Observation{Method: "GET", Route: "/finds", Status: 204, Finding: "first"}},
		{"of a connection that is cut", "GET /cut HTTP/1.1\r\n", tenon.Observation{Method: "GET", Route: "/cut/{rest...}"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := &watcher{}
			r := run(t, func(logger *slog.Logger) *tenon.App {
				app := hello(logger)
				app.Get("/panics", func(context.Context, *struct{}) (*found, error) { panic("of the handler") })
				app.Get("/finds", func(ctx context.Context, _ *struct{}) (*tenon.NoContent, error) {
					tenon.Report(ctx, "first", "a")
					tenon.Report(ctx, "second", "b")
					return nil, nil
				})
				app.Mount("/cut", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
				return app
			}, tenon.ServerConfig{Observer: w})
			head, body, _ := strings.Cut(tt.request, "\r\n\r\n")
			r.raw(t, strings.TrimSuffix(head, "\r\n")+"\r\nHost: x\r\nConnection: close\r\n\r\n"+body)
			r.stop()
			if err := <-r.done; err != nil {
				t.Error(err)
			}
			if w.began != 1 || len(w.seen) != 1 || w.seen[0].Duration <= 0 {
				t.Fatalf("%d began, seen %+v", w.began, w.seen)
			}
			got := w.seen[0]
			got.Duration = 0
			if tt.want.Problem != "" {
				tt.want.Sent = got.Sent
			}
			if tt.want.Status == 0 {
				tt.want.Route = got.Route
			}
			if got != tt.want {
				t.Errorf("seen %+v, want %+v", got, tt.want)
			}
		})
	}
}
