package tenon_test

import (
	"io"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

type signUp struct {
	Name  string            `form:"name"  minLength:"2" doc:"How to call you."`
	Age   tenon.Opt[int8]   `form:"age"   minimum:"1"`
	Tags  []string          `form:"tag"   default:"" maxItems:"2"`
	Terms bool              `form:"terms" default:"false"`
	From  tenon.Opt[string] `query:"from"`
}

const (
	urlencoded = "application/x-www-form-urlencoded"
	formPlace  = "/paths/~1x/post/requestBody"
)

// TestFA12URLEncodedForms takes forms with the rules, the presence and the faults of every other source.
func TestFA12URLEncodedForms(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, seeing[signUp](t, tenon.BodyLimit(100))).With("Content-Type", urlencoded)
	s.Post("/x?from=home", "name=Ada+L.&tag=a&tag=b&terms=true").Status(201).
		At("/seen", `"{Name:Ada L. Age:{Value:0 Set:false} Tags:[a b] Terms:true From:{Value:home Set:true}}"`)
	s.With("Content-Type", urlencoded+"; charset=UTF-8").Post("/x", "name=Ada").Status(201)
	s.Post("/x?from=a&from=b&x=1", "name=A&age=0&tag=1&tag=2&tag=3&y=&terms=1").Status(422).
		Fault("query", "/from", "duplicate").Fault("query", "/x", "unknown").Fault("body", "/name", "minLength").Fault("body", "/age", "minimum").
		Fault("body", "/tag", "maxItems").Fault("body", "/y", "unknown").Fault("body", "/terms", "type").Faults(7)
	s.Post("/x", "").Status(422).Fault("body", "/name", "required").Faults(1)
	s.With("Content-Type", "").Post("/x", nil).Status(422).Fault("body", "/name", "required")
	s.Post("/x", "name=%").Status(400).Fault("body", "", "syntax")
	s.Post("/x", "name="+strings.Repeat("a", 96)).Status(413).Header("Connection", "")
	s.Post("/x", io.MultiReader(strings.NewReader("name="+strings.Repeat("a", 96)))).Status(413)
	s.With("Content-Type", "application/json").Post("/x", `{"name":"Ada"}`).Status(415)
	s.With("Content-Type", urlencoded+"; charset=latin1").Post("/x", "name=Ada").Status(415)
}

type optionalForm struct {
	Note tenon.Opt[string] `form:"note"`
}

// TestFA12FormsThatMayBeAbsent takes no body at all where no field is required.
func TestFA12FormsThatMayBeAbsent(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, seeing[optionalForm](t))
	s.Post("/x", nil).Status(201).At("/seen", `"{Note:{Value: Set:false}}"`)
	s.With("Content-Type", urlencoded).Post("/x", "note=").Status(201).At("/seen", `"{Note:{Value: Set:true}}"`)
	if got := documentAt(t, s, formPlace+"/required"); got != "" {
		t.Errorf("the document says that the form is required: %s", got)
	}
}

// TestFA12URLEncodedFormsAreDocumented reads the schema of a form.
func TestFA12URLEncodedFormsAreDocumented(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, seeing[signUp](t))
	want := `{"additionalProperties":false,"properties":{"age":{"format":"int32","maximum":127,"minimum":1,"type":"integer"},` +
		`"name":{"description":"How to call you.","minLength":2,"type":"string"},"tag":{"default":[],"items":{"type":"string"},"maxItems":2,"type":"array"},` +
		`"terms":{"default":false,"type":"boolean"}},"required":["name"],"type":"object"}`
	if got := documentAt(t, s, formPlace+"/content/application~1x-www-form-urlencoded/schema"); got != want {
		t.Errorf("the document says %s, want %s", got, want)
	}
	if got := documentAt(t, s, formPlace+"/required"); got != "true" {
		t.Errorf("the form is required: %q, want true", got)
	}
}

