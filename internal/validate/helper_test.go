package validate_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/internal/validate"
)

func typeOf[T any](tb testing.TB) *shape.Type {
	tb.Helper()
	typ, errs := shape.NewReader().Read(reflect.TypeFor[T]())
	if errs != nil {
		tb.Fatal(errs)
	}
	return typ
}

func rules(tb testing.TB, raw string) tag.Rules {
	tb.Helper()
	parsed, errs := tag.Parse(raw)
	if errs != nil {
		tb.Fatal(errs)
	}
	return parsed.Rules
}

// scalar reads one text as a T under the rules of a tag.
type scalar func(tb testing.TB, raw, text string) (any, []string)

func read[T any](tb testing.TB, raw, text string) (any, []string) {
	tb.Helper()
	typ := typeOf[T](tb)
	checks, errs := validate.Compile(typ, rules(tb, raw), validate.Builtin())
	if errs != nil {
		tb.Fatal(errs)
	}
	set, err := validate.Scalar(typ, checks)
	if err != nil {
		tb.Fatal(err)
	}
	var v T
	var f validate.Faults
	set(reflect.ValueOf(&v).Elem(), text, &f)
	return v, said(&f)
}

// said are the faults on one line each.
func said(f *validate.Faults) []string {
	lines := make([]string, 0, f.Len())
	for _, fault := range f.List {
		lines = append(lines, strings.TrimLeft(fault.In+fault.Pointer+" ", " ")+fault.Code+": "+fault.Message)
	}
	return lines
}

// compile is the text of what Compile refuses.
func compile[T any](tb testing.TB, raw string) string {
	tb.Helper()
	_, errs := validate.Compile(typeOf[T](tb), rules(tb, raw), validate.Builtin())
	if errs == nil {
		return ""
	}
	return errors.Join(errs...).Error()
}
