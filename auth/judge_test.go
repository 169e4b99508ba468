package auth_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
)

// judging is an app with a rule of each kind.
func judging(t *testing.T) *tenon.App {
	t.Helper()
	app := tenon.New(quiet(), auth.Required(scheme(t)), storeRoles(), posts().Load(loadNone), auth.When("of a tenant that pays", func(p *auth.Principal) bool {
		return p.Tenant() != "broke"
	}))
	app.Get("/me", me)
	app.Get("/open", open, auth.Public("sign-up"))
	app.Get("/perhaps", perhaps, auth.Optional("greets"))
	app.Get("/admin", me, auth.Role("admin"), auth.Scope("admin:all"))
	app.Get("/either", me, auth.Or(auth.Role("admin"), auth.And(auth.Scope("items:read"), auth.Permission("posts:edit"))))
	app.Get("/others", me, auth.Not(auth.Role("guest")))
	app.Get("/beside", me, tenon.Auth(func(next http.Handler) http.Handler { return next }))
	app.Get("/posts/{id}", getPost)
	app.Get("/posts", listPosts)
	return compile(t, app)
}

func callerOf(t *testing.T, text string) tenon.Caller {
	t.Helper()
	var c tenon.Caller
	if err := c.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestN13ExplainSaysWhoMayCallAndWhy keeps what is said of several callers at operations of each kind.
func TestN13ExplainSaysWhoMayCallAndWhy(t *testing.T) {
	t.Parallel()
	app := judging(t)
	var callers []tenon.Caller
	for _, text := range []string{
		"nobody", "subject=ada", "admin", "editor", "role=editor scope=", "editor scope=items:read", "tenant=broke", "kind=machine scope=admin:all", "admni",
	} {
		callers = append(callers, callerOf(t, text))
	}
	var out strings.Builder
	for _, path := range []string{"/me", "/open", "/perhaps", "/admin", "/either", "/others", "/beside", "/posts/7", "/posts"} {
		e, err := app.Explain(httptest.NewRequest(http.MethodGet, path, nil), callers...)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(e.String(), "Who may call\n")
		out.WriteString(path + "\n")
		for line := range strings.Lines(rest) {
			if strings.HasPrefix(line, "  rule") || strings.HasPrefix(line, "  as ") {
				out.WriteString(line)
			}
		}
	}
	golden(t, "callers.txt", out.String())
}

// TestN13ExplainAgreesWithTheMatrix holds what is said of a caller against the matrix, for every operation and column of it.
func TestN13ExplainAgreesWithTheMatrix(t *testing.T) {
	t.Parallel()
	app := judging(t)
	m := auth.Matrix(app)
	for _, row := range m.Rows {
		method, path, _ := strings.Cut(row.Operation, " ")
		for i, c := range m.Callers {
			caller := tenon.Caller{Name: c.Name, Nobody: c.Identity == nil}
			if c.Identity != nil {
				caller.Roles = c.Identity.Roles
				if c.Name == "no scope" {
					caller.Scopes = []string{}
				}
			}
			e, err := app.Explain(httptest.NewRequest(method, strings.ReplaceAll(path, "{id}", "7"), nil), caller)
			if err != nil {
				t.Fatal(err)
			}
			if got := e.Callers[0]; got.Verdict != string(row.Verdicts[i]) || len(got.Because) == 0 {
				t.Errorf("%s as %s: %+v, the matrix says %s", row.Operation, c.Name, got, row.Verdicts[i])
			}
		}
	}
}
