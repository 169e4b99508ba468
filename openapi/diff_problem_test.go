package openapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/openapi"
)

// answering is a document whose only operation answers 429 with a body of a schema.
func answering(t *testing.T, schema string) *openapi.Document {
	t.Helper()
	return read(t, fmt.Sprintf(`{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": {"operationId": "a", "responses": {
		"429": {"description": "No.", "content": {"application/problem+json": {"schema": %s}}}}}}}, "components": {"schemas": {
		"Problem": {"type": "object", "properties": {"code": {"type": "string"}, "status": {"type": "integer"}}, "required": ["code", "status"]}}}}`, schema))
}

// TestDiffOfProblems compares what is answered of one status by the codes of the problems.
func TestDiffOfProblems(t *testing.T) {
	t.Parallel()
	const (
		plain   = `{"$ref": "#/components/schemas/Problem"}`
		tries   = `{"allOf": [{"$ref": "#/components/schemas/Problem"}, {"type": "object", "properties": {"code": {"type": "string", "enum": ["tries"]}}}]}`
		limited = `{"allOf": [{"$ref": "#/components/schemas/Problem"}, {"type": "object", "properties": {"code": {"type": "string", "enum": ["limited"]}, "after": {"type": "integer"}}, "required": ["after"]}]}`
		later   = `{"allOf": [{"$ref": "#/components/schemas/Problem"}, {"type": "object", "properties": {"code": {"type": "string", "enum": ["limited"]}, "after": {"type": "string"}}}]}`
	)
	twoCodes := strings.Replace(tries, `["tries"]`, `["tries", "tired"]`, 1)
	both := `{"anyOf": [` + tries + `, ` + limited + `]}`
	for _, tt := range []struct {
		name, was, is, breaking string
	}{
		{"a second problem", plain, both, ""},
		{"a second problem beside one with its code", tries, both, ""},
		{"one problem less", both, limited, ""},
		{"another problem", tries, limited, ""},
		{"members that are gone", both, plain, "/after: the member is gone"},
		{"members that are gone beside any problem", `{"anyOf": [` + plain + `, ` + limited + `]}`, plain, "/after: the member is gone"},
		{"one code more", `{"anyOf": [` + limited + `, ` + tries + `]}`, `{"anyOf": [` + limited + `, ` + twoCodes + `]}`, ""},
		{"one code less", twoCodes, tries, ""},
		{"another type of a member", both, `{"anyOf": [` + tries + `, ` + later + `]}`, "/after: the type is string, was integer"},
		{"less than a problem", plain, `{"type": "object", "properties": {"code": {"type": "string"}}}`, "/status: the member is gone"},
	} {
		var got []string
		for _, c := range openapi.Diff(answering(t, tt.was), answering(t, tt.is)) {
			if c.Breaking {
				got = append(got, c.String())
			}
		}
		switch {
		case tt.breaking == "" && len(got) > 0:
			t.Errorf("%s breaks nobody: %q", tt.name, got)
		case !strings.Contains(strings.Join(got, "\n"), tt.breaking):
			t.Errorf("%s: %q, want %q", tt.name, got, tt.breaking)
		}
	}
}
