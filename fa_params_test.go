package tenon_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// asking registers a GET that answers with its input, as it was bound.
func asking[I any](tb testing.TB, path string, opts ...tenon.Option) *tenontest.Server {
	tb.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(tb)})
	app.Get(path, func(_ context.Context, in *I) (*echoed, error) { return &echoed{fmt.Sprintf("%+v", *in)}, nil }, opts...)
	return tenontest.New(tb, app)
}

type size string

func (size) Enum() []size { return []size{"s", "m"} }

type pathInput struct {
	Size size       `path:"size"`
	Day  tenon.Date `path:"day"`
	N    uint8      `path:"n"    exclusiveMinimum:"0" example:"7"`
	File string     `path:"file" maxLength:"20"`
}

// TestFA08PathParameters converts every kind of segment, and a rest of the path.
func TestFA08PathParameters(t *testing.T) {
	t.Parallel()
	s := asking[pathInput](t, "/f/{size}/{day}/{n}/{file...}")
	for _, tt := range []struct{ path, want string }{
		{"/f/s/2026-01-31/7/a/b.txt", `"{Size:s Day:2026-01-31 N:7 File:a/b.txt}"`},

		{"/f/m/2026-01-31/7/%C3%A4", `"{Size:m Day:2026-01-31 N:7 File:ä}"`},
	} {
		s.Get(tt.path).Status(200).At("/seen", tt.want)
	}
	s.Get("/f/xl/2026-02-30/0/"+strings.Repeat("a", 21)).Status(422).
		Fault("path", "/size", "enum").Fault("path", "/day", "format").Fault("path", "/n", "exclusiveMinimum").Fault("path", "/file", "maxLength").Faults(4)
	s.Get("/f/s/2026-01-31/256/a").Status(422).Fault("path", "/n", "range")
	s.Get("/f/s/2026-01-31").Status(404)
	s.Get("/f/s/2026-01-31/7/a%2Fb").Status(404) // a slash of the rest is a slash
	place := "/paths/~1f~1{size}~1{day}~1{n}~1{file}/get/parameters"
	for at, want := range map[string]string{
		"/0/schema": `{"enum":["s","m"],"type":"string"}`, "/0/required": "true", "/1/schema/format": `"date"`,
		"/2/schema": `{"examples":[7],"exclusiveMinimum":0,"format":"int32","maximum":255,"type":"integer"}`, "/3/name": `"file"`,
	} {
		if got := documentAt(t, s, place+at); got != want {
			t.Errorf("the document says at %s %s, want %s", at, got, want)
		}
	}
}

type queryInput struct {
	Tags  []string          `query:"tag"     default:"" maxItems:"2" minLength:"2" pattern:"^[a-z]+$" example:"go,rest"`
	Size  tenon.Opt[size]   `query:"T-Shirt" doc:"The size, by another name than the field's."`
	Old   tenon.Opt[int]    `query:"old"     deprecated:"true" minimum:"1" maximum:"9"`
	Debug tenon.Opt[bool]   `query:"debug"   hidden:"true"`
	Key   tenon.Opt[string] `header:"X-Key"  hidden:"true"`
}

// TestFA09QueryParameters holds lists, names, bounds, patterns, deprecation, hiding and examples against what is documented.
func TestFA09QueryParameters(t *testing.T) {
	t.Parallel()
	s := asking[queryInput](t, "/x")
	s.Get("/x?tag=go&tag=rest&T-Shirt=m&old=9&debug=true").Status(200).
		At("/seen", `"{Tags:[go rest] Size:{Value:m Set:true} Old:{Value:9 Set:true} Debug:{Value:true Set:true} Key:{Value: Set:false}}"`)
	s.Get("/x?tag=go&tag=r&tag=GO&T-Shirt=xl&old=0&debug=1&Size=m").Status(422).
		Fault("query", "/tag", "maxItems").Fault("query", "/tag/1", "minLength").Fault("query", "/tag/2", "pattern").Fault("query", "/T-Shirt", "enum").
		Fault("query", "/old", "minimum").Fault("query", "/debug", "type").Fault("query", "/Size", "unknown").Faults(7)
	want := `[{"in":"query","name":"tag","schema":{"default":[],"examples":[["go","rest"]],"items":{"minLength":2,"pattern":"^[a-z]+$","type":"string"},"maxItems":2,"type":"array"}},` +
		`{"description":"The size, by another name than the field's.","in":"query","name":"T-Shirt","schema":{"enum":["s","m"],"type":"string"}},` +
		`{"deprecated":true,"in":"query","name":"old","schema":{"format":"int64","maximum":9,"minimum":1,"type":"integer"}}]`
	if got := documentAt(t, s, "/paths/~1x/get/parameters"); got != want {
		t.Errorf("the document says %s, want %s", got, want)
	}
}

