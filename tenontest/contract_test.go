package tenontest_test

import (
	"context"
	"encoding/json/jsontext"
	"net/http"
	"reflect"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/schema"
	"github.com/tenon-go/tenon/tenontest"
)

// answers is middleware that answers in the place of the operation, so that a test can make it break its promise.
func answers(status int, contentType, body string) tenon.Option {
	return tenon.AfterAuth(func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = []string{contentType}
			if contentType == "" {
				w.Header()["Content-Type"] = nil
			}
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		})
	})
}

func TestAnswersAreHeldAgainstTheDocument(t *testing.T) {
	t.Parallel()
	const problem = `{"type":"/problems/gone","title":"Gone.","status":410,"instance":"urn:uuid:019abcde-f012-7345-8678-9abcdef01234","code":"gone"}`
	for _, tt := range []struct {
		name              string
		status            int
		contentType, body string
		texts             []string
	}{
		{"a declared answer", 200, "application/json", `{"id":1,"name":"Ada"}`, nil},
		{"with a parameter of its media type", 200, "application/json; charset=utf-8", `{"id":1,"name":"Ada"}`, nil},
		{"a declared problem", 410, "application/problem+json", problem, nil},
		{"a status that is not declared", 418, "application/json", `{}`, []string{"status 418 is not declared, only 200, "}},
		{"another success", 201, "application/json", `{"id":1,"name":"Ada"}`, []string{"status 201 is not declared"}},
		{"another media type", 200, "text/html", `<p>`, []string{`Content-Type "text/html" is not declared, only application/json`}},
		{"no media type", 200, "", `{"id":1,"name":"Ada"}`, []string{`Content-Type "" is not declared`}},
		{"a problem as plain JSON", 410, "application/json", problem, []string{`Content-Type "application/json" is not declared`}},
		{"a body that is not JSON", 200, "application/json", `{`, []string{"the body is not JSON"}},
		{"a missing member", 200, "application/json", `{"id":1}`, []string{"/name: absent, but required"}},
		{"a wrong type", 200, "application/json", `{"id":"1","name":"Ada"}`, []string{`/id: "1" is not of type "integer"`}},
		{"a rule that the service itself breaks", 200, "application/json", `{"id":1,"name":"A"}`, []string{"/name: 1 code points, minLength is 2"}},
		{"a problem without a code", 410, "application/problem+json", `{"type":"/x","title":"x","status":410,"instance":"urn:x:y"}`,
			[]string{"/code: absent, but required"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := newApp(t, answers(tt.status, tt.contentType, tt.body))
			texts := tt.texts
			if texts != nil {
				texts = append(texts, "GET /items/1: the answer is not what the OpenAPI document says of /items/{id}", tt.body)
			}
			expect(t, func(f *fake) { tenontest.New(f, app).Get("/items/1") }, texts...)
			expect(t, func(f *fake) { tenontest.New(f, app, tenontest.Config{IgnoreDocument: true}).Get("/items/1") })
		})
	}
}

func TestHeadIsHeldAgainstTheGet(t *testing.T) {
	t.Parallel()
	expect(t, func(f *fake) { tenontest.New(f, newApp(f, answers(418, "text/plain", ""))).Head("/items/1") }, "status 418 is not declared")
	expect(t, func(f *fake) { tenontest.New(f, newApp(f, answers(200, "text/plain", ""))).Head("/items/1") })
}

func TestHiddenOperationsHaveNoDocument(t *testing.T) {
	t.Parallel()
	expect(t, func(f *fake) {
		tenontest.New(f, newApp(t, tenon.Hidden(), answers(418, "text/plain", "short and stout"))).Get("/items/1").Status(418)
	})
}

// described is an app whose document says that GET /any answers 200 with the given response, and which answers with body.
func described(t *testing.T, body string, response *openapi.Response, media ...string) *tenon.App {
	t.Helper()
	app := tenon.New(tenon.Config{}, answers(200, append(media, "application/json")[0], body))
	app.Get("/any", func(context.Context, *struct{}) (*item, error) { return nil, nil })
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	app.OpenAPI().Paths["/any"].Get.Responses = map[string]*openapi.Response{"2XX": response}
	app.OpenAPI().Components.Schemas["Node"] = &schema.Schema{Properties: []schema.Named{{Name: "next", Schema: &schema.Schema{Ref: "#/components/schemas/Node"}}},
		Types: []string{"object", "null"}, Closed: true}
	return app
}

func value(text string) jsontext.Value { return jsontext.Value(text) }

