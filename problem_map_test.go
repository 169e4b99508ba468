package tenon_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

type (
	quotaError  struct{ left int }
	lookupError struct{ name string }
	anyLookup   interface {
		error
		lookup() string
	}
)

func (e *quotaError) Error() string  { return fmt.Sprintf("secret-marker: %d left", e.left) }
func (e lookupError) Error() string  { return "secret-marker: " + e.name }
func (e lookupError) lookup() string { return e.name }

func TestFR06ErrorsAreMappedInOrder(t *testing.T) {
	t.Parallel()
	problems := map[string]*problem.Error{}
	for _, code := range []string{"quota", "second", "lookup", "family"} {
		problems[code] = problem.Define(http.StatusConflict, code, "It failed.")
	}
	for _, tt := range []struct {
		name   string
		err    error
		status int
		code   string
	}{
		{"by a pointer type", &quotaError{1}, 409, "quota"},
		{"by the first that applies", &quotaError{2}, 409, "second"},
		{"by none, when all decline", &quotaError{3}, 500, "internal"},
		{"by a value type before its interface", lookupError{"a"}, 409, "lookup"},
		{"by an interface that it has", lookupError{"b"}, 409, "family"},
		{"wrapped", fmt.Errorf("a: %w", fmt.Errorf("b: %w", lookupError{"a"})), 409, "lookup"},
		{"joined", errors.Join(errors.New("x"), &quotaError{1}), 409, "quota"},
		{"never for what holds a problem", errors.Join(&quotaError{1}, errTaken), 409, "email-taken"},
		{"by one that panics", &quotaError{4}, 500, "internal"},
		{"a nil pointer of the type", (*quotaError)(nil), 500, "internal"},
		{"by one that gives a problem with members", lookupError{"members"}, 409, "out-of-stock"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, tenon.Fails(errTaken, errOutOfStock))
			app.MapError(func(e *quotaError) *problem.Error {
				if e.left == 4 {
					panic("secret-marker")
				}
				if e.left == 1 {
					return problems["quota"]
				}
				return nil
			})
			app.MapError(func(e *quotaError) *problem.Error {
				if e.left == 2 {
					return problems["second"].Wrap(e)
				}
				return nil
			})
			app.MapError(func(e lookupError) *problem.Error {
				switch e.name {
				case "a":
					return problems["lookup"]
				case "members":
					return errOutOfStock.With(someStock)
				}
				return nil
			})
			app.MapError(func(anyLookup) *problem.Error { return problems["family"] })
			app.Get("/x", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, tt.err },
				tenon.Fails(problems["quota"], problems["second"], problems["lookup"], problems["family"]))
			r := tenontest.New(t, app).Get("/x").Status(tt.status).Problem(tt.code)
			if strings.Contains(string(r.Body), "secret-marker") {
				t.Errorf("the answer tells the cause: %s", r.Body)
			}
		})
	}
}

// TestFailsApplyFromEveryLayer declares one problem on the app, a group, an operation and a provider.
func TestFailsApplyFromEveryLayer(t *testing.T) {
	t.Parallel()
	define := func(code string) *problem.Error {
		return problem.Define(http.StatusConflict, code, "It failed.")
	}
	ofApp, ofGroup, ofOperation := define("of-app"), define("of-group"), define("of-operation").Members[stock]()
	var next error
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, tenon.Fails(ofApp))
	group := app.Group("/g", tenon.Fails(ofGroup))
	group.Get("/x", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, next }, tenon.Fails(ofOperation))
	s := tenontest.New(t, app)
	for code, err := range map[string]error{"of-app": ofApp, "of-group": ofGroup, "of-operation": ofOperation.With(someStock)} {
		next = err
		s.Get("/g/x").Status(409).Problem(code)
	}
}

// TestMapErrorsAsksTheInnermostFirst maps one error on each layer, before it is looked at whether it is a problem.
func TestMapErrorsAsksTheInnermostFirst(t *testing.T) {
	t.Parallel()
	define := func(code string) *problem.Error { return problem.Define(http.StatusConflict, code, "It failed.") }
	own, ofApp, ofGroup, ofOperation := define("own"), define("of-app"), define("of-group"), define("of-operation")
	errApp, errGroup, errOperation := errors.New("app"), errors.New("group"), errors.New("operation")
	maps := func(e *problem.Error, known ...error) tenon.Option {
		return tenon.MapErrors(func(err error) *problem.Error {
			for _, k := range known {
				if errors.Is(err, k) {
					return e
				}
			}
			return nil
		})
	}
	var next error
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, tenon.Fails(own, ofApp, ofGroup, ofOperation), maps(ofApp, errApp, errGroup, errOperation))
	app.Group("/g", maps(ofGroup, errGroup, errOperation)).
		Get("/x", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, next }, maps(ofOperation, errOperation))
	s := tenontest.New(t, app)
	for code, err := range map[string]error{
		"of-operation": own.Wrap(errOperation), "of-group": own.Wrap(errGroup), "of-app": errApp, "own": own,
	} {
		next = err
		s.Get("/g/x").Status(409).Problem(code)
	}
}
