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

// refusedForm is what a form of another standard says of a refusal.
type refusedForm struct {
	Error string `json:"error"`
}

var errRefusedForm = problem.Define(http.StatusBadRequest, "form-refused", "The form is refused.").Members[refusedForm]()

func TestFR06FaultsOfAnInputAreMapped(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	type form struct {
		Kind string `form:"kind" enum:"a,b"`
		Size int    `form:"size" default:"1" maximum:"3"`
		Fail bool   `form:"fail" default:"false"`
	}
	post := func(_ context.Context, in *form) (*tenon.NoContent, error) {
		if in.Fail {
			return nil, problem.Invalid(problem.Fault{In: "body", Pointer: "/fail", Code: "told"})
		}
		return nil, nil
	}
	app.Post("/mapped", post, tenon.MapFaults(errRefusedForm, func(wrong *problem.Error) *problem.Error {
		return errRefusedForm.With(refusedForm{wrong.Code()}).WithFaults(wrong.Faults()...).WithHeader("Cache-Control", "no-store")
	}))
	app.Post("/usual", post)
	s := tenontest.New(t, app).With("Content-Type", "application/x-www-form-urlencoded")
	s.Post("/mapped", "kind=a").Status(204)
	for body, want := range map[string]string{
		"":                 "validation-failed",
		"kind=c&size=9":    "validation-failed",
		"kind=a&x=1":       "validation-failed",
		"kind=a&fail=true": "validation-failed",
		"kind=%zz":         "bad-request",
	} {
		s.Post("/mapped", body).Status(400).Problem("form-refused").Header("Cache-Control", "no-store").At("/error", fmt.Sprintf("%q", want))
	}
	s.Post("/mapped", "kind=c&size=9").Faults(2).Fault("body", "/kind", "enum").Fault("body", "/size", "maximum")
	s.With("Content-Type", "text/plain").Post("/mapped", "x").Status(415)
	s.Post("/usual", "kind=c").Status(422)
	s.Post("/usual", "kind=%zz").Status(400).Problem("bad-request")
	paths := app.OpenAPI().Paths
	if r := paths["/mapped"].Post.Responses; r["400"] == nil || r["422"] != nil {
		t.Errorf("the document has the answers %v", r)
	}
	if r := paths["/usual"].Post.Responses; r["400"] == nil || r["422"] == nil {
		t.Errorf("the document has the answers %v", r)
	}
}

func TestFR06MapFaultsWithoutAFunctionIsAFault(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]tenon.Option{
		"MapFaults has no function": tenon.MapFaults(errRefusedForm, nil),
		"nil":                       tenon.MapFaults(nil, func(e *problem.Error) *problem.Error { return e }),
	} {
		app := tenon.New(tenon.Config{})
		app.Get("/x", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil }, opt)
		if err := app.Compile(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v, want %s", err, name)
		}
	}
}
