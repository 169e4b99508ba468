package tenon_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/openapi"
)

// planner is a part that looks at what the types came to.
type planner struct {
	seen   *tenon.Planned
	refuse bool
}

func (p *planner) Plan(of *tenon.Planned) []error {
	p.seen = of
	if p.refuse {
		return []error{errors.New("a battery cannot do that")}
	}
	return nil
}

func (p *planner) Describe(o *openapi.Operation) {
	o.Responses["200"].Headers = map[string]*openapi.Header{"X-Planned": {Description: "Said by a part."}}
}

func planning(o *tenon.Operation) { o.Part[planner]() }

type planIn struct {
	Lang tenon.Opt[string] `header:"Accept-Language"`
	ID   string            `path:"id"`
}

type planOut struct {
	Text string `json:"text"`
}

type planLines struct {
	Body iter.Seq2[planOut, error] `body:"application/jsonl"`
}

func TestAPartKnowsWhatTheTypesCameTo(t *testing.T) {
	t.Parallel()
	type cookies struct {
		Session http.Cookie `cookie:"session"`
		Body    string      `body:""`
	}
	app := tenon.New(tenon.Config{})
	app.Get("/whole/{id}", func(_ context.Context, in *planIn) (*planOut, error) { return &planOut{in.ID}, nil }, planning)
	app.Get("/lines", func(context.Context, *struct{}) (*planLines, error) { return &planLines{}, nil }, planning)
	app.Get("/file", func(context.Context, *struct{}) (*tenon.File, error) { return nil, nil }, planning)
	app.Get("/cookie", func(context.Context, *struct{}) (*cookies, error) { return nil, nil }, planning)
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"[{header Accept-Language tenon.Opt[string] false } {path id string true }] sends=false cookies=false",
		"[] sends=true cookies=false", "[] sends=true cookies=false", "[] sends=false cookies=true",
	} {
		part, _ := app.Operations()[i].Part[planner]()
		if got := fmt.Sprintf("%v sends=%v cookies=%v", part.seen.Parameters(), part.seen.Sends(), part.seen.Cookies()); got != want {
			t.Errorf("operation %d: %s, want %s", i, got, want)
		}
	}
	if got := app.OpenAPI().Paths["/whole/{id}"].Get.Responses["200"].Headers["X-Planned"]; got == nil {
		t.Error("the document does not say what the part describes")
	}
}

func TestAPartKnowsTheFormOfAnAnswer(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{}, tenon.FormatParameter("format"), planning)
	app.Get("/a", func(context.Context, *struct{}) (*planOut, error) { return &planOut{}, nil })
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	part, _ := app.Operations()[0].Part[planner]()
	for _, tt := range []struct {
		target, accept string
		ok             bool
	}{
		{"/a", "", true},
		{"/a", "application/json", true},
		{"/a", "text/html", false},
		{"/a?format=json", "text/html", true},
		{"/a?format=xml", "*/*", false},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, tt.target, nil)
		if tt.accept != "" {
			r.Header.Set("Accept", tt.accept)
		}
		if media, ok := part.seen.Form(r); ok != tt.ok || media != "" {
			t.Errorf("%s, Accept %q: %q, %v, want %v", tt.target, tt.accept, media, ok, tt.ok)
		}
	}
}

func TestAPartRefusesWhatItCannotDo(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	app.Get("/a", func(context.Context, *struct{}) (*planOut, error) { return &planOut{}, nil }, func(o *tenon.Operation) { o.Part[planner]().refuse = true })
	if err := app.Compile(); err == nil || !strings.Contains(err.Error(), "part_plan_test.go") || !strings.Contains(err.Error(), "GET /a: a battery cannot do that") {
		t.Errorf("Compile: %v", err)
	}
}

// whose is what a provider of the caller makes.
type whose struct{ name string }

func TestWhatNeedsTheCallerIsPerCaller(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	perCaller := map[string]bool{}
	note := func(o *tenon.Operation) { perCaller[o.Path] = o.PerCaller }
	app.Provide(func(context.Context, *struct{}) (*whose, error) { return &whose{}, nil }, tenon.PerCaller())
	app.Provide(func(_ context.Context, in *struct {
		Of *whose `dep:""`
	}) (*planOut, error) {
		return &planOut{in.Of.name}, nil
	})
	app.Get("/far", func(_ context.Context, in *struct {
		Out *planOut `dep:""`
	}) (*planOut, error) {
		return in.Out, nil
	}, note)
	app.Get("/not", func(context.Context, *struct{}) (*planOut, error) { return &planOut{}, nil }, note)
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	if !perCaller["/far"] || perCaller["/not"] {
		t.Errorf("per caller: %v", perCaller)
	}
}
