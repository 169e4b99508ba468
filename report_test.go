package tenon_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// TestReport reports findings, each of which is logged once.
func TestReport(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	app := tenon.New(tenon.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	type text struct {
		Text string `path:"text"`
	}
	report := func(ctx context.Context, in *text) (*tenon.NoContent, error) {
		tenon.Report(ctx, "code", in.Text)
		return nil, nil
	}
	app.Get("/plain/{text}", report)
	app.Get("/wrapped/{text}", report, tenon.AfterAuth(func(next http.Handler) http.Handler { return next }))
	s := tenontest.New(t, app, tenontest.Config{IgnoreFindings: true})
	for _, path := range []string{"/plain/a", "/plain/a", "/plain/b", "/wrapped/a"} {
		s.Get(path).Status(204)
	}
	var got []string
	for line := range strings.Lines(log.String()) {
		_, operation, _ := strings.Cut(line, "msg=finding operation=")
		before, _, _ := strings.Cut(operation, " request_id=")
		_, after, _ := strings.Cut(operation, " code=code ")
		got = append(got, before+" "+strings.TrimSpace(after))
	}
	want := `"GET /plain/{text}" finding=a, "GET /plain/{text}" finding=b, "GET /wrapped/{text}" finding=a`
	if strings.Join(got, ", ") != want {
		t.Errorf("logged %s, want %s", strings.Join(got, ", "), want)
	}
	for i := range 1100 { // of the program, there are not so many
		s.Get(fmt.Sprint("/plain/", i)).Status(204)
	}
	if n := strings.Count(log.String(), "\n"); n != 1000 {
		t.Errorf("%d findings are logged, want no more than 1000", n)
	}
}

// TestReportWithoutARequest does nothing.
func TestReportWithoutARequest(t *testing.T) {
	t.Parallel()
	tenon.Report(t.Context(), "code", "text")
	if tenon.Local[int](t.Context()) != nil {
		t.Error("there is a value of no request")
	}
}

// TestLocal keeps one value of a type for each request, whoever asks.
func TestLocal(t *testing.T) {
	t.Parallel()
	type counter struct {
		mu sync.Mutex
		n  int
	}
	type other struct{ n int }
	count := func(ctx context.Context) int {
		c := tenon.Local[counter](ctx)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.n++
		return c.n
	}
	type out struct {
		N int `json:"n"`
	}
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, tenon.AfterAuth(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			count(r.Context())
			next.ServeHTTP(w, r)
		})
	}))
	app.Get("/", func(ctx context.Context, _ *struct{}) (*out, error) {
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() { count(ctx) })
		}
		all.Wait()
		tenon.Local[other](ctx).n = 100
		return &out{count(ctx) + tenon.Local[other](ctx).n}, nil
	})
	s := tenontest.New(t, app)
	for range 3 {
		s.Get("/").Status(200).JSON(`{"n":110}`)
	}
}