func types(names ...string) *schema.Schema { return &schema.Schema{Types: names} }

// TestEveryWordOfASchemaIsChecked shows for each word that package schema can write one value that keeps it and one that
// breaks it. TestNoWordIsForgotten shows that the table is whole.
func TestEveryWordOfASchemaIsChecked(t *testing.T) {
	t.Parallel()
	for _, tt := range wordTable() {
		t.Run(tt.words[0]+" "+tt.text, func(t *testing.T) {
			t.Parallel()
			response := &openapi.Response{Description: "d", Content: map[string]*openapi.MediaType{"application/json": {Schema: tt.schema}}}
			expect(t, func(f *fake) { tenontest.New(f, described(t, tt.good, response)).Get("/any") })
			expect(t, func(f *fake) { tenontest.New(f, described(t, tt.bad, response)).Get("/any") }, tt.text)
		})
	}
}

type wordCase struct {
	words     []string // fields of schema.Schema that the case is about
	schema    *schema.Schema
	good, bad string
	text      string
}

func wordTable() []wordCase {
	return []wordCase{
		{[]string{"Ref"}, &schema.Schema{Ref: "#/components/schemas/Node"}, `{"next":{"next":null}}`, `{"next":{"next":7}}`, "/next/next: 7 is not of type"},
		{[]string{"Types"}, types("integer"), `7.0`, `7.5`, `7.5 is not of type "integer"`},
		{[]string{"Types"}, types("boolean", "null"), `null`, `0`, `0 is not of type ["boolean","null"]`},
		{[]string{"Types"}, types("number"), `1e300`, `1e400`, "does not fit a 64-bit float"},
		{[]string{"Types"}, types("array"), `[]`, `{}`, `{} is not of type "array"`},
		{[]string{"Format"}, &schema.Schema{Format: "date-time"}, `"2026-11-26T10:00:00Z"`, `"2026-11-26"`, "has not the format date-time"},
		{[]string{"Format"}, &schema.Schema{Format: "date"}, `"2026-11-26"`, `"2026-02-30"`, "has not the format date"},
		{[]string{"Format"}, &schema.Schema{Format: "uuid"}, `"0198c0de-0000-7000-8000-000000000001"`, `"x"`, "has not the format uuid"},
		{[]string{"Const"}, &schema.Schema{Const: value(`{"a":1}`)}, `{"a":1.0}`, `{"a":2}`, `{"a":2} is not {"a":1}`},
		{[]string{"Enum"}, &schema.Schema{Enum: []jsontext.Value{value(`"a"`), value(`[1]`)}}, `[1]`, `[1,2]`, `[1,2] is none of ["a",[1]]`},
		{[]string{"MinLength"}, &schema.Schema{MinLength: new(2)}, `"éé"`, `"é"`, "1 code points, minLength is 2"},
		{[]string{"MaxLength"}, &schema.Schema{MaxLength: new(2)}, `"éé"`, `"ééé"`, "3 code points, maxLength is 2"},
		{[]string{"Pattern"}, &schema.Schema{Pattern: "^a+$"}, `"aa"`, `"ab"`, "does not match the pattern ^a+$"},
		{[]string{"ContentMediaType", "ContentSchema"}, &schema.Schema{ContentMediaType: "application/json", ContentSchema: types("integer")}, `"7"`, `"x"`,
			"is not the JSON that it should hold"},
		{[]string{"ContentSchema"}, &schema.Schema{ContentMediaType: "application/json", ContentSchema: types("integer")}, `"7"`, `"null"`,
			"null is not of type"},
		{[]string{"Minimum"}, &schema.Schema{Minimum: "1"}, `1`, `0.9`, "0.9 breaks minimum 1"},
		{[]string{"Maximum"}, &schema.Schema{Maximum: "9007199254740992"}, `9007199254740992`, `9007199254740993`, "breaks maximum"},
		{[]string{"ExclusiveMinimum"}, &schema.Schema{ExclusiveMinimum: "1"}, `1.1`, `1.0`, "breaks exclusiveMinimum 1"},
		{[]string{"ExclusiveMaximum"}, &schema.Schema{ExclusiveMaximum: "1"}, `0.9`, `1`, "breaks exclusiveMaximum 1"},
		{[]string{"MultipleOf"}, &schema.Schema{MultipleOf: "0.01"}, `0.29`, `0.295`, "is not a multiple of 0.01"},
		{[]string{"Items"}, &schema.Schema{Items: types("string")}, `["a","b"]`, `["a",1]`, "/1: 1 is not of type"},
		{[]string{"MinItems"}, &schema.Schema{MinItems: new(1)}, `[1]`, `[]`, "0 items, minItems is 1"},
		{[]string{"MaxItems"}, &schema.Schema{MaxItems: new(1)}, `[1]`, `[1,2]`, "2 items, maxItems is 1"},
		{[]string{"UniqueItems"}, &schema.Schema{UniqueItems: true}, `[1,2,"1"]`, `[1,2,1.0]`, "/2: 1.0 is there twice"},
		{[]string{"Properties"}, &schema.Schema{Properties: []schema.Named{{Name: "a/b", Schema: types("string")}}}, `{"a/b":"","c":1}`, `{"a/b":1}`,
			"/a~1b: 1 is not of type"},
		{[]string{"Required"}, &schema.Schema{Required: []string{"a", "b"}}, `{"a":1,"b":null}`, `{"a":1}`, "/b: absent, but required"},
		{[]string{"AdditionalProperties"}, &schema.Schema{AdditionalProperties: types("integer")}, `{"a":1}`, `{"a":"1"}`, "/a: "},
		{[]string{"Closed"}, &schema.Schema{Closed: true, Properties: []schema.Named{{Name: "a", Schema: types("integer")}}}, `{"a":1}`, `{"b":1}`,
			"/b: the member is not declared"},
		{[]string{"PropertyNames"}, &schema.Schema{PropertyNames: &schema.Schema{Pattern: "^[0-9]+$"}}, `{"1":1}`, `{"x":1}`, "does not match the pattern"},
		{[]string{"MinProperties"}, &schema.Schema{MinProperties: new(1)}, `{"a":1}`, `{}`, "0 members, minProperties is 1"},
		{[]string{"MaxProperties"}, &schema.Schema{MaxProperties: new(1)}, `{"a":1}`, `{"a":1,"b":2}`, "2 members, maxProperties is 1"},
		{[]string{"AnyOf"}, &schema.Schema{AnyOf: []*schema.Schema{types("string"), types("null")}}, `null`, `7`, "7 matches no schema of anyOf"},
		{[]string{"OneOf"}, &schema.Schema{OneOf: []*schema.Schema{types("integer"), types("number")}}, `1.5`, `1`, "1 matches 2 schemas of oneOf"},
		{[]string{"AllOf"}, &schema.Schema{AllOf: []*schema.Schema{types("integer"), {Minimum: "3"}}}, `3`, `2`, "2 breaks minimum 3"},
		{[]string{"WriteOnly"}, &schema.Schema{Properties: []schema.Named{{Name: "a", Schema: &schema.Schema{WriteOnly: true}}}}, `{}`, `{"a":1}`,
			"/a: the member is writeOnly, but was sent"},
	}
}

