package tenon_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

type fine struct {
	OK bool `json:"ok"`
}

// given makes a handler of any two types.
func given[I, O any]() tenon.Handler[I, O] {
	return func(context.Context, *I) (*O, error) { return new(O), nil }
}

// takes makes a handler whose input is in question.
func takes[I any]() tenon.Handler[I, fine] { return given[I, fine]() }

// gives makes a handler whose output is in question.
func gives[O any]() tenon.Handler[struct{}, O] { return given[struct{}, O]() }

// line is where it is called, as it stands in a fault.
func line() string {
	_, file, at, _ := runtime.Caller(1)
	return fmt.Sprintf("%s:%d: ", file[strings.LastIndexByte(file, '/')+1:], at)
}

// Inputs that no app takes.
type (
	unknownTag struct {
		V string `query:"v" colour:"red"`
	}
	misspeltTag struct {
		V string `query:"v" minLenght:"1"`
	}
	badCount struct {
		V string `query:"v" minLength:"-1"`
	}
	twoSources struct {
		V string `query:"v" header:"V"`
	}
	noSource struct {
		V string `query:"v"`
		W string
	}
	memberBesideSource struct {
		V string `query:"v"`
		W string `json:"w"`
	}
	unexported struct {
		V string `query:"v"`
		w string `query:"w"`
	}
	sameNames struct {
		V string `query:"v"`
		W string `query:"v"`
	}
	sameHeaders struct {
		V string `header:"If-Match"`
		W string `header:"if-match"`
	}
	secondBody struct {
		V fine `body:""`
		W fine `body:""`
	}
	noProvider struct {
		V *http.Client `dep:""`
	}
	statusInput struct {
		V int `status:""`
	}
	emptyPath struct {
		Q string `query:"q"`
	}
	otherPath struct {
		ID string `path:"other"`
	}
	optionalPath struct {
		ID tenon.Opt[string] `path:"id"`
	}
	structQuery struct {
		V fine `query:"v"`
	}
	wordOnWrongKind struct {
		V int `json:"v" minLength:"1"`
	}
	unknownFormat struct {
		V string `json:"v" format:"licence"`
	}
	badPattern struct {
		V string `json:"v" pattern:"("`
	}
	emptyRange struct {
		V int `json:"v" minimum:"5" maximum:"4"`
	}
	emptyLength struct {
		V string `json:"v" minLength:"5" maxLength:"4"`
	}
	boundOutside struct {
		V int8 `json:"v" maximum:"300"`
	}
	badEnum struct {
		V int `json:"v" enum:"1,two"`
	}
	badDefault struct {
		V int `json:"v" minimum:"5" default:"4"`
	}
	wrongDefault struct {
		V int `query:"v" default:"x"`
	}
	badExample struct {
		V string `json:"v" maxLength:"2" example:"abc"`
	}
	optionalDefault struct {
		V tenon.Opt[int] `json:"v" default:"4"`
	}
	layered struct {
		V *tenon.Null[int] `json:"v"`
	}
	bothOnly struct {
		V string `json:"v" readOnly:"true" writeOnly:"true"`
	}
	channel struct {
		V chan int `json:"v"`
	}
	deepFault struct {
		V []map[string]*unknownFormat `json:"v"`
	}
)

