package judge_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/judge"
	"github.com/tenon-go/tenon/testdata/openapi/bodies"
	"github.com/tenon-go/tenon/testdata/openapi/conditional"
	"github.com/tenon-go/tenon/testdata/openapi/decimals"
	"github.com/tenon-go/tenon/testdata/openapi/described"
	"github.com/tenon-go/tenon/testdata/openapi/extended"
	"github.com/tenon-go/tenon/testdata/openapi/files"
	"github.com/tenon-go/tenon/testdata/openapi/formats"
	"github.com/tenon-go/tenon/testdata/openapi/forms"
	"github.com/tenon-go/tenon/testdata/openapi/pages"
	"github.com/tenon-go/tenon/testdata/openapi/parameters"
	"github.com/tenon-go/tenon/testdata/openapi/problems"
	"github.com/tenon-go/tenon/testdata/openapi/provided"
	"github.com/tenon-go/tenon/testdata/openapi/streams"
	"github.com/tenon-go/tenon/testdata/openapi/types"
	"github.com/tenon-go/tenon/testdata/openapi/unions"
)

// each is how many requests of either kind an operation gets, at least.
const each = 100

// unsaid are the rules that no schema says: those across fields, about other rows, within a text, and that a number in any JSON is one that a
// float holds. A request that breaks one, and no other, is counted on neither side.
var unsaid = []string{
	"final-price", "blank", "password_common", "password_words", "duplicate", "unknown-product", // of the store
	"conflict", "cursor", "values", // of lists
	"grant", // of a form of OAuth2
	"range",
}

// harmless are operations to which every value is welcome, so that none can be wrong.
var harmless = []string{"GET /events", "PUT /raw image/*", "PUT /raw image/png", "PUT /stream */*"}

// TestPY11SD158ServersAgreeWithTheirDocuments makes values of the schemas that an app publishes, and mutants of them, for each operation of the
// store and of the apps of testdata/openapi. A third party says whether the schema allows a value; the server must take what it
// allows, and refuse what it does not with 422.
func TestPY11SD158ServersAgreeWithTheirDocuments(t *testing.T) {
	t.Parallel()
	for name, app := range map[string]*tenon.App{
		"bodies": bodies.App(), "conditional": conditional.App(), "decimals": decimals.App(), "described": described.App(), "pages": pages.App(),
		"parameters": parameters.App(), "problems": problems.App(), "extended": extended.App(), "types": types.App(), "unions": unions.App(),
		"forms": forms.App(), "provided": provided.App(), "formats": formats.App(), "files": files.App(), "streams": streams.App(),
		"store": storeApp(t), "versions": versionedApp(), "fastapi": fastapiApp(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := app.Compile(); err != nil {
				t.Fatal(err)
			}
			caller := http.Handler(app)
			if name == "store" {
				caller = byAdmin(t, app)
			}
			for version, document := range app.Documents() {
				t.Run(version, func(t *testing.T) {
					t.Parallel()
					agrees(t, caller, specification(t, document))
				})
			}
		})
	}
}

