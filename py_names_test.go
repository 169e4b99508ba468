package tenon_test

import (
	"context"
	"encoding/json/v2"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

type renamedMember struct {
	Email string                `json:"email" alias:"mail" format:"email"`
	Name  tenon.Opt[string]     `alias:"full_name"`
	Next  tenon.Opt[renamedTo]  `json:"next" alias:"following"`
	Notes tenon.Null[[]string]  `json:"notes" alias:"memo"`
	Left  tenon.Opt[tenon.Date] `json:"left"`
}

type renamedTo struct {
	ID int `json:"id" alias:"key" minimum:"1"`
}

// TestPY09OldNamesAreReadAndNewOnesWritten sends members by either name.
func TestPY09OldNamesAreReadAndNewOnesWritten(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t), Names: tenon.CamelCase})
	app.Put("/x", func(_ context.Context, in *renamedMember) (*renamedMember, error) { return in, nil })
	s := tenontest.New(t, app)
	want := `{"email":"a@b.co","name":"Ada","next":{"id":7},"notes":["x"]}`
	for _, body := range []string{
		want, `{"mail":"a@b.co","full_name":"Ada","following":{"key":7},"memo":["x"]}`,
		`{"memo":["x"],"next":{"key":7},"full_name":"Ada","email":"a@b.co"}`, `{"\u006dail":"a@b.co","name":"Ada","next":{"id":7},"memo":["x"]}`,
	} {
		s.Put("/x", body).Status(200).JSON(want)
	}
	s.Put("/x", `{"mail":"x","email":"a@b.co","following":{"key":0},"MEMO":null,"memo":null}`).Status(422).
		Fault("body", "/email", "format").Fault("body", "/email", "duplicate").Fault("body", "/next/id", "minimum").Fault("body", "/MEMO", "unknown").Faults(4)
	s.Put("/x", `{}`).Status(422).Fault("body", "/email", "required").Fault("body", "/notes", "required").Faults(2)
	doc, err := json.Marshal(app.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	for _, old := range []string{"mail", "full_name", "following", "memo", "key"} {
		if strings.Contains(string(doc), `"`+old+`"`) {
			t.Errorf("the document says %s", old)
		}
	}
}

func TestCompileRefusesAliases(t *testing.T) {
	t.Parallel()
	type twice struct {
		A string `json:"a" alias:"b"`
		B string `json:"b"`
	}
	type both struct {
		A string `json:"a" alias:"c"`
		B string `json:"b" alias:"c"`
	}
	type itself struct {
		A string `json:"a" alias:"a"`
	}
	type parameter struct {
		A string `query:"a" alias:"b"`
	}
	type empty struct {
		A string `json:"a" alias:""`
	}
	for _, tt := range []struct {
		name string
		add  func(*tenon.App)
		says string
	}{
		{"the name of another", func(a *tenon.App) { a.Post("/x", takes[twice]()) }, "field A: alias b is a name of field B"},
		{"the alias of another", func(a *tenon.App) { a.Post("/x", takes[both]()) }, "field B: alias c is a name of field A"},
		{"its own name", func(a *tenon.App) { a.Post("/x", takes[itself]()) }, "field A: alias a is a name of field A"},
		{"of a parameter", func(a *tenon.App) { a.Post("/x", takes[parameter]()) }, "field A: alias is for members of JSON"},
		{"no name", func(a *tenon.App) { a.Post("/x", takes[empty]()) }, "alias"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
			tt.add(app)
			if err := app.Compile(); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("Compile = %v, want %q", err, tt.says)
			}
		})
	}
}