// Paging, Trace and Session are combined by embedding.
type (
	Paging struct {
		Page int8 `query:"page" default:"1" minimum:"1"`
	}
	Trace struct {
		Trace tenon.Opt[string] `header:"X-Trace" maxLength:"4"`
	}
	Session struct {
		Session tenon.Opt[string] `cookie:"session" minLength:"2"`
	}
	Common struct {
		Trace
		Session
	}
	combined struct {
		Paging
		Common

		Q tenon.Opt[string] `query:"q"`
	}
)

// TestFA10ModelsOfParameters combines several by embedding, at any depth; a name that none of them has is refused, unless the
// operation says otherwise.
func TestFA10ModelsOfParameters(t *testing.T) {
	t.Parallel()
	s := asking[combined](t, "/x")
	s.With("X-Trace", "abc").With("Cookie", "session=s1; other=2").Get("/x?page=2&q=a").Status(200).
		At("/seen", `"{Paging:{Page:2} Common:{Trace:{Trace:{Value:abc Set:true}} Session:{Session:{Value:s1 Set:true}}} Q:{Value:a Set:true}}"`)
	s.With("X-Trace", "abcde").With("Cookie", "session=1").Get("/x?page=0&b=1").Status(422).
		Fault("header", "/X-Trace", "maxLength").Fault("cookie", "/session", "minLength").Fault("query", "/page", "minimum").Fault("query", "/b", "unknown").Faults(4)
	asking[combined](t, "/x", tenon.AllowUnknownQuery()).Get("/x?b=1&b=2").Status(200)
	if got := documentAt(t, s, "/paths/~1x/get/parameters/2/name"); got != `"session"` {
		t.Errorf("the third parameter is %s", got)
	}
}

// TestFA10AllowUnknownQuery lets unknown names pass where it is said: of one operation, a group or the app.
func TestFA10AllowUnknownQuery(t *testing.T) {
	t.Parallel()
	never := func(o *tenon.Operation) { o.AllowUnknownQuery = false }
	serve := func(app, group, own []tenon.Option) *tenontest.Server {
		a := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, app...)
		a.Group("/g", group...).Get("/x", func(context.Context, *combined) (*fine, error) { return &fine{}, nil }, own...)
		a.Get("/plain", func(context.Context, *struct{}) (*fine, error) { return &fine{}, nil })
		return tenontest.New(t, a)
	}
	allow := []tenon.Option{tenon.AllowUnknownQuery()}
	for _, tt := range []struct {
		name            string
		app, group, own []tenon.Option
		status, plain   int
	}{
		{"refused by default", nil, nil, nil, 422, 422},
		{"on an operation", nil, nil, allow, 200, 422},
		{"on a group", nil, allow, nil, 200, 422},
		{"on the app", allow, nil, nil, 200, 200},
		{"taken back", allow, nil, []tenon.Option{never}, 422, 200},
	} {
		s := serve(tt.app, tt.group, tt.own)
		s.Get("/g/x?utm_source=a").Status(tt.status)
		s.Get("/plain?utm_source=a").Status(tt.plain)
		s.Get("/g/x?page=x&utm_source=a").Status(422).Fault("query", "/page", "type")
		s.Get("/g/x?utm_source=%zz").Status(400)
	}
}

// Filter is what a search asks for.
type Filter struct {
	Name tenon.Opt[string] `json:"name" maxLength:"5"`
	Max  int               `json:"max"  default:"10"`
}

type styledInput struct {
	IDs    []int                        `query:"id"     explode:"false" minItems:"1"`
	Words  tenon.Opt[[]string]          `query:"word"   style:"spaceDelimited"`
	Sizes  tenon.Opt[[]size]            `query:"size"   style:"pipeDelimited"`
	Filter Filter                       `query:"filter" style:"deepObject"`
	Labels tenon.Opt[map[string]string] `query:"label"  style:"deepObject" maxItems:"2"`
}

