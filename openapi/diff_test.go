package openapi_test

import (
	"bytes"
	"encoding/json/jsontext"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/openapi"
)

// edit is a change of the base document, as text: the first occurrence of from becomes to.
type edit struct{ name, from, to string }

// edits are made to testdata/diff_base.json, one at a time.
var edits = []edit{
	{"an operation", `"/gone": {`, `"/new": {`},
	{"a path parameter by another name", `"/users/{id}": {"get": {"operationId": "getUser", "parameters": [{"name": "id",`, `"/users/{uid}": {"get": {"operationId": "getUser", "parameters": [{"name": "uid",`},
	{"the operation id", `"operationId": "getUser"`, `"operationId": "readUser"`},
	{"deprecation", `"operationId": "getUser",`, `"operationId": "getUser", "deprecated": true,`},
	{"the description", `"Finds users."`, `"Finds some users."`},
	{"a server", `"https://a.example"`, `"https://b.example"`},
	{"security", `"security": [{"token": ["read"]}]`, `"security": [{"token": ["read", "write"]}]`},
	{"security that is lifted", `"security": [{"token": ["read"]}]`, `"security": [{"token": ["read"]}, {}]`},
	{"security by other means", `"security": [{"token": ["read"]}]`, `"security": [{"key": []}]`},
	{"a parameter", `{"name": "sort", "in": "query", "schema": {"type": "string"}},`, ``},
	{"a required parameter", `{"name": "sort", "in": "query",`, `{"name": "order", "in": "query", "required": true,`},
	{"that a parameter is required", `{"name": "sort", "in": "query",`, `{"name": "sort", "in": "query", "required": true,`},
	{"a header in another case", `"name": "X-Trace"`, `"name": "x-trace"`},
	{"the style of a parameter", `"name": "tags", "in": "query", "explode": false`, `"name": "tags", "in": "query"`},
	{"the deprecation of a parameter", `{"name": "sort", "in": "query",`, `{"name": "sort", "in": "query", "deprecated": true,`},
	{"the default of a parameter", `"default": 10`, `"default": 20`},
	{"the maximum of a parameter", `"maximum": 100`, `"maximum": 50`},
	{"the minimum of a parameter", `"minimum": 1,`, ``},
	{"an exclusive bound of a parameter", `"minimum": 1,`, `"exclusiveMinimum": 0,`},
	{"the enum of a parameter", `"enum": ["s", "m"]`, `"enum": ["s", "l"]`},
	{"a parameter that loses its enum", `"enum": ["s", "m"]`, `"minLength": 0`},
	{"a length that all values of an enum have", `"enum": ["s", "m"]`, `"enum": ["s", "m"], "minLength": 1, "maxLength": 3`},
	{"a length that a value of an enum has not", `"enum": ["s", "m"]`, `"enum": ["s", "m"], "minLength": 2`},
	{"the type of a parameter", `"name": "sort", "in": "query", "schema": {"type": "string"}`, `"name": "sort", "in": "query", "schema": {"type": "integer"}`},
	{"an integer that is a number", `"type": "integer", "minimum": 1`, `"type": "number", "minimum": 1`},
	{"items of a parameter", `"maxItems": 5`, `"maxItems": 3`},
	{"that items are unique", `"uniqueItems": true, `, ``},
	{"that a body is required", `"requestBody": {"required": true, `, `"requestBody": {`},
	{"a body", `"requestBody": {"content": {"image/png": {}}},`, ``},
	{"a media type of a body", `{"image/png": {}}`, `{"image/png": {}, "image/jpeg": {}}`},
	{"the length of a member", `"minLength": 2`, `"minLength": 3`},
	{"the pattern of a member", `"pattern": "^[a-z]+$"`, `"pattern": "^[a-z]*$"`},
	{"a member without a pattern", `"pattern": "^[a-z]+$", `, ``},
	{"a required member of an input", `"NewUser": {"type": "object", "properties": {`, `"NewUser": {"type": "object", "properties": {"name2": {"type": "string"}, `},
	{"a member of an input", `"nick": {"type": "string"}, `, ``},
	{"that a member of an input is required", `"required": ["name"]`, `"required": ["name", "nick"]`},
	{"that an input is closed", `"additionalProperties": false`, `"minProperties": 0`},
	{"a nullable member of an input", `"note": {"type": ["string", "null"]}`, `"note": {"type": "string"}`},
	{"the status of an answer", `"200": {"description": "A user."`, `"203": {"description": "A user."`},
	{"a success beside another", `"200": {"description": "A user."`, `"202": {"description": "Later."}, "200": {"description": "A user."`},
	{"a redirect beside a success", `"200": {"description": "A user."`, `"303": {"description": "Elsewhere."}, "200": {"description": "A user."`},
	{"what a condition asks for", `"200": {"description": "A user."`, `"304": {"description": "Held."}, "200": {"description": "A user."`},
	{"what a range asks for", `"200": {"description": "A user."`, `"206": {"description": "A part."}, "200": {"description": "A user."`},
	{"a success by its class", `"200": {"description": "A user."`, `"2XX": {"description": "A user."`},
	{"an answer by default", `"200": {"description": "A user."`, `"default": {"description": "A user."`},
	{"a problem", `"404": {`, `"409": {`},
	{"a header of an answer", `"headers": {"X-Left": `, `"headers": {"X-Rest": `},
	{"the media type of an answer", `"application/json": {"schema": {"$ref": "#/components/schemas/User"}}`, `"application/cbor": {"schema": {"$ref": "#/components/schemas/User"}}`},
	{"a member of an answer", `"email": {"type": "string"}, `, ``},
	{"that a member of an answer is required", `"required": ["id", "email"]`, `"required": ["id"]`},
	{"a new value in an answer", `"enum": ["admin", "user"]`, `"enum": ["admin", "user", "guest"]`},
	{"a value that no answer has", `"enum": ["admin", "user"]`, `"enum": ["admin"]`},
	{"the length of a member of an answer", `"maxLength": 20`, `"maxLength": 30`},
	{"a member of an answer that may be null", `"manager": {"$ref": "#/components/schemas/User"}`, `"manager": {"anyOf": [{"$ref": "#/components/schemas/User"}, {"type": "null"}]}`},
	{"the format of a member of an answer", `"format": "int32"`, `"format": "int64"`},
	{"the values of a map", `"additionalProperties": {"type": "integer"}`, `"additionalProperties": {"type": "string"}`},
	{"a map that is free", `"additionalProperties": {"type": "integer"}`, `"maxProperties": 9`},
	{"items that are free", `"items": {"type": "string", "examples": ["go"]}, `, ``},
	{"a variant", `"mapping": {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"}`, `"mapping": {"cat": "#/components/schemas/Cat"}`},
	{"the discriminator", `"propertyName": "kind"`, `"propertyName": "type"`},
	{"a member of a variant", `"lives": {"type": "integer"}`, `"lives": {"type": "string"}`},
	{"a webhook", `"webhooks": {"left": {"post"`, `"webhooks": {"gone": {"post"`},
	{"the method of a webhook", `"webhooks": {"left": {"post"`, `"webhooks": {"left": {"put"`},
	{"the id of a webhook", `"operationId": "userLeft"`, `"operationId": "left"`},
	{"a header of a webhook", `"name": "X-Signature"`, `"name": "X-Signed"`},
	{"that a header of a webhook is always sent", `"name": "X-Signature", "in": "header", "required": true`, `"name": "X-Signature", "in": "header"`},
	{"the length of a header of a webhook", `"maxLength": 90`, `"maxLength": 99`},
	{"a member of what is sent", `, "size": {"type": "integer"}`, ``},
	{"that a member is always sent", `"required": ["file"]`, `"required": []`},
	{"the length of what is sent", `"maxLength": 70`, `"maxLength": 60`},
	{"an answer to a webhook", `"410": {"description": "No more."}`, `"404": {"description": "No more."}`},
	{"a member of an answer to a webhook", `{"more": {"type": "boolean"}}`, `{"more": {"type": "string"}}`},
	{"a callback", `"callbacks": {"ready":`, `"callbacks": {"done":`},
	{"the expression of a callback", `{$request.query.url}`, `{$request.header.url}`},
	{"an example", `"examples": ["go"]`, `"examples": ["rest"]`},
}