func TestCompileRefusesInputs(t *testing.T) {
	t.Parallel()
	_ = unexported{w: "read by nobody"}.w
	checkFaults(t, []faulty{
		{"a tag nobody knows", line(), func(a *tenon.App) { a.Get("/x", takes[unknownTag]()) }, "field V: tag colour is not known"},
		{"a misspelt tag", line(), func(a *tenon.App) { a.Get("/x", takes[misspeltTag]()) }, "did you mean minLength?"},
		{"a count below 0", line(), func(a *tenon.App) { a.Get("/x", takes[badCount]()) }, "is not a whole number of 0 or more"},
		{"two sources", line(), func(a *tenon.App) { a.Get("/x", takes[twoSources]()) }, "two sources, query and header"},
		{"a field without a source", line(), func(a *tenon.App) { a.Get("/x", takes[noSource]()) }, "field W has no source"},
		{"a member beside other sources", line(), func(a *tenon.App) { a.Post("/x", takes[memberBesideSource]()) }, "field W is a JSON member beside fields with other sources"},
		{"a source on an unexported field", line(), func(a *tenon.App) { a.Get("/x", takes[unexported]()) }, "field w has a source but is not exported"},
		{"one parameter twice", line(), func(a *tenon.App) { a.Get("/x", takes[sameNames]()) }, "fields V and W are both query v"},
		{"one header twice", line(), func(a *tenon.App) { a.Get("/x", takes[sameHeaders]()) }, "fields V and W are both header"},
		{"a second body", line(), func(a *tenon.App) { a.Post("/x", takes[secondBody]()) }, "field W is a second body"},
		{"a dependency without a provider", line(), func(a *tenon.App) { a.Post("/x", takes[noProvider]()) }, "no provider for *http.Client"},
		{"a status in an input", line(), func(a *tenon.App) { a.Post("/x", takes[statusInput]()) }, "status is for outputs"},
		{"a wildcard without a field", line(), func(a *tenon.App) { a.Get("/x/{id}", takes[emptyPath]()) }, "{id}"},
		{"a wildcard beside a whole body", line(), func(a *tenon.App) { a.Post("/x/{id}", takes[fine]()) }, "no field takes the wildcard {id}"},
		{"a field without a wildcard", line(), func(a *tenon.App) { a.Get("/x/{id}", takes[otherPath]()) }, "the path has no wildcard {other}"},
		{"a path value that may be absent", line(), func(a *tenon.App) { a.Get("/x/{id}", takes[optionalPath]()) }, "a path parameter is always present"},
		{"a struct in the query", line(), func(a *tenon.App) { a.Get("/x", takes[structQuery]()) }, "has no text form for a query parameter"},
		{"the body of a GET", line(), func(a *tenon.App) { a.Get("/x", takes[fine]()) }, "a GET has no body"},
		{"a word for another kind", line(), func(a *tenon.App) { a.Post("/x", takes[wordOnWrongKind]()) }, "tag minLength is for strings, not for int"},
		{"a format nobody knows", line(), func(a *tenon.App) { a.Post("/x", takes[unknownFormat]()) }, `"licence" is not known`},
		{"a pattern that is none", line(), func(a *tenon.App) { a.Post("/x", takes[badPattern]()) }, "tag pattern: error parsing regexp"},
		{"a range without a number", line(), func(a *tenon.App) { a.Post("/x", takes[emptyRange]()) }, "minimum and maximum exclude every value"},
		{"a length that cannot be", line(), func(a *tenon.App) { a.Post("/x", takes[emptyLength]()) }, "minLength 5 is more than maxLength 4"},
		{"a bound outside the type", line(), func(a *tenon.App) { a.Post("/x", takes[boundOutside]()) }, "lies outside the type"},
		{"an enum of another kind", line(), func(a *tenon.App) { a.Post("/x", takes[badEnum]()) }, `enum: "two" breaks type`},
		{"a default that breaks its own rule", line(), func(a *tenon.App) { a.Post("/x", takes[badDefault]()) }, `default: "4" breaks minimum`},
		{"a default of another kind", line(), func(a *tenon.App) { a.Get("/x", takes[wrongDefault]()) }, `default: "x" `},
		{"an example that breaks a rule", line(), func(a *tenon.App) { a.Post("/x", takes[badExample]()) }, `example: "abc" breaks maxLength`},
		{"a default of what may be absent", line(), func(a *tenon.App) { a.Post("/x", takes[optionalDefault]()) }, "a default makes the field always present"},
		{"two layers of presence", line(), func(a *tenon.App) { a.Post("/x", takes[layered]()) }, "two layers of presence"},
		{"read-only and write-only", line(), func(a *tenon.App) { a.Post("/x", takes[bothOnly]()) }, "readOnly and writeOnly exclude each other"},
		{"an Opt as a whole", line(), func(a *tenon.App) { a.Post("/x", takes[tenon.Opt[fine]]()) }, "presence is for fields; take tenon_test.fine"},
		{"a Null as a whole", line(), func(a *tenon.App) { a.Post("/x", takes[tenon.Null[fine]]()) }, "presence is for fields"},
		{"a pointer to a pointer", line(), func(a *tenon.App) { a.Post("/x", takes[*fine]()) }, "presence is for fields"},
		{"a type without a JSON form", line(), func(a *tenon.App) { a.Post("/x", takes[channel]()) }, "chan int has no JSON form"},
		{"a fault deep inside", line(), func(a *tenon.App) { a.Post("/x", takes[deepFault]()) }, `"licence" is not known`},
		{"a URL that would be an object", line(), func(a *tenon.App) { a.Post("/x", takes[struct{ Link url.URL }]()) }, `field Link: url.URL has no JSON form that says what it is`},
		{"a struct that shows nothing", line(), func(a *tenon.App) { a.Post("/x", takes[struct{ Lock *sync.Mutex }]()) }, "sync.Mutex has no exported field"},
	})
}

