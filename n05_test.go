package tenon_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// counted counts the steps of a request.
type counted map[string]int

func (c counted) middleware(name string) tenon.Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c[name]++
			if r.Header.Get("X-Refuse") == name {
				problem.Write(w, r, problem.New(problem.CodeForbidden, ""))
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// reads is a body that counts that it is read.
type reads struct {
	io.Reader

	steps counted
}

func (b reads) Read(p []byte) (int, error) {
	b.steps["body"] = 1
	return b.Reader.Read(p)
}

type stepsKey struct{}

type stepped struct {
	Name string `json:"name" minLength:"1"`
}

// Validate counts that it is asked.
func (s stepped) Validate(ctx context.Context) error {
	ctx.Value(stepsKey{}).(counted)["check"]++
	if s.Name == "odd" {
		return problem.Fault{Pointer: "/name", Code: "odd", Message: "is odd"}
	}
	return nil
}

type ticket struct{}

// TestN05LS03EachStepRunsBehindThoseBeforeIt has a request for each edge of the order of one request, and counts what runs.
func TestN05LS03EachStepRunsBehindThoseBeforeIt(t *testing.T) {
	t.Parallel()
	steps := counted{}
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Provide(func(_ context.Context, in *struct {
		Mode string `header:"X-Mode" default:""`
	}) (*ticket, error) {
		steps["provider"]++
		if in.Mode == "none" {
			return nil, problem.NotFound("no ticket")
		}
		return &ticket{}, nil
	})
	app.Post("/steps/{id}", func(_ context.Context, in *struct {
		ID     int     `path:"id"`
		Size   int     `query:"size" default:"1" maximum:"9"`
		Body   stepped `body:""`
		Ticket *ticket `dep:""`
	}) (*found, error) {
		steps["handler"]++
		if in.Size == 9 {
			return nil, errors.New("of the handler")
		}
		return &found{}, nil
	}, tenon.BeforeAuth(steps.middleware("before")), tenon.Auth(steps.middleware("auth")), tenon.AfterAuth(steps.middleware("after")))
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	order := []string{"before", "auth", "after", "body", "check", "provider", "handler"}
	const good = `{"name":"a"}`
	for _, tt := range []struct {
		name, method, target, header, body string
		status, runs                       int // how many of the steps, from the first
	}{
		{"no route", "POST", "/none", "", good, 404, 0},
		{"no such method", "PUT", "/steps/1", "", good, 405, 0},
		{"a target that is too long", "POST", "/steps/1?x=" + strings.Repeat("x", 9<<10), "", good, 414, 0},
		{"refused before anyone is known", "POST", "/steps/1", "X-Refuse: before", good, 403, 1},
		{"a caller who is not let in", "POST", "/steps/1", "X-Refuse: auth", good, 403, 2},
		{"a caller with too many requests", "POST", "/steps/1", "X-Refuse: after", good, 403, 3},
		{"refused by who may call, and wrong in all else", "POST", "/steps/x?size=no&%zz", "X-Refuse: auth", "{", 403, 2},
		{"an answer that cannot be had", "POST", "/steps/1", "Accept: image/png", good, 406, 3},
		{"a body of a kind that is not read", "POST", "/steps/1", "Content-Type: text/plain", good, 415, 3},
		{"a query that cannot be read", "POST", "/steps/1?%zz", "", good, 400, 3},
		{"a body that is too large", "POST", "/steps/1", "Content-Length: 9999999", good, 413, 3},
		{"a body that is no JSON", "POST", "/steps/1", "", "{", 400, 4},
		{"a body with a wrong value", "POST", "/steps/1", "", `{"name":""}`, 422, 4},
		{"a wrong parameter, told with all that is wrong", "POST", "/steps/1?size=10", "", good, 422, 5},
		{"a body that breaks a rule of its own", "POST", "/steps/1", "", `{"name":"odd"}`, 422, 5},
		{"a thing that the caller may not have", "POST", "/steps/1", "X-Mode: none", good, 404, 6},
		{"a handler that fails", "POST", "/steps/1?size=9", "", good, 500, 7},
		{"a success", "POST", "/steps/1", "", good, 201, 7},
	} {
		clear(steps)
		r := httptest.NewRequestWithContext(context.WithValue(t.Context(), stepsKey{}, steps), tt.method, tt.target, reads{strings.NewReader(tt.body), steps})
		r.Header.Set("Content-Type", "application/json")
		r.ContentLength = int64(len(tt.body))
		if name, value, ok := strings.Cut(tt.header, ": "); ok {
			r.Header.Set(name, value)
			if name == "Content-Length" {
				r.ContentLength = 9_999_999
			}
		}
		w := httptest.NewRecorder()
		app.ServeHTTP(w, r)
		want := counted{}
		for _, step := range order[:tt.runs] {
			want[step] = 1
		}
		if w.Code != tt.status || !maps.Equal(steps, want) {
			t.Errorf("%s: %d after %v, want %d after %v\n%s", tt.name, w.Code, steps, tt.status, want, w.Body)
		}
	}
}
