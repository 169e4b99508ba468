package tenon_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
)

type found struct {
	Route string `json:"route"`
	A     string `json:"a"`
	B     string `json:"b"`
}

type two struct {
	A string `path:"a"`
	B string `path:"b"`
}

type one struct {
	A string `path:"a"`
}

type none struct{}

func serve(t *testing.T, h http.Handler, method, target string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func routes(t *testing.T) *tenon.App {
	t.Helper()
	app := tenon.New(tenon.Config{})
	fixed := func(name string) tenon.Handler[none, found] {
		return func(context.Context, *none) (*found, error) { return &found{Route: name}, nil }
	}
	single := func(name string) tenon.Handler[one, found] {
		return func(_ context.Context, in *one) (*found, error) { return &found{Route: name, A: in.A}, nil }
	}
	app.Get("/", fixed("root"))
	app.Get("/users", fixed("users"))
	app.Get("/users/{a}", single("user"))
	app.Get("/users/me", fixed("me"))
	app.Delete("/users/{a}", single("delete"))
	app.Get("/users/{a}/posts/{b}", func(_ context.Context, in *two) (*found, error) {
		return &found{Route: "post", A: in.A, B: in.B}, nil
	})
	app.Get("/files/{a...}", single("files"))
	app.Get("/files/special", fixed("special"))
	app.Mount("/mounted", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(`{"route":"` + r.Method + r.URL.Path + `","a":"","b":""}`))
	}))
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	return app
}