// TestW04QueryStyles reads lists and objects in the styles of OpenAPI, and the document says which.
func TestW04QueryStyles(t *testing.T) {
	t.Parallel()
	s := asking[styledInput](t, "/x")
	s.Get("/x?id=1,2&word=a+b&size=s|m&filter[name]=x&label[a]=1&label[b]=2").Status(200).
		At("/seen", `"{IDs:[1 2] Words:{Value:[a b] Set:true} Sizes:{Value:[s m] Set:true} Filter:{Name:{Value:x Set:true} Max:10} Labels:{Value:map[a:1 b:2] Set:true}}"`)
	s.Get("/x?id=1").Status(200)
	s.Get("/x?id=1,x&id=2&size=s|xl&filter[name]=toolong&filter[nam]=1&label[a][b]=1").Status(422).
		Fault("query", "/id/1", "type").Fault("query", "/id", "duplicate").Fault("query", "/size/1", "enum").Fault("query", "/filter/name", "maxLength").
		Fault("query", "/filter/nam", "unknown").Fault("query", "/label", "format").Faults(6)
	for at, want := range map[string]string{
		"/0/explode": "false", "/0/style": "", "/0/required": "true", "/1/style": `"spaceDelimited"`, "/1/explode": "false",
		"/2/style": `"pipeDelimited"`, "/2/explode": "false", "/3/style": `"deepObject"`, "/3/explode": "true", "/3/required": "", "/3/example": "{}", "/4/example": "{}",
		"/3/schema": `{"additionalProperties":false,"properties":{"max":{"default":10,"format":"int64","type":"integer"},"name":{"maxLength":5,"type":"string"}},"type":"object"}`,
		"/4/schema": `{"additionalProperties":{"type":"string"},"maxProperties":2,"type":"object"}`,
	} {
		if got := documentAt(t, s, "/paths/~1x/get/parameters"+at); got != want {
			t.Errorf("the document says at %s %s, want %s", at, got, want)
		}
	}
}

type dated struct {
	Since tenon.Opt[time.Time] `header:"X-Since"`
	Kinds tenon.Opt[[]size]    `header:"X-Kinds" maxItems:"2"`
}

type datedAnswer struct {
	Modified time.Time `header:"X-Modified"`
	Kinds    []string  `header:"X-Kinds"`
	Body     fine      `body:""`
}

// TestFA09HeadersHoldDatesAndLists reads and writes dates as HTTP does, and lists with commas.
func TestFA09HeadersHoldDatesAndLists(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Get("/x", func(_ context.Context, in *dated) (*datedAnswer, error) {
		out := &datedAnswer{Modified: in.Since.Value, Kinds: []string{`"a,b"`}}
		for _, k := range in.Kinds.Value {
			out.Kinds = append(out.Kinds, string(k))
		}
		return out, nil
	})
	s := tenontest.New(t, app)
	s.With("X-Kinds", "s ,, m").Get("/x").Status(200).Header("X-Kinds", `"a,b", s, m`)
	s.With("X-Since", "Sunday, 06-Nov-94 08:49:38 GMT").Get("/x").Status(200).Header("X-Modified", "Sun, 06 Nov 1994 08:49:38 GMT")
	s.With("X-Since", "1994-11-06T08:49:37Z").With("X-Kinds", "s,xl,m").Get("/x").Status(422).
		Fault("header", "/X-Since", "format").Fault("header", "/X-Kinds/1", "enum").Fault("header", "/X-Kinds", "maxItems").Faults(3)
	for at, want := range map[string]string{
		"/parameters/0/schema":                     `{"format":"http-date","type":"string"}`,
		"/responses/200/headers/X-Modified/schema": `{"format":"http-date","type":"string"}`,
		"/responses/200/headers/X-Kinds/schema":    `{"items":{"type":"string"},"type":"array"}`,
	} {
		if got := documentAt(t, s, "/paths/~1x/get"+at); got != want {
			t.Errorf("the document says at %s %s, want %s", at, got, want)
		}
	}
}

// TestHeaderListsThatWouldBeReadOtherwise answers 500 rather than send what a client would take for something else.
func TestHeaderListsThatWouldBeReadOtherwise(t *testing.T) {
	t.Parallel()
	for text, status := range map[string]int{"a": 200, `"a,b"`: 200, `"a\",b"`: 200, "a,b": 500, "": 500, "a\t": 500, `"a`: 500, `"a","b"`: 500} {
		app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)})
		app.Get("/x", func(context.Context, *struct{}) (*datedAnswer, error) {
			return &datedAnswer{Kinds: []string{text}}, nil
		})
		tenontest.New(t, app).Get("/x").Status(status)
	}
}
