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
	Schema     *schema.Schema      `json:"schema,omitzero"`
	Example    any                 `json:"example,omitzero"`
	Examples   map[string]*Example `json:"examples,omitzero"`
	Extensions map[string]any      `json:",embed"`
}

// Example is one example with words (section 4.8.19). A reference has Ref, nothing else.
type Example struct {
	Ref         string         `json:"$ref,omitzero"`
	Summary     string         `json:"summary,omitzero"`
	Description string         `json:"description,omitzero"`
	Value       any            `json:"value,omitzero"`
	Extensions  map[string]any `json:",embed"`
}
