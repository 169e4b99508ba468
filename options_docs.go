package tenon

import (
	"maps"

	"github.com/tenon-go/tenon/openapi"
)

// RequestExample adds a named example of the JSON body to the document. Compile reads it as a request would be read: one that
// breaks a rule is a fault.
func RequestExample(name, json string) Option {
	return func(o *Operation) { o.Examples = append(o.Examples, BodyExample{Name: name, JSON: json}) }
}

// ResponseExample adds a named example of the JSON body of a success to the document. Compile holds it against the type of the
// body; one that breaks a rule is a fault.
func ResponseExample(status int, name, json string) Option {
	return func(o *Operation) {
		o.Examples = append(o.Examples, BodyExample{Status: status, Name: name, JSON: json})
	}
}

// ResponseDescription says in the document what the answer with this status means. On a group or app it applies where the
// operation has the status; on an operation it must.
func ResponseDescription(status int, text string) Option {
	return func(o *Operation) {
		if o.ResponseDescriptions = maps.Clone(o.ResponseDescriptions); o.ResponseDescriptions == nil {
			o.ResponseDescriptions = map[int]string{}
		}
		o.ResponseDescriptions[status] = text
	}
}

// Extension adds a member to the operation in the document. Its name begins with "x-"; its value is written as encoding/json
// writes it.
func Extension(name string, value any) Option {
	return func(o *Operation) {
		if o.Extensions = maps.Clone(o.Extensions); o.Extensions == nil {
			o.Extensions = map[string]any{}
		}
		o.Extensions[name] = value
	}
}

// ExternalDocs points from the operation in the document to more to read.
func ExternalDocs(url, description string) Option {
	return func(o *Operation) { o.ExternalDocs = &openapi.ExternalDocs{URL: url, Description: description} }
}
