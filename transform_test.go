package tenon_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// label is a text type of a program.
type label struct{ text string }

func (l label) MarshalText() ([]byte, error) { return []byte(l.text), nil }

func (l *label) UnmarshalText(text []byte) error {
	l.text = string(text)
	return nil
}

type transformed struct {
	Path  string            `path:"name" transform:"upper"`
	Words []string          `query:"word" transform:"collapse,lower" enum:"a b,c" default:"c,a b"`
	Lang  label             `header:"Lang" transform:"trim,lower" default:"en"`
	Jar   tenon.Opt[string] `cookie:"jar" transform:"dots" maxLength:"1"`
	Body  struct {
		Name  string              `json:"name" transform:"trim" minLength:"1" maxLength:"3"`
		Code  *label              `json:"code" transform:"lower,dots"`
		Notes map[string]string   `json:"notes" transform:"collapse"`
		Tags  [][]string          `json:"tags" transform:"lower" uniqueItems:"true"`
		Kind  tenon.Null[colours] `json:"kind" transform:"lower"`
	} `body:""`
}

// colours is a string with values of its own.
type colours string

func (colours) Enum() []colours { return []colours{"red", "green"} }

func transforms(tb testing.TB) *tenontest.Server {
	tb.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(tb)})
	app.Transform("dots", func(text string) string { return strings.ReplaceAll(text, "..", ".") })
	type echo struct {
		Path, Lang, Jar, Name, Code, Kind string
		Words                             []string
		Notes                             map[string]string
		Tags                              [][]string
	}
	app.Post("/{name}", func(_ context.Context, in *transformed) (*echo, error) {
		out := &echo{Path: in.Path, Words: in.Words, Lang: in.Lang.text, Jar: in.Jar.Value, Name: in.Body.Name, Notes: in.Body.Notes, Tags: in.Body.Tags}
		if in.Body.Code != nil {
			out.Code = in.Body.Code.text
		}
		out.Kind = string(in.Body.Kind.Value)
		return out, nil
	})
	return tenontest.New(tb, app)
}

func TestSD084TransformsComeBeforeTheRules(t *testing.T) {
	t.Parallel()
	s := transforms(t)
	s.With("Lang", "DE").With("Cookie", "jar=..").Post("/%C3%A9a?word=%20A%20%20B%20&word=C",
		`{"name":"\u00a0\t Ada\u2003\n","code":"..A..","notes":{" K ":" a \n b "},"tags":[["X","x"]],"kind":"RED"}`).Status(201).JSON(`{"Path":"ÉA","Lang":"de","Jar":".","Name":"Ada","Code":".a.","Kind":"red","Words":["a b","c"],"Notes":{" K ":"a b"},"Tags":[["x","x"]]}`)
	s.Post("/x", `{"name":" \u3000 ","code":null,"notes":{},"tags":[["a"],["A"]],"kind":"blue"}`).Status(422).Faults(3).
		Fault("body", "/name", "minLength").Fault("body", "/tags", "uniqueItems").Fault("body", "/kind", "enum")
	s.Post("/x?word=D", `{"name":" abcd ","notes":{},"tags":[],"kind":null}`).Status(422).Faults(2).
		Fault("query", "/word/0", "enum").Fault("body", "/name", "maxLength")
	s.Post("/x", `{"name":"abc","notes":{},"tags":[],"kind":null}`).Status(201).At("/Words", `["c","a b"]`).At("/Lang", `"en"`)
}

func TestSD084NULIsRefusedWhateverATransformWouldDo(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Transform("strip", func(text string) string { return string(bytes.ReplaceAll([]byte(text), []byte{0}, nil)) })
	app.Post("/", func(context.Context, *struct {
		A string `json:"a" transform:"strip"`
		B label  `json:"b" transform:"strip"`
	}) (*tenon.NoContent, error) {
		return nil, nil
	})
	tenontest.New(t, app).Post("/", `{"a":"x\u0000","b":"\u0000"}`).Status(422).Faults(2).Fault("body", "/a", "nul").Fault("body", "/b", "nul")
}

func TestSD084TransformsAreDescribed(t *testing.T) {
	t.Parallel()
	document := transforms(t).Get("/openapi.json")
	document.At("/paths/~1{name}/post/parameters/1/schema/items", `{"type":"string","enum":["a b","c"],"x-transform":["collapse","lower"]}`)
	document.At("/paths/~1{name}/post/requestBody/content/application~1json/schema/properties/name",
		`{"type":"string","x-transform":["trim"],"minLength":1,"maxLength":3}`)
}

