package tenon_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

// everySource has a value in each place of a request.
type everySource struct {
	Path   int                `path:"id"`
	Query  tenon.Opt[[]int]   `query:"q"`
	Header tenon.Opt[int]     `header:"X-Number"`
	Cookie tenon.Opt[string]  `cookie:"theme" enum:"dark,light"`
	Body   everySourceOfABody `body:""`
}

type everySourceOfABody struct {
	Name  string             `json:"name" minLength:"1"`
	Lines []everySourceLine  `json:"lines" maxItems:"9"`
	Marks map[string]float32 `json:"marks"`
}

type everySourceLine struct {
	Count int `json:"count" minimum:"1"`
}

func sources(tb testing.TB) *tenontest.Server {
	tb.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(tb)})
	app.Post("/x/{id}", func(_ context.Context, in *everySource) (*echoed, error) {
		return &echoed{fmt.Sprintf("%+v", *in)}, nil
	})
	return tenontest.New(tb, app)
}

// TestFA01OneTypeIsBoundFromEverySource needs no code but the type, and is documented by it.
func TestFA01OneTypeIsBoundFromEverySource(t *testing.T) {
	t.Parallel()
	s := sources(t)
	s.With("X-Number", "3").With("Cookie", "theme=dark").Post("/x/1?q=2&q=-2", `{"name":"a","lines":[{"count":1}],"marks":{"m":0.5}}`).Status(201).
		At("/seen", `"{Path:1 Query:{Value:[2 -2] Set:true} Header:{Value:3 Set:true} Cookie:{Value:dark Set:true} `+
			`Body:{Name:a Lines:[{Count:1}] Marks:map[m:0.5]}}"`)
	document := s.Get("/openapi.json")
	for i, in := range []string{"path", "query", "header", "cookie"} {
		document.At(fmt.Sprintf("/paths/~1x~1{id}/post/parameters/%d/in", i), `"`+in+`"`)
	}
	document.At("/paths/~1x~1{id}/post/requestBody/content/application~1json/schema/$ref", `"#/components/schemas/EverySourceOfABody"`)
}

// TestFA02EveryFaultIsToldAtOnceWithItsPlace has one in each source, and in items and members of a body.
func TestFA02EveryFaultIsToldAtOnceWithItsPlace(t *testing.T) {
	t.Parallel()
	sources(t).With("X-Number", "x").With("Cookie", "theme=blue").
		Post("/x/one?q=1&q=two&z=1", `{"name":"","lines":[{"count":1},{"count":0},{},{"count":"1","x":1}],"marks":{"a/b":"c","d":null},"Name":1}`).Status(422).
		Fault("path", "/id", "type").Fault("query", "/q/1", "type").Fault("query", "/z", "unknown").Fault("header", "/X-Number", "type").
		Fault("cookie", "/theme", "enum").Fault("body", "/name", "minLength").Fault("body", "/lines/1/count", "minimum").
		Fault("body", "/lines/2/count", "required").Fault("body", "/lines/3/count", "type").Fault("body", "/lines/3/x", "unknown").
		Fault("body", "/marks/a~1b", "type").Fault("body", "/marks/d", "null").Fault("body", "/Name", "unknown").Faults(13)
}

// TestPY02EveryCodeStandsInThePages holds the lists of codes in the pages to the catalogue.
func TestPY02EveryCodeStandsInThePages(t *testing.T) {
	t.Parallel()
	page := func(name string) string {
		text, err := os.ReadFile("docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	faults, problems := page("validation.md"), page("errors.md")
	for _, e := range problem.Standard() {
		if !strings.Contains(problems, "`"+e.Code()+"`") {
			t.Errorf("errors.md has no problem %s", e.Code())
		}
	}
	for _, text := range tenon.Texts() {
		if code := text.Code(); !strings.Contains(problems, "`"+code+"`") && !strings.Contains(faults, "`"+code) {
			t.Errorf("no page has the code %s", code)
		}
	}
}

// TestPY08NothingIsConverted sends values that others would bend into the type.
func TestPY08NothingIsConverted(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, taking[everyPosition](t))
	for _, tt := range []struct{ member, value, code string }{
		{"whole", `"7"`, "type"},
		{"whole", `true`, "type"},
		{"whole", `7.5`, "type"},
		{"number", `"7.5"`, "type"},
		{"text", `7`, "type"},
		{"text", `true`, "type"},
		{"flag", `1`, "type"},
		{"flag", `"true"`, "type"},
		{"flag", `"yes"`, "type"},
		{"time", `1795687200`, "type"},
		{"date", `"2026-11-26T00:00:00Z"`, "format"},
		{"duration", `90`, "type"},
		{"list", `1`, "type"},
		{"list", `"1,2"`, "type"},
		{"list", `{"0":1}`, "type"},
		{"map", `[]`, "type"},
		{"inner", `[{"name":"a"}]`, "type"},
		{"inner", `"{}"`, "type"},
		{"enum", `"A"`, "enum"},
	} {
		s.Post("/x", `{"`+tt.member+`":`+tt.value+`}`).Status(422).Faults(1).Fault("body", "/"+tt.member, tt.code)
	}
}

// openMembers lets unknown members pass at one level.
type openMembers struct {
	_     struct{}                 `additionalProperties:"true"`
	Name  string                   `json:"name"`
	Inner tenon.Opt[innerPosition] `json:"inner"`
}

// TestPY12UnknownMembersAreRefusedUnlessTheTypeAllowsThem decides at each level by its own type.
func TestPY12UnknownMembersAreRefusedUnlessTheTypeAllowsThem(t *testing.T) {
	t.Parallel()
	closed := tenontest.New(t, taking[innerPosition](t))
	closed.Post("/x", `{"name":"a","other":1}`).Status(422).Faults(1).Fault("body", "/other", "unknown")
	closed.Get("/openapi.json").At("/components/schemas/InnerPosition/additionalProperties", "false")
	open := tenontest.New(t, taking[openMembers](t))
	open.Post("/x", `{"name":"a","other":{"x":[1]},"NAME":2}`).Status(204)
	open.Post("/x", `{"name":"a","inner":{"name":"b","other":1}}`).Status(422).Faults(1).Fault("body", "/inner/other", "unknown")
	open.Post("/x", `{"name":"a","other":1,"other":2}`).Status(204) // nobody reads either
	open.Post("/x", `{"name":"a","other":[`+strings.Repeat("[", 40)+strings.Repeat("]", 40)+`]}`).Status(422).Fault("body", "/other", "depth")
}
