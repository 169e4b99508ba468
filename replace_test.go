package tenon_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/tenontest"
)

// clock is an interface that is provided.
type clock interface{ Hour() int }

type hour int

func (h hour) Hour() int { return int(h) }

func clockOf(h int) tenon.Handler[struct{}, clock] {
	return func(context.Context, *struct{}) (*clock, error) {
		var c clock = hour(h)
		return &c, nil
	}
}

// mailer lives as long as the app, and needs a clock that does.
type mailer struct {
	clock clock
	name  string
}

type (
	mailerIn struct {
		Clock clock `dep:""`
	}
	mailIn struct {
		Mailer *mailer `dep:""`
		Caller *caller `dep:""`
	}
	mailOut struct {
		Text string `json:"text"`
	}
)

// mailApp sends mail in the name of a caller who has to say who they are.
func mailApp() *tenon.App {
	app := tenon.New(tenon.Config{})
	app.Singleton(clockOf(8))
	app.Singleton(func(_ context.Context, in *mailerIn) (*mailer, error) { return &mailer{in.Clock, "post"}, nil })
	app.Singleton(func(context.Context, *struct{}) (*pool, error) { return &pool{trail: &trail{}}, nil })
	app.Provide(open)
	app.Provide(whoCalls, tenon.Fails(errStranger), bearer("read"))
	home := app.Get("/home", gives[fine]())
	g := app.Group("/mail")
	g.Get("", func(_ context.Context, in *mailIn) (*mailOut, error) {
		url, err := home.URL(struct{}{})
		return &mailOut{fmt.Sprintf("%s from %s at %d, see %s", in.Mailer.name, in.Caller.Name, in.Mailer.clock.Hour(), url)}, err
	})
	return app
}

func bearer(scopes ...string) tenon.Option {
	return func(o *tenon.Operation) {
		o.Secure(tenon.Security{Name: "token", Scheme: &openapi.SecurityScheme{Type: "http", Scheme: "bearer"}, Scopes: scopes})
	}
}

func fakeCaller(name string) tenon.Replacement {
	return tenon.Replace(func(context.Context, *struct{}) (*caller, error) { return &caller{Name: name}, nil })
}

// TestSD024FA05ReplaceForOneTest replaces providers of one app in tests that run side by side, while the app itself is served.
func TestSD024FA05ReplaceForOneTest(t *testing.T) {
	t.Parallel()
	app := mailApp()
	for i := range 8 {
		t.Run(fmt.Sprint("a provider ", i), func(t *testing.T) {
			t.Parallel()
			name := fmt.Sprint("fake", i)
			s := tenontest.New(t, app.With(fakeCaller(name)))
			s.Get("/mail").Status(200).JSON(fmt.Sprintf(`{"text":"post from %s at 8, see /home"}`, name))
			s.Get("/openapi.json").Status(200).At("/paths/~1mail/get/operationId", `"getMail"`)
		})
	}
	t.Run("a singleton that another needs", func(t *testing.T) {
		t.Parallel()
		tenontest.New(t, app.With(tenon.Replace(clockOf(23)), fakeCaller("eve"))).Get("/mail").Status(200).JSON(`{"text":"post from eve at 23, see /home"}`)
	})
	t.Run("a copy of a copy", func(t *testing.T) {
		t.Parallel()
		copied := app.With(tenon.Replace(clockOf(1)), fakeCaller("ann"))
		again := copied.With(tenon.Replace(clockOf(2)))
		tenontest.New(t, again).Get("/mail").Status(200).JSON(`{"text":"post from ann at 2, see /home"}`)
		tenontest.New(t, copied).Get("/mail").Status(200).JSON(`{"text":"post from ann at 1, see /home"}`)
	})
	t.Run("nothing", func(t *testing.T) {
		t.Parallel()
		s := tenontest.New(t, app)
		s.Get("/mail").Status(422).Fault("header", "/X-Caller", "required")
		s.With("X-Caller", "ada").Get("/mail").Status(200).JSON(`{"text":"post from ada at 8, see /home"}`)
	})
	t.Run("and something more", func(t *testing.T) {
		t.Parallel()
		copied := app.With(fakeCaller("bob"))
		copied.Get("/more", func(_ context.Context, in *mailIn) (*mailOut, error) { return &mailOut{in.Caller.Name}, nil })
		tenontest.New(t, copied).Get("/more").Status(200).JSON(`{"text":"bob"}`)
		tenontest.New(t, app).Get("/more").Status(404)
	})
}

// TestReplaceInGroups replaces the providers of every group, whatever they need.
func TestReplaceInGroups(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	g := app.Group("/g")
	app.Provide(clockOf(1))
	g.Provide(clockOf(2))
	show := func(_ context.Context, in *mailerIn) (*mailOut, error) {
		return &mailOut{strconv.Itoa(in.Clock.Hour())}, nil
	}
	app.Get("/x", show)
	g.Get("/x", show)
	g.Group("/h").Get("/x", show)
	for path, want := range map[string]string{"/x": "1", "/g/x": "2", "/g/h/x": "2"} {
		tenontest.New(t, app).Get(path).Status(200).JSON(`{"text":"` + want + `"}`)
		tenontest.New(t, app.With(tenon.Replace(clockOf(9)))).Get(path).Status(200).JSON(`{"text":"9"}`)
	}
}

