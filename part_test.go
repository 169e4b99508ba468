package tenon_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

// tally is the part of a battery: what its options said, and whether at the operation itself.
type tally struct {
	said      []string
	completed int
}

// Complete says in the rule what was said.
func (t *tally) Complete(o *tenon.Operation) {
	t.completed++
	o.Rule = strings.Join(t.said, " ")
	if strings.Contains(o.Rule, "wrong") {
		o.Fault(errors.New("a battery says that it is wrong"))
	}
}

// other is the part of another battery, which does nothing at the end.
type other struct{ tally int }

func say(text string) tenon.Option {
	return func(o *tenon.Operation) {
		t, said := o.Part[tally](), text
		if o.Own() {
			said += "!"
		}
		t.said = append(t.said, said)
		o.Part[other]().tally++
	}
}

func TestPartsAreOfOneOperation(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{}, say("app"))
	g := app.Group("/g", say("group"))
	empty := func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil }
	g.Get("/a", empty, say("a"))
	g.Get("/b", empty)
	g.Mount("/m", http.NotFoundHandler(), say("m"))
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"app group a!", "app group"} {
		info := app.Operations()[i]
		part, ok := info.Part[tally]()
		if !ok || info.Rule != want || part.completed != 1 {
			t.Errorf("%s: %q, completed %d times, want %q", info.Path, info.Rule, part.completed, want)
		}
		if p, ok := info.Part[other](); !ok || p.tally != len(part.said) {
			t.Errorf("%s: another battery has %v", info.Path, p)
		}
		if _, ok := info.Part[string](); ok {
			t.Errorf("%s: a part that nobody made", info.Path)
		}
	}
	if _, ok := new(tenon.OperationInfo).Part[tally](); ok {
		t.Error("an info of nothing has a part")
	}
}

// TestOnlyAPart applies options to an operation of its own and asks whether anything would be lost.
func TestOnlyAPart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		opt  tenon.Option
		only bool
	}{
		{"the part", func(o *tenon.Operation) { o.Part[tally]() }, true},
		{"what it offers", tenon.Provides(func(context.Context, *struct{}) (*tally, error) { return nil, nil }), true},
		{"another part", func(o *tenon.Operation) { o.Part[other]() }, false},
		{"middleware", tenon.Auth(func(next http.Handler) http.Handler { return next }), false},
		{"a need", tenon.Needs[tally](), false},
		{"a mapping", tenon.MapErrors(func(error) *problem.Error { return nil }), false},
		{"a text", tenon.Summary("a"), false},
		{"a fault", tenon.Status(900), false},
	} {
		o := &tenon.Operation{Method: "GET", Path: "/"}
		tt.opt(o)
		if got := o.Only[tally](); got != tt.only {
			t.Errorf("%s: %v", tt.name, got)
		}
		if (o.Err() != nil) != (tt.name == "a fault") {
			t.Errorf("%s: %v", tt.name, o.Err())
		}
	}
}

func TestAPartFindsFaults(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{}, say("app"))
	app.Get("/a", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil }, say("wrong"))
	if err := app.Compile(); err == nil || !strings.Contains(err.Error(), "part_test.go") || !strings.Contains(err.Error(), "a battery says that it is wrong") {
		t.Error(err)
	}
}

// guest is what an option provides.
type (
	guest   struct{ Name string }
	needing struct {
		Guest *guest `dep:""`
	}
	wanting struct {
		Guest *guest `dep:"optional"`
	}
	welcome struct {
		Text string `json:"text"`
	}
)

func welcomeGuest(_ context.Context, in *needing) (*welcome, error) {
	return &welcome{in.Guest.Name}, nil
}

func welcomePerhaps(_ context.Context, in *wanting) (*welcome, error) {
	if in.Guest == nil {
		return &welcome{"nobody"}, nil
	}
	return &welcome{in.Guest.Name}, nil
}

func guests(name string) tenon.Option {
	return tenon.Provides(func(context.Context, *struct{}) (*guest, error) {
		if name == "" {
			return nil, nil
		}
		return &guest{name}, nil
	})
}

func perhapsGuest(o *tenon.Operation) { o.Perhaps[guest]() }

