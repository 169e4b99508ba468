package bind

import (
	"context"
	"reflect"
	"slices"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

// param is one parameter: where it goes, how its text is read, and what holds when it is absent.
type param struct {
	name     string // as it stands in faults
	key      string // as it is looked up: the canonical header key, else the name
	input    int    // which of the inputs it stands in
	index    []int
	set      validate.Setter // of the value, or of each item of a list
	custom   custom          // of the value, or of each item of a list
	list     *list           // nil for a scalar
	required bool
	fallback func(dst reflect.Value)           // nil without a default
	bytes    int                               // of a form: the most bytes of one value
	split    byte                              // of a list that is one value: what separates its items; else 0
	most     int                               // of such a list: how many items are read
	over     problem.Fault                     // what is said of more; nothing when a rule says it
	deep     *deep                             // nil unless it is an object in the style deepObject
	part     bool                              // of a form: the caller reads it
	file     func(reflect.Value) reflect.Value // of an upload: opens the wrappers; nil for what is text
}

// custom runs the Validate methods of a type.
type custom func(ctx context.Context, v reflect.Value, f *validate.Faults) error

// list is what a parameter has that takes several values.
type list struct {
	target func(reflect.Value) reflect.Value // opens the wrappers, marks them as present
	checks *validate.Checks
	custom custom
}

// extend appends a zero item to a slice and returns it.
func extend(v reflect.Value) reflect.Value {
	n := v.Len()
	v.Grow(1)
	v.SetLen(n + 1)
	item := v.Index(n)
	item.SetZero()
	return item
}

// field is the parameter's field in its input.
func (b *binding) field(q *param) reflect.Value {
	dst := b.dst
	if q.input > 0 {
		dst = b.more[q.input-1]
	}
	return fieldAt(dst, q.index)
}

func fieldAt(dst reflect.Value, index []int) reflect.Value {
	if len(index) == 1 {
		return dst.Field(index[0])
	}
	return dst.FieldByIndex(index)
}

// open returns what leads from a field of type t to the slice below its wrappers. It makes what a pointer points to.
func open(t *shape.Type) func(reflect.Value) reflect.Value {
	switch t.Kind {
	case shape.Pointer:
		inner := open(t.Elem)
		return func(v reflect.Value) reflect.Value {
			if v.IsNil() {
				v.Set(reflect.New(t.Elem.Go))
			}
			return inner(v.Elem())
		}
	case shape.Opt:
		return openMarked(t, "Set")
	case shape.Null:
		return openMarked(t, "Valid")
	}
	return func(v reflect.Value) reflect.Value { return v }
}

func openMarked(t *shape.Type, name string) func(reflect.Value) reflect.Value {
	inner := open(t.Elem)
	value, _ := t.Go.FieldByName("Value")
	mark, _ := t.Go.FieldByName(name)
	return func(v reflect.Value) reflect.Value {
		v.FieldByIndex(mark.Index).SetBool(true)
		return inner(v.FieldByIndex(value.Index))
	}
}

// table holds parameters that are found by name.
type table struct {
	params []*param
	byName map[string]int // nil while there are few
	deep   bool           // some are objects in the style deepObject
}

// few is the number of parameters up to which comparing their names one by one is faster than a map.
const few = 8

func newTable(params []*param) table {
	t := table{params: params, deep: slices.ContainsFunc(params, func(q *param) bool { return q.deep != nil })}
	if len(params) > few {
		t.byName = make(map[string]int, len(params))
		for i, q := range params {
			t.byName[q.key] = i
		}
	}
	return t
}

// find returns the index of the parameter called name, or -1.
func (t *table) find(name string) int {
	if t.byName != nil {
		if i, ok := t.byName[name]; ok {
			return i
		}
		return -1
	}
	for i, q := range t.params {
		if q.key == name {
			return i
		}
	}
	return -1
}

// counts are how often each parameter of a table came.
type counts struct {
	few  [32]uint8
	many []uint8
}

func (t *table) count(c *counts) []uint8 {
	if len(t.params) <= len(c.few) {
		return c.few[:len(t.params)]
	}
	c.many = make([]uint8, len(t.params))
	return c.many
}

// take hands one value of parameter i to its field. For a scalar the second value is a fault, and further ones add nothing, so seen
// counts to 3.
func (t *table) take(b *binding, seen []uint8, i int, text string) error {
	q := t.params[i]
	if q.list == nil {
		seen[i] = min(seen[i]+1, 3)
		switch seen[i] {
		case 1:
			return b.one(q, text)
		case 2:
			b.duplicate(q)
		}
		return nil
	}
	seen[i] = 1
	return b.item(q, q.list.target(b.field(q)), text)
}

// finish settles what did not come, and closes the lists that did.
func (t *table) finish(b *binding, seen []uint8) error {
	for i, q := range t.params {
		var err error
		switch {
		case q.deep != nil:
			err = q.deep.finish(b, q, i, seen[i])
		case seen[i] == 0:
			b.absent(q)
		case q.list != nil && seen[i] != passed:
			err = b.close(q)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
