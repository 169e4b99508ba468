package shape

import (
	"reflect"

	"github.com/tenon-go/tenon/internal/tag"
)

// Variant is one of the forms of a union.
type Variant struct {
	Name   string // the value of the discriminator
	GoName string
	Index  int   // of the field, a pointer to the struct
	Type   *Type // the struct
}

// discriminator is the name of the member that tells the variants of a union apart; "" when t is none.
func discriminator(t reflect.Type) string {
	for sf := range t.Fields() {
		if sf.Name != "_" {
			continue
		}
		if parsed, _ := tag.Parse(string(sf.Tag)); parsed.Discriminator != "" {
			return parsed.Discriminator
		}
	}
	return ""
}

// union reads the variants. What they hold is checked once all types are read: a variant may hold the union.
func (r *Reader) union(typ *Type) {
	t := typ.Go
	if t.Name() == "" {
		r.faultf(t, "a union needs a name: the document calls its variants by it")
	}
	names := map[string]string{}
	for i := range t.NumField() {
		sf := t.Field(i)
		parsed, errs := tag.Parse(string(sf.Tag))
		for _, err := range errs {
			r.faultf(t, "field %s: %w", sf.Name, err)
		}
		switch {
		case sf.Name == "_":
			continue
		case parsed.Variant == "" || !sf.IsExported() || sf.Anonymous || sf.Type.Kind() != reflect.Pointer || sf.Type.Elem().Kind() != reflect.Struct:
			r.faultf(t, "field %s: a union has a blank field with the discriminator, and pointers to structs tagged variant:\"…\"", sf.Name)
			continue
		case names[parsed.Variant] != "":
			r.faultf(t, "fields %s and %s are both the variant %s", names[parsed.Variant], sf.Name, parsed.Variant)
			continue
		}
		names[parsed.Variant] = sf.Name
		typ.Variants = append(typ.Variants, Variant{Name: parsed.Variant, GoName: sf.Name, Index: i, Type: r.read(sf.Type.Elem())})
	}
	if len(typ.Variants) == 0 {
		r.faultf(t, "a union without variants")
	}
	r.unions = append(r.unions, typ)
}

// settle checks the variants of the unions that were read.
func (r *Reader) settle() {
	for _, u := range r.unions {
		for _, v := range u.Variants {
			switch {
			case v.Type.Kind != Struct || v.Type.IsInput():
				r.faultf(u.Go, "field %s: a variant is a struct with the members of an object, not %s", v.GoName, v.Type.Go)
			case hasMember(v.Type, u.Discriminator):
				r.faultf(u.Go, "field %s: %s has a member %s, which is the discriminator; leave it out", v.GoName, v.Type.Go, u.Discriminator)
			}
		}
	}
	r.unions = nil
}
