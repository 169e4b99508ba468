package tenon_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// noting is a middleware that writes its name down.
func noting(name string, notes *[]string) tenon.Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			*notes = append(*notes, name)
			next.ServeHTTP(w, r)
		})
	}
}

func TestUseRunsBeforeAuth(t *testing.T) {
	t.Parallel()
	var notes []string
	app := tenon.New(tenon.Config{}, tenon.Auth(noting("auth", &notes)), tenon.Use(noting("app", &notes), nil))
	group := app.Group("/g", tenon.Use(noting("group", &notes), nil))
	group.Get("/x", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil }, tenon.Use(noting("operation", &notes), nil))
	for _, tt := range []struct {
		name, method, target string
		status               int
		want                 []string
	}{
		{"for an operation, from the outside in", "GET", "/g/x", 204, []string{"app", "group", "operation", "auth"}},
		{"for a path without an operation", "GET", "/none", 404, []string{"app"}},
		{"for a method without an operation", "DELETE", "/g/x", 405, []string{"app"}},
		{"for OPTIONS", "OPTIONS", "/g/x", 204, []string{"app"}},
		{"for the document", "GET", "/openapi.json", 200, []string{"app"}},
	} {
		notes = nil
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequest(tt.method, tt.target, nil))
		if w.Code != tt.status || !slices.Equal(notes, tt.want) {
			t.Errorf("%s: %d by %v, want %d by %v", tt.name, w.Code, notes, tt.status, tt.want)
		}
	}
}

func TestUseTellsTheFaultOfAConstructorOnce(t *testing.T) {
	t.Parallel()
	refused := func(text string) (tenon.Middleware, error) { return nil, errors.New(text) }
	nothing := func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil }
	app := tenon.New(tenon.Config{}, tenon.Use(refused("of the app")))
	group := app.Group("/g", tenon.Use(refused("of the group")))
	group.Get("/x", nothing, tenon.Use(refused("of the operation")))
	group.Get("/y", nothing)
	app.Get("/z", nothing, tenon.Use(nil, nil))
	err := app.Compile()
	if err == nil {
		t.Fatal("the app compiles")
	}
	for _, want := range []string{"of the app", "of the group", "of the operation", "a middleware is nil"} {
		if strings.Count(err.Error(), want) != 1 {
			t.Errorf("%q is not told once in\n%v", want, err)
		}
	}
	for line := range strings.Lines(err.Error()) {
		if strings.Count(line, "_test.go:") != 1 {
			t.Errorf("the fault does not name one line: %s", line)
		}
	}
}

func TestMiddlewareSeesTheRequestIDOfTheProblem(t *testing.T) {
	t.Parallel()
	var id string
	app := tenon.New(tenon.Config{}, tenon.BeforeAuth(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			id = tenon.RequestID(r.Context())
			next.ServeHTTP(w, r)
		})
	}))
	body := tenontest.New(t, app).Get("/none").Status(404).Body
	if id == "" || !strings.Contains(string(body), `"instance":"urn:uuid:`+id+`"`) {
		t.Errorf("%s does not name the request %q", body, id)
	}
}
