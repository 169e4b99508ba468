// Package schema makes JSON Schemas (draft 2020-12) of Go types. It reads types and tags as the checks and the encoder do,
// so a document cannot say something else than the program does.
package schema

import "encoding/json/jsontext"

// Schema is one JSON Schema. The zero value is the schema {}, which allows every value. It is written with a fixed order
// of words (MarshalJSONTo), so equal schemas are equal bytes.
//
// Numbers are JSON numbers as text, so that none loses digits; "" leaves the word out. Counts are nil for none.
type Schema struct {
	Ref   string   // $ref, a URI reference such as "#/components/schemas/User"
	Types []string // type: one name or, for several, a list

	Title       string // title, a few words
	Description string // description, plain text or CommonMark
	Format      string // format, such as "date-time"

	Const    jsontext.Value   // const, one JSON value; nil is none
	Enum     []jsontext.Value // enum, JSON values of the type
	Default  jsontext.Value   // default, one JSON value; nil is none
	Examples []jsontext.Value // examples, JSON values

	Transform []string // x-transform: what is done to a submitted string before it is judged, in order; an extension

	MinLength, MaxLength *int    // minLength and maxLength, in code points
	Pattern              string  // pattern, in the syntax of RE2, most of which is also that of ECMA-262
	ContentEncoding      string  // contentEncoding, such as "base64" (RFC 4648, section 4)
	ContentMediaType     string  // contentMediaType, such as "application/json"
	ContentSchema        *Schema // contentSchema, of what a string of that media type holds

	Minimum, Maximum                   string // minimum and maximum: the bound is allowed
	ExclusiveMinimum, ExclusiveMaximum string // exclusiveMinimum and exclusiveMaximum: the bound is not
	MultipleOf                         string // multipleOf, above 0

	Items              *Schema // items, the schema of each
	MinItems, MaxItems *int    // minItems and maxItems
	UniqueItems        bool    // uniqueItems: no two are equal

	Properties                   []Named  // properties, in order of declaration
	Required                     []string // required, names of members
	AdditionalProperties         *Schema  // additionalProperties, of members that Properties does not name
	Closed                       bool     // additionalProperties is false; wins over AdditionalProperties
	PropertyNames                *Schema  // propertyNames, of the name of every member
	MinProperties, MaxProperties *int     // minProperties and maxProperties

	AnyOf []*Schema // anyOf: one at least must hold
	OneOf []*Schema // oneOf: exactly one must hold
	AllOf []*Schema // allOf: each must hold

	Discriminator *Discriminator // discriminator, of OpenAPI (section 4.25): which schema of OneOf holds

	ReadOnly   bool // readOnly: only the service sets it
	WriteOnly  bool // writeOnly: it is never sent back
	Deprecated bool // deprecated: do not use it any more

	target *target // what a reference made by a Set refers to; its name is settled when it is written
}

// Discriminator tells the schemas of a union apart by the value of one member.
type Discriminator struct {
	PropertyName string  // the member
	Mapping      []Named // its values, each with a reference to a component
}

// Named is a schema with its name: a property of an object, or a component of a document.
type Named struct {
	Name   string  // the name of the member or component
	Schema *Schema // what it is
}

// Describer is a type with its own JSON or text form (methods such as MarshalText or MarshalJSONTo) that describes it.
type Describer interface {
	// JSONSchema returns the schema of the type. It is called on the zero value, possibly several times, at start. The
	// result must not change afterwards; nil says nothing more than is known of the type.
	JSONSchema() *Schema
}
