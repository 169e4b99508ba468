package shape

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/internal/tag"
)

// fields reads the fields of a struct and, in their place, those of embedded structs.
func (r *Reader) fields(typ *Type) {
	r.gather(typ, typ.Go, nil, "")
	byName := map[string]*Field{}
	for _, f := range typ.Fields {
		key := string(f.Source) + " " + f.Name
		if f.Source == tag.Header {
			key = "header " + canonical(f.Name)
		}
		if first := byName[key]; first != nil && f.Source != tag.Dep {
			r.faultf(typ.Go, "fields %s and %s are both %s %s", first.GoName, f.GoName, f.Source, f.Name)
			continue
		}
		byName[key] = f
	}
	r.checkSources(typ)
	r.checkAliases(typ)
}

// checkAliases refuses what two members would be read from, and aliases of what is no member.
func (r *Reader) checkAliases(typ *Type) {
	first := map[string]*Field{}
	for _, f := range typ.Fields {
		first[f.Name] = f
	}
	for _, f := range typ.Fields {
		alias := f.Tag.Alias
		switch {
		case alias == "":
		case f.Source != tag.Member:
			r.faultf(typ.Go, "field %s: alias is for members of JSON", f.GoName)
		case first[alias] != nil:
			r.faultf(typ.Go, "field %s: alias %s is a name of field %s", f.GoName, alias, first[alias].GoName)
		default:
			first[alias] = f
		}
	}
}

func (r *Reader) gather(typ *Type, t reflect.Type, index []int, prefix string) {
	for i := range t.NumField() {
		sf := t.Field(i)
		at := append(slices.Clone(index), i)
		parsed, errs := tag.Parse(string(sf.Tag))
		for _, err := range errs {
			r.faultf(typ.Go, "field %s%s: %w", prefix, sf.Name, err)
		}
		if sf.Name == "_" {
			if parsed.Discriminator != "" {
				r.faultf(typ.Go, "field %s: a union cannot be embedded; give the field a name", strings.TrimSuffix(prefix, "."))
			}
			typ.AdditionalProperties = typ.AdditionalProperties || parsed.AdditionalProperties
			continue
		}
		if parsed.AdditionalProperties {
			r.faultf(typ.Go, "field %s%s: additionalProperties belongs on a blank field, _ struct{}", prefix, sf.Name)
		}
		if parsed.Discriminator != "" || parsed.Variant != "" {
			r.faultf(typ.Go, "field %s%s: a variant belongs in a union, which has a blank field, _ struct{}, tagged discriminator:\"…\"", prefix, sf.Name)
		}
		if sf.Anonymous && parsed.Source == tag.None && r.embed(typ, sf, at, prefix) {
			if !reflect.DeepEqual(parsed.Rules, tag.Rules{}) {
				r.faultf(typ.Go, "field %s%s: rules on an embedded struct have no effect; put them on its fields", prefix, sf.Name)
			}
			continue
		}
		if !sf.IsExported() {
			if parsed.Source != tag.None {
				r.faultf(typ.Go, "field %s%s has a source but is not exported", prefix, sf.Name)
			}
			continue
		}
		if parsed.Skip {
			continue
		}
		r.add(typ, sf, at, prefix, parsed)
	}
}

// embed takes over the fields of an embedded struct; it reports whether the field was one.
func (r *Reader) embed(typ *Type, sf reflect.StructField, at []int, prefix string) bool {
	if sf.Type.Kind() == reflect.Pointer && sf.Type.Elem().Kind() == reflect.Struct {
		r.faultf(typ.Go, "field %s%s: embed the struct itself, not a pointer to it", prefix, sf.Name)
		return true
	}
	if sf.Type.Kind() != reflect.Struct || presence(sf.Type) != Invalid {
		return false
	}
	probe := &Type{Go: sf.Type}
	if has(sf.Type, textUnmarshaler) || has(sf.Type, textMarshaler) || has(sf.Type, unmarshalerFrom) || has(sf.Type, marshalerTo) ||
		has(sf.Type, unmarshaler) || has(sf.Type, marshaler) || has(sf.Type, jsonNumber) || probe.Go == timeType {
		return false
	}
	r.gather(typ, sf.Type, at, prefix+sf.Name+".")
	if has(sf.Type, validator) {
		if !sf.IsExported() {
			r.faultf(typ.Go, "field %s%s: an embedded struct with a method Validate must have an exported type", prefix, sf.Name)
			return true
		}
		typ.Embedded = append(typ.Embedded, Embedded{Index: at, Type: r.read(sf.Type)})
	}
	return true
}