// Outputs that no app gives.
type (
	withSecret struct {
		Name     string       `json:"name"`
		Password tenon.Secret `json:"password"`
	}
	deepSecret struct {
		Users []map[string]*withSecret `json:"users"`
	}
	queryOutput struct {
		V string `query:"v"`
	}
	openStatus struct {
		Status int  `status:""`
		Body   fine `body:""`
	}
	failingStatus struct {
		Status int  `status:"" enum:"200,404"`
		Body   fine `body:""`
	}
	textCookie struct {
		Session string `cookie:"session"`
		Body    fine   `body:""`
	}
	structHeader struct {
		V    fine `header:"V"`
		Body fine `body:""`
	}
)

func TestCompileRefusesOutputs(t *testing.T) {
	t.Parallel()
	checkFaults(t, []faulty{
		{"a secret", line(), func(a *tenon.App) { a.Get("/x", gives[withSecret]()) }, "Password"},
		{"a secret deep inside", line(), func(a *tenon.App) { a.Get("/x", gives[deepSecret]()) }, "Password"},
		{"a bare list", line(), func(a *tenon.App) { a.Get("/x", gives[[]fine]()) }, "does not return a bare list"},
		{"a source of inputs", line(), func(a *tenon.App) { a.Get("/x", gives[queryOutput]()) }, "query is for inputs"},
		{"a status without its values", line(), func(a *tenon.App) { a.Get("/x", gives[openStatus]()) }, "lists its values"},
		{"a status that is no success", line(), func(a *tenon.App) { a.Get("/x", gives[failingStatus]()) }, `"404" is not the status of a success`},
		{"a cookie that is text", line(), func(a *tenon.App) { a.Get("/x", gives[textCookie]()) }, "is an http.Cookie"},
		{"a header field that is a struct", line(), func(a *tenon.App) { a.Get("/x", gives[structHeader]()) }, "has no text form for a header field"},
		{"a body with status 204", line(), func(a *tenon.App) { a.Get("/x", gives[fine](), tenon.Status(204)) }, "the output must be *tenon.NoContent"},
		{"no body with status 200", line(), func(a *tenon.App) { a.Get("/x", gives[tenon.NoContent](), tenon.Status(200)) }, "NoContent goes with status 204"},
		{"an Opt as a whole", line(), func(a *tenon.App) { a.Get("/x", gives[tenon.Opt[fine]]()) }, "presence is for fields"},
		{"a pointer to a pointer", line(), func(a *tenon.App) { a.Get("/x", gives[*fine]()) }, "presence is for fields"},
		{"a type without a JSON form", line(), func(a *tenon.App) { a.Get("/x", gives[channel]()) }, "chan int has no JSON form"},
	})
}

