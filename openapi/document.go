// Package openapi is a small model of OpenAPI 3.1 documents, with a writer for JSON and one for YAML.
//
// The model holds what Tenon says about a service, no more: it writes documents, reads them back (Read) and compares
// two (Diff). Fill the structs with literals and call Document.JSON or Document.YAML. A zero field is left out. The same document is always the same
// bytes: structs are written in the order of the specification, maps in the order of their names.
// Extensions are members that the specification does not know; their names begin with "x-".
//
// Section numbers in this package are those of the OpenAPI Specification, version 3.1.0. Values are safe for concurrent
// reading; nothing here locks.
package openapi

import "github.com/tenon-go/tenon/schema"

// Version is the version of the specification that the documents state.
const Version = "3.1.0"

// Document is a whole description of a service (section 4.8.1).
type Document struct {
	Info    Info     `json:"info"`
	Servers []Server `json:"servers,omitzero"`
	Tags    []Tag    `json:"tags,omitzero"`
	// Paths maps path templates, such as "/users/{id}", to what can be done there. It is written even when empty.
	Paths map[string]*PathItem `json:"paths"`
	// Webhooks are requests that the service sends, by name.
	Webhooks   map[string]*PathItem `json:"webhooks,omitzero"`
	Components *Components          `json:"components,omitzero"`
	// Security holds for every operation that has none of its own.
	Security     []SecurityRequirement `json:"security,omitzero"`
	ExternalDocs *ExternalDocs         `json:"externalDocs,omitzero"`
	Extensions   map[string]any        `json:",embed"`
}

// Info says what the service is (section 4.8.2). Title and Version are required.
type Info struct {
	Title          string         `json:"title"`
	Summary        string         `json:"summary,omitzero"`
	Description    string         `json:"description,omitzero"`
	TermsOfService string         `json:"termsOfService,omitzero"`
	Contact        *Contact       `json:"contact,omitzero"`
	License        *License       `json:"license,omitzero"`
	Version        string         `json:"version"`
	Extensions     map[string]any `json:",embed"`
}

// Contact says whom to ask (section 4.8.3).
type Contact struct {
	Name  string `json:"name,omitzero"`
	URL   string `json:"url,omitzero"`
	Email string `json:"email,omitzero"`
}

// License names the licence of the API (section 4.8.4). Name is required; Identifier (SPDX) and URL exclude each other.
type License struct {
	Name       string `json:"name"`
	Identifier string `json:"identifier,omitzero"`
	URL        string `json:"url,omitzero"`
}

// Server is a base that the paths are relative to (section 4.8.5). URL is required; it may be relative to the document.
type Server struct {
	URL         string         `json:"url"`
	Description string         `json:"description,omitzero"`
	Extensions  map[string]any `json:",embed"`
}

// Tag describes a group of operations (section 4.8.22). Name is required.
type Tag struct {
	Name         string         `json:"name"`
	Description  string         `json:"description,omitzero"`
	ExternalDocs *ExternalDocs  `json:"externalDocs,omitzero"`
	Extensions   map[string]any `json:",embed"`
}

// ExternalDocs points to more to read (section 4.8.11). URL is required.
type ExternalDocs struct {
	Description string `json:"description,omitzero"`
	URL         string `json:"url"`
}

// Components holds what is defined once and referred to by name (section 4.8.7). Names consist of letters, digits and
// the characters . _ and -.
type Components struct {
	Schemas         map[string]*schema.Schema  `json:"schemas,omitzero"`
	Responses       map[string]*Response       `json:"responses,omitzero"`
	Parameters      map[string]*Parameter      `json:"parameters,omitzero"`
	Examples        map[string]*Example        `json:"examples,omitzero"`
	RequestBodies   map[string]*RequestBody    `json:"requestBodies,omitzero"`
	Headers         map[string]*Header         `json:"headers,omitzero"`
	SecuritySchemes map[string]*SecurityScheme `json:"securitySchemes,omitzero"`
	Extensions      map[string]any             `json:",embed"`
}
