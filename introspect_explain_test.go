package tenon_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
)

func TestLS01N13Explain(t *testing.T) {
	t.Parallel()
	ran := false
	refuse := func(http.Handler) http.Handler {
		return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { ran = true })
	}
	app := tenon.New(tenon.Config{}, tenon.BeforeAuth(refuse))
	type byID struct {
		ID string `path:"id"`
	}
	app.Get("/users/{id}", func(context.Context, *byID) (*tenon.NoContent, error) { ran = true; return nil, nil })
	app.Get("/users/me", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil })
	app.Delete("/users/{id}", func(context.Context, *byID) (*tenon.NoContent, error) { return nil, nil })
	app.Mount("/old", http.NotFoundHandler())
	if _, err := app.Explain(httptest.NewRequest(http.MethodGet, "/users/7", nil)); err == nil {
		t.Error("an app that is not compiled explains")
	}
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, method, target, want string }{
		{"a wildcard with its decoded value", "GET", "/users/a%2Fb?x=1", "/users/{id} id=a/b getUsersById"},
		{"HEAD by the operation for GET", "HEAD", "/users/7", "/users/{id} id=7 getUsersById"},
		{"a trailing slash", "GET", "/users/me/", "/users/me getUsersMe"},
		{"what is mounted", "POST", "/old/x/y", "/old/{rest...} rest=x/y foreign"},
		{"a page of the document", "GET", "/docs", "/docs foreign"},
		{"another method", "PUT", "/users/7", "405 DELETE,GET,HEAD,OPTIONS"},
		{"OPTIONS", "OPTIONS", "/users/7", "204 DELETE,GET,HEAD,OPTIONS"},
		{"a path that was mistyped", "GET", "/usres/me", "404 near GET /users/me, GET /users/{id}, DELETE /users/{id}"},
		{"a path that is nothing like it", "GET", "/zzzzzzzzzz", "404"},
		{"an empty segment", "GET", "/users//7", "404 near GET /users/{id}, DELETE /users/{id}, GET /users/me"},
	} {
		e, err := app.Explain(httptest.NewRequest(tt.method, tt.target, nil))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		if e.Status != 0 {
			got = append(got, map[int]string{204: "204", 404: "404", 405: "405"}[e.Status])
		}
		if e.Pattern != "" {
			got = append(got, e.Pattern)
		}
		for _, v := range e.Values {
			got = append(got, v.Name+"="+v.Value)
		}
		if e.Operation != nil {
			got = append(got, e.Operation.ID)
		}
		if e.Foreign {
			got = append(got, "foreign")
		}
		if e.Allowed != nil {
			got = append(got, strings.Join(e.Allowed, ","))
		}
		if e.Nearest != nil {
			got = append(got, "near "+strings.Join(e.Nearest, ", "))
		}
		if text := strings.Join(got, " "); text != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, text, tt.want)
		}
	}
	if ran {
		t.Error("something ran")
	}
}

func TestExplainVersionsOfAHeader(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	api := app.Versions("/api", tenon.Versions{By: tenon.ByHeader("API-Version"), List: []tenon.Version{{Name: "v1"}, {Name: "v2"}}})
	api.Get("/new", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil }, tenon.Since("v2"))
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	for version, want := range map[string]int{"v1": 404, "v2": 0, "v9": 400} {
		r := httptest.NewRequest(http.MethodGet, "/api/new", nil)
		r.Header.Set("Api-Version", version)
		e, err := app.Explain(r)
		if err != nil || e.Status != want || (want == 0) != (e.Operation != nil && e.Operation.Version == version) {
			t.Errorf("%s: %+v, %v, want status %d", version, e, err, want)
		}
	}
}
