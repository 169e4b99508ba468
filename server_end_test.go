package tenon_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
)

// stubborn is a singleton that does not finish until it may.
type stubborn struct {
	told chan time.Duration // how long its context gave it
	may  chan struct{}
}

func (s *stubborn) Finish(ctx context.Context, _ error) error {
	end, _ := ctx.Deadline()
	s.told <- time.Until(end)
	<-s.may
	return nil
}

// TestTheWholeDrainEndsWithinDrain has a request and a singleton that both do not end. What comes after them is not waited for either.
func TestTheWholeDrainEndsWithinDrain(t *testing.T) {
	t.Parallel()
	const drain = 2 * time.Second
	may := make(chan struct{})
	t.Cleanup(func() { close(may) })
	entered, s := make(chan struct{}), &stubborn{told: make(chan time.Duration, 1), may: may}
	r := run(t, func(logger *slog.Logger) *tenon.App {
		app := tenon.New(tenon.Config{Logger: logger})
		app.Singleton(func(context.Context, *struct{}) (*stubborn, error) { return s, nil })
		app.Get("/hangs", func(ctx context.Context, _ *struct{}) (*found, error) {
			tenon.After(ctx, func(context.Context) error { return nil })
			close(entered)
			<-may
			return &found{}, nil
		}, tenon.NoDeadline("the test ends it"))
		return app
	}, tenon.ServerConfig{Drain: drain})
	go func() {
		if answer, err := http.Get("http://" + r.addr + "/hangs"); err == nil {
			_ = answer.Body.Close()
		}
	}()
	<-entered
	began := time.Now()
	r.stop()
	select {
	case err := <-r.done:
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "requests did not finish") ||
			!strings.Contains(err.Error(), "singletons did not finish") || tenon.ExitCode(err) != 1 {
			t.Errorf("error %v with exit code %d, want that neither finished, and 1", err, tenon.ExitCode(err))
		}
	case <-time.After(drain + 2*time.Second):
		t.Fatal("the drain outlasts Drain by 2 s")
	}
	if took := time.Since(began); took < drain {
		t.Errorf("it gave up after %v", took)
	}
	if left := <-s.told; left <= 0 || left > drain/2 {
		t.Errorf("the singleton had %v to finish, want some part of %v that requests leave", left, drain)
	}
}

// TestAnAppIsServedTwice has an app that is stopped and served again: it is as ready as before, and its streams go on.
func TestAnAppIsServedTwice(t *testing.T) {
	t.Parallel()
	type events struct {
		Events iter.Seq2[int, error] `body:"text/event-stream"`
	}
	app, inner := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)}), tenon.New(tenon.Config{})
	inner.Get("/x", func(context.Context, *struct{}) (*found, error) { return &found{}, nil })
	app.Mount("/inner", inner)
	app.Get("/events", func(ctx context.Context, _ *struct{}) (*events, error) {
		return &events{func(yield func(int, error) bool) {
			for n := 1; n <= 3 && ctx.Err() == nil && yield(n, nil); n++ {
				continue
			}
		}}, nil
	})
	for n := range 2 {
		r := run(t, func(*slog.Logger) *tenon.App { return app }, tenon.ServerConfig{})
		if !app.Ready() || !inner.Ready() {
			t.Errorf("run %d: ready %t, and what is mounted %t", n, app.Ready(), inner.Ready())
		}
		answer, err := http.Get("http://" + r.addr + "/events")
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if got := strings.Count(string(body), "data:"); got != 3 || answer.Close {
			t.Errorf("run %d: %d of 3 events, connection closed %t", n, got, answer.Close)
		}
		r.stop()
		if err := <-r.done; err != nil {
			t.Error(err)
		}
		if app.Ready() || inner.Ready() {
			t.Errorf("run %d: ready after its end", n)
		}
	}
}

// TestAPanicOfVersionsClientIsAProblem asks a function that names clients and panics.
func TestAPanicOfVersionsClientIsAProblem(t *testing.T) {
	t.Parallel()
	for _, by := range []tenon.VersionBy{{}, tenon.ByHeader("API-Version")} {
		prefix := "/api"
		if by == (tenon.VersionBy{}) {
			prefix = "/{version}"
		}
		r := run(t, func(logger *slog.Logger) *tenon.App {
			app := tenon.New(tenon.Config{Logger: logger})
			v := app.Versions(prefix, tenon.Versions{
				By: by, List: []tenon.Version{{Name: "v1"}, {Name: "v2"}},
				Client: func(r *http.Request) string { return r.Header["X-Client"][0] },
			})
			v.Get("/x", func(context.Context, *struct{}) (*found, error) { return &found{}, nil })
			v.Get("/panics", func(context.Context, *struct{}) (*found, error) { panic("of the handler") })
			return app
		}, tenon.ServerConfig{})
		path := strings.Replace(prefix, "{version}", "v2", 1)
		for range 2 { // on one connection: it stays
			for _, tt := range []struct {
				path, header string
				status       int
			}{{"/x", "X-Client: a", 200}, {"/x", "X-Other: a", 500}, {"/panics", "X-Client: a", 500}, {"/panics", "X-Other: a", 500}} {
				answer := r.raw(t, fmt.Sprintf("GET %s%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n\r\n", path, tt.path, tt.header))
				status, err := http.ReadResponse(bufio.NewReader(strings.NewReader(answer)), nil)
				if err != nil || status.StatusCode != tt.status || tt.status == 500 && !strings.Contains(answer, `"code":"internal"`) {
					t.Errorf("%s of %q with %s: %v, %.300s, want %d", path, tt.path, tt.header, err, answer, tt.status)
				}
				if status != nil {
					_ = status.Body.Close()
				}
			}
		}
		r.stop()
		if err := <-r.done; err != nil {
			t.Error(err)
		}
		if !strings.Contains(r.log.String(), "index out of range") {
			t.Errorf("the log does not tell of the panic: %s", r.log)
		}
	}
}
