package auth_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/check"
	"github.com/tenon-go/tenon/health"
	"github.com/tenon-go/tenon/tenontest"
)

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := "testdata/" + name
	if os.Getenv("TENON_UPDATE") == "1" {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != got {
		t.Errorf("%v; got\n%s\nwant\n%s", err, got, want)
	}
}

// documented is an app of which the document is a golden file.
func documented(t *testing.T) *tenon.App {
	t.Helper()
	bearer := auth.Bearer(newTokens(t, nil), auth.BearerConfig{TokenURL: "/token", Scopes: map[string]string{"items:read": "Read items"}})
	key := auth.APIKey(auth.APIKeyConfig{Verify: func(context.Context, string, auth.Secret, bool) (*auth.Principal, error) { return nil, auth.ErrUnknown }})
	app := tenon.New(quiet(), auth.Required(bearer, key), storeRoles())
	app.Get("/me", me)
	app.Get("/open", open, auth.Public("sign-up"))
	app.Get("/perhaps", perhaps, auth.Optional("greets"))
	app.Get("/items", me, auth.Scope("items:read"), auth.Role("user"))
	app.Get("/admin", me, auth.Or(auth.Role("admin"), auth.And(auth.Scope("items:read"), auth.Permission("posts:edit"))))
	return compile(t, app)
}

// TestSD071WhatIsEnforcedIsDocumented shows security, rule and problems of each kind of operation.
func TestSD071WhatIsEnforcedIsDocumented(t *testing.T) {
	t.Parallel()
	app := documented(t)
	var out strings.Builder
	for _, o := range app.Operations() {
		fmt.Fprintf(&out, "%s %s\n  rule: %s\n  security: %s\n", o.Method, o.Path, o.Rule, strings.Join(o.Security, " or "))
		operation := app.OpenAPI().Paths[o.Path].Get
		fmt.Fprintf(&out, "  x-access: %v\n  answers:", operation.Extensions["x-access"])
		for _, r := range o.Responses {
			if r.Status != 200 && r.Status < 500 || r.Status == 503 {
				fmt.Fprintf(&out, " %d %s", r.Status, strings.Join(r.Problems, " "))
			}
		}
		out.WriteString("\n")
	}
	schemes, err := json.MarshalIndent(app.OpenAPI().Components.SecuritySchemes, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "document.txt", out.String()+string(schemes)+"\n")
}

func TestN07WhoMayCallIsExplained(t *testing.T) {
	t.Parallel()
	app := documented(t)
	var out strings.Builder
	for _, path := range []string{"/items", "/open"} {
		e, err := app.Explain(httptest.NewRequest(http.MethodGet, path, nil))
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(e.String(), "Who may call")
		rest, _, _ = strings.Cut(rest, "What is read")
		out.WriteString(path + rest)
	}
	golden(t, "explain.txt", out.String())
}

// TestN07AnOperationWithoutARuleRefusesTheStart takes a rule away.
func TestN07AnOperationWithoutARuleRefusesTheStart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		opts []tenon.Option
		want []string
	}{
		{"public", []tenon.Option{auth.Public("x")}, nil},
		{"guarded", []tenon.Option{auth.Required(scheme(t))}, nil},
		{"nothing", nil, []string{"GET /b"}},
	} {
		app := tenon.New(quiet())
		app.Get("/a", open, auth.Public("x"))
		app.Get("/c", me, auth.Required(scheme(t)))
		app.Get("/b", open, tt.opts...)
		if _, err := health.New(app, health.Config{}); err != nil {
			t.Fatal(err)
		}
		s := &check.Subject{App: compile(t, app), Operations: app.Operations()}
		var found []string
		for _, f := range check.Run(s, check.Builtin()) {
			if f.Code == "T007" || f.Code == "T207" {
				found = append(found, f.Where)
				if f.Severity != check.Error {
					t.Error(f)
				}
			}
		}
		if fmt.Sprint(found) != fmt.Sprint(tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, found, tt.want)
		}
	}
}

