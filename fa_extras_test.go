package tenon_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

type named struct {
	ID   int    `json:"id"   readOnly:"true"`
	Name string `json:"name" minLength:"2"`
}

var errNameTaken = problem.Define(409, "name-taken", "The name is taken.")

// TestFA25Extras says everything of the document that no type says, each at its place.
func TestFA25Extras(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{
		TermsOfService: "https://example.com/terms",
		Contact:        &openapi.Contact{Name: "Help", Email: "help@example.com"},
		License:        &openapi.License{Name: "MIT", Identifier: "MIT"},
		ExternalDocs:   &openapi.ExternalDocs{URL: "https://example.com/guide", Description: "The guide."},
		Servers:        []openapi.Server{{URL: "https://api.example.com", Description: "Production"}, {URL: "/"}},
		TagInfo:        []openapi.Tag{{Name: "b", Description: "Second letters."}, {Name: "a"}},
		Extensions:     map[string]any{"x-audience": "partners"},
		Logger:         tenontest.Logger(t),
	}, tenon.ResponseDescription(409, "Somebody was first."), tenon.ResponseDescription(404, "It is gone."))
	app.Post("/names", func(_ context.Context, in *named) (*named, error) { return in, nil },
		tenon.Tags("a", "c"), tenon.OperationID("addName"), tenon.Fails(errNameTaken),
		tenon.RequestExample("short", `{"name":"Al"}`), tenon.RequestExample("long", `{"name":"Alexander"}`),
		tenon.ResponseExample(201, "made", `{"id":7,"name":"Al"}`),
		tenon.ResponseDescription(201, "The name is kept."), tenon.ResponseDescription(422, "Nothing is kept."),
		tenon.Extension("x-quota", map[string]int{"day": 5}), tenon.ExternalDocs("names.html", "On names."))
	app.Get("/names", gives[fine](), tenon.Tags("b"))
	s := tenontest.New(t, app)
	s.Get("/openapi.json").Status(200).
		At("/info", `{"title":"API","termsOfService":"https://example.com/terms","contact":{"name":"Help","email":"help@example.com"},"license":{"name":"MIT","identifier":"MIT"},"version":"0.0.0"}`).
		At("/servers", `[{"url":"https://api.example.com","description":"Production"},{"url":"/"}]`).
		At("/tags", `[{"name":"b","description":"Second letters."},{"name":"a"},{"name":"c"}]`).
		At("/externalDocs", `{"description":"The guide.","url":"https://example.com/guide"}`).
		At("/x-audience", `"partners"`).
		At("/paths/~1names/post/operationId", `"addName"`).
		At("/paths/~1names/post/x-quota", `{"day":5}`).
		At("/paths/~1names/post/externalDocs", `{"description":"On names.","url":"names.html"}`).
		At("/paths/~1names/post/requestBody/content/application~1json/examples", `{"long":{"value":{"name":"Alexander"}},"short":{"value":{"name":"Al"}}}`).
		At("/paths/~1names/post/responses/201/content/application~1json/examples", `{"made":{"value":{"id":7,"name":"Al"}}}`).
		At("/paths/~1names/post/responses/201/description", `"The name is kept."`).
		At("/paths/~1names/post/responses/409/description", `"Somebody was first."`).
		At("/paths/~1names/post/responses/422/description", `"Nothing is kept."`).
		At("/components/responses/ValidationFailed/description", `"The request has invalid values."`).
		At("/paths/~1names/get/responses/422", `{"$ref":"#/components/responses/ValidationFailed"}`)
}

// TestSP01InputsAndOutputsAreTwoSchemasWhereTheyDiffer leaves what only the service writes out of what a client sends.
func TestSP01InputsAndOutputsAreTwoSchemasWhereTheyDiffer(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Post("/names", func(_ context.Context, in *named) (*named, error) { return in, nil })
	s := tenontest.New(t, app)
	s.Get("/openapi.json").
		At("/components/schemas/NamedInput", `{"type":"object","properties":{"name":{"type":"string","minLength":2}},"required":["name"],"additionalProperties":false}`).
		At("/components/schemas/Named", `{"type":"object","properties":{"id":{"type":"integer","format":"int64","readOnly":true},"name":{"type":"string","minLength":2}},"required":["id","name"]}`)
	s.Post("/names", `{"id":1,"name":"Al"}`).Status(422).Fault("body", "/id", "readOnly").Faults(1)
}

type nullable struct {
	Text tenon.Null[string] `json:"text"`
	Kind *size              `json:"kind"`
	List *[]int             `json:"list"`
	Ref  *named             `json:"ref"`
}

// TestW11NullableMembersAreLists of types, which generators read, except where the value is a component.
func TestW11NullableMembersAreLists(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Get("/x", gives[nullable]())
	tenontest.New(t, app).Get("/openapi.json").At("/components/schemas/Nullable/properties", `{
		"text":{"type":["string","null"]},
		"kind":{"type":["string","null"],"enum":["s","m",null]},
		"list":{"type":["array","null"],"items":{"type":"integer","format":"int64"}},
		"ref":{"anyOf":[{"$ref":"#/components/schemas/Named"},{"type":"null"}]}}`)
}

