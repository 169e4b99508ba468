package tenon_test

import (
	"context"
	"encoding/json/v2"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

func TestSD010TitleAndVersion(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, guideApp(t))
	s.Get("/openapi.json").Status(200).Header("Content-Type", "application/json").At("/openapi", `"3.1.0"`).
		At("/info", `{"title":"User API","version":"1.0.0"}`)
}

func TestSD101TitleDescriptionVersion(t *testing.T) {
	t.Parallel()
	app := func(cfg tenon.Config) *tenontest.Server {
		cfg.Logger = tenontest.Logger(t)
		return tenontest.New(t, tenon.New(cfg))
	}
	app(tenon.Config{Title: "Shop <b>", Description: "Sells *things*.\nSince 1999.", Version: "2.1.0-rc.1"}).Get("/openapi.json").
		At("/info", `{"title":"Shop <b>","description":"Sells *things*.\nSince 1999.","version":"2.1.0-rc.1"}`)
	app(tenon.Config{}).Get("/openapi.json").At("/info", `{"title":"API","version":"0.0.0"}`).At("/paths", `{}`)
}

func TestSD104FA03OneSettingClosesTheDocs(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, tenon.New(tenon.Config{Docs: tenon.Docs{Closed: true, JSON: "/spec.json"}, Logger: tenontest.Logger(t)}))
	for _, path := range []string{"/spec.json", "/openapi.json", "/openapi.yaml", "/docs", "/docs/swagger.js", "/redoc"} {
		s.Get(path).Status(404).Problem("not-found")
	}
}

// TestSD104TheDocsCanBeGuarded puts middleware of the app before them.
func TestSD104TheDocsCanBeGuarded(t *testing.T) {
	t.Parallel()
	guarded := tenon.BeforeAuth(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Key") != "k" {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	s := tenontest.New(t, tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, guarded))
	for _, path := range []string{"/openapi.json", "/openapi.yaml", "/docs", "/docs/swagger.js", "/redoc"} {
		s.Get(path).Status(403).Empty()
		s.With("X-Key", "k").Get(path).Status(200)
	}
}

// TestSD104OneSettingGuardsTheDocs puts middleware before them and nothing else.
func TestSD104OneSettingGuardsTheDocs(t *testing.T) {
	t.Parallel()
	guard := func(name string) tenon.Middleware {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get(name) == "" {
					problem.Write(w, r, problem.New(problem.CodeForbidden, name))
					return
				}
				next.ServeHTTP(w, r)
			})
		}
	}
	app := tenon.New(tenon.Config{Docs: tenon.Docs{Guard: []tenon.Middleware{guard("X-Outer"), guard("X-Inner")}}, Logger: tenontest.Logger(t)})
	app.Get("/open", gives[fine]())
	s := tenontest.New(t, app)
	s.Get("/open").Status(200)
	s.Get("/none").Status(404)
	for _, path := range []string{"/openapi.json", "/openapi.yaml", "/docs", "/docs/swagger.js", "/redoc", "/redoc/redoc.standalone.js"} {
		s.Get(path).Status(403).At("/detail", `"X-Outer"`)
		s.With("X-Outer", "k").Get(path).Status(403).At("/detail", `"X-Inner"`)
		s.With("X-Outer", "k").With("X-Inner", "k").Get(path).Status(200)
	}
	s.With("X-Outer", "k").With("X-Inner", "k").Get("/openapi.json").Header("Cache-Control", "private, no-cache")
	missing := tenon.New(tenon.Config{Docs: tenon.Docs{Guard: []tenon.Middleware{nil}}})
	if err := missing.Compile(); err == nil || err.Error() != "tenon.Config: Docs.Guard: a middleware is nil" {
		t.Errorf("the fault is %v", err)
	}
}

func TestSD017TagsSummaryDescription(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, guideApp(t))
	s.Get("/openapi.json").At("/paths/~1users/post/tags", `["users"]`).At("/paths/~1users/post/summary", `"Create a new user."`).
		At("/paths/~1users/post/description", `"Validation happens automatically."`)
}

