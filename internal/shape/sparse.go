package shape

import (
	"reflect"
	"strings"
)

// sparse recognises tenon.Sparse by name, as presence does.
func sparse(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t.PkgPath() == rootPath && strings.HasPrefix(t.Name(), "Sparse[")
}

// sparse reads a Sparse[T]: the members are those of T, one field further inside.
func (r *Reader) sparse(typ *Type) {
	typ.Kind, typ.Sparse = Struct, true
	value := typ.Go.Field(0)
	if whole := r.read(value.Type); whole.Kind != Struct || whole.Sparse {
		r.faultf(typ.Go, "%s: members can be left out of a struct, not of %s", typ.Go, value.Type)
		return
	}
	r.gather(typ, value.Type, value.Index, "")
	r.checkSources(typ)
}

// MembersOf are the names of the members of a struct as an output: those that are always sent, and those that may be left out, because
// their type is Opt. The faults of T are told elsewhere.
func MembersOf[T any]() (always, optional []string) {
	typ, _ := NewReader().Read(reflect.TypeFor[T]())
	for _, f := range typ.Fields {
		switch {
		case f.Tag.Rules.WriteOnly:
		case f.Type.Kind == Opt:
			optional = append(optional, f.Name)
		default:
			always = append(always, f.Name)
		}
	}
	return always, optional
}
