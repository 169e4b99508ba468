package tenon_test

import (
	"context"
	"io"
	"iter"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon"
)

// leisurely is an app whose handlers take three minutes.
func leisurely() *tenon.App {
	take := func() { time.Sleep(3 * time.Minute) } //nolint:forbidigo // in the time of the test
	app := tenon.New(tenon.Config{Logger: logTo(&buffer{})})
	app.Provide(func(context.Context, *none) (*visit, error) {
		take()
		return &visit{}, nil
	})
	slow := func(context.Context, *none) (*found, error) {
		take()
		return &found{}, nil
	}
	long := tenon.NoDeadline("it asks a person")
	app.Get("/plain", slow, long)
	app.Get("/provided", func(context.Context, *struct {
		Visit *visit `dep:""`
	},
	) (*found, error) {
		return &found{}, nil
	}, long)
	app.Get("/panics", func(context.Context, *none) (*found, error) {
		take()
		panic("at last")
	}, long)
	app.Get("/deadline", slow, tenon.Deadline(4*time.Minute))
	app.Get("/lines", func(context.Context, *none) (*slowLines, error) {
		take()
		return &slowLines{iter.Seq2[slowLine, error](func(yield func(slowLine, error) bool) { yield(slowLine{}, nil) })}, nil
	})
	app.Get("/body", func(context.Context, *none) (*downloaded, error) {
		take()
		return &downloaded{strings.NewReader("all")}, nil
	})
	keep := func(_ context.Context, in *storeFile) (*tenon.NoContent, error) {
		_, err := io.Copy(io.Discard, in.Body)
		take()
		return nil, err
	}
	app.Put("/files", keep)
	app.Put("/files/deadline", keep, tenon.Deadline(4*time.Minute))
	return app
}

// TestWhatHasNoDeadlineIsNotCutByTheServer has handlers that take longer than WriteTimeout: one with NoDeadline, one whose deadline is longer, and
// those that have none because what they read or send may be long.
func TestWhatHasNoDeadlineIsNotCutByTheServer(t *testing.T) {
	t.Parallel()
	for _, major := range []int{1, 2} {
		for request, want := range map[string]int{
			"GET /plain": 200, "GET /provided": 200, "GET /panics": 500, "GET /deadline": 200, "GET /lines": 200, "GET /body": 200, "PUT /files": 204,
			"PUT /files/deadline": 204,
		} {
			t.Run(request+map[int]string{1: " over HTTP/1", 2: " over HTTP/2"}[major], func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					app := leisurely()
					if err := app.Compile(); err != nil {
						t.Fatal(err)
					}
					var plain http.Protocols
					plain.SetHTTP1(major == 1)
					plain.SetUnencryptedHTTP2(major == 2)
					transport, stop := overPipes(app, plain)
					defer stop()
					defer time.Sleep(5 * time.Minute) //nolint:forbidigo // in the time of the test: no handler is left
					method, path, _ := strings.Cut(request, " ")
					r, err := http.NewRequestWithContext(t.Context(), method, "http://example.com"+path, http.NoBody)
					if err != nil {
						t.Fatal(err)
					}
					if method == http.MethodPut {
						r.Body, r.ContentLength = io.NopCloser(strings.NewReader("all")), 3
						r.Header.Set("Content-Type", "application/octet-stream")
					}
					answer, err := transport.RoundTrip(r)
					if err != nil {
						t.Fatal(err)
					}
					_, err = io.ReadAll(answer.Body)
					_ = answer.Body.Close()
					if answer.ProtoMajor != major || answer.StatusCode != want || err != nil {
						t.Errorf("%s %d, %v; want HTTP/%d and %d", answer.Proto, answer.StatusCode, err, major, want)
					}
				})
			})
		}
	}
}

// lasting is a writer that keeps its last deadline, from the time at which a handler ends.
type lasting struct {
	counter

	deadline time.Time
	cleared  bool
}

func (u *lasting) SetWriteDeadline(at time.Time) error {
	u.deadline, u.cleared = at, u.cleared || at.IsZero()
	return nil
}

// TestAnAnswerWithoutADeadlineHasOneForItsClient looks at the deadline of the writer: a handler has none, its client has 30 seconds.
func TestAnAnswerWithoutADeadlineHasOneForItsClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app := leisurely()
		for _, path := range []string{"/plain", "/provided", "/panics"} {
			u := &lasting{header: http.Header{}}
			r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
			app.ServeHTTP(u, r)
			if left := time.Until(u.deadline); !u.cleared || left != 30*time.Second {
				t.Errorf("%s: the client has %v, the handler had no deadline: %t", path, left, u.cleared)
			}
		}
	})
}
