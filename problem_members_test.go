package tenon_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

type stock struct {
	Available int               `json:"available" minimum:"0"`
	Places    []stockPlace      `json:"places"`
	Names     map[string]string `json:"names"`
	Until     tenon.Date        `json:"until"`
	Note      tenon.Opt[string] `json:"note"`
}

type stockPlace struct {
	City  string   `json:"city"`
	Shelf *float64 `json:"shelf"`
}

var (
	errOutOfStock = problem.Define(http.StatusConflict, "out-of-stock", "There is not enough of it.").Members[stock]()
	errRatio      = problem.Define(http.StatusConflict, "ratio", "The ratio is wrong.").Members[struct {
		Ratio float64 `json:"ratio"`
	}]()
)

var someStock = stock{Available: 3, Places: []stockPlace{{City: "Ulm"}}, Names: map[string]string{"en": "nut"}, Until: tenon.Date{Year: 2026, Month: 12, Day: 1}}

// ordering is an app whose one operation, POST /orders, ends with err.
func ordering(tb testing.TB, err error, opts ...tenon.Option) *tenon.App {
	tb.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(tb)})
	app.Post("/orders", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, err }, opts...)
	return app
}

func TestTypedProblemsCarryMembers(t *testing.T) {
	t.Parallel()
	const members = `"available":3,"places":[{"city":"Ulm","shelf":null}],"names":{"en":"nut"},"until":"2026-12-01"`
	for _, tt := range []struct {
		name string
		err  error
		opts []tenon.Option
		want string
	}{
		{"declared by its kind", errOutOfStock.With(someStock), []tenon.Option{tenon.Fails(errOutOfStock)}, members},
		{"beside a problem without members", errOutOfStock.With(someStock), []tenon.Option{tenon.Fails(errTaken, errOutOfStock)}, members},
		{"beside another kind", errOutOfStock.With(someStock), []tenon.Option{tenon.Fails(errRatio, errOutOfStock)}, members},
		{"declared by an occurrence", errOutOfStock.With(someStock), []tenon.Option{tenon.Fails(errOutOfStock.With(someStock))}, members},
		{"with a detail and a cause", fmt.Errorf("order: %w", errOutOfStock.With(someStock).With("Later.").Wrap(errors.New("secret-marker"))), []tenon.Option{tenon.Fails(errOutOfStock)}, members},
		{"with what may be absent", errOutOfStock.With(stock{Note: tenon.Some("x")}), []tenon.Option{tenon.Fails(errOutOfStock)}, `"available":0,"places":[],"names":{},"until":"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.name == "with what may be absent" {
				tt.err = errOutOfStock.With(stock{Until: tenon.Date{Year: 2026, Month: 1, Day: 1}, Note: tenon.Some("x")})
			}
			r := tenontest.New(t, ordering(t, tt.err, tt.opts...)).Post("/orders", nil).Status(409).Problem("out-of-stock")
			if body := string(r.Body); !strings.Contains(body, tt.want) || strings.Contains(body, "secret-marker") {
				t.Errorf("the body is %s, want %s in it", body, tt.want)
			}
		})
	}
}

func TestTypedProblemsAreFoundInErrors(t *testing.T) {
	t.Parallel()
	occurrence := errOutOfStock.With(someStock)
	for _, err := range []error{occurrence, occurrence.With("more"), fmt.Errorf("order: %w", occurrence), errors.Join(errors.New("x"), occurrence)} {
		if got, ok := errOutOfStock.Of(err); !ok || got.Available != 3 || !errors.Is(err, errOutOfStock.Problem()) {
			t.Errorf("%v: %+v, %v", err, got, ok)
		}
	}
	for _, err := range []error{nil, errTaken, errors.New("x"), errOutOfStock.Problem()} {
		if got, ok := errOutOfStock.Of(err); ok || got.Available != 0 {
			t.Errorf("%v: %+v, %v", err, got, ok)
		}
	}
}

// TestTypedProblemsThatCannotBeSent are the service's fault, and tell nothing.
func TestTypedProblemsThatCannotBeSent(t *testing.T) {
	t.Parallel()
	type unnamed struct {
		Status string `json:"status"`
	}
	clash := problem.Define(http.StatusConflict, "clash", "It clashes.").Members[unnamed]()
	for _, tt := range []struct {
		name string
		err  error
		opts []tenon.Option
	}{
		{"a number that JSON does not have", errRatio.With(struct {
			Ratio float64 `json:"ratio"`
		}{math.NaN()}), []tenon.Option{tenon.Fails(errRatio)}},
		{"an undeclared kind with a wrong member", clash.With(unnamed{"x"}), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := tenontest.New(t, ordering(t, tt.err, tt.opts...), tenontest.Config{IgnoreUndeclared: true, IgnoreDocument: true})
			s.Post("/orders", nil).Status(500).Problem("internal")
		})
	}
}

func TestTypedProblemsAreCheckedAtStart(t *testing.T) {
	t.Parallel()
	define := func(code string) *problem.Error {
		return problem.Define(http.StatusConflict, code, "It failed.")
	}
	type secretly struct {
		Key tenon.Secret `json:"key"`
	}
	type reserving struct {
		Status int    `json:"status"`
		Errors string `json:"errors"`
	}
	type input struct {
		ID string `path:"id"`
	}
	var none *problem.Typed[stock]
	for _, tt := range []struct {
		name  string
		fails []problem.Kind
		want  string
	}{
		{"a secret", []problem.Kind{define("a").Members[secretly]()}, `problem "a": members: output tenon_test.secretly: Key is a secret`},
		{"members of every problem", []problem.Kind{define("b").Members[reserving]()}, `problem "b": members: tenon_test.reserving.Status: every problem has a member status`},
		{"the second of them", []problem.Kind{define("b").Members[reserving]()}, `tenon_test.reserving.Errors: every problem has a member errors`},
		{"no struct", []problem.Kind{define("c").Members[int]()}, `problem "c": members: int is not a struct of members`},
		{"an input", []problem.Kind{define("d").Members[input]()}, `problem "d": members: tenon_test.input is not a struct of members`},
		{"two types for one code", []problem.Kind{define("e").Members[stock](), define("e")}, `problem "e" has members of tenon_test.stock and of <nil>`},
		{"nothing", []problem.Kind{nil}, "Fails has a nil problem"},
		{"a kind that is nil", []problem.Kind{none}, "Fails has a nil problem"},
		{"a wrong status below the members", []problem.Kind{problem.Define(200, "f", "It failed.").Members[stock]()}, "status is 200, want 400..599"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := ordering(t, nil, tenon.Fails(tt.fails...)).Compile()
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Compile: %v, want %s", err, tt.want)
			}
		})
	}
}