type (
	formAndBody struct {
		Name string `form:"name"`
		Body fine   `body:""`
	}
	bodyAndForm struct {
		Body fine   `body:""`
		Name string `form:"name"`
	}
	formOfStructs struct {
		Inner []fine `form:"inner"`
	}
	formPartDefault struct {
		Inner map[string]int `form:"inner" default:""`
	}
	formPartOfWhat struct {
		Inner struct {
			C chan int `json:"c"`
		} `form:"inner"`
	}
	formPartRule struct {
		Inner fine `form:"inner" minLength:"1"`
	}
	formTwice struct {
		A string `form:"a"`
		B string `form:"a"`
	}
	formBadRule struct {
		A int `form:"a" pattern:"x"`
	}
	formReadOnly struct {
		A int `form:"a" readOnly:"true"`
	}
)

// TestCompileRefusesForms registers forms that cannot be.
func TestCompileRefusesForms(t *testing.T) {
	t.Parallel()
	checkFaults(t, []faulty{
		{"a form and then a body", line(), func(a *tenon.App) { a.Post("/x", takes[formAndBody]()) }, "field Name: a form is the body"},
		{"a body and then a form", line(), func(a *tenon.App) { a.Post("/x", takes[bodyAndForm]()) }, "field Name: a form is the body"},
		{"the form of a GET", line(), func(a *tenon.App) { a.Get("/x", takes[optionalForm]()) }, "a GET has no body"},
		{"structs in a form", line(), func(a *tenon.App) { a.Post("/x", takes[formOfStructs]()) }, "has items without a text form"},
		{"a part with a default", line(), func(a *tenon.App) { a.Post("/x", takes[formPartDefault]()) }, "is a part of its own in a form, which has no default"},
		{"a part of a type without JSON", line(), func(a *tenon.App) { a.Post("/x", takes[formPartOfWhat]()) }, "chan int"},
		{"a part with a rule of another kind", line(), func(a *tenon.App) { a.Post("/x", takes[formPartRule]()) }, "tag minLength is for strings"},
		{"a name given twice", line(), func(a *tenon.App) { a.Post("/x", takes[formTwice]()) }, "fields A and B are both form a"},
		{"a rule of another kind", line(), func(a *tenon.App) { a.Post("/x", takes[formBadRule]()) }, "tag pattern is for strings"},
		{"a field that is only read", line(), func(a *tenon.App) { a.Post("/x", takes[formReadOnly]()) }, "readOnly and writeOnly"},
	})
}

// openForm is a form that others may send more of.
type openForm struct {
	_    struct{}          `additionalProperties:"true"`
	Name string            `form:"name" minLength:"2"`
	Note tenon.Opt[string] `form:"note"`
}

// TestFA12AFormMayAllowFieldsThatItDoesNotHave passes over them, whatever they are, and holds those that it has to their rules.
func TestFA12AFormMayAllowFieldsThatItDoesNotHave(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, seeing[openForm](t))
	form := s.With("Content-Type", urlencoded)
	const seen = `"{_:{} Name:Ada Note:{Value: Set:false}}"`
	form.Post("/x", "x=1&name=Ada&x=2&%2Fy=%00").Status(201).At("/seen", seen)
	s.With("Content-Type", "multipart/form-data; boundary=b").Post("/x", "--b\r\nContent-Disposition: form-data; name=\"x\"; filename=\"x\"\r\n"+
		"Content-Type: image/png\r\n\r\nx\r\n--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nAda\r\n--b--\r\n").Status(201).At("/seen", seen)
	form.Post("/x", "x=1").Status(422).Fault("body", "/name", "required").Faults(1)
	form.Post("/x", "name=A&Name=Ada&name=Ada").Status(422).Fault("body", "/name", "minLength").Fault("body", "/name", "duplicate").Faults(2)
	form.Post("/x", "name=Ada&x=%zz").Status(400).Fault("body", "", "syntax")
	form.Post("/x?y=1", "name=Ada").Status(422).Fault("query", "/y", "unknown")
	s.Get("/openapi.json").At(formPlace+"/content/application~1x-www-form-urlencoded/schema",
		`{"type":"object","properties":{"name":{"type":"string","minLength":2},"note":{"type":"string"}},"required":["name"]}`)
}
