package bind_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/internal/bind"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

// binder reads a request into an input type. The text is empty, or the faults joined with |, or the detail of the 400.
type binder func(tb testing.TB, r *http.Request, path ...string) (any, string)

func into[I any](wildcards ...string) binder {
	return func(tb testing.TB, r *http.Request, path ...string) (any, string) {
		tb.Helper()
		return bound[I](tb, plan[I](tb, bind.Limits{}, wildcards...), r, path...)
	}
}

func plan[I any](tb testing.TB, lim bind.Limits, wildcards ...string) *bind.Plan {
	tb.Helper()
	typ, errs := shape.NewReader().Read(reflect.TypeFor[I]())
	if errs != nil {
		tb.Fatal(errs)
	}
	p, errs := bind.Compile(typ, wildcards, validate.Builtin(), lim)
	if errs != nil {
		tb.Fatal(errs)
	}
	return p
}

func bound[I any](tb testing.TB, p *bind.Plan, r *http.Request, path ...string) (any, string) {
	tb.Helper()
	var in I
	var f validate.Faults
	if err := p.Bind(r, path, reflect.ValueOf(&in).Elem(), nil, &f); err != nil {
		var bad *problem.Error
		if !errors.As(err, &bad) || bad.Code() != string(problem.CodeBadRequest) {
			return in, "error: " + err.Error()
		}
		return in, "400 " + bad.Faults()[0].In + " " + bad.Faults()[0].Code + ": " + bad.Faults()[0].Message
	}
	lines := make([]string, 0, f.Len())
	for _, fault := range f.List {
		lines = append(lines, fault.In+fault.Pointer+" "+fault.Code)
	}
	return in, strings.Join(lines, "|")
}

func get(query string) *http.Request {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/", nil)
	r.URL.RawQuery = query
	return r
}

func with(name string, lines ...string) *http.Request {
	r := get("")
	r.Header[name] = lines
	return r
}