// agrees proves it for each operation of a document.
func agrees(t *testing.T, app http.Handler, doc any) {
	t.Helper()
	for _, op := range operationsOf(doc) {
		t.Run(op.name(), func(t *testing.T) {
			t.Parallel()
			(&property{t: t, app: app, op: op, compiler: compiler(t, doc), gen: judge.NewGenerator(doc, 1)}).run()
		})
	}
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
	sku := regexp.MustCompile(`^TN-[0-9]{4}$`)
	c.RegisterFormat(&jsonschema.Format{Name: "sku", Validate: func(v any) error { // of the page about validation
		if text, ok := v.(string); ok && !sku.MatchString(text) {
			return errors.New("not a stock number")
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
	lines                   int // of answers, held against their schema
}

func (p *property) run() {
	for i := 0; i < 40*each && (p.taken < each || p.refused < each); i++ {
		values := map[string]any{}
		for _, param := range p.op.parameters {
			if param.required || i%2 == 0 {
				values[param.key()] = param.sendable(p.gen.Value(param.schema))
			}
			if list, ok := values[param.key()].([]any); ok && len(list) == 0 {
				delete(values, param.key()) // a list of no items cannot be written
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
	if enum, ok := param.schema["enum"].([]any); ok && len(enum) == 1 {
		return // it says which version is meant
	}
	if wrong := []any{"x", "-1", "0", "true", "1.5", "99999999999999999999", strings.Repeat("y", 300), "a", "7", ""}[i%10]; i%11 == 10 && param.in != "path" {
		delete(values, param.key())
	} else if kind := param.schema["type"]; kind == "array" {
		values[param.key()] = []any{wrong}
	} else if param.style != "deepObject" {
		values[param.key()] = wrong
	} else {
		values[param.key()] = map[string]any{[]string{"name", "age", "zz"}[i%3]: wrong}
	}
	p.send(values, body, false)
}

// send sends one request, and compares the verdict of the schemas with that of the server.
func (p *property) send(values map[string]any, body any, mustBeValid bool) {
	p.t.Helper()
	allowed := p.op.media == "" || p.allows(p.op.schemaAt(), p.op.bodyAsRead(p, body))
	for _, param := range p.op.parameters {
		v, given := values[param.key()]
		allowed = allowed && (given || !param.required) && (!given || p.allows(param.at, p.asRead(param.schema, param.joined(v))))
	}
	if mustBeValid && !allowed {
		p.t.Fatalf("the generator made %v and %v, which are not allowed", values, body)
	}
	r := p.request(values, body)
	w := httptest.NewRecorder()
	if p.op.stream {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		r = r.WithContext(ctx)
		serveUntil(p.app, &until{w, cancel}, r)
	} else {
		p.app.ServeHTTP(w, r)
	}
	refused := p.refuses(w) || p.missed(r)
	switch {
	case w.Code >= 500 || w.Code == http.StatusBadRequest && p.op.refusal != w.Code || w.Code == http.StatusUnsupportedMediaType:
		p.t.Errorf("%s %s: %v: %d: %s", r.Method, r.URL, text(body), w.Code, w.Body)
	case refused && allowed && p.onlyUnsaid(w):
		p.neither++
	case !refused && !allowed && p.op.transforms && p.allows(p.op.schemaAt(), folded(body)):
		p.neither++ // the server folds before it judges, which a schema cannot say
	case refused == allowed:
		p.t.Errorf("%s %s: %v %s: the schema says %v, the server %d: %s", r.Method, r.URL, r.Header, text(body), allowed, w.Code, w.Body)
	case allowed:
		p.taken++
		p.answered(w)
	default:
		p.refused++
	}
}

// refuses reports whether an answer says that the input breaks a rule. Where the document has no 422, 400 says so, with faults.
func (p *property) refuses(w *httptest.ResponseRecorder) bool {
	p.t.Helper()
	if w.Code == http.StatusBadRequest {
		return len(p.refusal(w).Errors) > 0
	}
	return slices.Contains([]int{http.StatusUnprocessableEntity, http.StatusPreconditionRequired, http.StatusNotAcceptable}, w.Code)
}

// answered holds JSON that is answered against its schema: the whole, or a line each.
func (p *property) answered(w *httptest.ResponseRecorder) {
	p.t.Helper()
	media := w.Header().Get("Content-Type")
	at := fmt.Sprintf("%s/responses/%d/content/%s/schema", p.op.at, w.Code, escape(media))
	switch {
	case media == "application/x-ndjson" || media == "application/jsonl":
		list := []any{}
		for line := range strings.Lines(w.Body.String()) {
			list = append(list, read(p.t, line))
		}
		if !p.allows(at, list) {
			p.t.Errorf("%s: an answer of %s is not what the schema says", p.op.name(), w.Body)
		}
		p.lines += len(list)
	case w.Code < 300 && strings.HasSuffix(media, "json"):
		if !p.allows(at, read(p.t, w.Body.String())) {
			p.t.Errorf("%s: an answer of %s is not what the schema says", p.op.name(), w.Body)
		}
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

// refusal is what an answer says of an input.
type refusal struct {
	Errors []struct {
		Code string `json:"code"`
	} `json:"errors"`
	Params struct {
		Reason string `json:"reason"`
	} `json:"params"`
}

func (p *property) refusal(w *httptest.ResponseRecorder) (said refusal) {
	p.t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil {
		p.t.Error(err)
	}
	return said
}

// onlyUnsaid reports whether every fault of an answer is of a rule that no schema says.
func (p *property) onlyUnsaid(w *httptest.ResponseRecorder) bool {
	p.t.Helper()
	problem := p.refusal(w)
	for _, fault := range problem.Errors {
		if !slices.Contains(unsaid, fault.Code) {
			return false
		}
	}
	return len(problem.Errors) > 0 || slices.Contains([]string{"two-formats", "if-match-or-if-none-match"}, problem.Params.Reason)
}

// folded is a value with all its texts in lower case and without blanks around them.
func folded(v any) any {
	switch v := v.(type) {
	case string:
		return strings.ToLower(strings.TrimSpace(v))
	case []any:
		out := []any{}
		for _, item := range v {
			out = append(out, folded(item))
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for name, item := range v {
			out[name] = folded(item)
		}
		return out
	}
	return v
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(errors.New("a value of the generator is JSON"))
	}
	return string(b)
}