// TestSD114DiffSaysWhatBreaksClients makes each edit and takes it back; the golden file says what Diff says of both.
func TestSD114DiffSaysWhatBreaksClients(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/diff_base.json")
	if err != nil {
		t.Fatal(err)
	}
	base := read(t, string(text))
	if changes := openapi.Diff(base, base); len(changes) > 0 {
		t.Errorf("a document differs from itself: %v", changes)
	}
	var got strings.Builder
	for _, e := range edits {
		edited := strings.Replace(string(text), e.from, e.to, 1)
		if edited == string(text) {
			t.Errorf("%s: the base has not %s", e.name, e.from)
			continue
		}
		after := read(t, edited)
		fmt.Fprintf(&got, "%s\n", e.name)
		for _, c := range openapi.Diff(base, after) {
			fmt.Fprintf(&got, "    %v\n", c)
		}
		fmt.Fprintln(&got, "  and back")
		for _, c := range openapi.Diff(after, base) {
			fmt.Fprintf(&got, "    %v\n", c)
		}
	}
	file := filepath.Join("testdata", "diff.golden")
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("%s differs; go test -update writes it anew:\n%s", file, got.String())
	}
}

func read(t *testing.T, text string) *openapi.Document {
	t.Helper()
	d, err := openapi.Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestReadLosesNothing reads what was written and writes it again.
func TestReadLosesNothing(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"testdata/diff_base.json", "testdata/shop.json"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		again, err := read(t, string(text)).JSON()
		if err != nil {
			t.Fatal(err)
		}
		want, got := jsontext.Value(text), jsontext.Value(again)
		if err := want.Canonicalize(); err != nil {
			t.Fatal(err)
		}
		if err := got.Canonicalize(); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is read as\n%s\nwant\n%s", file, got, want)
		}
	}
}

