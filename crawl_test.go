package tenon_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/health"
	"github.com/tenon-go/tenon/middleware"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

// kinds is an app that can end a request with each problem that crawlApp does not have: those that a service answers with, and those of
// deadlines, versions and the batteries.
func kinds(t *testing.T) *tenontest.Server {
	t.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	for _, code := range []problem.Code{problem.CodeUnauthorized, problem.CodeForbidden, problem.CodeConflict, problem.CodeUnavailable} {
		app.Get("/"+string(code), func(context.Context, *struct{}) (*note, error) { return nil, problem.New(code, "") })
	}
	n := &titled{texts: map[string]string{"old": "1"}}
	app.Put("/titled/{a}", func(_ context.Context, in *titledPut) (*titledAnswer, error) {
		return n.write(in.A, in.Body.Text, in.Check)
	})
	app.Get("/letters", func(context.Context, *struct{}) (*tenon.File, error) { return letters(), nil })
	app.Get("/slow", func(ctx context.Context, _ *struct{}) (*note, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}, tenon.Deadline(time.Millisecond))
	app.Get("/here", func(context.Context, *struct{}) (*note, error) { return &note{}, nil },
		tenon.Use(middleware.TrustedHosts(middleware.TrustedHostsConfig{Hosts: []string{"api.example.com"}})))
	app.Post("/pages", func(context.Context, *struct{}) (*note, error) { return &note{}, nil },
		tenon.Use(middleware.CrossOrigin(middleware.CrossOriginConfig{})))
	app.Get("/full", func(ctx context.Context, _ *struct{}) (*note, error) {
		again := httptest.NewRecorder() // inside there is no place left
		app.ServeHTTP(again, httptest.NewRequestWithContext(ctx, http.MethodGet, "/full", nil))
		if !strings.Contains(again.Body.String(), `"code":"overloaded"`) {
			return nil, errors.New(again.Body.String())
		}
		return nil, middleware.ErrOverloaded
	}, tenon.Use(middleware.Admission(middleware.AdmissionConfig{Requests: 1, Queue: 1, Patience: 1})))
	if _, err := health.New(app, health.Config{Checks: []health.Check{{Name: "x", Ping: func(context.Context) error { return errors.New("secret-marker") }}}}); err != nil {
		t.Fatal(err)
	}
	past := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	versions := app.Versions("/api/{version}", tenon.Versions{List: []tenon.Version{{Name: "v1", Deprecated: past, Sunset: past, Gone: true}, {Name: "v2"}}})
	versions.Get("/x", func(context.Context, *struct{}) (*note, error) { return &note{}, nil })
	return tenontest.New(t, app, tenontest.Config{IgnoreDocument: true, IgnoreUndeclared: true})
}

// byField is an app whose requests name their version in a header field.
func byField(t *testing.T) *tenontest.Server {
	t.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Versions("", tenon.Versions{By: tenon.ByHeader("API-Version"), List: []tenon.Version{{Name: "v1"}}}).
		Get("/x", func(context.Context, *struct{}) (*note, error) { return &note{}, nil })
	return tenontest.New(t, app)
}

// TestSD157EveryKindOfProblemHasOneShape is the rest of the crawl.
func TestSD157EveryKindOfProblemHasOneShape(t *testing.T) {
	t.Parallel()
	s := kinds(t)
	elsewhere := []problem.Code{ // TestSD157EveryErrorHasOneShape, and TestSD157HeadersTooLarge for the last
		problem.CodeBadRequest, problem.CodeNotFound, problem.CodeMethodNotAllowed, problem.CodeNotAcceptable, problem.CodeRequestTimeout,
		problem.CodeContentTooLarge, problem.CodeURITooLong, problem.CodeUnsupportedMediaType, problem.CodeValidationFailed, problem.CodeInternal,
		problem.CodeHeadersTooLarge,
	}
	met := map[string]bool{}
	for _, code := range elsewhere {
		met[string(code)] = true
	}
	for _, tt := range []struct {
		code   string
		status int
		answer *tenontest.Response
	}{
		{"unauthorized", 401, s.Get("/unauthorized")},
		{"forbidden", 403, s.Get("/forbidden")},
		{"conflict", 409, s.Get("/conflict")},
		{"unavailable", 503, s.Get("/unavailable")},
		{"precondition-required", 428, s.Put("/titled/old", `{"text":"2"}`)},
		{"precondition-failed", 412, s.With("If-Match", `"9"`).Put("/titled/old", `{"text":"2"}`)},
		{"range-not-satisfiable", 416, s.With("Range", "bytes=99-").Get("/letters")},
		{"deadline-exceeded", 504, s.Get("/slow")},
		{"version-not-found", 404, s.Get("/api/v9/x")},
		{"version-gone", 410, s.Get("/api/v1/x")},
		{"unknown-version", 400, byField(t).With("API-Version", "v9").Get("/x")},
		{"misdirected-request", 421, s.Get("/here")},
		{"cross-origin", 403, s.With("Sec-Fetch-Site", "cross-site").Post("/pages", nil)},
		{"overloaded", 503, s.Get("/full")},
		{"not-ready", 503, s.Get("/readyz")},
	} {
		met[tt.code] = true
		tt.answer.Status(tt.status).Problem(tt.code).At("/type", `"/problems/`+tt.code+`"`).At("/instance", `"<<string>>"`)
		if strings.Contains(string(tt.answer.Body), "secret-marker") {
			t.Errorf("%s tells the cause: %s", tt.code, tt.answer.Body)
		}
	}
	for _, e := range problem.Standard() {
		if !met[e.Code()] {
			t.Errorf("the crawl does not meet %s", e.Code())
		}
	}
}
