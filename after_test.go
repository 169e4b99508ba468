package tenon_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

// eager gives work from its own check, which refuses what is false.
type eager struct {
	OK bool `json:"ok"`
}

type eagerKey struct{}

func (e *eager) Validate(ctx context.Context) error {
	tenon.After(ctx, func(ctx context.Context) error {
		*ctx.Value(eagerKey{}).(*int)++
		return nil
	})
	if !e.OK {
		return problem.Fault{Pointer: "/ok", Code: "no", Message: "must be true"}
	}
	return nil
}

func TestFA16WorkGivenByACheckWaitsForTheSuccess(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]int{`{"ok":true}`: 1, `{"ok":false}`: 0} {
		ran := 0
		app := tenon.New(tenon.Config{}, tenon.BeforeAuth(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), eagerKey{}, &ran)))
			})
		}))
		app.Post("/x", takes[eager]())
		s := tenontest.New(t, app)
		s.Post("/x", body)
		if ran != want {
			t.Errorf("%s: work ran %d times, want %d", body, ran, want)
		}
	}
}

// ledger is a singleton that work after the answer writes to.
type ledger struct {
	lines  []string
	closed bool
}

// Finish closes it.
func (l *ledger) Finish(context.Context, error) error {
	l.closed = true
	return nil
}

type writesLater struct {
	Ledger *ledger `dep:""`
}

// TestFA16StopWaitsForWorkInAnyServer stops an app, by itself or mounted in another, that no Serve knows of, while what a request gave it to
// do runs for a while, or longer than the stop has.
func TestFA16StopWaitsForWorkInAnyServer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		mounted bool
		patience,
		took time.Duration
		written int
	}{
		{"for as long as it takes", false, time.Minute, 10 * time.Second, 1},
		{"of a mounted app, too", true, time.Minute, 10 * time.Second, 1},
		{"for no longer than it may", false, 3 * time.Second, 3 * time.Second, 0},
		{"of a mounted app for no longer than it may", true, 3 * time.Second, 3 * time.Second, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				book := &ledger{}
				app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)})
				app.Singleton(func(context.Context, *struct{}) (*ledger, error) { return book, nil })
				app.Post("/x", func(ctx context.Context, in *writesLater) (*tenon.NoContent, error) {
					tenon.After(ctx, func(ctx context.Context) error {
						select {
						case <-time.After(10 * time.Second):
							if !in.Ledger.closed {
								in.Ledger.lines = append(in.Ledger.lines, "written")
							}
						case <-ctx.Done():
						}
						return ctx.Err()
					})
					return nil, nil
				})
				served := app
				if tt.mounted {
					served = tenon.New(tenon.Config{})
					served.Mount("/x", app)
				}
				w := httptest.NewRecorder()
				served.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/x", nil))
				start := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), tt.patience)
				defer cancel()
				err := served.Stop(ctx)
				synctest.Wait()
				if took := time.Since(start); w.Code != http.StatusNoContent || took != tt.took || len(book.lines) != tt.written || !book.closed {
					t.Errorf("status %d, stopped after %v, want %v; lines %q, closed %t", w.Code, took, tt.took, book.lines, book.closed)
				}
				if late := errors.Is(err, context.DeadlineExceeded); late != (tt.written == 0) {
					t.Errorf("error %v", err)
				}
			})
		})
	}
}

func TestFA16WorkOfMiddlewareIsRefused(t *testing.T) {
	t.Parallel()
	r := run(t, func(logger *slog.Logger) *tenon.App {
		app := tenon.New(tenon.Config{Logger: logger}, tenon.BeforeAuth(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				tenon.After(r.Context(), func(context.Context) error { return nil })
				next.ServeHTTP(w, r)
			})
		}))
		app.Get("/x", gives[fine]())
		return app
	}, tenon.ServerConfig{})
	if answer := r.raw(t, "GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); !strings.HasPrefix(answer, "HTTP/1.1 500 ") {
		t.Errorf("answer %.60q", answer)
	}
	if !strings.Contains(r.log.String(), "outside its handler") {
		t.Errorf("log %s", r.log)
	}
}

func TestFA16UploadsAreGoneBeforeWork(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 100_000} {
		result := make(chan error, 1)
		app := tenon.New(tenon.Config{})
		app.Post("/x", func(ctx context.Context, in *struct {
			F tenon.Upload `form:"f"`
		}) (*fine, error) {
			tenon.After(ctx, func(context.Context) error {
				_, err := io.ReadAll(in.F.Open())
				result <- err
				return nil
			})
			return &fine{}, nil
		})
		body := "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n" + strings.Repeat("x", size) + "\r\n--b--\r\n"
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/x", strings.NewReader(body))
		request.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		w := httptest.NewRecorder()
		app.ServeHTTP(w, request)
		if w.Code != http.StatusCreated {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if err := <-result; !errors.Is(err, os.ErrClosed) {
			t.Errorf("%d bytes: reading says %v, want that the file is closed", size, err)
		}
	}
}