func TestSD100FA03DocumentAndPages(t *testing.T) {
	t.Parallel()
	paths := func(d tenon.Docs) *tenontest.Server {
		return tenontest.New(t, tenon.New(tenon.Config{Docs: d, Logger: tenontest.Logger(t)}))
	}
	for _, tt := range []struct {
		name        string
		docs        tenon.Docs
		there, gone []string
	}{
		{"where they are by default", tenon.Docs{}, []string{"/openapi.json", "/openapi.yaml", "/docs", "/redoc"}, nil},
		{"moved", tenon.Docs{JSON: "/a.json", YAML: "/b.yaml", Swagger: "/deep/swagger", ReDoc: "/r"},
			[]string{"/a.json", "/b.yaml", "/deep/swagger", "/r"}, []string{"/openapi.json", "/openapi.yaml", "/docs", "/redoc"}},
		{"one left out", tenon.Docs{ReDoc: "-", YAML: "-"}, []string{"/openapi.json", "/docs"}, []string{"/redoc", "/openapi.yaml"}},
		{"closed", tenon.Docs{Closed: true}, nil, []string{"/openapi.json", "/openapi.yaml", "/docs", "/redoc"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := paths(tt.docs)
			for _, path := range tt.there {
				s.Get(path).Status(200)
				s.Head(path).Status(200).Text("")
			}
			for _, path := range tt.gone {
				s.Get(path).Status(404).Problem("not-found")
			}
		})
	}
}

var (
	reference = regexp.MustCompile(`(?:src|href)="([^"]*)"`)
	foreign   = regexp.MustCompile(`^(?:[a-z]+:)?//`)
)

// TestSD100PagesNeedNoOtherHost follows every reference of the pages: each asset is there and is the app's own, and the
// policy lets nothing else in.
func TestSD100PagesNeedNoOtherHost(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, guideApp(t))
	for _, path := range []string{"/docs", "/redoc"} {
		r := s.Get(path).Status(200)
		policy := r.Headers.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") && !strings.Contains(policy, "default-src 'self'") {
			t.Errorf("%s has the policy %q", path, policy)
		}
		if strings.Contains(policy, "http:") || strings.Contains(policy, "https:") || strings.Contains(policy, "*") {
			t.Errorf("%s lets other hosts in: %q", path, policy)
		}
		found := reference.FindAllStringSubmatch(string(r.Body), -1)
		if len(found) == 0 {
			t.Errorf("%s refers to nothing", path)
		}
		for _, match := range found {
			switch target := match[1]; {
			case foreign.MatchString(target):
				t.Errorf("%s refers to %s", path, target)
			case strings.HasPrefix(target, "#"), strings.HasPrefix(target, "data:"):
			default:
				s.Get(resolve(t, path, target)).Status(200)
			}
		}
	}
}

func resolve(t *testing.T, base, target string) string {
	t.Helper()
	from, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	to, err := from.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	return to.RequestURI()
}

func TestSD100FA03DocumentsAreTheSameBytesEachTime(t *testing.T) {
	t.Parallel()
	first := tenontest.New(t, guideApp(t)).Get("/openapi.yaml").Status(200)
	for range 5 {
		tenontest.New(t, guideApp(t)).Get("/openapi.yaml").Text(string(first.Body)).Header("ETag", first.Headers.Get("ETag"))
	}
}

func TestSD102OnlyStatusesThatCanHappenEachWithSchemaAndExample(t *testing.T) {
	t.Parallel()
	doc := documentOf(t, guideApp(t))
	for _, tt := range []struct {
		path, method string
		want         []string
	}{
		{"/users", "post", []string{"201", "400", "406", "408", "413", "415", "422", "500", "504"}},
		{"/users", "get", []string{"200", "400", "406", "422", "500", "504"}},
		{"/users/{user_id}", "get", []string{"200", "400", "404", "406", "422", "500", "504"}},
		{"/users/{user_id}", "delete", []string{"204", "400", "404", "422", "500", "504"}},
	} {
		responses := doc.Paths[tt.path][tt.method].Responses
		if got := slices.Sorted(maps.Keys(responses)); !slices.Equal(got, tt.want) {
			t.Errorf("%s %s documents %v, want %v", tt.method, tt.path, got, tt.want)
		}
		for status, r := range responses {
			if name, ok := strings.CutPrefix(r.Ref, "#/components/responses/"); ok {
				r = doc.Components.Responses[name]
			}
			checkResponse(t, tt.method+" "+tt.path, status, r)
		}
	}
	success := doc.Paths["/users"]["post"].Responses["201"]
	if got := success.Content["application/json"].Schema.Ref; got != "#/components/schemas/GuideUser" {
		t.Errorf("201 has the schema %q", got)
	}
	if success.Headers["Location"] == nil {
		t.Error("201 does not document Location")
	}
}

func checkResponse(t *testing.T, operation, status string, r *docResponse) {
	t.Helper()
	if r == nil || r.Description == "" {
		t.Errorf("%s: %s has no description", operation, status)
		return
	}
	if status < "300" {
		return
	}
	content := r.Content["application/problem+json"]
	if content == nil || content.Schema.Ref != "#/components/schemas/Problem" {
		t.Errorf("%s: %s has not the schema of a problem", operation, status)
		return
	}
	for name, example := range content.Examples {
		if fmt.Sprint(example.Value["status"]) != status || example.Value["code"] != name {
			t.Errorf("%s: %s has an example %s that says %v", operation, status, name, example.Value)
		}
	}
	if len(content.Examples) == 0 {
		t.Errorf("%s: %s has no example", operation, status)
	}
}

