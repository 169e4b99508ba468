package tenon_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/page"
	"github.com/tenon-go/tenon/problem"
)

// finished tells with which error what it was provided for ended.
type finished struct{ with chan error }

func (f *finished) Finish(_ context.Context, err error) error {
	f.with <- err
	return nil
}

// timed is an app whose operation does what handle does, within 50 ms.
func timed(handle func(context.Context) error, opts ...tenon.Option) (app *tenon.App, log *buffer, with chan error) {
	log, with = &buffer{}, make(chan error, 1)
	app = tenon.New(tenon.Config{Logger: slog.New(slog.NewJSONHandler(log, nil))})
	app.Provide(func(context.Context, *struct{}) (*finished, error) { return &finished{with}, nil })
	app.Get("/x/{id}", func(ctx context.Context, _ *struct {
		ID string    `path:"id"`
		F  *finished `dep:""`
	}) (*found, error) {
		return &found{Route: "done"}, handle(ctx)
	}, append(opts, tenon.Deadline(50*time.Millisecond))...)
	return app, log, with
}

func TestAS10Deadline(t *testing.T) {
	t.Parallel()
	waits := func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	}
	for _, tt := range []struct {
		name   string
		handle func(context.Context) error
		status int
		code   string
	}{
		{"answers 504 when the handler says that its time is over", waits, 504, "deadline-exceeded"},
		{"answers 504 for the cause too", func(ctx context.Context) error {
			<-ctx.Done()
			return context.Cause(ctx)
		}, 504, "deadline-exceeded"},
		{"leaves the handler its own problem", func(ctx context.Context) error {
			return problem.Wrap(problem.CodeBadRequest, "", waits(ctx))
		}, 400, "bad-request"},
		{"answers what was done in spite of it", func(ctx context.Context) error {
			<-ctx.Done()
			return nil
		}, 200, ""},
		{"is not taken for a shorter one of the handler", func(ctx context.Context) error {
			ctx, cancel := context.WithTimeout(ctx, 0)
			defer cancel()
			return waits(ctx)
		}, 500, "internal"},
		{"is known to the handler", func(ctx context.Context) error {
			if end, ok := ctx.Deadline(); !ok || time.Until(end) > 50*time.Millisecond {
				return errors.New("no deadline")
			}
			return nil
		}, 200, ""},
		{"has nothing to do with a panic", func(context.Context) error { panic("of the handler") }, 500, "internal"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app, log, with := timed(tt.handle)
			w := httptest.NewRecorder()
			app.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/x/1", nil))
			if w.Code != tt.status || tt.code != "" && !strings.Contains(w.Body.String(), `"code":"`+tt.code+`"`) {
				t.Errorf("%d %s, want %d %s\n%s", w.Code, w.Body, tt.status, tt.code, log)
			}
			if err := <-with; (err == nil) != (tt.status == 200) {
				t.Errorf("what was provided ends with %v", err)
			}
		})
	}
}

func TestAHandlerThatIgnoresItsDeadlineHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, log string
		end       func() error
	}{
		{"when it returns in the end", "the handler ended after its deadline", func() error { return nil }},
		{"when it fails in the end", "the handler ended after its deadline", func() error { return errors.New("late") }},
		{"when it panics in the end", "panic after the deadline", func() error { panic("late") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			leave := make(chan struct{})
			var log *buffer
			var with chan error
			r := run(t, func(*slog.Logger) *tenon.App {
				var app *tenon.App
				app, log, with = timed(func(context.Context) error {
					<-leave
					return tt.end()
				})
				return app
			}, tenon.ServerConfig{})
			answer, err := http.Get("http://" + r.addr + "/x/1")
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(answer.Body)
			_ = answer.Body.Close()
			if err != nil || answer.StatusCode != http.StatusGatewayTimeout || !answer.Close || !strings.Contains(string(body), "deadline-exceeded") {
				t.Errorf("%v, %s, closes %t: %s", err, answer.Status, answer.Close, body)
			}
			if text := log.String(); !strings.Contains(text, "the handler does not end after its deadline") || !strings.Contains(text, "GET /x/{id}") {
				t.Errorf("log %s", text)
			}
			close(leave)
			if err := <-with; err == nil {
				t.Error("what was provided ends as if all had gone well")
			}
			r.stop()
			if err := <-r.done; err != nil {
				t.Error(err)
			}
			if !strings.Contains(log.String(), tt.log) {
				t.Errorf("log %s", log)
			}
		})
	}
}

