package auth_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
)

// TestWithin asks callers when they signed in, alone and within other rules: who would be let in after another login is told so.
func TestWithin(t *testing.T) {
	t.Parallel()
	const five, again = 5 * time.Minute, `Bearer realm="api", error="insufficient_user_authentication", max_age="300"`
	tokens := newTokens(t, nil)
	app := tenon.New(quiet(), storeRoles())
	g := app.Group("/v1", auth.Required(auth.Bearer(tokens, auth.BearerConfig{}), scheme(t)))
	g.Post("/within", me, auth.Within(five))
	g.Post("/admin", me, auth.Role("admin"), auth.Within(five))
	g.Post("/scope", me, auth.Scope("items:write"), auth.Within(five))
	g.Post("/or", me, auth.Or(auth.Within(five), auth.Scope("items:write")))
	g.Post("/not", me, auth.Not(auth.Within(five)))
	g.Post("/least", me, auth.Within(time.Hour), auth.Or(auth.Within(five), auth.Within(2*time.Hour)))
	compile(t, app)
	ago := func(d time.Duration, of auth.Identity) string {
		of.Subject = "1"
		if d >= 0 {
			of.AuthenticatedAt = time.Now().Add(-d).Truncate(time.Second)
		}
		return "Authorization: Bearer " + issue(t, tokens, of)
	}
	admin, writer, nobody := auth.Identity{Roles: []string{"admin"}}, auth.Identity{Scopes: []string{"items:write"}}, auth.Identity{}
	for _, tt := range []struct {
		name, path, field string
		status            int
		code, challenge   string
	}{
		{"a moment ago", "/within", ago(0, nobody), 201, "", ""},
		{"four minutes ago", "/within", ago(4*time.Minute, nobody), 201, "", ""},
		{"six minutes ago", "/within", ago(6*time.Minute, nobody), 401, "signed-in-too-long-ago", again},
		{"nobody knows when", "/within", ago(-1, nobody), 401, "signed-in-too-long-ago", again},
		{"an admin, a moment ago", "/admin", ago(0, admin), 201, "", ""},
		{"an admin, long ago", "/admin", ago(time.Hour, admin), 401, "signed-in-too-long-ago", again},
		{"no admin, long ago", "/admin", ago(time.Hour, nobody), 403, "forbidden", ""},
		{"no admin, a moment ago", "/admin", ago(0, nobody), 403, "forbidden", ""},
		{"no scope, a moment ago", "/scope", ago(0, nobody), 403, "forbidden", `Bearer realm="api", error="insufficient_scope", scope="items:write"`},
		{"no scope, long ago", "/scope", ago(time.Hour, nobody), 403, "forbidden", ""},
		{"a scope, long ago", "/scope", ago(time.Hour, writer), 401, "signed-in-too-long-ago", again},
		{"one of two, long ago", "/or", ago(time.Hour, writer), 201, "", ""},
		{"what must be long ago, and is not", "/not", ago(0, nobody), 403, "forbidden", ""},
		{"what must be long ago, and is", "/not", ago(time.Hour, nobody), 201, "", ""},
		{"the least of several", "/least", ago(3*time.Hour, nobody), 401, "signed-in-too-long-ago", again},
		{"an API key", "/within", "X-Test: admin", 403, "forbidden", ""},
	} {
		w := call(t, app, "POST", "/v1"+tt.path, tt.field)
		if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.code) || w.Header().Get("WWW-Authenticate") != tt.challenge {
			t.Errorf("%s: %d %q %s", tt.name, w.Code, w.Header().Get("WWW-Authenticate"), w.Body)
		}
	}
	for _, row := range auth.Matrix(app, auth.Caller{Name: "program", Identity: &auth.Identity{Subject: "p", Kind: auth.KindMachine, Roles: []string{"admin"}}}).Rows {
		if row.Operation == "POST /v1/admin" && (row.Rule != "role admin and signed in within the last 5 minutes" || row.Verdicts[1] != auth.Denied || row.Verdicts[2] != auth.Allowed || row.Verdicts[len(row.Verdicts)-1] != auth.Denied) {
			t.Errorf("%s: %s %v", row.Operation, row.Rule, row.Verdicts)
		}
	}
	text, err := app.OpenAPI().JSON()
	if err != nil || !strings.Contains(string(text), "signed-in-too-long-ago") {
		t.Errorf("the document does not say so: %v", err)
	}
}

func TestWithinIsSaidInWords(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		time.Second: "second", 90 * time.Second: "90 seconds", time.Minute: "minute", 5 * time.Minute: "5 minutes", time.Hour: "hour", 8 * time.Hour: "8 hours",
	} {
		app := tenon.New(quiet())
		app.Get("/x", me, auth.Required(scheme(t)), auth.Within(d))
		if got := compile(t, app).Operations()[0].Rule; got != "signed in within the last "+want {
			t.Errorf("%v: %s", d, got)
		}
	}
	app := tenon.New(quiet())
	app.Get("/x", me, auth.Required(scheme(t)), auth.Within(0))
	if err := app.Compile(); err == nil || !strings.Contains(err.Error(), "auth.Within(0s)") {
		t.Errorf("no time at all: %v", err)
	}
}
