// Package fastapi writes errors as FastAPI does, for a service that takes over from one and whose clients read its errors:
//
//	app := tenon.New(tenon.Config{Errors: fastapi.Errors()})
//
// A 422 is {"detail": [{"type", "loc", "msg"}]}, anything else {"detail": "…"}. What is checked stays the same, so the types and the
// words are those of Tenon; ctx holds the parameters of a message.
package fastapi

import (
	"encoding/json/jsontext"
	"net/http"
	"strconv"
	"strings"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/schema"
)

// Errors is the form of FastAPI's errors, for tenon.Config.
func Errors() *tenon.ErrorForm {
	return &tenon.ErrorForm{MediaType: "application/json", Append: appendError, Schema: describe}
}

func appendError(b []byte, e *problem.Error, o problem.Occurrence) []byte {
	b = append(b, `{"detail":`...)
	if e.Status() != http.StatusUnprocessableEntity {
		text := e.Detail()
		if text == "" {
			text = e.Title()
		}
		return append(appendString(b, text), '}')
	}
	b = append(b, '[')
	for i, f := range append(e.Faults(), o.Faults...) {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendFault(b, f)
	}
	return append(b, `]}`...)
}

func appendFault(b []byte, f problem.Fault) []byte {
	b = append(b, `{"type":`...)
	b = appendString(b, f.Code)
	b = append(b, `,"loc":[`...)
	b = appendString(b, f.In)
	if f.Pointer != "" {
		for token := range strings.SplitSeq(f.Pointer[1:], "/") {
			b = append(b, ',')
			b = appendToken(b, token)
		}
	}
	b = append(b, `],"msg":`...)
	b = appendString(b, f.Message)
	if params := f.Params.String(); params != "" {
		b = append(b, `,"ctx":`...)
		b = append(b, params...)
	}
	return append(b, '}')
}

// appendToken writes a token of a JSON Pointer: the index of an item as a number, the name of a member as a string.
func appendToken(b []byte, token string) []byte {
	if n, err := strconv.Atoi(token); err == nil && n >= 0 && strconv.Itoa(n) == token {
		return append(b, token...)
	}
	return appendString(b, strings.NewReplacer("~1", "/", "~0", "~").Replace(token))
}

func appendString(b []byte, s string) []byte {
	b, _ = jsontext.AppendQuote(b, s) // the error is for invalid UTF-8, which is replaced
	return b
}

func describe(e *problem.Error) *schema.Schema {
	text := &schema.Schema{Types: []string{"string"}}
	if e.Status() != http.StatusUnprocessableEntity {
		return object("HTTPException", []string{"detail"}, schema.Named{Name: "detail", Schema: text})
	}
	fault := object("ValidationError", []string{"type", "loc", "msg"},
		schema.Named{Name: "type", Schema: text},
		schema.Named{Name: "loc", Schema: &schema.Schema{Types: []string{"array"}, Items: &schema.Schema{Types: []string{"string", "integer"}}}},
		schema.Named{Name: "msg", Schema: text},
		schema.Named{Name: "ctx", Schema: &schema.Schema{Types: []string{"object"}}},
	)
	return object("HTTPValidationError", []string{"detail"}, schema.Named{Name: "detail", Schema: &schema.Schema{Types: []string{"array"}, Items: fault}})
}

func object(title string, required []string, members ...schema.Named) *schema.Schema {
	return &schema.Schema{Types: []string{"object"}, Title: title, Required: required, Properties: members}
}
