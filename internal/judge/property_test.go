package judge_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/examples/store"
	"github.com/tenon-go/tenon/internal/judge"
	"github.com/tenon-go/tenon/testdata/openapi/bodies"
	"github.com/tenon-go/tenon/testdata/openapi/conditional"
	"github.com/tenon-go/tenon/testdata/openapi/decimals"
	"github.com/tenon-go/tenon/testdata/openapi/described"
	"github.com/tenon-go/tenon/testdata/openapi/extended"
	"github.com/tenon-go/tenon/testdata/openapi/forms"
	"github.com/tenon-go/tenon/testdata/openapi/pages"
	"github.com/tenon-go/tenon/testdata/openapi/parameters"
	"github.com/tenon-go/tenon/testdata/openapi/problems"
	"github.com/tenon-go/tenon/testdata/openapi/provided"
	"github.com/tenon-go/tenon/testdata/openapi/types"
	"github.com/tenon-go/tenon/testdata/openapi/unions"
)

// each is how many requests of either kind an operation gets, at least.
const each = 100

// unsaid are the rules that no schema says: those across fields, about other rows, within a text, and that a number in any JSON is one that a
// float holds. A request that breaks one, and no other, is counted on neither side.
var unsaid = []string{
	"final-price", "blank", "duplicate", "unknown-user", "unknown-product", // of the store
	"conflict", "cursor", "values", // of lists
	"range",
}

// harmless are operations to which every value is welcome, so that none can be wrong.
var harmless = []string{"DELETE /v1/names/{name}", "PUT /raw image/*", "PUT /raw image/png", "PUT /stream */*"}

// TestPY11SD158ServersAgreeWithTheirDocuments makes values of the schemas that an app publishes, and mutants of them, for each operation of the
// store and of the apps of testdata/openapi. A third party says whether the schema allows a value; the server must take what it
// allows, and refuse what it does not with 422.
func TestPY11SD158ServersAgreeWithTheirDocuments(t *testing.T) {
	t.Parallel()
	for name, app := range map[string]*tenon.App{
		"bodies": bodies.App(), "conditional": conditional.App(), "decimals": decimals.App(), "described": described.App(), "pages": pages.App(),
		"parameters": parameters.App(), "problems": problems.App(), "extended": extended.App(), "types": types.App(), "unions": unions.App(),
		"forms": forms.App(), "provided": provided.App(),
		"store": storeApp(t),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := app.Compile(); err != nil {
				t.Fatal(err)
			}
			doc := specification(t, app)
			for _, op := range operationsOf(doc) {
				t.Run(op.name(), func(t *testing.T) {
					t.Parallel()
					(&property{t: t, app: app, op: op, compiler: compiler(t, doc), gen: judge.NewGenerator(doc, 1)}).run()
				})
			}
		})
	}
}

