package tenon_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/middleware"
)

// tight has four places, one of which is for critical operations, and one stream.
var tight = middleware.AdmissionConfig{Requests: 4, Queue: 1, Patience: time.Millisecond, Streams: 3}

// gates is where the answers of an app wait.
type gates struct {
	entered chan struct{}
	open    chan struct{}
}

func newGates() *gates { return &gates{make(chan struct{}, 10), make(chan struct{})} }

// wait tells that it waits, until the gates open.
func (g *gates) wait(ctx context.Context) {
	g.entered <- struct{}{}
	select {
	case <-g.open:
	case <-ctx.Done():
	}
}

// waiting sends an item or some bytes, and the rest when the gates open.
type waiting struct {
	io.Reader

	wait func()
	told bool
}

func (w *waiting) Read(p []byte) (int, error) {
	if !w.told {
		w.told = true
		return copy(p, "a"), nil
	}
	w.wait()
	return 0, io.EOF
}

// nested answers GET /quick, /critical, /slow, /events and /file, each below bounds of its own.
func nested(app *tenon.App, g *gates, opts ...tenon.Option) {
	group := app.Group("", opts...)
	quick := func(context.Context, *struct{}) (*found, error) { return &found{}, nil }
	group.Get("/quick", quick)
	group.Get("/critical", quick, tenon.Critical())
	group.Get("/slow", func(ctx context.Context, _ *struct{}) (*found, error) {
		g.wait(ctx)
		return &found{}, nil
	})
	group.Get("/events", func(ctx context.Context, _ *struct{}) (*events[string], error) {
		return &events[string]{func(yield func(string, error) bool) {
			if yield("a", nil) {
				g.wait(ctx)
			}
		}}, nil
	})
	group.Get("/file", func(ctx context.Context, _ *struct{}) (*struct {
		Body io.Reader `body:"text/plain"`
	}, error,
	) {
		return &struct {
			Body io.Reader `body:"text/plain"`
		}{&waiting{wait: func() { g.wait(ctx) }}}, nil
	})
}

// status asks for a path, which must be answered now, and closes what it is answered.
func (r *running) status(t *testing.T, path string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+r.addr+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
	return answer.StatusCode
}

// hold asks for a path and returns when its answer waits, which end ends.
func (r *running) hold(t *testing.T, g *gates, path string) (end func()) {
	t.Helper()
	ctx, end := context.WithCancel(t.Context())
	go func() {
		request, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+r.addr+path, nil)
		if answer, err := http.DefaultClient.Do(request); err == nil {
			_, _ = io.Copy(io.Discard, answer.Body)
			_ = answer.Body.Close()
		}
	}()
	select {
	case <-g.entered:
	case <-time.After(20 * time.Second):
		t.Fatalf("%s does not come in", path)
	}
	return end
}

// boundedApps are apps with the same bound in different places.
func boundedApps(g *gates) map[string]func(*slog.Logger) *tenon.App {
	bound := func() tenon.Option { return tenon.Use(middleware.Admission(tight)) }
	declared := tenon.Fails(middleware.ErrOverloaded)
	return map[string]func(*slog.Logger) *tenon.App{
		"the app": func(logger *slog.Logger) *tenon.App {
			app := tenon.New(tenon.Config{Logger: logger, Admission: tight})
			nested(app, g)
			return app
		},
		"a group": func(logger *slog.Logger) *tenon.App {
			app := tenon.New(tenon.Config{Logger: logger})
			nested(app, g, bound(), declared)
			return app
		},
		"a group in the app": func(logger *slog.Logger) *tenon.App {
			app := tenon.New(tenon.Config{Logger: logger, Admission: middleware.AdmissionConfig{Requests: 100}})
			nested(app, g, bound(), declared)
			return app
		},
		"a group in a group in the app": func(logger *slog.Logger) *tenon.App {
			app := tenon.New(tenon.Config{Logger: logger, Admission: tight})
			nested(app, g, bound(), bound(), declared)
			return app
		},
	}
}

// TestUV06StreamsAndFilesHoldNoPlace opens as many as there may be: others go on, and one more is refused.
func TestUV06StreamsAndFilesHoldNoPlace(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"/events", "/file"} {
		for name := range boundedApps(nil) {
			t.Run(name+strings.ReplaceAll(kind, "/", ": "), func(t *testing.T) {
				t.Parallel()
				g := newGates()
				r := run(t, boundedApps(g)[name], tenon.ServerConfig{})
				for range tight.Streams {
					defer r.hold(t, g, kind)()
				}
				for range 5 {
					if got := r.status(t, "/quick"); got != http.StatusOK {
						t.Fatalf("another request gets %d while they are open, want 200", got)
					}
				}
				if got := r.status(t, kind); got != http.StatusServiceUnavailable {
					t.Errorf("one more gets %d, want 503", got)
				}
				if got := r.status(t, "/quick"); got != http.StatusOK {
					t.Errorf("another request gets %d after that, want 200", got)
				}
			})
		}
	}
}

// TestUV06CriticalOperationsHaveTheirPlaces fills all other places.
func TestUV06CriticalOperationsHaveTheirPlaces(t *testing.T) {
	t.Parallel()
	for name := range boundedApps(nil) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGates()
			r := run(t, boundedApps(g)[name], tenon.ServerConfig{})
			for range tight.Requests - 1 {
				defer r.hold(t, g, "/slow")()
			}
			if got := r.status(t, "/quick"); got != http.StatusServiceUnavailable {
				t.Errorf("an ordinary operation gets %d, want 503", got)
			}
			if got := r.status(t, "/critical"); got != http.StatusOK {
				t.Errorf("a critical operation gets %d, want 200", got)
			}
		})
	}
}