func TestCompileRefusesOptions(t *testing.T) {
	t.Parallel()
	bad := problem.Define(200, "Not_Kebab", "")
	checkFaults(t, []faulty{
		{"a handler that is nil", line(), func(a *tenon.App) { a.Get("/x", tenon.Handler[struct{}, fine](nil)) }, "the handler is nil"},
		{"a status that is no success", line(), func(a *tenon.App) { a.Get("/x", gives[fine](), tenon.Status(404)) }, "status 404 (Not Found) is not a success"},
		{"a problem that is none", line(), func(a *tenon.App) { a.Get("/x", gives[fine](), tenon.Fails(bad)) }, "status is 200, want 400..599"},
		{"a problem that is nil", line(), func(a *tenon.App) { a.Get("/x", gives[fine](), tenon.Fails(nil)) }, "Fails has a nil problem"},
		{"a default of no parameter", line(), func(a *tenon.App) { a.Get("/x", gives[fine](), tenon.Default("size", "1")) }, `Default names "size"`},
		{"a default that breaks a rule", line(), func(a *tenon.App) { a.Get("/x", takes[guideList](), tenon.Default("size", "101")) }, `default: "101" breaks maximum`},
		{"a body limit of nothing", line(), func(a *tenon.App) { a.Post("/x", takes[fine](), tenon.BodyLimit(0)) }, "the body limit is 0 bytes"},
		{"a format that exists", line(), func(a *tenon.App) { a.Format("email", func(string) bool { return true }, "must be") }, `format "email" exists already`},
		{"a method that is none", line(), func(a *tenon.App) { a.Handle("HEAD", "/x", gives[fine]()) }, `"HEAD" is not a method`},
	})
}

// faulty is one registration that Compile refuses, with its site and words of the fault.
type faulty struct {
	name, site string
	register   func(*tenon.App)
	words      string
}

// checkFaults compiles each registration by itself: its fault must be told, at its site.
func checkFaults(t *testing.T, table []faulty) {
	t.Helper()
	for _, tt := range table {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := tenon.New(tenon.Config{})
			tt.register(app)
			if err := app.Compile(); !told(err, tt) {
				t.Errorf("fault %v, want one at %s with %q", err, tt.site, tt.words)
			}
		})
	}
}

// told reports whether one line of the error has the site and the words.
func told(err error, f faulty) bool {
	if err == nil {
		return false
	}
	for text := range strings.SplitSeq(err.Error(), "\n") {
		if strings.Contains(text, f.site) && strings.Contains(text, f.words) {
			return true
		}
	}
	return false
}

// TestCompileTellsAllFaultsAtOnce registers several faults in one app. A clash names both sites.
func TestCompileTellsAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	table := []faulty{
		{"unknown tag", line(), func(a *tenon.App) { a.Get("/1", takes[unknownTag]()) }, "colour"},
		{"secret", line(), func(a *tenon.App) { a.Group("/v1").Get("/2", gives[withSecret]()) }, "GET /v1/2: "},
		{"clash", line(), func(a *tenon.App) { a.Get("/1", takes[struct{}]()) }, "GET /1 clashes with GET /1 registered at "},
		{"operation id", line(), func(a *tenon.App) { a.Get("/4", gives[fine](), tenon.OperationID("same")) }, `operation id "same" is that of GET /3 registered at `},
		{"mount", line(), func(a *tenon.App) { a.Mount("/5/{", http.NotFoundHandler()) }, "a wildcard is a whole segment"},
		{"two in one registration", line(), func(a *tenon.App) { a.Get("/6", given[noSource, textCookie]()) }, "field W has no source"},
	}
	app.Get("/3", gives[fine](), tenon.OperationID("same"))
	for _, tt := range table {
		tt.register(app)
	}
	err := app.Compile()
	for _, tt := range table {
		if !told(err, tt) {
			t.Errorf("%s is not told at %s:\n%v", tt.name, tt.site, err)
		}
	}
	if n := strings.Count(err.Error(), "compile_test.go:"); n != 9 { // six faults, one of them double, and the other sites of two
		t.Errorf("%d sites, want 9:\n%v", n, err)
	}
	if second := app.Compile(); second.Error() != err.Error() {
		t.Errorf("the second Compile says something else: %v", second)
	}
}

// TestAppsThatDoNotCompileServe500 shows that such an app answers every request alike, without telling why.
func TestAppsThatDoNotCompileServe500(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Get("/x", takes[unknownTag]())
	w := serve(t, app, http.MethodGet, "/x")
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "colour") || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestCompileRefusesConfigs(t *testing.T) {
	t.Parallel()
	err := tenon.New(tenon.Config{Limits: tenon.Limits{Body: -1, Depth: 65, Items: -1}}).Compile()
	for _, words := range []string{"Limits.Body: -1", "Limits.Depth: 65 is wrong, want 64 or less", "Limits.Items: -1"} {
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("fault %v, want one with %q", err, words)
		}
	}
}
