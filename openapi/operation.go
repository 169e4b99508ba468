package openapi

import (
	"iter"
	"net/http"

	"github.com/tenon-go/tenon/schema"
)

// PathItem is what can be done at one path (section 4.8.9).
type PathItem struct {
	Summary     string         `json:"summary,omitzero"`
	Description string         `json:"description,omitzero"`
	Get         *Operation     `json:"get,omitzero"`
	Put         *Operation     `json:"put,omitzero"`
	Post        *Operation     `json:"post,omitzero"`
	Delete      *Operation     `json:"delete,omitzero"`
	Options     *Operation     `json:"options,omitzero"`
	Head        *Operation     `json:"head,omitzero"`
	Patch       *Operation     `json:"patch,omitzero"`
	Trace       *Operation     `json:"trace,omitzero"`
	Parameters  []*Parameter   `json:"parameters,omitzero"`
	Extensions  map[string]any `json:",embed"`
}

// Set puts op at method, such as "GET". It reports whether OpenAPI 3.1 can say that method; when not, nothing changes.
func (p *PathItem) Set(method string, op *Operation) bool {
	slot := p.slot(method)
	if slot == nil {
		return false
	}
	*slot = op
	return true
}

// Operation returns the operation at method, such as "GET", or nil.
func (p *PathItem) Operation(method string) *Operation {
	if slot := p.slot(method); slot != nil {
		return *slot
	}
	return nil
}

// Operations ranges over the methods and operations of the path, in the order in which they are written.
func (p *PathItem) Operations() iter.Seq2[string, *Operation] {
	return func(yield func(string, *Operation) bool) {
		for _, method := range []string{
			http.MethodGet, http.MethodPut, http.MethodPost, http.MethodDelete,
			http.MethodOptions, http.MethodHead, http.MethodPatch, http.MethodTrace,
		} {
			if op := *p.slot(method); op != nil && !yield(method, op) {
				return
			}
		}
	}
}

func (p *PathItem) slot(method string) **Operation {
	switch method {
	case http.MethodGet:
		return &p.Get
	case http.MethodPut:
		return &p.Put
	case http.MethodPost:
		return &p.Post
	case http.MethodDelete:
		return &p.Delete
	case http.MethodOptions:
		return &p.Options
	case http.MethodHead:
		return &p.Head
	case http.MethodPatch:
		return &p.Patch
	case http.MethodTrace:
		return &p.Trace
	}
	return nil
}

// Operation is one method at one path (section 4.8.10).
type Operation struct {
	Tags         []string      `json:"tags,omitzero"`
	Summary      string        `json:"summary,omitzero"`
	Description  string        `json:"description,omitzero"`
	ExternalDocs *ExternalDocs `json:"externalDocs,omitzero"`
	// OperationID is unique in the document.
	OperationID string       `json:"operationId,omitzero"`
	Parameters  []*Parameter `json:"parameters,omitzero"`
	RequestBody *RequestBody `json:"requestBody,omitzero"`
	// Responses are keyed by status code, such as "200", a range, such as "4XX", or "default".
	Responses map[string]*Response `json:"responses,omitzero"`
	// Callbacks are requests that the operation makes the service send, by name and by the expression of their URL.
	Callbacks  map[string]map[string]*PathItem `json:"callbacks,omitzero"`
	Deprecated bool                            `json:"deprecated,omitzero"`
	// Security takes the place of the document's. Nil inherits it; empty but not nil says that anybody may call.
	Security   []SecurityRequirement `json:"security,omitzero"`
	Servers    []Server              `json:"servers,omitzero"`
	Extensions map[string]any        `json:",embed"`
}

// Parameter is one value of the path, the query, a header or a cookie (section 4.8.12). Name and In are required, and
// one of Schema and Content. A reference has Ref, nothing else.
type Parameter struct {
	Ref         string `json:"$ref,omitzero"`
	Name        string `json:"name,omitzero"`
	In          string `json:"in,omitzero"` // path, query, header or cookie
	Description string `json:"description,omitzero"`
	Required    bool   `json:"required,omitzero"` // true for path
	Deprecated  bool   `json:"deprecated,omitzero"`
	// Style is form for query and cookie, simple for path and header, unless it says otherwise.
	Style string `json:"style,omitzero"`
	// Explode says whether each item of an array is a parameter of its own; nil is true for form, else false.
	Explode    *bool                 `json:"explode,omitzero"`
	Schema     *schema.Schema        `json:"schema,omitzero"`
	Example    any                   `json:"example,omitzero"`
	Examples   map[string]*Example   `json:"examples,omitzero"`
	Content    map[string]*MediaType `json:"content,omitzero"`
	Extensions map[string]any        `json:",embed"`
}

// RequestBody is what a request carries (section 4.8.13). Content is required. A reference has Ref, nothing else.
type RequestBody struct {
	Ref         string                `json:"$ref,omitzero"`
	Description string                `json:"description,omitzero"`
	Content     map[string]*MediaType `json:"content,omitzero"` // by media type
	Required    bool                  `json:"required,omitzero"`
	Extensions  map[string]any        `json:",embed"`
}
