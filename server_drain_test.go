package tenon_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
)

// until waits for what happens soon.
func until(t *testing.T, what string, happened func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(20 * time.Second); !happened(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("%s did not happen", what)
		}
	}
}

func TestAS09DrainAnswersEverythingUntilBalancersHaveNoticed(t *testing.T) {
	t.Parallel()
	const delay = 4 * time.Second
	var app *tenon.App
	r := run(t, func(logger *slog.Logger) *tenon.App {
		app = hello(logger)
		return app
	}, tenon.ServerConfig{DrainDelay: delay})
	if !app.Ready() {
		t.Error("a server that accepts connections is not ready")
	}
	get := func() (*http.Response, error) { return http.Get("http://" + r.addr + "/hello/world") }
	before, err := get()
	if err != nil || before.Close {
		t.Fatalf("%v: before the end, connections stay open", err)
	}
	_ = before.Body.Close()
	late := time.Now().Add(delay / 2) // a slow machine asks less often, and stays away from the end
	r.stop()
	until(t, "readiness going off", func() bool { return !app.Ready() })
	for n := 0; n < 20 && (n == 0 || time.Now().Before(late)); n++ {
		answer, err := get()
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusOK || !answer.Close {
			t.Errorf("while draining: status %d, connection closed %t, want 200 and closed", answer.StatusCode, answer.Close)
		}
	}
	if err := <-r.done; err != nil {
		t.Error(err)
	}
	if conn, err := net.Dial("tcp", r.addr); err == nil {
		_ = conn.Close()
		t.Error("connections are accepted after the end")
	}
}

func TestDrainEndsWhenItsTimeIsOver(t *testing.T) {
	t.Parallel()
	entered, leave := make(chan struct{}), make(chan struct{})
	t.Cleanup(func() { close(leave) })
	r := run(t, func(logger *slog.Logger) *tenon.App {
		app := tenon.New(tenon.Config{Logger: logger})
		app.Get("/hangs", func(context.Context, *struct{}) (*found, error) {
			close(entered)
			<-leave
			return &found{}, nil
		})
		return app
	}, tenon.ServerConfig{Drain: 200 * time.Millisecond})
	go func() {
		if answer, err := http.Get("http://" + r.addr + "/hangs"); err == nil {
			_ = answer.Body.Close()
		}
	}()
	<-entered
	r.stop()
	err := <-r.done
	if !errors.Is(err, context.DeadlineExceeded) || tenon.ExitCode(err) != 1 {
		t.Errorf("error %v with exit code %d, want that requests did not finish, and 1", err, tenon.ExitCode(err))
	}
}

func TestDrainOfAForeignServer(t *testing.T) {
	t.Parallel()
	inner, app := hello(slog.New(slog.DiscardHandler)), tenon.New(tenon.Config{})
	app.Mount("/hello", inner)
	for _, drained := range []bool{false, true} {
		if drained {
			app.Drain()
		}
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/hello/world", nil))
		if closes := w.Header().Get("Connection") == "close"; w.Code != http.StatusOK || closes != drained || app.Ready() == drained || inner.Ready() == drained {
			t.Errorf("drained %t: status %d, closes %t, ready %t and %t", drained, w.Code, closes, app.Ready(), inner.Ready())
		}
	}
}

func TestAnAppWithFaultsIsNotReady(t *testing.T) {
	t.Parallel()
	if tenon.New(tenon.Config{Limits: tenon.Limits{Body: -1}}).Ready() {
		t.Error("ready")
	}
}

func TestUV12ExitCode(t *testing.T) {
	t.Parallel()
	logger := slog.New(slog.DiscardHandler)
	for _, tt := range []struct {
		name string
		err  error
		want int
	}{
		{"0 when it was stopped", nil, 0},
		{"1 when something failed", errors.New("x"), 1},
		{"3 when the app has faults", tenon.Serve(t.Context(), tenon.New(tenon.Config{Limits: tenon.Limits{Body: -1}}), tenon.ServerConfig{}), 3},
		{"3 when a setting is wrong", tenon.Serve(t.Context(), hello(logger), tenon.ServerConfig{Drain: -1}), 3},
		{"3 when it cannot listen", tenon.Serve(t.Context(), hello(logger), tenon.ServerConfig{Addr: "127.0.0.1:http-of-nobody"}), 3},
	} {
		if got := tenon.ExitCode(tt.err); got != tt.want {
			t.Errorf("%s: %d for %v", tt.name, got, tt.err)
		}
	}
}