// both is an input and an output. A transform alone does not make two schemas of it.
type both struct {
	A string `json:"a" transform:"trim"`
}

func TestSD084OneSchemaServesBothDirections(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Post("/", func(_ context.Context, in *both) (*both, error) { return in, nil })
	s := tenontest.New(t, app)
	s.Post("/", `{"a":" x "}`).Status(201).Text(`{"a":"x"}`)
	s.Get("/openapi.json").At("/components/schemas/Both/properties/a/x-transform", `["trim"]`)
}

// first wants a text that is not empty, as careless programs do.
func first(tb testing.TB, app *tenon.App) *tenon.App {
	tb.Helper()
	app.Transform("first", func(text string) string { return text[:1] })
	return app
}

func TestSD084ATransformIsNotCalledAtStartWithoutNeed(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Transform("first", func(text string) string {
		if text == "" {
			t.Error("the transform is called with nothing")
		}
		return text[:1]
	})
	app.Post("/", func(_ context.Context, _ *struct {
		List []string `query:"list" transform:"first"`
		Body struct {
			A string `json:"a" transform:"first" enum:"b,c"`
		} `body:""`
	}) (*tenon.NoContent, error) {
		return nil, nil
	})
	if err := app.Compile(); err != nil {
		t.Error(err)
	}
}

func TestSD084ATransformMayNotGrowATextPastTheLimit(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t), Limits: tenon.Limits{StringBytes: 10}})
	app.Transform("twice", func(text string) string { return text + text })
	app.Post("/", func(context.Context, *struct {
		A string `json:"a" transform:"twice"`
	}) (*tenon.NoContent, error) {
		return nil, nil
	})
	s := tenontest.New(t, app)
	s.Post("/", `{"a":"12345"}`).Status(204)
	s.Post("/", `{"a":"123456"}`).Status(422).Faults(1).Fault("body", "/a", "maxLength")
}

func TestSD084StartFaults(t *testing.T) {
	t.Parallel()
	named := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	named.Transform("trim", strings.TrimSpace)
	named.Transform("a,b", strings.TrimSpace)
	named.Transform("none", nil)
	for want, app := range map[string]*tenon.App{
		`transform: "trin" is not known, want one of collapse, lower, trim, upper`: taking[struct {
			A string `json:"a" transform:"trin"`
		}](t),
		`transform: "email" is not known`: taking[struct {
			A string `query:"a" transform:"email"`
		}](t),
		`format: "trim" is not known, want one of cidr, country, currency, date, date-time,`: taking[struct {
			A string `query:"a" format:"trim"`
		}](t),
		`transform: "trim,trim" has an empty or repeated name`: taking[struct {
			A string `query:"a" transform:"trim,trim"`
		}](t),
		"tag transform is for strings, not for int": taking[struct {
			A int `query:"a" transform:"trim"`
		}](t),
		`default: the transform makes "x" of "X"`: taking[struct {
			A string `query:"a" transform:"lower" default:"X"`
		}](t),
		`default: the transform makes "y" of "Y"`: taking[struct {
			A []string `query:"a" transform:"lower" default:"x,Y"`
		}](t),
		`enum: "A" would never be met: the transform makes "a" of it`: taking[struct {
			A string `json:"a" transform:"lower" enum:"A,b"`
		}](t),
		`"green" would never be met`: taking[struct {
			A colours `json:"a" transform:"upper"`
		}](t),
		"did you mean transform?": taking[struct {
			A string `json:"a" transfrom:"upper"`
		}](t),
		`A: tag default: the transform panicked at "": runtime error: slice bounds`: first(t, taking[struct {
			A string `query:"a" transform:"first" default:""`
		}](t)),
		`A: tag enum: the transform panicked at "": runtime error`: first(t, taking[struct {
			A string `json:"a" transform:"first" enum:",b"`
		}](t)),
		`A: tag example: "" makes its reading panic: runtime error`: first(t, taking[struct {
			A string `query:"a" transform:"first" example:""`
		}](t)),
		`transform "trim" is empty, has a comma, or exists already`: named,
		`transform "a,b" is`:  named,
		`transform "none" is`: named,
	} {
		if err := app.Compile(); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "_test.go:") {
			t.Errorf("compiles with %v, want %s", err, want)
		}
	}
}