func TestReplaceFaults(t *testing.T) {
	t.Parallel()
	const here = "replace_test.go:"
	app := mailApp()
	app.Get("/wrong/{", gives[fine]())
	for _, tt := range []struct {
		name string
		app  *tenon.App
		want []string
	}{
		{"of a type that nobody provides", app.With(tenon.Replace(given[struct{}, depUser]())), []string{here, "tenon.Replace: no provider for *tenon_test.depUser"}},
		{"twice", app.With(fakeCaller("a"), fakeCaller("b")), []string{here, "tenon.Replace: *tenon_test.caller is replaced already, at "}},
		{"by nothing", app.With(tenon.Replace[struct{}, caller](nil)), []string{here, "provider of *tenon_test.caller: the function is nil"}},
		{"by a zero value", app.With(tenon.Replacement{}), []string{here, "tenon.With: replacement 0 is a zero value"}},
		{"and what was wrong before", app.With(fakeCaller("a")), []string{"a wildcard is a whole segment"}},
		{
			"of a singleton by what needs a request", app.With(tenon.Replace(func(context.Context, *pageText) (*mailer, error) { return nil, nil })),
			[]string{here, "what lives as long as the app is made without a request"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := tt.app.Compile()
			for _, want := range tt.want {
				if told := not(err, want); told != nil {
					t.Error(told)
				}
			}
		})
	}
}

// TestSecurityOfProviders reads the document of operations that need a provider which is guarded.
func TestSecurityOfProviders(t *testing.T) {
	t.Parallel()
	app := mailApp()
	app.Get("/both", gives[fine](), bearer("write", "read"), bearer("read"), tenon.Needs[*caller](), func(o *tenon.Operation) {
		o.Secure(tenon.Security{Name: "key", Scheme: &openapi.SecurityScheme{Type: "apiKey", Name: "X-Key", In: "header"}})
	})
	app.Get("/open", gives[fine](), bearer("all"), func(o *tenon.Operation) { o.Security = nil })
	s := tenontest.New(t, app)
	document := s.Get("/openapi.json").Status(http.StatusOK)
	document.At("/paths/~1mail/get/security", `[{"token":["read"]}]`)
	document.At("/paths/~1both/get/security", `[{"key":[],"token":["read","write"]}]`)
	document.At("/components/securitySchemes", `{"key":{"type":"apiKey","name":"X-Key","in":"header"},"token":{"type":"http","scheme":"bearer"}}`)
	if text := string(document.Body); strings.Contains(text, `"all"`) {
		t.Error("the operation /open is guarded in the document")
	}
}

// TestReplaceWithVersions copies an app whose operations exist in several versions.
func TestReplaceWithVersions(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	g := app.Versions("/{version}", tenon.Versions{List: []tenon.Version{{Name: "v1"}, {Name: "v2"}}})
	app.Provide(clockOf(1))
	var route tenon.Route[mailerIn]
	route = g.Get("/x", func(_ context.Context, in *mailerIn) (*mailOut, error) {
		url, err := route.URL(*in)
		return &mailOut{fmt.Sprint(in.Clock.Hour(), url)}, err
	})
	copied := tenontest.New(t, app.With(tenon.Replace(clockOf(2))))
	for _, path := range []string{"/v1/x", "/v2/x"} {
		tenontest.New(t, app).Get(path).Status(200).JSON(`{"text":"1/v2/x"}`)
		copied.Get(path).Status(200).JSON(`{"text":"2/v2/x"}`)
	}
}

// TestReplaceBesideCompile copies an app while it compiles, which the race detector watches, and follows a redirect in a copy of an
// app that never does.
func TestReplaceBesideCompile(t *testing.T) {
	t.Parallel()
	made := func() *tenon.App {
		app := tenon.New(tenon.Config{})
		app.Provide(clockOf(1))
		g := app.Versions("/{version}", tenon.Versions{List: []tenon.Version{{Name: "v1"}, {Name: "v2"}, {Name: "v3"}}})
		route := g.Get("/new", func(context.Context, *mailerIn) (*tenon.NoContent, error) { return nil, nil })
		g.Get("/old", func(_ context.Context, in *mailerIn) (*tenon.Redirect, error) { return route.Redirect(*in), nil })
		return app
	}
	app := made()
	compiled := make(chan error)
	go func() { compiled <- app.Compile() }()
	app.With(tenon.Replace(clockOf(2)))
	if err := <-compiled; err != nil {
		t.Error(err)
	}
	copied := tenontest.New(t, made().With(tenon.Replace(clockOf(2))))
	copied.Get("/v2/old").Status(303).Header("Location", "/v2/new")
}