// TestReadRefuses what it would have to pass over.
func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for text, words := range map[string]string{
		`{"openapi":"3.0.3","info":{"title":"","version":""},"paths":{}}`:                         `its version is "3.0.3"`,
		`{"info":{"title":"","version":""},"paths":{}}`:                                           `its version is ""`,
		`{"openapi":"3.1.0","swagger":"2.0","paths":{}}`:                                          "the member swagger is not known",
		`{"openapi":"3.1.0","components":{"schemas":{"A":{"not":{}}}}}`:                           "not: it is not a word",
		`{"openapi":"3.1.0","components":{"schemas":{"A":{"properties":{"a":{"minimum":"1"}}}}}}`: "it is not a number",
		`{"openapi":"3.1.0","components":{"schemas":{"A":true}}}`:                                 "want an object",
		`{"openapi":"3.1.0"`: "read the document",
	} {
		if _, err := openapi.Read([]byte(text)); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("Read(%s) = %v, want an error with %q", text, err, words)
		}
	}
}

// FuzzRead promises that what is read can be written, and that Diff finds a document to be like itself.
func FuzzRead(f *testing.F) {
	if text, err := os.ReadFile("testdata/diff_base.json"); err == nil {
		f.Add(text)
	}
	f.Add([]byte(`{"openapi":"3.1.0","components":{"schemas":{"A":{"$ref":"#/components/schemas/A"}}}}`))
	var knot strings.Builder // each component refers to all
	for i := range 30 {
		fmt.Fprintf(&knot, `,"S%d":{"properties":{`, i)
		for j := range 30 {
			fmt.Fprintf(&knot, `"p%d":{"$ref":"#/components/schemas/S%d"},`, j, j)
		}
		knot.WriteString(`"q":{}}}`)
	}
	f.Add([]byte(`{"openapi":"3.1.0","paths":{"/":{"get":{"responses":{"200":{"content":{"a/b":{"schema":{"$ref":"#/components/schemas/S0"}}}}}}}},` +
		`"components":{"schemas":{` + knot.String()[1:] + `}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := openapi.Read(text)
		if err != nil {
			return
		}
		if changes := openapi.Diff(d, d); len(changes) > 0 {
			t.Errorf("%s differs from itself: %v", text, changes)
		}
		if _, err := d.JSON(); err != nil {
			t.Errorf("%s cannot be written again: %v", text, err)
		}
	})
}
