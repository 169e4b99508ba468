package encode

import (
	"reflect"
	"strconv"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
)

// member is one field of a struct, ready to be written.
type member struct {
	prefix string // ,"name":
	name   string
	goName string
	index  []int
	first  int        // index[0]
	kind   shape.Kind // Int and String are written without a call through value
	value  *node

	unusual   bool // nested, or left out at times: written by maybe
	set       int  // Opt: the field Set; -1 for others
	omitZero  func(reflect.Value) bool
	omitEmpty bool
}

func (c *compiler) object(t *shape.Type, path string) appender {
	if t.Sparse {
		return objects("", c.members(t, path), chosen)
	}
	return objects("", c.members(t, path), nil)
}

func (c *compiler) members(t *shape.Type, path string) []member {
	if path != "" {
		path += "."
	}
	members := make([]member, 0, len(t.Fields))
	for _, f := range t.Fields {
		where := path + f.GoName
		if f.Source != tag.Member {
			c.faultf(where, "has the source %s, but stands within a JSON object", f.Source)
			continue
		}
		if f.Tag.Rules.WriteOnly {
			continue
		}
		if outer := embeddedSecret(t.Go, f.Index); outer != nil {
			c.faultf(where, "belongs to a secret and would be sent (embedded type %s has the method NeverEncode)", outer)
			continue
		}
		name, err := quote([]byte{','}, f.Name)
		if err != nil {
			c.faultf(where, "has a name that is not valid UTF-8")
		}
		m := member{prefix: string(name) + ":", name: f.Name, goName: f.GoName, index: f.Index, first: f.Index[0], kind: f.Type.Kind, set: -1}
		typ := f.Type
		if typ.Kind == shape.Opt {
			set, _ := typ.Go.FieldByName("Set")
			m.set = set.Index[0]
		}
		if f.Tag.OmitZero {
			m.omitZero = zero(typ)
		}
		m.omitEmpty = f.Tag.OmitEmpty
		m.unusual = len(f.Index) > 1 || m.set >= 0 || m.omitZero != nil || m.omitEmpty
		m.value = c.compile(typ, where)
		members = append(members, m)
	}
	return members
}

// embeddedSecret returns the embedded struct with the method NeverEncode that a field belongs to. When there are two such
// structs, Go promotes the method of neither, so the outer type does not have it.
func embeddedSecret(t reflect.Type, index []int) reflect.Type {
	for _, i := range index[:len(index)-1] {
		t = t.Field(i).Type
		if reflect.PointerTo(t).Implements(reflect.TypeFor[interface{ NeverEncode() }]()) {
			return t
		}
	}
	return nil
}

// objects writes an object of first, which is "" or begins with a comma as the other members do, and the members: those that are chosen,
// or all.
func objects(first string, members []member, chosen func(reflect.Value, *member) bool) appender {
	return func(b []byte, v reflect.Value, depth int) ([]byte, error) {
		if depth >= maxDepth {
			return b, errDepth
		}
		start := len(b)
		b = append(b, first...)
		for i := range members {
			m := &members[i]
			if chosen != nil && !chosen(v, m) {
				continue
			}
			var err error
			if m.unusual {
				b, err = m.maybe(b, v, depth)
			} else {
				b, err = m.write(b, v.Field(m.first), depth)
			}
			if err != nil {
				return b, at(m.goName, err)
			}
		}
		if len(b) == start {
			return append(b, "{}"...), nil
		}
		b[start] = '{' // was the comma of the first member
		return append(b, '}'), nil
	}
}

// chosen reports whether a Sparse says that a member is sent. One that may be absent is sent whenever it is there.
func chosen(v reflect.Value, m *member) bool {
	names := v.Field(1)
	if names.Len() == 0 || m.set >= 0 {
		return true
	}
	for i := range names.Len() {
		if names.Index(i).String() == m.name {
			return true
		}
	}
	return false
}

func (m *member) write(b []byte, field reflect.Value, depth int) ([]byte, error) {
	b = append(b, m.prefix...)
	switch m.kind {
	case shape.Int:
		return strconv.AppendInt(b, field.Int(), 10), nil
	case shape.String:
		return quote(b, field.String())
	}
	return m.value.append(b, field, depth+1)
}

// maybe writes a member unless its value is one that is left out.
func (m *member) maybe(b []byte, object reflect.Value, depth int) ([]byte, error) {
	field := object.FieldByIndex(m.index)
	if m.set >= 0 && !field.Field(m.set).Bool() || m.omitZero != nil && m.omitZero(field) {
		return b, nil
	}
	before := len(b)
	b, err := m.write(b, field, depth)
	if err == nil && m.omitEmpty && empty(b[before+len(m.prefix):]) {
		b = b[:before]
	}
	return b, err
}

// empty is what the option omitempty leaves out.
func empty(text []byte) bool {
	switch string(text) {
	case "null", `""`, "{}", "[]":
		return true
	}
	return false
}

// zero is what the option omitzero leaves out: what the type's method IsZero says, or else the zero value.
func zero(t *shape.Type) func(reflect.Value) bool {
	type zeroer = interface{ IsZero() bool }
	switch {
	case t.Kind == shape.Pointer:
		return reflect.Value.IsNil
	case reflect.PointerTo(t.Go).Implements(reflect.TypeFor[zeroer]()):
		return func(v reflect.Value) bool {
			m, _ := reflect.TypeAssert[zeroer](address(v))
			return m.IsZero()
		}
	}
	return reflect.Value.IsZero
}