// TestSD103DocumentHoldsTogether checks what can be checked without a meta-schema: ids are unique, references lead somewhere,
// path templates and path parameters agree. That each answer keeps to the document is checked by tenontest, all the time.
func TestSD103DocumentHoldsTogether(t *testing.T) {
	t.Parallel()
	app := guideApp(t)
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	text, err := app.OpenAPI().JSON()
	if err != nil {
		t.Fatal(err)
	}
	s := tenontest.New(t, app)
	spec := s.Get("/openapi.json").Text(string(text))
	for _, match := range regexp.MustCompile(`"\$ref":\s*"#([^"]*)"`).FindAllStringSubmatch(string(text), -1) {
		spec.At(match[1], `"<<any>>"`)
	}
	ids := map[string]bool{}
	for path, item := range documentOf(t, app).Paths {
		for method, op := range item {
			if op.OperationID == "" || ids[op.OperationID] {
				t.Errorf("%s %s has the operation id %q", method, path, op.OperationID)
			}
			ids[op.OperationID] = true
			for _, p := range op.Parameters {
				if p.In == "path" && (!strings.Contains(path, "{"+p.Name+"}") || !p.Required) {
					t.Errorf("%s %s: path parameter %s is not in the path, or not required", method, path, p.Name)
				}
			}
			if n := strings.Count(path, "{"); n != countIn(op.Parameters, "path") {
				t.Errorf("%s %s has %d path parameters, want %d", method, path, countIn(op.Parameters, "path"), n)
			}
		}
	}
}

func TestHiddenOperationsAreServedButNotDocumented(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Get("/hidden", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil }, tenon.Hidden())
	app.Get("/old", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil }, tenon.Deprecated(), tenon.OperationID("old"))
	s := tenontest.New(t, app)
	s.Get("/hidden").Status(204)
	doc := documentOf(t, app)
	if doc.Paths["/hidden"] != nil {
		t.Error("the hidden operation is documented")
	}
	if op := doc.Paths["/old"]["get"]; !op.Deprecated || op.OperationID != "old" {
		t.Errorf("the old operation is documented as %+v", op)
	}
}

func TestProblemsWithTheSameStatusAreAllDocumented(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	taken := problem.Define(http.StatusUnprocessableEntity, "taken", "It is taken.")
	app.Post("/x", func(context.Context, *struct {
		A string `json:"a"`
	}) (*tenon.NoContent, error) {
		return nil, taken
	}, tenon.Fails(taken))
	tenontest.New(t, app).Post("/x", `{"a":""}`).Status(422).Problem("taken")
	examples := documentOf(t, app).Paths["/x"]["post"].Responses["422"].Content["application/problem+json"].Examples
	if examples["taken"] == nil || examples["validation-failed"] == nil {
		t.Errorf("422 has the examples %v", slices.Sorted(maps.Keys(examples)))
	}
}

// document is what the tests read of an OpenAPI document.
type document struct {
	Paths      map[string]map[string]*docOperation `json:"paths"`
	Components struct {
		Responses map[string]*docResponse   `json:"responses"`
		Schemas   map[string]map[string]any `json:"schemas"`
	} `json:"components"`
}

type docOperation struct {
	OperationID string         `json:"operationId"`
	Deprecated  bool           `json:"deprecated"`
	Parameters  []docParameter `json:"parameters"`
	RequestBody struct {
		Required bool                 `json:"required"`
		Content  map[string]*docMedia `json:"content"`
	} `json:"requestBody"`
	Responses map[string]*docResponse `json:"responses"`
}

type docParameter struct {
	Name     string         `json:"name"`
	In       string         `json:"in"`
	Required bool           `json:"required"`
	Schema   map[string]any `json:"schema"`
}

type docResponse struct {
	Ref         string               `json:"$ref"`
	Description string               `json:"description"`
	Headers     map[string]any       `json:"headers"`
	Content     map[string]*docMedia `json:"content"`
}

type docMedia struct {
	Schema struct {
		Ref string `json:"$ref"`
	} `json:"schema"`
	Examples map[string]*struct {
		Value map[string]any `json:"value"`
	} `json:"examples"`
}

func documentOf(t *testing.T, app *tenon.App) *document {
	t.Helper()
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	text, err := app.OpenAPI().JSON()
	if err != nil {
		t.Fatal(err)
	}
	var d document
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	return &d
}

func countIn(parameters []docParameter, in string) int {
	n := 0
	for _, p := range parameters {
		if p.In == in {
			n++
		}
	}
	return n
}
