package tenon_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// afterApp answers GET /x with what handler returns, and notes in done what After ran.
func afterApp(handler func(ctx context.Context, later func(name string)) (*found, error)) (app *tenon.App, log *buffer, done func() []string) {
	log = &buffer{}
	var mu sync.Mutex
	var ran []string
	app = tenon.New(tenon.Config{Logger: logTo(log)})
	app.Get("/x", func(ctx context.Context, _ *none) (*found, error) {
		return handler(ctx, func(name string) {
			tenon.After(ctx, func(context.Context) error {
				mu.Lock()
				defer mu.Unlock()
				ran = append(ran, name)
				return nil
			})
		})
	}, tenon.Fails(errTicks))
	return app, log, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(ran)
	}
}

func TestFA16WorkRunsAfterASuccessOnly(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		handler func(ctx context.Context, later func(string)) (*found, error)
		status  int
		want    []string
	}{
		{"in order", func(_ context.Context, later func(string)) (*found, error) {
			later("a")
			later("b")
			return &found{}, nil
		}, 200, []string{"a", "b"}},
		{"what it adds too", func(ctx context.Context, later func(string)) (*found, error) {
			tenon.After(ctx, func(context.Context) error {
				later("c")
				return nil
			})
			later("a")
			return &found{}, nil
		}, 200, []string{"a", "c"}},
		{"the rest after an error and a panic", func(ctx context.Context, later func(string)) (*found, error) {
			tenon.After(ctx, func(context.Context) error { return io.ErrNoProgress })
			tenon.After(ctx, func(context.Context) error { panic("boom") })
			later("a")
			return &found{}, nil
		}, 200, []string{"a"}},
		{"not after a problem", func(_ context.Context, later func(string)) (*found, error) {
			later("a")
			return nil, errTicks
		}, 409, nil},
		{"not after an error", func(_ context.Context, later func(string)) (*found, error) {
			later("a")
			return nil, io.ErrNoProgress
		}, 500, nil},
		{"not after a panic", func(_ context.Context, later func(string)) (*found, error) {
			later("a")
			panic("boom")
		}, 500, nil},
		{"not after an output that cannot be sent", func(_ context.Context, later func(string)) (*found, error) {
			later("a")
			return &found{Route: "\xff"}, nil
		}, 500, nil},
		{"not without an output", func(_ context.Context, later func(string)) (*found, error) {
			later("a")
			return nil, nil
		}, 500, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app, log, done := afterApp(tt.handler)
			tenontest.New(t, app).Get("/x").Status(tt.status)
			if got := done(); !slices.Equal(got, tt.want) {
				t.Errorf("%q ran, want %q", got, tt.want)
			}
			if strings.Contains(tt.name, "error and a panic") && (!strings.Contains(log.String(), io.ErrNoProgress.Error()) ||
				!strings.Contains(log.String(), "boom") || strings.Count(log.String(), `"operation":"GET /x"`) != 2) {
				t.Errorf("log %s", log)
			}
		})
	}
}

func TestFA16WorkOfAStreamRunsAfterItsEnd(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		end  error
		want int
	}{"that is whole": {nil, 2}, "not one that failed": {io.ErrNoProgress, 0}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ran := 0
			app := tenon.New(tenon.Config{Logger: logTo(&buffer{})})
			count := func(ctx context.Context) error {
				ran++
				return ctx.Err()
			}
			app.Get("/events", func(ctx context.Context, _ *none) (*events[int], error) {
				tenon.After(ctx, count)
				return &events[int]{func(yield func(int, error) bool) {
					tenon.After(ctx, count)
					if yield(1, nil) && ran == 0 {
						yield(2, tt.end)
					}
				}}, nil
			})
			if events := tenontest.New(t, app).Get("/events").Status(200).Events(); len(events) != 2 || ran != tt.want {
				t.Errorf("%+v, then %d ran, want %d", events, ran, tt.want)
			}
		})
	}
}

// TestFA16TheAnswerDoesNotWait reads a whole answer while the work after it stands still.
func TestFA16TheAnswerDoesNotWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun, finish := make(chan context.Context, 1), make(chan struct{})
		app := tenon.New(tenon.Config{})
		app.Get("/x", func(ctx context.Context, _ *none) (*found, error) {
			tenon.After(ctx, func(ctx context.Context) error {
				begun <- ctx
				<-finish
				return nil
			})
			return &found{Route: "x"}, nil
		})
		res, err := httptest.NewTestServer(t, app).Client().Get("http://example.com/x")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil || res.StatusCode != 200 || !strings.Contains(string(body), `"route":"x"`) {
			t.Errorf("%d %s, %v", res.StatusCode, body, err)
		}
		ctx := <-begun
		if ctx.Err() != nil {
			t.Errorf("the context of the work ended with the request: %v", ctx.Err())
		}
		start := time.Now()
		<-ctx.Done()
		if took := time.Since(start).Round(time.Second); took != 30*time.Second || !errors.Is(ctx.Err(), context.DeadlineExceeded) {
			t.Errorf("the context ended after %v by %v, want a deadline of 30s", took, ctx.Err())
		}
		close(finish)
	})
}