// TestSD104TheDocumentationIsGuarded has the same options guard the pages.
func TestSD104TheDocumentationIsGuarded(t *testing.T) {
	t.Parallel()
	guard, err := auth.Guard(auth.Required(scheme(t)), storeRoles(), auth.Role("editor"))
	if err != nil {
		t.Fatal(err)
	}
	cfg := quiet()
	cfg.Docs.Guard = []tenon.Middleware{guard}
	app := compile(t, tenon.New(cfg))
	for _, path := range []string{"/openapi.json", "/openapi.yaml", "/docs", "/redoc"} {
		for caller, want := range map[string]int{"": 401, "user": 403, "admin": 200} {
			var fields []string
			if caller != "" {
				fields = []string{"X-Test: " + caller}
			}
			if w := call(t, app, "GET", path, fields...); w.Code != want {
				t.Errorf("%s as %q: %d, want %d", path, caller, w.Code, want)
			}
		}
	}
	for name, opts := range map[string][]tenon.Option{
		"no scheme": {auth.Role("admin")}, "public": {auth.Required(scheme(t)), auth.Public("x")}, "an unknown role": {auth.Required(scheme(t)), auth.Role("x")}, "nothing": nil,
	} {
		if _, err := auth.Guard(opts...); err == nil {
			t.Errorf("%s guards something", name)
		}
	}
}

// TestSD073WhatMustBeFresh looks at which requests Standing may answer from a cache.
func TestSD073WhatMustBeFresh(t *testing.T) {
	t.Parallel()
	s := &standing{answer: func(p *auth.Principal) (*auth.Principal, error) { return p, nil }}
	tokens := newTokens(t, func(c *auth.TokensConfig[auth.Access]) { c.Standing = s })
	app := tenon.New(quiet(), auth.Required(auth.Bearer(tokens, auth.BearerConfig{})), storeRoles())
	app.Get("/x", me)
	app.Post("/x", me)
	app.Delete("/x", me)
	app.Get("/scope", me, auth.Scope("a"))
	app.Get("/role", me, auth.Or(auth.Role("user"), auth.Scope("a")))
	app.Get("/permission", me, auth.Not(auth.Permission("users:delete")))
	owned := app.Group("/owned", posts().Load(func(context.Context, *struct{}, auth.Whose) (*post, error) { return &post{Author: "1"}, nil }))
	app.Get("/listed", func(context.Context, *struct {
		Whose auth.WhoseOf[post] `dep:""`
	}) (*tenon.NoContent, error) {
		return nil, nil
	}, posts().Lists())
	mine := func(context.Context, *struct {
		Post auth.Owned[post] `dep:""`
	}) (*tenon.NoContent, error) {
		return nil, nil
	}
	owned.Get("", mine)
	owned.Delete("", mine)
	compile(t, app)
	token := issue(t, tokens, auth.Identity{Subject: "1", Roles: []string{"user"}, Scopes: []string{"a"}})
	for target, want := range map[string]int64{"GET /x": 0, "HEAD /x": 0, "POST /x": 1, "DELETE /x": 1, "GET /scope": 0, "GET /role": 1, "GET /permission": 1,
		"GET /owned": 0, "GET /listed": 0, "DELETE /owned": 1} {
		method, path, _ := strings.Cut(target, " ")
		calls, fresh := s.calls.Load(), s.fresh.Load()
		if w := call(t, app, method, path, "Authorization: Bearer "+token); w.Code >= 300 {
			t.Errorf("%s: %d", target, w.Code)
		}
		if s.calls.Load()-calls != 1 || s.fresh.Load()-fresh != want {
			t.Errorf("%s: asked %d times, afresh %d times, want 1 and %d", target, s.calls.Load()-calls, s.fresh.Load()-fresh, want)
		}
	}
	for err, want := range map[error]int{auth.ErrRevoked: 401, errors.New("away"): 503} {
		s.answer = func(*auth.Principal) (*auth.Principal, error) { return nil, err }
		for _, path := range []string{"/x", "/role"} {
			if w := call(t, app, "GET", path, "Authorization: Bearer "+token); w.Code != want {
				t.Errorf("%v at %s: %d, want %d", err, path, w.Code, want)
			}
		}
	}
	if got := app.OpenAPI().Paths["/x"].Get.Responses["503"]; got == nil {
		t.Error("the document does not say that nobody may be able to tell")
	}
}