func TestOptionsProvide(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		register func(*tenon.App)
		text     string // of the answer, or of the fault
	}{
		{"an option of the app", func(a *tenon.App) { a.Group("", guests("ada")).Get("/", welcomeGuest) }, "ada"},
		{"the nearest option", func(a *tenon.App) { a.Group("", guests("ada")).Get("/", welcomeGuest, guests("bob")) }, "bob"},
		{"a provider wins", func(a *tenon.App) {
			g := a.Group("", guests("ada"))
			g.Provide(func(context.Context, *struct{}) (*guest, error) { return &guest{"eve"}, nil })
			g.Get("/", welcomeGuest)
		}, "eve"},
		{"optional", func(a *tenon.App) { a.Group("", guests("ada")).Get("/", welcomePerhaps) }, "ada"},
		{"perhaps, and nobody", func(a *tenon.App) { a.Group("", guests("")).Get("/", welcomePerhaps, perhapsGuest) }, "nobody"},
		{"nobody provides", func(a *tenon.App) { a.Get("/", welcomeGuest) }, "no provider for *tenon_test.guest"},
		{"perhaps, and it is needed", func(a *tenon.App) { a.Group("", guests("")).Get("/", welcomeGuest, perhapsGuest) }, `*tenon_test.guest may be absent here; tag it dep:"optional"`},
		{"perhaps, and another provider needs it", func(a *tenon.App) {
			a.Provide(func(_ context.Context, in *needing) (*welcome, error) { return &welcome{in.Guest.Name}, nil })
			a.Group("", guests("")).Get("/", func(_ context.Context, in *struct {
				Text *welcome `dep:""`
			}) (*welcome, error) {
				return in.Text, nil
			}, perhapsGuest)
		}, `*tenon_test.welcome: type tenon_test.needing: field Guest: *tenon_test.guest may be absent here`},
		{"perhaps of nothing", func(a *tenon.App) { a.Get("/", welcomePerhaps, perhapsGuest) }, "Perhaps: no option provides *tenon_test.guest"},
		{"a nil function", func(a *tenon.App) { a.Group("", tenon.Provides[struct{}, guest](nil)).Get("/", welcomeGuest) }, "the function is nil"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
			tt.register(app)
			if err := app.Compile(); err != nil {
				if !strings.Contains(err.Error(), tt.text) {
					t.Errorf("got %v, want %q", err, tt.text)
				}
				return
			}
			w := httptest.NewRecorder()
			app.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
			if w.Body.String() != `{"text":"`+tt.text+`"}` {
				t.Errorf("%d %s, want %q", w.Code, w.Body, tt.text)
			}
		})
	}
}

// TestWhyAProblemIsAnsweredIsLogged tells apart what a client did and what broke, says the same of a middleware and of a handler, and says
// nothing of it to the client.
func TestWhyAProblemIsAnsweredIsLogged(t *testing.T) {
	t.Parallel()
	cause := errors.New("the-cause")
	for _, tt := range []struct {
		err error
		log string
	}{
		{problem.New(problem.CodeForbidden, "").Wrap(cause), "level=INFO msg=refused"},
		{problem.New(problem.CodeUnavailable, "").Wrap(cause), "level=WARN msg=problem"},
		{problem.New(problem.CodeInternal, "").Wrap(cause), `level=ERROR msg="internal error"`},
		{cause, `level=ERROR msg="internal error"`},
		{problem.New(problem.CodeInternal, ""), `level=ERROR msg="internal error"`},
		{problem.New(problem.CodeForbidden, ""), ""},
		{problem.New(problem.CodeUnavailable, ""), ""},
	} {
		for _, path := range []string{"/handler", "/middleware"} {
			e, ok := errors.AsType[*problem.Error](tt.err)
			if !ok && path == "/middleware" {
				continue // it writes problems alone
			}
			var log bytes.Buffer
			app := tenon.New(tenon.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))},
				tenon.Fails(problem.New(problem.CodeForbidden, ""), problem.New(problem.CodeUnavailable, ""), problem.New(problem.CodeInternal, "")))
			app.Get("/handler", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, tt.err })
			app.Get("/middleware", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil },
				tenon.Auth(func(http.Handler) http.Handler {
					return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { problem.Write(w, r, e) })
				}))
			w := httptest.NewRecorder()
			app.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
			want := ""
			if tt.log != "" {
				want = tt.log + ` operation="GET ` + path + `"`
			}
			if got := log.String(); !strings.Contains(got, want) || strings.Count(got, "\n") != min(1, len(want)) ||
				errors.Is(tt.err, cause) != strings.Contains(got, "the-cause") {
				t.Errorf("%s, %v: the log says %q, want %q", path, tt.err, got, want)
			}
			if strings.Contains(w.Body.String(), "the-cause") {
				t.Error("the client learns the cause")
			}
		}
	}
}