func TestFA16WorkKnowsTheRequest(t *testing.T) {
	t.Parallel()
	ids := make(chan string, 1)
	r := run(t, func(logger *slog.Logger) *tenon.App {
		app := tenon.New(tenon.Config{Logger: logger})
		app.Get("/x", func(ctx context.Context, _ *none) (*found, error) {
			tenon.After(ctx, func(ctx context.Context) error {
				ids <- tenon.RequestID(ctx)
				return nil
			})
			return &found{}, nil
		})
		return app
	}, tenon.ServerConfig{})
	res, err := http.Get("http://" + r.addr + "/x")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if id := <-ids; id == "" || id != res.Header.Get("X-Request-Id") {
		t.Errorf("the work has the id %q, the answer %q", id, res.Header.Get("X-Request-Id"))
	}
}

func TestFA16WorkIsDrainedWhenTheServerStops(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		drain time.Duration
		work  func(ctx context.Context, stopped <-chan struct{}) error
		want  string // of the error of Serve
	}{
		{"and finishes", time.Hour, func(_ context.Context, stopped <-chan struct{}) error {
			<-stopped
			return nil
		}, ""},
		{"or is told, in the end", 50 * time.Millisecond, func(ctx context.Context, _ <-chan struct{}) error {
			<-ctx.Done()
			return context.Cause(ctx)
		}, "work given to After did not finish"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			begun, stopped, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
			r := run(t, func(logger *slog.Logger) *tenon.App {
				app := tenon.New(tenon.Config{Logger: logger})
				app.Get("/x", func(ctx context.Context, _ *none) (*found, error) {
					tenon.After(ctx, func(ctx context.Context) error {
						close(begun)
						err := tt.work(ctx, stopped)
						ended <- err
						return err
					})
					return &found{}, nil
				})
				return app
			}, tenon.ServerConfig{Drain: tt.drain})
			res, err := http.Get("http://" + r.addr + "/x")
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			<-begun
			r.stop()
			close(stopped)
			err = <-r.done
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("Serve returned %v, want %q", err, tt.want)
			}
			if cause := <-ended; tt.want != "" && !errors.Is(cause, tenon.ErrStopping) {
				t.Errorf("the work was told %v, want ErrStopping", cause)
			}
		})
	}
}

// TestFA16MuchWorkIsBounded gives more than runs at once: all of it runs, and every answer comes before.
func TestFA16MuchWorkIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const requests = 300
		var mu sync.Mutex
		running, finish := 0, make(chan struct{})
		app := tenon.New(tenon.Config{})
		app.Get("/x", func(ctx context.Context, _ *none) (*found, error) {
			tenon.After(ctx, func(context.Context) error {
				mu.Lock()
				running++
				mu.Unlock()
				<-finish
				return nil
			})
			return &found{Route: "x"}, nil
		})
		var returned sync.WaitGroup
		inside := 0
		server := httptest.NewTestServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			inside++
			mu.Unlock()
			app.ServeHTTP(w, r)
			mu.Lock()
			inside--
			mu.Unlock()
		}))
		client := server.Client()
		for range requests {
			returned.Go(func() {
				res, err := client.Get("http://example.com/x")
				if err != nil {
					t.Error(err)
					return
				}
				defer res.Body.Close()
				if body, err := io.ReadAll(res.Body); err != nil || !strings.Contains(string(body), `"route":"x"`) {
					t.Errorf("%s, %v", body, err)
				}
			})
		}
		returned.Wait()
		synctest.Wait()
		mu.Lock()
		got := fmt.Sprintf("%d run, %d of them in their requests", running, inside)
		mu.Unlock()
		if want := "300 run, 44 of them in their requests"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		close(finish)
	})
}

func TestFA16WithoutARequestWorkRunsAtOnce(t *testing.T) {
	t.Parallel()
	ran := false
	tenon.After(t.Context(), func(ctx context.Context) error {
		ran = ctx.Err() == nil
		return nil
	})
	if !ran {
		t.Error("it did not run")
	}
}
