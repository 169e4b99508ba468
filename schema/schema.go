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

	Title       string
	Description string
	Format      string // format, such as "date-time"

	Const    jsontext.Value   // const, one JSON value; nil is none
	Enum     []jsontext.Value // enum, JSON values of the type
	Default  jsontext.Value   // default, one JSON value; nil is none
	Examples []jsontext.Value // examples, JSON values

	MinLength, MaxLength               *int   // in code points
	Pattern                            string // RE2 syntax, the common part of which is also that of ECMA-262
	ContentEncoding                    string // "base64" (RFC 4648, section 4)
	ContentMediaType                   string // such as "application/json"
	Minimum, Maximum                   string
	ExclusiveMinimum, ExclusiveMaximum string
	MultipleOf                         string

	Items              *Schema
	MinItems, MaxItems *int
	UniqueItems        bool

	Properties                   []Named // in order of declaration
	Required                     []string
	AdditionalProperties         *Schema // of members that Properties does not name; nil leaves the word out
	Closed                       bool    // additionalProperties is false; wins over AdditionalProperties
	PropertyNames                *Schema
	MinProperties, MaxProperties *int

	AnyOf, OneOf, AllOf []*Schema

	ReadOnly, WriteOnly, Deprecated bool

	target *target // what a reference made by a Set refers to; its name is settled when it is written
}

// Named is a schema with its name: a property of an object, or a component of a document.
type Named struct {
	Name   string
	Schema *Schema
}

// Describer is a type with its own JSON or text form (methods such as MarshalText or MarshalJSONTo) that describes it.
// JSONSchema is called on the zero value, possibly several times, at start. The result must not change afterwards; nil says
// nothing more than is known of the type.
type Describer interface{ JSONSchema() *Schema }