func storeApp(t *testing.T) *tenon.App {
	t.Helper()
	db, err := store.Open(context.Background(), "sqlite:"+filepath.Join(t.TempDir(), "store.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := store.FillDemo(context.Background(), db); err != nil { // an order needs a user and products
		t.Fatal(err)
	}
	app, err := store.New(store.Config{DB: db, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// compiler compiles schemas of a document, with the formats of the OpenAPI Format Registry that bound a value.
func compiler(t *testing.T, doc any) *jsonschema.Compiler {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	c.AssertContent()
	c.RegisterFormat(int64Format())
	c.RegisterFormat(&jsonschema.Format{Name: "http-date", Validate: func(v any) error {
		text, ok := v.(string)
		if !ok {
			return nil
		}
		_, err := http.ParseTime(text)
		return err
	}})
	c.RegisterFormat(&jsonschema.Format{Name: "email", Validate: func(v any) error { // with a dot in its domain, as the pages say
		text, ok := v.(string)
		if address, err := mail.ParseAddress(text); ok && (err != nil || len(text) > 254 || address.Address != text || !strings.Contains(text[strings.LastIndexByte(text, '@'):], ".")) {
			return errors.New("not an address")
		}
		return nil
	}})
	if err := c.AddResource("https://tenon.example/doc.json", doc); err != nil {
		t.Fatal(err)
	}
	return c
}

// property is the proof for one operation.
type property struct {
	t        *testing.T
	app      http.Handler
	op       published
	compiler *jsonschema.Compiler
	gen      *judge.Generator

	taken, refused, neither int
}

func (p *property) run() {
	for i := 0; i < 40*each && (p.taken < each || p.refused < each); i++ {
		values := map[string]any{}
		for _, param := range p.op.parameters {
			if param.required || i%2 == 0 {
				values[param.name] = param.sendable(p.gen.Value(param.schema))
			}
			if list, ok := values[param.name].([]any); ok && len(list) == 0 {
				delete(values, param.name) // a list of no items cannot be written
			}
		}
		var body any
		if p.op.media != "" {
			body = p.op.value(p.gen)
		}
		if p.taken < each || i%3 == 0 {
			p.send(values, body, true)
		}
		p.mutate(i, values, body)
	}
	p.t.Logf("%d taken, %d refused, %d break a rule that no schema says", p.taken, p.refused, p.neither)
	if p.taken < each || p.refused < each && !slices.Contains(harmless, p.op.name()) {
		p.t.Errorf("%d values taken and %d refused, want %d of each", p.taken, p.refused, each)
	}
}

// mutate sends a mutant of the body or of one parameter.
func (p *property) mutate(i int, values map[string]any, body any) {
	n := len(p.op.parameters)
	if p.op.media != "" && (n == 0 || i%2 == 0) {
		if mutant, ok := p.op.mutant(p.gen, body); ok {
			p.send(values, mutant, false)
		}
		return
	}
	param := p.op.parameters[i/2%n]
	if wrong := []any{"x", "-1", "0", "true", "1.5", "99999999999999999999", strings.Repeat("y", 300), "a", "7"}[i%9]; i%10 == 9 && param.in != "path" {
		delete(values, param.name)
	} else if kind := param.schema["type"]; kind == "array" {
		values[param.name] = []any{wrong}
	} else if param.style != "deepObject" {
		values[param.name] = wrong
	} else {
		values[param.name] = map[string]any{[]string{"name", "age", "zz"}[i%3]: wrong}
	}
	p.send(values, body, false)
}

// send sends one request, and compares the verdict of the schemas with that of the server.
func (p *property) send(values map[string]any, body any, mustBeValid bool) {
	p.t.Helper()
	allowed := p.op.media == "" || p.allows(p.op.schemaAt(), p.op.bodyAsRead(p, body))
	for _, param := range p.op.parameters {
		v, given := values[param.name]
		allowed = allowed && (given || !param.required) && (!given || p.allows(param.at, p.asRead(param.schema, v)))
	}
	if mustBeValid && !allowed {
		p.t.Fatalf("the generator made %v and %v, which are not allowed", values, body)
	}
	r := p.request(values, body)
	w := httptest.NewRecorder()
	if p.op.stream {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		serveUntil(p.app, &until{w, cancel}, r.WithContext(ctx))
	} else {
		p.app.ServeHTTP(w, r)
	}
	refused := w.Code == http.StatusUnprocessableEntity || w.Code == http.StatusPreconditionRequired
	switch {
	case w.Code >= 500 || w.Code == http.StatusBadRequest || w.Code == http.StatusUnsupportedMediaType || w.Code == http.StatusNotAcceptable:
		p.t.Errorf("%s %s: %v: %d: %s", r.Method, r.URL, text(body), w.Code, w.Body)
	case refused && allowed && p.onlyUnsaid(w.Body.Bytes()):
		p.neither++
	case refused == allowed:
		p.t.Errorf("%s %s: %v %s: the schema says %v, the server %d: %s", r.Method, r.URL, r.Header, text(body), allowed, w.Code, w.Body)
	case allowed:
		p.taken++
	default:
		p.refused++
	}
}

func (p *property) allows(at string, v any) bool {
	p.t.Helper()
	schema, err := p.compiler.Compile("https://tenon.example/doc.json#" + at)
	if err != nil {
		p.t.Fatal(err)
	}
	return schema.Validate(v) == nil
}

// onlyUnsaid reports whether every fault of an answer is of a rule that no schema says.
func (p *property) onlyUnsaid(answer []byte) bool {
	var problem struct {
		Errors []struct {
			Code string `json:"code"`
		} `json:"errors"`
	}
	if err := json.Unmarshal(answer, &problem); err != nil {
		p.t.Error(err)
	}
	for _, fault := range problem.Errors {
		if !slices.Contains(unsaid, fault.Code) {
			return false
		}
	}
	return true
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(errors.New("a value of the generator is JSON"))
	}
	return string(b)
}