// TestAStreamThatIsNotReadEndsWithinTheDrain has a client that reads nothing, and a Drain that is shorter than the patience with it.
func TestAStreamThatIsNotReadEndsWithinTheDrain(t *testing.T) {
	t.Parallel()
	full := make(chan struct{})
	r := run(t, func(logger *slog.Logger) *tenon.App {
		app := tenon.New(tenon.Config{Logger: logger})
		app.Get("/events", func(context.Context, *struct{}) (*struct {
			Events iter.Seq2[string, error] `body:"text/event-stream"`
		}, error) {
			large := strings.Repeat("a", 1<<20)
			return &struct {
				Events iter.Seq2[string, error] `body:"text/event-stream"`
			}{func(yield func(string, error) bool) {
				for n := 0; yield(large, nil); n++ {
					if n == 0 {
						close(full) // what follows soon fills all buffers
					}
				}
			}}, nil
		})
		return app
	}, tenon.ServerConfig{Drain: 2 * time.Second})
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET /events HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-full
	r.stop()
	if err := <-r.done; err != nil {
		t.Errorf("Serve: %v, want the stream to end before the drain does", err)
	}
}

// TestAStreamOfLinesIsToldAtHalfOfTheDrain has a delay that is all of that half.
func TestAStreamOfLinesIsToldAtHalfOfTheDrain(t *testing.T) {
	t.Parallel()
	began, cause := make(chan struct{}), make(chan error, 1)
	r := run(t, func(logger *slog.Logger) *tenon.App {
		app := tenon.New(tenon.Config{Logger: logger})
		app.Get("/lines", func(ctx context.Context, _ *struct{}) (*struct {
			Lines iter.Seq2[string, error] `body:"application/jsonl"`
		}, error) {
			return &struct {
				Lines iter.Seq2[string, error] `body:"application/jsonl"`
			}{func(yield func(string, error) bool) {
				yield("first", nil)
				close(began)
				<-ctx.Done()
				cause <- context.Cause(ctx)
			}}, nil
		})
		return app
	}, tenon.ServerConfig{Drain: 6 * time.Second, DrainDelay: 3 * time.Second})
	go func() {
		if answer, err := http.Get("http://" + r.addr + "/lines"); err == nil {
			_, _ = io.Copy(io.Discard, answer.Body)
			_ = answer.Body.Close()
		}
	}()
	<-began
	r.stop()
	if err := <-cause; !errors.Is(err, tenon.ErrStopping) {
		t.Errorf("the stream ended for %v, want that the server stops", err)
	}
	if err := <-r.done; err != nil {
		t.Errorf("Serve: %v", err)
	}
}

// brittle is a listener that accepts one connection, and fails when it is told to.
type brittle struct {
	net.Listener

	once chan struct{}
	fail chan struct{}
}

var errAccept = errors.New("nothing can be accepted")

func (l brittle) Accept() (net.Conn, error) {
	select {
	case l.once <- struct{}{}:
		return l.Listener.Accept()
	case <-l.fail:
		return nil, errAccept
	}
}

// TestServeAnswersWhatIsUnderWayWhenAListenerFails has a handler that goes on until the app has begun to end.
func TestServeAnswersWhatIsUnderWayWhenAListenerFails(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := brittle{listener, make(chan struct{}, 1), make(chan struct{})}
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Get("/", func(ctx context.Context, _ *struct{}) (*found, error) {
		close(l.fail)
		for tick := time.NewTicker(time.Millisecond); app.Ready(); <-tick.C {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
		}
		return &found{}, nil
	})
	done := make(chan error, 1)
	go func() { done <- tenon.Serve(t.Context(), app, tenon.ServerConfig{Listener: l}) }()
	answer, err := http.Get("http://" + listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("status %d", answer.StatusCode)
	}
	if err := <-done; !errors.Is(err, errAccept) || tenon.ExitCode(err) != 1 {
		t.Errorf("error %v with exit code %d, want that of the listener, and 1", err, tenon.ExitCode(err))
	}
}
