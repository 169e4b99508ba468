package judge_test

import (
	"context"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/internal/judge"
)

// TestDocumentsOfGuardedAppsAreValid has schemes of each kind, scopes, and what is open beside them.
func TestDocumentsOfGuardedAppsAreValid(t *testing.T) {
	t.Parallel()
	root, err := auth.ParseRoot(auth.GenerateRoot())
	if err != nil {
		t.Fatal(err)
	}
	keys, err := auth.DeriveKeys[auth.Access](root)
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := auth.NewTokens(auth.TokensConfig[auth.Access]{Keys: keys, Issuer: "https://store.example", Audience: "store"})
	if err != nil {
		t.Fatal(err)
	}
	nobody := func(context.Context, string, auth.Secret, bool) (*auth.Principal, error) { return nil, auth.ErrUnknown }
	form := auth.BearerConfig{TokenURL: "/token", Scopes: map[string]string{"items:read": "Read items"}}
	app := tenon.New(tenon.Config{Title: "Guarded", Version: "1.0.0"}, auth.Roles(auth.RoleGrant{Name: "admin"}), auth.Required(
		auth.Bearer(tokens, form), auth.APIKey(auth.APIKeyConfig{Verify: nobody}), auth.Basic(auth.BasicConfig{Verify: nobody})))
	empty := func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil }
	app.Get("/.well-known/jwks.json", auth.JWKS(keys), auth.Public("others verify our tokens"))
	app.Get("/a", empty)
	app.Get("/b", empty, auth.Role("admin"), auth.Scope("items:read"))
	app.Get("/c", empty, auth.Optional("greets"))
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	text, err := app.OpenAPI().JSON()
	if err != nil {
		t.Fatal(err)
	}
	if err := judge.Document(text); err != nil {
		t.Error(err)
	}
}