// TestManyCallersAtOnce looks for a request that is taken for that of another.
func TestManyCallersAtOnce(t *testing.T) {
	t.Parallel()
	tokens := newTokens(t, func(c *auth.TokensConfig[auth.Access]) { c.Cache = 32 })
	app := tenon.New(quiet(), auth.Required(auth.Bearer(tokens, auth.BearerConfig{})))
	app.Get("/me", me)
	compile(t, app)
	var wg sync.WaitGroup
	for i := range 16 {
		subject := fmt.Sprint("caller-", i)
		token := issue(t, tokens, auth.Identity{Subject: subject})
		wg.Go(func() {
			for range 50 {
				if w := call(t, app, "GET", "/me", "Authorization: Bearer "+token); !strings.Contains(w.Body.String(), `"`+subject+`"`) {
					t.Errorf("%s is answered %s", subject, w.Body)
					return
				}
			}
		})
	}
	wg.Wait()
}

type login struct {
	Body struct {
		Email    auth.PII    `json:"email" maxLength:"20"`
		Password auth.Secret `json:"password" minLength:"8"`
		Break    string      `json:"break"`
	} `body:""`
}

// TestN03CanariesNeverShow submits secrets, and has everything go wrong that can: none may be answered or logged, at any level.
func TestN03CanariesNeverShow(t *testing.T) {
	t.Parallel()
	const password, email, token = "canary-password", "canary@example.com", "canary-token.canary.canary"
	var log bytes.Buffer
	app := tenon.New(tenon.Config{Logger: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}, auth.Required(
		auth.Bearer(newTokens(t, nil), auth.BearerConfig{}), auth.Basic(auth.BasicConfig{Verify: func(_ context.Context, user string, p auth.Secret, _ bool) (*auth.Principal, error) {
			if user == "ok" {
				return auth.NewPrincipal(auth.Identity{Subject: user})
			}
			return nil, fmt.Errorf("%w: %v for %+v", auth.ErrUnknown, p, []any{p})
		}})))
	app.Post("/login", func(ctx context.Context, in *login) (*who, error) {
		slog.New(slog.NewJSONHandler(&log, nil)).InfoContext(ctx, "login", "in", in, "password", in.Body.Password, "email", in.Body.Email)
		switch in.Body.Break {
		case "panic":
			panic(in)
		case "value":
			panic(fmt.Sprintf("%+v", *in))
		case "error":
			return nil, fmt.Errorf("login of %v with %#v: %s", in.Body.Email, in.Body, in.Body.Password)
		}
		return &who{Roles: []string{}}, nil
	})
	compile(t, app)
	show := basicOf("ok", password)
	for name, tt := range map[string]struct{ credential, body string }{
		"right":                 {show, `{"email":"` + email + `","password":"` + password + `","break":""}`},
		"a panic":               {show, `{"email":"` + email + `","password":"` + password + `","break":"panic"}`},
		"a panic of a text":     {show, `{"email":"` + email + `","password":"` + password + `","break":"value"}`},
		"an error":              {show, `{"email":"` + email + `","password":"` + password + `","break":"error"}`},
		"too long":              {show, `{"email":"` + email + strings.Repeat("x", 20) + `","password":"` + password + `","break":1}`},
		"too short":             {show, `{"email":"` + email + `","password":"canary-"}`},
		"of another type":       {show, `{"email":{"canary@example.com":1},"password":["` + password + `"],"break":""}`},
		"no JSON":               {show, `{"password":"` + password + `"` + email},
		"an unknown member":     {show, `{"email":"x","password":"` + password + `","break":"","x":"` + email + `"}`},
		"another password":      {basicOf("bob", password), ``},
		"a token that is wrong": {"Authorization: Bearer " + token, ``},
		"a scheme that is none": {"Authorization: " + password, ``},
	} {
		log.Reset()
		r := httptest.NewRequest(http.MethodPost, "/login", strings.NewReader(tt.body))
		field, value, _ := strings.Cut(tt.credential, ": ")
		r.Header.Set(field, value)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		app.ServeHTTP(w, r)
		for where, text := range map[string]string{"answer": w.Body.String() + fmt.Sprint(w.Header()), "log": log.String()} {
			for _, canary := range []string{"canary-", "canary@"} {
				if strings.Contains(text, canary) {
					t.Errorf("%s: the %s shows %q: %s", name, where, canary, text)
				}
			}
		}
	}
}