func TestServeGivesOperationsADeadline(t *testing.T) {
	t.Parallel()
	type told struct {
		Seconds int `json:"seconds"`
	}
	tell := func(ctx context.Context) (*told, error) {
		end, ok := ctx.Deadline()
		if !ok {
			return &told{}, nil
		}
		return &told{int(time.Until(end).Round(time.Second).Seconds())}, nil
	}
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	handler := func(ctx context.Context, _ *struct{}) (*told, error) { return tell(ctx) }
	app.Get("/default", handler)
	app.Get("/long", handler, tenon.Deadline(2*time.Minute))
	app.Get("/none", handler, tenon.NoDeadline("it waits for a person"))
	group := app.Group("/group", tenon.Deadline(time.Minute))
	group.Get("/its", handler)
	group.Get("/own", handler, tenon.Deadline(10*time.Second))
	app.Post("/upload", func(ctx context.Context, _ *struct {
		Body io.Reader `body:"text/plain"`
	}) (*told, error) {
		return tell(ctx)
	})
	app.Get("/read", func(ctx context.Context, _ *struct{}) (*struct {
		Body io.Reader `body:"text/plain"`
	}, error) {
		seen, _ := tell(ctx)
		return &struct {
			Body io.Reader `body:"text/plain"`
		}{strings.NewReader(strings.Repeat("!", seen.Seconds))}, nil
	})
	r := run(t, func(*slog.Logger) *tenon.App { return app }, tenon.ServerConfig{})
	for path, want := range map[string]string{
		"/default": `{"seconds":30}`, "/long": `{"seconds":120}`, "/none": `{"seconds":0}`,
		"/group/its": `{"seconds":60}`, "/group/own": `{"seconds":10}`, "/upload": `{"seconds":0}`, "/read": "",
	} {
		answer := r.raw(t, map[bool]string{false: "GET", true: "POST"}[path == "/upload"]+" "+path+
			" HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n")
		if _, body, _ := strings.Cut(answer, "\r\n\r\n"); path != "/upload" && !strings.HasSuffix(body, want) {
			t.Errorf("%s: %s, want %s", path, answer, want)
		}
	}
	for path, want := range map[string]bool{"/default": true, "/none": false, "/read": false} {
		if _, got := app.OpenAPI().Paths[path].Get.Responses["504"]; got != want {
			t.Errorf("%s: 504 is documented: %t, want %t", path, got, want)
		}
	}
}

func TestDeadlinesThatSayNothing(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	app.Get("/zero", gives[fine](), tenon.Deadline(0))
	app.Get("/why", gives[fine](), tenon.NoDeadline(""))
	app.Get("/stream", gives[struct {
		Body iter.Seq2[fine, error] `body:"application/jsonl"`
	}](), tenon.Deadline(time.Second))
	err := app.Compile()
	for _, want := range []string{"want more than 0", "wants its reason", "a stream has time for as long as its client reads", "deadline_test.go"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

// TestAS10ListsHaveHalfOfTheTime looks at the plans: of pages, of what is no page, and of what says otherwise.
func TestAS10ListsHaveHalfOfTheTime(t *testing.T) {
	t.Parallel()
	list := func(context.Context, *page.Query) (*page.Of[found], error) { return &page.Of[found]{}, nil }
	app := tenon.New(tenon.Config{})
	app.Get("/list", list)
	app.Get("/one", func(context.Context, *struct{}) (*found, error) { return &found{}, nil })
	app.Get("/long", list, tenon.Deadline(time.Minute))
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"15s", "30s", "1m0s"} {
		if o := app.Operations()[i]; o.Deadline != want {
			t.Errorf("%s has %s, want %s", o.Path, o.Deadline, want)
		}
	}
}
