package auth_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
)

const (
	issuer   = "https://store.example"
	audience = "store"
)

func newRoot(t testing.TB) auth.Root {
	t.Helper()
	root, err := auth.ParseRoot(auth.GenerateRoot())
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func deriveKeys[K auth.Kind](t testing.TB) auth.Keys[K] {
	t.Helper()
	keys, err := auth.DeriveKeys[K](newRoot(t))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func newTokens(t testing.TB, change func(*auth.TokensConfig[auth.Access])) *auth.Tokens[auth.Access] {
	t.Helper()
	cfg := auth.TokensConfig[auth.Access]{Keys: deriveKeys[auth.Access](t), Issuer: issuer, Audience: audience}
	if change != nil {
		change(&cfg)
	}
	tokens, err := auth.NewTokens(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

// issue makes a token as text.
func issue[K auth.Kind](t testing.TB, tokens *auth.Tokens[K], of auth.Identity) string {
	t.Helper()
	secret, _, err := tokens.Issue(of)
	if err != nil {
		t.Fatal(err)
	}
	return text(secret)
}

func text(s auth.Secret) (text string) {
	_ = s.Use(func(b []byte) error { text = string(b); return nil })
	return text
}

func storeRoles() tenon.Option {
	return auth.Roles(
		auth.RoleGrant{Name: "admin", Includes: []string{"editor"}, Permissions: []string{"users:delete"}},
		auth.RoleGrant{Name: "editor", Includes: []string{"user"}, Permissions: []string{"posts:edit"}},
		auth.RoleGrant{Name: "user", Includes: []string{"guest"}},
		auth.RoleGrant{Name: "guest"},
	)
}

// who is what a handler sees of its caller.
type who struct {
	Subject string   `json:"subject"`
	Kind    string   `json:"kind"`
	Roles   []string `json:"roles"`
	Editor  bool     `json:"editor"`
}

type asked struct {
	Caller *auth.Principal `dep:""`
}

func me(_ context.Context, in *asked) (*who, error) {
	return &who{in.Caller.Subject(), in.Caller.Kind(), append([]string{}, in.Caller.Roles()...), in.Caller.Is("editor")}, nil
}

type noCaller struct{}

func open(context.Context, *noCaller) (*who, error) { return &who{Roles: []string{}}, nil }

type perhapsAsked struct {
	Caller *auth.Principal `dep:"optional"`
}

func perhaps(_ context.Context, in *perhapsAsked) (*who, error) {
	return &who{Subject: in.Caller.Subject(), Roles: []string{}}, nil
}

// call sends a request with header fields, as "Name: value".
func call(t testing.TB, app http.Handler, method, target string, fields ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	for _, f := range fields {
		name, value, _ := strings.Cut(f, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	return w
}

func compile(t testing.TB, app *tenon.App) *tenon.App {
	t.Helper()
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	return app
}
