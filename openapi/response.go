package openapi

import "github.com/tenon-go/tenon/schema"

// Response is one answer of an operation (section 4.8.17). Description is required. A reference has Ref, nothing else.
type Response struct {
	Ref         string                `json:"$ref,omitzero"`
	Description string                `json:"description,omitzero"`
	Headers     map[string]*Header    `json:"headers,omitzero"` // by field name
	Content     map[string]*MediaType `json:"content,omitzero"` // by media type
	Extensions  map[string]any        `json:",embed"`
}

// Header is one header field of a response (section 4.8.21). A reference has Ref, nothing else.
type Header struct {
	Ref         string         `json:"$ref,omitzero"`
	Description string         `json:"description,omitzero"`
	Required    bool           `json:"required,omitzero"`
	Deprecated  bool           `json:"deprecated,omitzero"`
	Schema      *schema.Schema `json:"schema,omitzero"`
	Example     any            `json:"example,omitzero"`
	Extensions  map[string]any `json:",embed"`
}

// MediaType is the shape of a body in one media type (section 4.8.14). Example and Examples exclude each other.
type MediaType struct {
	Schema   *schema.Schema      `json:"schema,omitzero"`
	Example  any                 `json:"example,omitzero"`
	Examples map[string]*Example `json:"examples,omitzero"`
	// Encoding says of the properties of a form how each is sent, by name.
	Encoding   map[string]*Encoding `json:"encoding,omitzero"`
	Extensions map[string]any       `json:",embed"`
}

// Encoding is how one property of a form is sent (section 4.8.15).
type Encoding struct {
	// ContentType is a media type, or several with commas between, of the part.
	ContentType string             `json:"contentType,omitzero"`
	Headers     map[string]*Header `json:"headers,omitzero"` // by field name
	// Style, Explode and AllowReserved are for application/x-www-form-urlencoded, as in a query.
	Style         string         `json:"style,omitzero"`
	Explode       *bool          `json:"explode,omitzero"`
	AllowReserved bool           `json:"allowReserved,omitzero"`
	Extensions    map[string]any `json:",embed"`
}

// Example is one example with words (section 4.8.19). A reference has Ref, nothing else.
type Example struct {
	Ref         string         `json:"$ref,omitzero"`
	Summary     string         `json:"summary,omitzero"`
	Description string         `json:"description,omitzero"`
	Value       any            `json:"value,omitzero"`
	Extensions  map[string]any `json:",embed"`
}
