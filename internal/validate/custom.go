package validate

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/problem"
)

// Custom returns what runs the type's own checks: its method Validate(context.Context) error, and those of the structs embedded
// in it. It is nil when there are none. v is an addressable value of t's own Go type; below Opt, Null and pointers only a value
// that is present is validated.
//
// A Validate runs when no fault lies at or below a member that it needs (method ValidateNeeds() []string, otherwise all of its
// own). When it returns a problem.Fault, or several by errors.Join, also wrapped, they are added below the current path; in an
// input of several sources the first name of a fault's pointer says which parameter or body it belongs to. Any other error, a
// *problem.Error among them, is returned and ends the request.
func Custom(t *shape.Type) func(ctx context.Context, v reflect.Value, f *Faults) error {
	switch t.Kind {
	case shape.Pointer, shape.Null, shape.Opt:
		return customBelow(t)
	}
	var all []check
	for _, e := range t.Embedded {
		all = append(all, newCheck(e.Type, e.Index))
	}
	if t.Validates {
		all = append(all, newCheck(t, nil))
	}
	if all == nil {
		return nil
	}
	return func(ctx context.Context, v reflect.Value, f *Faults) error {
		for i := range all {
			if err := all[i].run(ctx, v, f); err != nil {
				return err
			}
		}
		return nil
	}
}

func customBelow(t *shape.Type) func(ctx context.Context, v reflect.Value, f *Faults) error {
	inner := Custom(t.Elem)
	if inner == nil {
		return nil
	}
	if t.Kind == shape.Pointer {
		return func(ctx context.Context, v reflect.Value, f *Faults) error {
			if v.IsNil() {
				return nil
			}
			return inner(ctx, v.Elem(), f)
		}
	}
	value, mark, err := wrapperFields(t)
	if err != nil {
		return nil // Scalar and the decoder report it
	}
	return func(ctx context.Context, v reflect.Value, f *Faults) error {
		if !v.Field(mark).Bool() {
			return nil
		}
		return inner(ctx, v.Field(value), f)
	}
}

type validator interface {
	Validate(ctx context.Context) error
}

// check is one Validate method and what it needs.
type check struct {
	index   []int
	whole   bool // the value has no members: any fault at or below it counts
	input   bool // the members come from several sources
	members []member
}

// member is one member of the value that is validated, and where it stands.
type member struct {
	first  string // how a pointer of the method begins that means this member
	in     string // the source; "" is the current one
	path   string // JSON Pointer below the value, or within the source
	needed bool
}

func newCheck(t *shape.Type, index []int) check {
	c := check{index: index, whole: t.Kind != shape.Struct, input: t.Kind == shape.Struct && t.IsInput()}
	for _, f := range t.Fields {
		if f.Source == tag.Dep {
			continue
		}
		m := member{first: "/" + problem.EscapeToken(f.Name), needed: t.Needs == nil || slices.Contains(t.Needs, f.Name)}
		m.path = m.first
		if c.input {
			m.in = string(f.Source)
		}
		if f.Source == tag.Body {
			m.path = ""
		}
		c.members = append(c.members, m)
	}
	return c
}

func (c *check) run(ctx context.Context, v reflect.Value, f *Faults) error {
	if f.Len() > 0 && c.blocked(f.Pointer(), f) {
		return nil
	}
	if c.index != nil {
		v = v.FieldByIndex(c.index)
	}
	m, ok := reflect.TypeAssert[validator](v.Addr())
	if !ok {
		return fmt.Errorf("validate: %s has no method Validate", v.Type())
	}
	err := m.Validate(ctx)
	if err == nil {
		return nil
	}
	faults, ok := located(nil, err)
	if !ok {
		return err
	}
	base := f.Pointer()
	for _, fault := range faults {
		c.place(&fault, base, f.In)
		f.addOnce(fault)
	}
	return nil
}

// blocked reports whether the value, or a member that the method needs, has a fault. A full list may hide one.
func (c *check) blocked(base string, f *Faults) bool {
	if f.Full() {
		return true
	}
	for i := range f.List {
		fault := &f.List[i]
		if c.whole && fault.In == f.In && within(fault.Pointer, base) {
			return true
		}
		if !c.input && fault.In == f.In && fault.Pointer == base {
			return true
		}
		for _, m := range c.members {
			in := cmp.Or(m.in, f.In)
			if m.needed && fault.In == in && within(fault.Pointer, base+m.path) {
				return true
			}
		}
	}
	return false
}

// within reports whether pointer is at or below base.
func within(pointer, base string) bool {
	rest, ok := strings.CutPrefix(pointer, base)
	return ok && (rest == "" || rest[0] == '/')
}

// place makes a fault of a Validate method absolute.
func (c *check) place(fault *problem.Fault, base, in string) {
	told := message.Or(*fault, message.Invalid)
	fault.Code, fault.Message = told.Code, told.Message
	if fault.Pointer != "" && fault.Pointer[0] != '/' {
		fault.Pointer = "/" + fault.Pointer
	}
	if fault.In != "" && c.input {
		return
	}
	fault.In = in
	if !c.input {
		fault.Pointer = base + fault.Pointer
		return
	}
	for _, m := range c.members {
		if within(fault.Pointer, m.first) {
			fault.In, fault.Pointer = m.in, m.path+fault.Pointer[len(m.first):]
			return
		}
	}
}

// located collects the faults in err. It reports false when err holds anything else.
func located(list []problem.Fault, err error) ([]problem.Fault, bool) {
	switch e := err.(type) { //nolint:errorlint // this is the walk down the wrapped errors
	case problem.Fault:
		return append(list, e), true
	case *problem.Fault:
		return append(list, *e), true
	case *problem.Error:
		return nil, false
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			var ok bool
			if list, ok = located(list, inner); !ok {
				return nil, false
			}
		}
		return list, true
	case interface{ Unwrap() error }:
		return located(list, e.Unwrap())
	}
	return nil, false
}

// Located collects the faults in an error, also when it joins or wraps several. It reports false when err holds anything else.
func Located(err error) ([]problem.Fault, bool) { return located(nil, err) }