func TestSD023RouterFindsTheMostSpecificRoute(t *testing.T) {
	t.Parallel()
	app := routes(t)
	for _, tt := range []struct {
		name, method, target, want string
	}{
		{"the root", "GET", "/", `{"route":"root","a":"","b":""}`},
		{"a static path", "GET", "/users", `{"route":"users","a":"","b":""}`},
		{"a trailing slash means nothing", "GET", "/users/", `{"route":"users","a":"","b":""}`},
		{"a wildcard", "GET", "/users/7", `{"route":"user","a":"7","b":""}`},
		{"static before wildcard, whatever the order of registration", "GET", "/users/me", `{"route":"me","a":"","b":""}`},
		{"a method that only the wildcard has", "DELETE", "/users/me", `{"route":"delete","a":"me","b":""}`},
		{"back from a static segment that leads nowhere", "GET", "/users/me/posts/1", `{"route":"post","a":"me","b":"1"}`},
		{"an encoded slash stays in its segment", "GET", "/users/a%2Fb", `{"route":"user","a":"a/b","b":""}`},
		{"an encoded letter is that letter", "GET", "/%75sers/7", `{"route":"user","a":"7","b":""}`},
		{"a plus is a plus", "GET", "/users/a+b", `{"route":"user","a":"a+b","b":""}`},
		{"the rest of a path", "GET", "/files/a/b/c.txt", `{"route":"files","a":"a/b/c.txt","b":""}`},
		{"static before the rest", "GET", "/files/special", `{"route":"special","a":"","b":""}`},
		{"a mounted handler, any method", "PURGE", "/mounted/x/y", `{"route":"PURGE/mounted/x/y","a":"","b":""}`},
		{"a mounted handler at its prefix", "GET", "/mounted", `{"route":"GET/mounted","a":"","b":""}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := serve(t, app, tt.method, tt.target)
			if w.Code != http.StatusOK || w.Body.String() != tt.want {
				t.Errorf("%d %s, want 200 %s", w.Code, w.Body, tt.want)
			}
		})
	}
}

func TestRouterRefuses(t *testing.T) {
	t.Parallel()
	app := routes(t)
	for _, tt := range []struct {
		name, method, target string
		want                 int
		allow                string
	}{
		{"an unknown path", "GET", "/nothing", 404, ""},
		{"an empty segment", "GET", "//users", 404, ""},
		{"an empty segment inside", "GET", "/users//posts/1", 404, ""},
		{"two trailing slashes", "GET", "/users//", 404, ""},
		{"a dot segment", "GET", "/users/..", 404, ""},
		{"an encoded dot segment", "GET", "/users/%2e%2e", 404, ""},
		{"a dot segment in the rest", "GET", "/files/a/../b", 404, ""},
		{"an encoded slash in the rest", "GET", "/files/a%2Fb", 404, ""},
		{"another case", "GET", "/Users", 404, ""},
		{"the rest needs a segment", "GET", "/files", 404, ""},
		{"a method that the path lacks", "PUT", "/users/7", 405, "DELETE, GET, HEAD, OPTIONS"},
		{"the union over all routes of the path", "PUT", "/users/me", 405, "DELETE, GET, HEAD, OPTIONS"},
		{"a method that nobody knows", "BREW", "/users", 405, "GET, HEAD, OPTIONS"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := serve(t, app, tt.method, tt.target)
			if w.Code != tt.want || w.Header().Get("Allow") != tt.allow {
				t.Errorf("%d, Allow %q, want %d, %q", w.Code, w.Header().Get("Allow"), tt.want, tt.allow)
			}
			if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("Content-Type %q", got)
			}
		})
	}
}

func TestRouterRefusesAtStart(t *testing.T) {
	t.Parallel()
	h := func(context.Context, *none) (*found, error) { return &found{}, nil }
	a := func(context.Context, *one) (*found, error) { return &found{}, nil }
	b := func(context.Context, *struct {
		B string `path:"b"`
	}) (*found, error) {
		return &found{}, nil
	}
	for _, tt := range []struct {
		name     string
		register func(*tenon.App)
		want     string
	}{
		{"the same path twice", func(app *tenon.App) { app.Get("/x", h); app.Get("/x", h) }, "GET /x clashes with GET /x registered at "},
		{"a path that differs by a trailing slash", func(app *tenon.App) { app.Get("/x", h); app.Get("/x/", h) }, "clashes"},
		{"two names for one wildcard", func(app *tenon.App) { app.Get("/x/{a}", a); app.Get("/x/{b}", b) }, "clashes"},
		{"paths of which neither is more specific", func(app *tenon.App) { app.Get("/x/{a}", a); app.Get("/{b}/y", b) }, "clashes"},
		{"a rest and a wildcard that cross", func(app *tenon.App) { app.Get("/x/{a...}", a); app.Get("/{b}/y", b) }, "clashes"},
		{"a mounted handler below a wider route", func(app *tenon.App) { app.Get("/{a...}", a); app.Mount("/x", http.NotFoundHandler()) }, "clashes"},
		{"a path without a slash", func(app *tenon.App) { app.Get("x", h) }, "does not begin with /"},
		{"a wildcard that is part of a segment", func(app *tenon.App) { app.Get("/x/{a}.json", a) }, "a wildcard is a whole segment"},
		{"a rest that is not last", func(app *tenon.App) { app.Get("/{a...}/x", a) }, "is not the last segment"},
		{"an empty segment", func(app *tenon.App) { app.Get("/x//y", h) }, "can never match"},
		{"a wildcard twice", func(app *tenon.App) { app.Get("/{a}/{a}", a) }, "occurs twice"},
		{"the path of the docs", func(app *tenon.App) { app.Get("/docs", h) }, "Docs.Swagger"},
		{"a method that is none", func(app *tenon.App) { app.Handle("get", "/x", h) }, "is not a method"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := tenon.New(tenon.Config{})
			tt.register(app)
			err := app.Compile()
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("fault %v, want one with %q", err, tt.want)
			}
			if err != nil && tt.name != "the path of the docs" && !strings.Contains(err.Error(), "router_test.go:") {
				t.Errorf("fault %v has no call site", err)
			}
		})
	}
}

func TestLS16OptionsListsTheMethods(t *testing.T) {
	t.Parallel()
	w := serve(t, routes(t), "OPTIONS", "/users/7")
	if w.Code != http.StatusNoContent || w.Header().Get("Allow") != "DELETE, GET, HEAD, OPTIONS" || w.Body.Len() > 0 {
		t.Errorf("%d, Allow %q, body %q", w.Code, w.Header().Get("Allow"), w.Body)
	}
}