// TestSD140OutputsWithSecretsDoNotCompile has what must not be sent stand in an output, wherever.
func TestSD140OutputsWithSecretsDoNotCompile(t *testing.T) {
	t.Parallel()
	for name, register := range map[string]func(*tenon.App){
		"a secret": func(a *tenon.App) {
			a.Get("/x", output[struct {
				Password auth.Secret `json:"password"`
			}])
		},
		"in a list": func(a *tenon.App) {
			a.Get("/x", output[struct {
				All []struct {
					Email auth.PII `json:"email"`
				} `json:"all"`
			}])
		},
		"a root key": func(a *tenon.App) {
			a.Get("/x", output[struct {
				Key map[string]auth.Root `json:"key"`
			}])
		},
		"a signing key": func(a *tenon.App) {
			a.Get("/x", output[struct {
				Key *auth.Key `json:"key"`
			}])
		},
		"a header": func(a *tenon.App) {
			a.Get("/x", output[struct {
				Key auth.Secret `header:"X-Key"`
			}])
		},
		"optional": func(a *tenon.App) {
			a.Get("/x", output[struct {
				Key tenon.Opt[auth.Secret] `json:"key"`
			}])
		},
		"personal by opt": func(a *tenon.App) {
			a.Get("/x", output[struct {
				Key tenon.Null[auth.PII] `json:"key"`
			}])
		},
	} {
		app := tenon.New(quiet())
		register(app)
		if err := app.Compile(); err == nil {
			t.Errorf("%s may be sent", name)
		}
	}
}

func output[T any](context.Context, *struct{}) (*T, error) { return nil, nil }

func TestUntypedTokensOfOthers(t *testing.T) {
	t.Parallel()
	f := newForeign(t)
	f.issuer.set(says(200, setOf(jwkOf("a", f.private))))
	forged := &forge{private: f.private}
	keys, err := auth.RemoteKeys[auth.Access](auth.RemoteConfig{URL: "https://issuer.example/", Transport: f.issuer})
	if err != nil {
		t.Fatal(err)
	}
	claims := string(mustDecode(strings.Split(f.token("a"), ".")[1]))
	for typ, want := range map[string][2]bool{
		`,"typ":"at+jwt"`: {true, true}, `,"typ":"application/AT+JWT"`: {true, true}, `,"typ":"JWT"`: {false, true}, ``: {false, true}, `,"typ":"reset+jwt"`: {false, false},
	} {
		for i, untyped := range []bool{false, true} {
			tokens := newTokens(t, func(c *auth.TokensConfig[auth.Access]) { c.Keys, c.InsecureUntyped = keys, untyped })
			_, err := tokens.Verify(context.Background(), forged.sign(`{"alg":"EdDSA","kid":"a"`+typ+`}`, claims), false)
			if (err == nil) != want[i] || err != nil && !errors.Is(err, auth.ErrType) {
				t.Errorf("%s, InsecureUntyped %v: %v", typ, untyped, err)
			}
		}
	}
}

// TestTheKitSeesGuardedOperations holds the answers of a guarded app against its document.
func TestTheKitSeesGuardedOperations(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, documented(t))
	s.Get("/me").Status(401).Problem("unauthorized")
	s.Get("/open").Status(200)
	s.Get("/perhaps").Status(200)
}