func (r *Reader) add(typ *Type, sf reflect.StructField, at []int, prefix string, parsed tag.Tag) {
	f := &Field{Source: parsed.Source, Name: parsed.Name, GoName: prefix + sf.Name, Index: at, Tag: parsed}
	if f.Name == "" {
		f.Name = r.nameOf(sf.Name)
	}
	switch {
	case f.Source == tag.Dep: // what a provider makes has no wire form
		f.Type = &Type{Go: sf.Type}
	case parsed.Media != nil && sf.Type.Kind() != reflect.Func && !namedJSON(sf.Type, parsed.Media):
		f.Type = raw(sf.Type)
		f.Required = f.Type.Kind == Raw
	default:
		f.Type = r.read(sf.Type)
		if f.Source == tag.Header {
			f.Type = httpDates(f.Type)
		}
		f.Required, f.Nullable = presenceOf(f)
		if opaque(below(sf.Type)) && f.Source != tag.Status {
			r.faultf(typ.Go, "field %s: %s is a whole answer, which is no %s", f.GoName, f.Type.Go, cmp.Or(string(f.Source), "member"))
		}
		if f.Source != tag.Form && holdsUpload(f.Type) {
			r.faultf(typ.Go, "field %s: an upload is a field of a form: tag it form:\"name\"", f.GoName)
		}
		if f.Type.Kind == Stream && f.Source != tag.Body {
			r.faultf(typ.Go, "field %s: a stream is a whole body: tag it body:\"text/event-stream\" or body:\"application/x-ndjson\"", f.GoName)
		}
		for _, err := range []error{checkRules(f), checkStyle(f), checkHidden(f)} {
			if err != nil {
				r.faultf(typ.Go, "field %s: %w", f.GoName, err)
			}
		}
	}
	typ.Fields = append(typ.Fields, f)
}

func (r *Reader) nameOf(field string) string {
	if r.Names == nil {
		return field
	}
	return cmp.Or(r.Names(field), field)
}

// namedJSON reports whether a body is a value whose JSON has a media type of its own, such as application/geo+json, and no text.
func namedJSON(t reflect.Type, media []string) bool {
	return len(media) == 1 && strings.HasSuffix(media[0], "+json") && slices.Contains([]reflect.Kind{reflect.Struct, reflect.Map, reflect.Pointer}, t.Kind()) &&
		presence(t) == Invalid && !opaque(below(t))
}

// raw describes a body that is not JSON, which Opt may wrap.
func raw(t reflect.Type) *Type {
	if presence(t) == Opt {
		field, _ := t.FieldByName("Value")
		return &Type{Go: t, Kind: Opt, Elem: &Type{Go: field.Type, Kind: Raw}}
	}
	return &Type{Go: t, Kind: Raw}
}

// holdsUpload reports whether t is an upload, wrapped or not, or a list of them. It does not look far: a type may hold itself.
func holdsUpload(t *Type) bool {
	for range 4 {
		if t == nil || t.Kind == Upload {
			return t != nil
		}
		t = t.Elem
	}
	return false
}

func presenceOf(f *Field) (required, nullable bool) {
	required = !f.Tag.Rules.HasDefault && f.Type.Kind != Opt && f.Type.Kind != Pointer && !isNothing(f)
	t := f.Type.Go // its Elem may be about to be read: types may be recursive
	if f.Type.Kind == Opt {
		value, _ := t.FieldByName("Value")
		t = value.Type
	}
	return required, t.Kind() == reflect.Pointer || presence(t) == Null
}

// checkSources settles what a struct is: with any source it is an input (or an output with status or headers), and then
// every field needs one; with none it is a JSON object.
func (r *Reader) checkSources(typ *Type) {
	sourced := false
	for _, f := range typ.Fields {
		sourced = sourced || (f.Source != tag.None && f.Source != tag.Member)
	}
	for _, f := range typ.Fields {
		switch {
		case !sourced:
			f.Source = tag.Member
		case f.Source == tag.None:
			r.faultf(typ.Go, "field %s has no source, want one of path, query, header, cookie, form, body, dep", f.GoName)
		case f.Source == tag.Member:
			r.faultf(typ.Go, "field %s is a JSON member beside fields with other sources; put the members into a struct tagged body:\"\"", f.GoName)
		}
	}
}

func checkRules(f *Field) error {
	rules := f.Tag.Rules
	if rules.HasDefault && (f.Type.Kind == Opt || f.Type.Kind == Pointer) {
		return fmt.Errorf("a default makes the field always present: use the plain type, not %s", f.Type.Go)
	}
	if rules.ReadOnly && rules.WriteOnly {
		return errors.New("readOnly and writeOnly exclude each other")
	}
	return nil
}

func canonical(name string) string {
	b := []byte(name)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