// TestW07TheDocumentFollowsThe422 holds an answer to a bad request against the schema and the example that the document has.
func TestW07TheDocumentFollowsThe422(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{ProblemBase: "https://errors.example/", Logger: tenontest.Logger(t)})
	app.Post("/names", func(_ context.Context, in *named) (*named, error) { return in, nil })
	s := tenontest.New(t, app)
	s.Post("/names", `{"name":"A"}`).Status(422).At("/type", `"https://errors.example/validation-failed"`)
	place := "/components/responses/ValidationFailed/content/application~1problem+json"
	got := s.Post("/names", `{"name":"A"}`).Into[map[string]any]()
	want := []string{"code", "errors", "instance", "status", "title", "type"}
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, want) {
		t.Errorf("the answer has %q, want %q", names, want)
	}
	for _, name := range want {
		if documentAt(t, s, place+"/schema/properties/"+name) == "" {
			t.Errorf("the schema does not have %s", name)
		}
	}
	if got := documentAt(t, s, place+"/examples/validation-failed/value/type"); got != `"https://errors.example/validation-failed"` {
		t.Errorf("the example has the type %s", got)
	}
}

// TestFA26TheDocumentIsFoundBehindAPrefix states the root that the document is served below.
func TestFA26TheDocumentIsFoundBehindAPrefix(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		docs       tenon.Docs
		json, yaml string
	}{
		{tenon.Docs{}, ".", "."},
		{tenon.Docs{JSON: "/docs/v1/openapi.json"}, "../..", "."},
		{tenon.Docs{YAML: "/docs/openapi.yaml"}, ".", ".."},
	} {
		s := tenontest.New(t, tenon.New(tenon.Config{Docs: tt.docs, Logger: tenontest.Logger(t)}))
		json, yaml := "/openapi.json", "/openapi.yaml"
		if tt.docs.JSON != "" {
			json = tt.docs.JSON
		}
		if tt.docs.YAML != "" {
			yaml = tt.docs.YAML
		}
		s.Get(json).At("/servers", `[{"url":"`+tt.json+`"}]`)
		if text := string(s.Get(yaml).Status(200).Body); !strings.Contains(text, "servers:\n  - url: \""+tt.yaml+"\"\n") {
			t.Errorf("%s has not the server %s:\n%s", yaml, tt.yaml, text)
		}
	}
}

// TestCompileRefusesExtras registers what a document cannot hold, and examples that the service would refuse.
func TestCompileRefusesExtras(t *testing.T) {
	t.Parallel()
	with := func(opts ...tenon.Option) func(*tenon.App) {
		return func(a *tenon.App) {
			a.Post("/x", func(_ context.Context, in *named) (*named, error) { return in, nil }, opts...)
		}
	}
	checkFaults(t, []faulty{
		{"an example that breaks a rule", "fa_extras_test.go", with(tenon.RequestExample("a", `{"name":"A"}`)), `POST /x: example "a": /name must have 2 characters or more`},
		{"an example with an unknown member", "fa_extras_test.go", with(tenon.RequestExample("a", `{"name":"Al","x":1}`)), "/x is not a known member"},
		{"an example that sets what is read-only", "fa_extras_test.go", with(tenon.RequestExample("a", `{"name":"Al","id":1}`)), "/id is read-only"},
		{"an example that is not JSON", "fa_extras_test.go", with(tenon.RequestExample("a", `{`)), "it cannot be read"},
		{"an example of an answer that breaks a rule", "fa_extras_test.go", with(tenon.ResponseExample(201, "a", `{"id":1,"name":"A"}`)), `example "a": /name must have`},
		{"an example without a name", "fa_extras_test.go", with(tenon.RequestExample("", `{"name":"Al"}`)), "an example has a name"},
		{"two examples of one name", "fa_extras_test.go", with(tenon.RequestExample("a", `{"name":"Al"}`), tenon.RequestExample("a", `{"name":"Al"}`)), "there is another of that name"},
		{"an example of an answer that is not given", "fa_extras_test.go", with(tenon.ResponseExample(200, "a", `{}`)), "no success 200 with a JSON body"},
		{"an example of a body that is not taken", "fa_extras_test.go", func(a *tenon.App) { a.Get("/x", gives[fine](), tenon.RequestExample("a", `{}`)) }, "the operation has no JSON body"},
		{"words for an answer that is not given", "fa_extras_test.go", with(tenon.ResponseDescription(418, "Tea.")), "does not answer 418"},
		{"an extension by another name", "fa_extras_test.go", with(tenon.Extension("quota", 5)), `"quota" has a name that does not begin with x-`},
		{"an extension that is no JSON", "fa_extras_test.go", with(tenon.Extension("x-f", func() {})), "the extension x-f cannot be written"},
		{"documentation that is nowhere", "fa_extras_test.go", with(tenon.ExternalDocs("", "")), `"" is not a URL`},
	})
	for words, cfg := range map[string]tenon.Config{
		"TermsOfService: ":              {TermsOfService: "javascript:alert(1)"},
		"Contact: the e-mail":           {Contact: &openapi.Contact{Email: "nobody"}},
		"License: it has a name":        {License: &openapi.License{Identifier: "MIT"}},
		"License: it has a name, and":   {License: &openapi.License{Name: "MIT", Identifier: "MIT", URL: "/mit"}},
		"ExternalDocs: ":                {ExternalDocs: &openapi.ExternalDocs{}},
		"Servers: ":                     {Servers: []openapi.Server{{URL: "ftp://x"}}},
		"TagInfo: a: no operation":      {TagInfo: []openapi.Tag{{Name: "a"}}},
		"TagInfo: b: it is there twice": {TagInfo: []openapi.Tag{{Name: "b"}, {Name: "b"}}},
		"Extensions: the extension":     {Extensions: map[string]any{"audience": 1}},
	} {
		app := tenon.New(cfg)
		app.Get("/x", gives[fine](), tenon.Tags("b"))
		if err := app.Compile(); err == nil || !strings.Contains(err.Error(), "tenon.Config: "+words) {
			t.Errorf("Compile = %v, want a fault with %q", err, words)
		}
	}
}