func TestNoWordIsForgotten(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{ // words that say nothing of a value in an answer
		"Title": true, "Description": true, "Default": true, "Examples": true, "ContentEncoding": true,
		"ContentMediaType": true, "Transform": true, "Discriminator": true, // says what OneOf does
		"ReadOnly": true, "Deprecated": true,
	}
	for _, tt := range wordTable() {
		for _, word := range tt.words {
			seen[word] = true
		}
	}
	for field := range reflect.TypeFor[schema.Schema]().Fields() {
		if field.IsExported() && !seen[field.Name] {
			t.Errorf("nothing shows that %s is checked", field.Name)
		}
	}
}

func TestRequiredHeadersAreChecked(t *testing.T) {
	t.Parallel()
	response := func(name string) *openapi.Response {
		return &openapi.Response{Description: "d", Headers: map[string]*openapi.Header{name: {Required: true, Schema: types("string")}},
			Content: map[string]*openapi.MediaType{"application/json": {}}}
	}
	expect(t, func(f *fake) { tenontest.New(f, described(t, `{}`, response("content-type"))).Get("/any") })
	expect(t, func(f *fake) { tenontest.New(f, described(t, `{}`, response("ETag"))).Get("/any") }, "the header ETag is absent, but required")
}

func TestABodyThatIsNotDeclared(t *testing.T) {
	t.Parallel()
	expect(t, func(f *fake) { tenontest.New(f, described(t, ``, &openapi.Response{Description: "d"})).Get("/any") })
	expect(t, func(f *fake) { tenontest.New(f, described(t, `{}`, &openapi.Response{Description: "d"})).Get("/any") }, "there is a body, but none is declared")
}
