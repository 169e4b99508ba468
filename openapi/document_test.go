package openapi_test

import (
	"bytes"
	"encoding/json/jsontext"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/schema"
)

var update = flag.Bool("update", false, "write the golden files anew")

// shop is a document with at least one of everything.
func shop() *openapi.Document {
	text := &schema.Schema{Types: []string{"string"}}
	user := &schema.Schema{Ref: "#/components/schemas/User"}
	exploded := true
	problem := &openapi.Response{Ref: "#/components/responses/NotFound"}
	users := &openapi.PathItem{Parameters: []*openapi.Parameter{{Ref: "#/components/parameters/Trace"}}}
	users.Set(http.MethodPost, &openapi.Operation{
		Tags: []string{"users"}, Summary: "Create a user", Description: "Signs a person up.\n\nThe address must be new.\n", OperationID: "createUser",
		RequestBody: &openapi.RequestBody{Required: true, Content: map[string]*openapi.MediaType{"application/json": {
			Schema: user, Examples: map[string]*openapi.Example{"ann": {Summary: "Ann", Value: map[string]any{"name": "Ann", "age": 30}}},
		}}},
		Responses: map[string]*openapi.Response{
			"201": {
				Description: "Created",
				Headers:     map[string]*openapi.Header{"Location": {Description: "Where the user is.", Schema: text, Required: true}},
				Content:     map[string]*openapi.MediaType{"application/json": {Schema: user}},
			},
			"default": {Description: "A problem", Content: map[string]*openapi.MediaType{"application/problem+json": {}}},
			"404":     problem,
		},
		Security: []openapi.SecurityRequirement{},
	})
	users.Set(http.MethodGet, &openapi.Operation{
		OperationID: "listUsers", Deprecated: true,
		Parameters: []*openapi.Parameter{{
			Name: "ids", In: "query", Style: "form", Explode: &exploded, Example: []string{"1", "no"},
			Schema: &schema.Schema{Types: []string{"array"}, Items: text},
		}},
		Responses:  map[string]*openapi.Response{"200": {Description: "OK"}},
		Security:   []openapi.SecurityRequirement{{"oauth": {"users:read"}}, {"key": nil}},
		Extensions: map[string]any{"x-owner": "on call"},
	})
	one := &openapi.PathItem{Summary: "One user"}
	one.Set(http.MethodGet, &openapi.Operation{
		OperationID: "getUser",
		Parameters:  []*openapi.Parameter{{Name: "id", In: "path", Required: true, Schema: text}},
		Responses:   map[string]*openapi.Response{"200": {Description: "OK"}, "404": problem},
	})
	return &openapi.Document{
		Info: openapi.Info{
			Title: "Shop", Version: "1.0", Summary: "A shop: things & people", Description: "Sells <b>things</b>.",
			Contact: &openapi.Contact{Name: "Shop", URL: "https://shop.example", Email: "shop@shop.example"},
			License: &openapi.License{Name: "MIT", Identifier: "MIT"},
		},
		Servers: []openapi.Server{{URL: "/", Description: "here"}},
		Tags:    []openapi.Tag{{Name: "users", ExternalDocs: &openapi.ExternalDocs{URL: "https://shop.example/users"}}, {Name: "no"}},
		Paths:   map[string]*openapi.PathItem{"/users/{id}": one, "/users": users},
		Components: &openapi.Components{
			Schemas:   map[string]*schema.Schema{"User": {Types: []string{"object"}, Properties: []schema.Named{{Name: "name", Schema: text}}}},
			Responses: map[string]*openapi.Response{"NotFound": {Description: "There is no such thing."}},
			Parameters: map[string]*openapi.Parameter{
				"Trace": {Name: "Trace", In: "header", Schema: text},
			},
			Headers: map[string]*openapi.Header{"Left": {Schema: &schema.Schema{Types: []string{"integer"}}}},
			SecuritySchemes: map[string]*openapi.SecurityScheme{
				"key":  {Type: "apiKey", Name: "X-Key", In: "header"},
				"bear": {Type: "http", Scheme: "bearer", BearerFormat: "JWT"},
				"oauth": {Type: "oauth2", Flows: &openapi.OAuthFlows{
					Password: &openapi.OAuthFlow{TokenURL: "/token", Scopes: map[string]string{"users:write": "Change", "users:read": "Read"}},
				}},
			},
		},
		ExternalDocs: &openapi.ExternalDocs{URL: "https://shop.example/docs"},
		Extensions:   map[string]any{"x-b": 1e21, "x-a": nil},
	}
}

func TestDocumentIsGolden(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		file  string
		write func(*openapi.Document) ([]byte, error)
	}{
		{"shop.json", (*openapi.Document).JSON},
		{"shop.yaml", (*openapi.Document).YAML},
	} {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			got, err := tt.write(shop())
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", tt.file)
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("the document is not %s; go test -update writes it anew:\n%s", file, got)
			}
		})
	}
}

func TestDocumentIsTheSameBytesEachTime(t *testing.T) {
	t.Parallel()
	first, err := shop().YAML()
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		if again, _ := shop().YAML(); !bytes.Equal(first, again) {
			t.Fatalf("two documents differ:\n%s\n%s", first, again)
		}
	}
}

func TestEmptyDocumentHasWhatIsRequired(t *testing.T) {
	t.Parallel()
	got, err := (&openapi.Document{}).JSON()
	if err != nil {
		t.Fatal(err)
	}
	want := "{\n  \"openapi\": \"3.1.0\",\n  \"info\": {\n    \"title\": \"\",\n    \"version\": \"\"\n  },\n  \"paths\": {}\n}\n"
	if string(got) != want {
		t.Errorf("got %s want %s", got, want)
	}
}

func TestDocumentRefusesWhatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		value map[string]any
	}{
		{"a value that JSON does not have", map[string]any{"x-f": func() {}}},
		{"text that is not JSON", map[string]any{"x-v": jsontext.Value("{")}},
		{"an extension with the name of something else", map[string]any{"info": 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := &openapi.Document{Extensions: tt.value}
			if _, err := doc.JSON(); err == nil || !strings.HasPrefix(err.Error(), "openapi: ") {
				t.Errorf("JSON: got error %v", err)
			}
			if _, err := doc.YAML(); err == nil {
				t.Error("YAML: got no error")
			}
		})
	}
}

func TestPathItemKnowsMethods(t *testing.T) {
	t.Parallel()
	var item openapi.PathItem
	for _, method := range []string{"TRACE", "PATCH", "HEAD", "OPTIONS", "DELETE", "POST", "PUT", "GET"} {
		if !item.Set(method, &openapi.Operation{OperationID: method}) {
			t.Errorf("Set(%s) refused", method)
		}
	}
	if item.Set("QUERY", &openapi.Operation{}) || item.Operation("QUERY") != nil {
		t.Error("QUERY, which OpenAPI 3.1 cannot say, was taken")
	}
	var order []string
	for method, op := range item.Operations() {
		order = append(order, method)
		if op.OperationID != method || item.Operation(method) != op {
			t.Errorf("%s holds the operation of %s", method, op.OperationID)
		}
	}
	if got, want := strings.Join(order, " "), "GET PUT POST DELETE OPTIONS HEAD PATCH TRACE"; got != want {
		t.Errorf("order %s, want %s", got, want)
	}
}
