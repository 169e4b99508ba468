// Package shape reads Go types once, at start, into the plain description that the decoder, the encoder, the checks and
// the schema are all compiled from. It is the one place that decides what a field, a tag and a presence type mean.
package shape

import (
	"fmt"
	"reflect"

	"github.com/tenon-go/tenon/internal/tag"
)

// Kind is the form of a type on the wire.
type Kind uint8

// The kinds. Opt, Null and Pointer wrap another type, held in Elem.
const (
	Invalid  Kind = iota
	Bool          // boolean
	Int           // integer, Bits wide
	Uint          // integer of 0 or more, Bits wide
	Float         // number, Bits wide, finite
	String        // string; also named string types
	Bytes         // []byte as a base64 string (RFC 4648, section 4)
	Time          // time.Time as an RFC 3339 string
	HTTPDate      // time.Time in a header field (RFC 9110, section 5.6.7)
	Duration      // time.Duration as an ISO 8601 string such as PT1H30M (RFC 3339, appendix A)
	Text          // a string by encoding.TextUnmarshaler and TextMarshaler (uuid.UUID, netip.Addr, tenon.Date)
	Decimal       // a number by its exact text: TextUnmarshaler, TextMarshaler and the marker method JSONNumber()
	Custom        // any JSON value by json.UnmarshalerFrom/MarshalerTo or json.Unmarshaler/Marshaler
	Any           // any JSON value: the type any, or jsontext.Value as its text
	Struct        // object with the members of Fields
	Map           // object with free names; Key is String, Int, Uint or Text
	Union         // object in one of the forms of Variants
	Slice         // array
	Array         // array of exactly Len items
	Pointer       // *T: null is nil
	Null          // tenon.Null[T]: fields Value and Valid
	Opt           // tenon.Opt[T]: fields Value and Set; only as a field
	Upload        // tenon.Upload: a file of a form; only as a field of a form, or as the item of a slice of one
	Raw           // what a body with a media type in its tag holds; it has no JSON form and is not read further
	Opaque        // an outcome of the root package: tenon.NoContent, tenon.File, tenon.Redirect
	Stream        // iter.Seq2[T, error]: items one after the other; only as the body of an output
)

// Type describes one Go type. Types are shared and may be recursive: compile through a map of what was begun.
type Type struct {
	Go   reflect.Type
	Kind Kind
	Bits int   // Int, Uint, Float
	Len  int   // Array
	Elem *Type // Slice, Array, Map, Pointer, Null, Opt, Stream
	Key  *Type // Map

	Fields               []*Field // Struct: with those of embedded structs, in order of declaration
	AdditionalProperties bool     // Struct: unknown members are allowed and dropped
	Sparse               bool     // Struct: tenon.Sparse[T] with the members of T, of which the field at 1 names those that are sent; empty is all

	Discriminator string    // Union: the member that tells the variants apart
	Variants      []Variant // Union: in order of declaration

	Enum   []string // values of the type's own Enum method, as text; nil is any
	Secret bool     // the type has a method NeverEncode: it must not be part of an output

	Validates bool       // the type, or a pointer to it, has Validate(context.Context) error
	Embedded  []Embedded // Struct: embedded structs that validate themselves
	Needs     []string   // names of the members that Validate wants to be valid; nil is all (method ValidateNeeds() []string)
}

// Embedded is an embedded struct with a Validate method of its own. Go promotes that method only when it is the only one, so
// each is run by itself.
type Embedded struct {
	Index []int
	Type  *Type
}

// Field is one field of a struct, or a parameter of an input.
type Field struct {
	Source tag.Source // Member in a JSON object; None in an output struct never occurs
	Name   string     // the member's or parameter's name
	GoName string     // Outer.Field for messages
	Index  []int      // for reflect.Value.FieldByIndex
	Type   *Type      // as declared, wrappers included
	Tag    tag.Tag

	Required bool // absence is a fault
	Nullable bool // null is allowed
}

// Plain returns the type below Pointer, Null and Opt.
func (t *Type) Plain() *Type {
	for t.Kind == Pointer || t.Kind == Null || t.Kind == Opt {
		t = t.Elem
	}
	return t
}

// Whole reports why t cannot be an input or output as a whole: absent and null are said of fields.
func (t *Type) Whole() error {
	if t.Kind != Opt && t.Kind != Null && t.Kind != Pointer {
		return nil
	}
	return fmt.Errorf("type %s: presence is for fields; take %s, or a struct with a field of the type tagged body:\"\"", t.Go, t.Plain().Go)
}

// IsInput reports whether a struct is an input of several sources rather than a JSON object: some field of it has a
// source other than json.
func (t *Type) IsInput() bool {
	for _, f := range t.Fields {
		if f.Source != tag.Member {
			return true
		}
	}
	return false
}

// Sound reports whether a type that has faults can be compiled all the same: each type in it has a kind, and at most one layer
// of presence, or Opt over Null.
func (t *Type) Sound() bool { return t.sound(map[*Type]bool{}) }

func (t *Type) sound(seen map[*Type]bool) bool {
	if t == nil || seen[t] {
		return true
	}
	seen[t] = true
	if t.Kind == Invalid || t.Kind == Union { // a union that is wrong has no variants to go by
		return false
	}
	if e := t.Elem; e != nil && t.Plain() != t && e.Plain() != e && (t.Kind != Opt || e.Kind != Null) {
		return false
	}
	for _, f := range t.Fields {
		if f.Source != tag.Dep && !f.Type.sound(seen) {
			return false
		}
	}
	return t.Elem.sound(seen) && t.Key.sound(seen)
}
