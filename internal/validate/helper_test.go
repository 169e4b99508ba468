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

func typeOf[T any](t testing.TB) *shape.Type {
	t.Helper()
	typ, errs := shape.NewReader().Read(reflect.TypeFor[T]())
	if errs != nil {
		t.Fatal(errs)
	}
	return typ
}

func rules(t testing.TB, raw string) tag.Rules {
	t.Helper()
	parsed, errs := tag.Parse(raw)
	if errs != nil {
		t.Fatal(errs)
	}
	return parsed.Rules
}

// scalar reads one text as a T under the rules of a tag.
type scalar func(t testing.TB, raw, text string) (any, []string)

func read[T any](t testing.TB, raw, text string) (any, []string) {
	t.Helper()
	typ := typeOf[T](t)
	checks, errs := validate.Compile(typ, rules(t, raw), validate.Builtin())
	if errs != nil {
		t.Fatal(errs)
	}
	set, err := validate.Scalar(typ, checks)
	if err != nil {
		t.Fatal(err)
	}
	var v T
	var f validate.Faults
	set(reflect.ValueOf(&v).Elem(), text, &f)
	return v, said(&f)
}

// said are the faults on one line each.
func said(f *validate.Faults) []string {
	var lines []string
	for _, fault := range f.List {
		lines = append(lines, strings.TrimLeft(fault.In+fault.Pointer+" ", " ")+fault.Code+": "+fault.Message)
	}
	return lines
}

// compile is the text of what Compile refuses.
func compile[T any](t testing.TB, raw string) string {
	t.Helper()
	_, errs := validate.Compile(typeOf[T](t), rules(t, raw), validate.Builtin())
	if errs == nil {
		return ""
	}
	return errors.Join(errs...).Error()
}
