package tenon_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

var (
	errTaken  = problem.Define(http.StatusConflict, "email-taken", "The e-mail address is already in use.")
	errBroken = problem.Define(http.StatusServiceUnavailable, "store-down", "The store is down.")
)

// notEnough is an error type of a service's own, which knows nothing of HTTP.
type notEnough struct{ missing int }

func (e notEnough) Error() string { return fmt.Sprintf("secret-marker: %d missing", e.missing) }

// failing is an app whose one operation, POST /fail, ends with err.
func failing(tb testing.TB, logger *slog.Logger, err error, opts ...tenon.Option) *tenon.App {
	tb.Helper()
	app := tenon.New(tenon.Config{Logger: logger})
	app.MapError(func(e notEnough) *problem.Error {
		if e.missing == 0 {
			return nil
		}
		return errTaken.With(fmt.Sprintf("%d are missing.", e.missing)).Wrap(e)
	})
	app.Post("/fail", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, err }, opts...)
	return app
}

func TestSD030ErrorsFromAnyDepth(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		err    error
		status int
		code   string
		detail string
	}{
		{"a problem", errTaken, 409, "email-taken", ""},
		{"with a detail", errTaken.With("Choose another."), 409, "email-taken", "Choose another."},
		{"with a cause, which stays inside", errTaken.Wrap(errors.New("secret-marker")), 409, "email-taken", ""},
		{"wrapped twice", fmt.Errorf("secret-marker: %w", fmt.Errorf("b: %w", errTaken)), 409, "email-taken", ""},
		{"joined with others", errors.Join(errors.New("secret-marker"), errTaken), 409, "email-taken", ""},
		{"a mapped error", notEnough{3}, 409, "email-taken", "3 are missing."},
		{"a mapped error, wrapped", fmt.Errorf("secret-marker: %w", notEnough{3}), 409, "email-taken", "3 are missing."},
		{"an error that its mapping declines", notEnough{0}, 500, "internal", ""},
		{"any other error", errors.New("secret-marker"), 500, "internal", ""},
		{"a server problem's cause", errBroken.Wrap(errors.New("secret-marker")), 503, "store-down", ""},
		{"a framework problem's cause", problem.Wrap(problem.CodeUnavailable, "", errors.New("secret-marker")), 503, "unavailable", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := failing(t, tenontest.Logger(t), tt.err, tenon.Fails(errTaken, errBroken, problem.New(problem.CodeUnavailable, "")))
			r := tenontest.New(t, app).Post("/fail", nil).Status(tt.status).Problem(tt.code)
			if tt.detail != "" {
				r.At("/detail", `"`+tt.detail+`"`)
			}
			if bytes.Contains(r.Body, []byte("secret-marker")) {
				t.Errorf("the answer tells the cause: %s", r.Body)
			}
		})
	}
}

func TestSD030CausesAreLoggedWithTheRequest(t *testing.T) {
	t.Parallel()
	var log buffer
	app := failing(t, slog.New(slog.NewTextHandler(&log, nil)), errors.New("secret-marker"))
	r := tenontest.New(t, app).Post("/fail", nil).Status(500)
	id := strings.TrimPrefix(r.Into[struct {
		Instance string `json:"instance"`
	}]().Instance, "urn:uuid:")
	if got := log.String(); !strings.Contains(got, "secret-marker") || !strings.Contains(got, "POST /fail") || !strings.Contains(got, "request_id="+id) {
		t.Errorf("the log says %q", got)
	}
	if id == "" {
		t.Error("the problem has no instance")
	}
}

func TestSD031DeclaredProblemsAreTheDocument(t *testing.T) {
	t.Parallel()
	app := failing(t, tenontest.Logger(t), errTaken, tenon.Fails(errTaken, errBroken))
	tenontest.New(t, app).Post("/fail", nil).Status(409).Problem("email-taken")
	responses := documentOf(t, app).Paths["/fail"]["post"].Responses
	for status, code := range map[string]string{"409": "email-taken", "503": "store-down"} {
		r := responses[status]
		if r == nil || r.Content["application/problem+json"].Examples[code] == nil {
			t.Errorf("%s %s is not documented", status, code)
		}
	}
}

func TestSD031UndeclaredProblemsAreLogged(t *testing.T) {
	t.Parallel()
	var log buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	app := failing(t, logger, errTaken)
	unchecked := tenontest.Config{IgnoreDocument: true, IgnoreUndeclared: true}
	tenontest.New(t, app, unchecked).Post("/fail", nil).Status(409).Problem("email-taken")
	if got := log.String(); !strings.Contains(got, "undeclared problem") || !strings.Contains(got, "POST /fail") || !strings.Contains(got, "email-taken") {
		t.Errorf("the log says %q", got)
	}
	declared := failing(t, logger, errTaken, tenon.Fails(errTaken))
	before := log.String()
	tenontest.New(t, declared).Post("/fail", nil).Status(409)
	if after := log.String(); after != before {
		t.Errorf("a declared problem is logged: %q", after[len(before):])
	}
}

func TestSD140SecretsNeitherComeBackNorReachTheLog(t *testing.T) {
	t.Parallel()
	var log buffer
	app := tenon.New(tenon.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	type signIn struct {
		Name     string       `json:"name" maxLength:"5"`
		Password tenon.Secret `json:"password"`
	}
	app.Post("/sign-in", func(_ context.Context, in *signIn) (*tenon.NoContent, error) {
		return nil, fmt.Errorf("cannot sign in %+v", *in)
	})
	s := tenontest.New(t, app)
	for _, body := range []string{
		`{"name":"ada","password":"hunter2-marker"}`,
		`{"name":"ada","password":["hunter2-marker"]}`,
		`{"name":"hunter2-marker","password":"hunter2-marker"}`,
		`{"name":"ada","password":"hunter2-marker","password":"hunter2-marker"}`,
		`{"name":"ada","password":"hunter2-marker`,
		`{"name":"ada","password":"hunter2-marker"} hunter2-marker`,
	} {
		r := s.Post("/sign-in", body)
		if r.Code < 400 || bytes.Contains(r.Body, []byte("hunter2")) {
			t.Errorf("%s is answered %d %s", body, r.Code, r.Body)
		}
	}
	if strings.Contains(log.String(), "hunter2") {
		t.Errorf("the log tells the secret: %s", log.String())
	}
}
