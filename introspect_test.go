package tenon_test

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

func passOn(next http.Handler) http.Handler { return next }

type introspected struct {
	ID   int    `path:"id"`
	Size int    `query:"size"`
	Note []Note `body:""`
}

// Note is an item of a body.
type Note struct {
	Text string `json:"text"`
}

func putNotes(context.Context, *introspected) (*Note, error) { return &Note{}, nil }

func TestOperations(t *testing.T) { //nolint:gocyclo // one operation that has everything
	t.Parallel()
	gone := problem.Define(http.StatusGone, "gone-for-good", "It is gone.")
	app := tenon.New(tenon.Config{}, tenon.Default("size", "10"), tenon.Tags("all"), tenon.BeforeAuth(passOn), tenon.Summary("From the app"))
	v1 := app.Group("/api", tenon.Auth(http.NewCrossOriginProtection().Handler), tenon.BodyETag())
	notes := v1.Group("/notes", tenon.BodyLimit(1000), tenon.Default("size", "20"))
	notes.Put("/{id}", putNotes, tenon.BodyLimit(2000), tenon.Tags("notes"), tenon.Summary("Put notes"), tenon.Fails(gone))
	if app.Operations() != nil {
		t.Error("an app that is not compiled has operations")
	}
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	all := app.Operations()
	if len(all) != 1 {
		t.Fatal(all)
	}
	o := all[0]
	if o.Method != http.MethodPut || o.Path != "/api/notes/{id}" || o.ID != "putApiNotesById" || o.Handler != "tenon_test.putNotes" ||
		!strings.Contains(filepath.Base(o.Site), "introspect_test.go:") {
		t.Errorf("%+v", o)
	}
	var options []string
	for _, opt := range o.Options {
		line := opt.Layer + ": " + opt.Name + ": " + strings.Join(opt.Sets, "; ")
		if opt.Overridden {
			line += " (overridden)"
		}
		options = append(options, line)
	}
	equalLines(t, "options", options, []string{
		"app: tenon.Default: Defaults[size]=10 (overridden)",
		"app: tenon.Tags: Tags=all",
		"app: tenon.BeforeAuth: BeforeAuth=tenon_test.passOn",
		"app: tenon.Summary: Summary=From the app (overridden)",
		"group /api: tenon.Auth: Auth=http.CrossOriginProtection.Handler",
		"group /api: tenon.BodyETag: BodyETag=true",
		"group /api/notes: tenon.BodyLimit: BodyLimit=1000 (overridden)",
		"group /api/notes: tenon.Default: Defaults[size]=20",
		"operation: tenon.BodyLimit: BodyLimit=2000",
		"operation: tenon.Tags: Tags=notes",
		"operation: tenon.Summary: Summary=Put notes",
		"operation: tenon.Fails: Fails=gone-for-good",
	})
	if len(o.BeforeAuth) != 1 || o.BeforeAuth[0] != (tenon.MiddlewareInfo{Name: "tenon_test.passOn", Layer: "app"}) ||
		len(o.Auth) != 1 || o.Auth[0] != (tenon.MiddlewareInfo{Name: "http.CrossOriginProtection.Handler", Layer: "group /api"}) || o.AfterAuth != nil {
		t.Errorf("slots: %+v %+v %+v", o.BeforeAuth, o.Auth, o.AfterAuth)
	}
	if l := o.Limits; l.Body != 2000 || l.Depth != 32 || l.Items != 1000 || l.StringBytes != 64<<10 || l.Total != 100_000 || l.QueryPairs != 100 || l.Cookies != 50 {
		t.Errorf("limits: %+v", l)
	}
	want := []tenon.ParameterInfo{{In: "path", Name: "id", Type: "int", Required: true}, {In: "query", Name: "size", Type: "int", Default: "20"}}
	if len(o.Parameters) != 2 || o.Parameters[0] != want[0] || o.Parameters[1] != want[1] {
		t.Errorf("parameters: %+v, want %+v", o.Parameters, want)
	}
	if b := o.Body; b == nil || b.Type != "[]tenon_test.Note" || !b.Required || b.Streamed || b.Media[0] != "application/json" || b.Limit != 2000 {
		t.Errorf("body: %+v", o.Body)
	}
	var responses []string
	for _, r := range o.Responses {
		responses = append(responses, strings.TrimSpace(strings.Join([]string{
			http.StatusText(r.Status), strings.Join(r.Media, ","), r.Type, strings.Join(r.Problems, ","), strings.Join(r.Declared, ","),
		}, " ")))
	}
	equalLines(t, "responses", responses, []string{
		"OK application/json tenon_test.Note",
		"Bad Request application/problem+json  bad-request",
		"Not Acceptable application/problem+json  not-acceptable",
		"Request Timeout application/problem+json  request-timeout",
		"Gone application/problem+json  gone-for-good gone-for-good",
		"Request Entity Too Large application/problem+json  content-too-large",
		"Unsupported Media Type application/problem+json  unsupported-media-type",
		"Unprocessable Entity application/problem+json  validation-failed",
		"Internal Server Error application/problem+json  internal",
		"Gateway Timeout application/problem+json  deadline-exceeded",
	})
}

func equalLines(t *testing.T, what string, got, want []string) {
	t.Helper()
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("%s: got\n%s\nwant\n%s", what, g, w)
	}
}
