package tenon_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
)

func TestN13ACallerIsNamedByWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		want tenon.Caller
	}{
		{"nobody", tenon.Caller{Name: "nobody", Nobody: true}},
		{"admin", tenon.Caller{Name: "admin", Roles: []string{"admin"}}},
		{"  admin   role=editor ", tenon.Caller{Name: "admin role=editor", Roles: []string{"admin", "editor"}}},
		{"scope=a:b scope=c", tenon.Caller{Name: "scope=a:b scope=c", Scopes: []string{"a:b", "c"}}},
		{"admin scope=", tenon.Caller{Name: "admin scope=", Roles: []string{"admin"}, Scopes: []string{}}},
		{
			"kind=machine subject=ada tenant=t1 scope=x=y",
			tenon.Caller{Name: "kind=machine subject=ada tenant=t1 scope=x=y", Kind: "machine", Subject: "ada", Tenant: "t1", Scopes: []string{"x=y"}},
		},
	} {
		var got tenon.Caller
		if err := got.UnmarshalText([]byte(tt.text)); err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q: %+v, %v", tt.text, got, err)
		}
	}
	for text, want := range map[string]string{"": "is empty", "  ": "is empty", "rôle=x": `"rôle=" is not known`, "=x": `"=" is not known`} {
		got := tenon.Caller{Name: "as it was"}
		if err := got.UnmarshalText([]byte(text)); err == nil || !strings.Contains(err.Error(), want) || got.Name != "as it was" {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

// judge is a part that lets those in who have a role.
type judge struct{}

func (*judge) Judge(of tenon.Caller) tenon.Judgement {
	if of.Nobody || len(of.Roles) == 0 {
		return tenon.Judgement{Verdict: "403", Because: []string{"it takes a role"}}
	}
	return tenon.Judgement{Verdict: "yes"}
}

func TestN13ExplainAsksAboutCallers(t *testing.T) {
	t.Parallel()
	none := func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil }
	app := tenon.New(tenon.Config{})
	app.Get("/judged", none, func(o *tenon.Operation) { o.Part[judge]() })
	app.Get("/silent", none, tenon.Auth(func(next http.Handler) http.Handler { return next }))
	app.Get("/open", none)
	app.Mount("/old", http.NotFoundHandler())
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	callers := []tenon.Caller{{Name: "nobody", Nobody: true}, {Name: "admin", Roles: []string{"admin"}}}
	for path, want := range map[string]string{
		"/judged": "  as nobody    403: it takes a role\n  as admin     yes\n",
		"/silent": "  as admin     unknown: middleware of the slot Auth decides, and does not say how\n",
		"/open":   "  as nobody    yes: nobody has said who may call: anybody\n  as admin     yes: nobody has said who may call: anybody\n",
	} {
		e, err := app.Explain(httptest.NewRequest(http.MethodGet, path, nil), callers...)
		if err != nil || !strings.Contains(e.String(), want) || len(e.Callers) != 2 || e.Callers[1].Caller != "admin" {
			t.Errorf("%s: %v\n%s", path, err, e)
		}
	}
	for _, path := range []string{"/old/x", "/none"} {
		if e, err := app.Explain(httptest.NewRequest(http.MethodGet, path, nil), callers...); err != nil || e.Callers != nil {
			t.Errorf("%s: %+v, %v", path, e.Callers, err)
		}
	}
}
