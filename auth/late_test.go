package auth_test

import (
	"net/http"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/tenontest"
)

// TestLateKeysVerifyOnceTheyAreThere serves before the keys are there: nobody is let in, and nobody is told that a token does not count.
func TestLateKeysVerifyOnceTheyAreThere(t *testing.T) {
	t.Parallel()
	keys, set := auth.LateKeys[auth.Access]()
	late := newTokens(t, func(c *auth.TokensConfig[auth.Access]) { c.Keys = keys })
	soon := deriveKeys[auth.Access](t)
	token := issue(t, newTokens(t, func(c *auth.TokensConfig[auth.Access]) { c.Keys = soon }), auth.Identity{Subject: "7"})
	if _, _, err := late.Issue(auth.Identity{Subject: "7"}); err == nil {
		t.Error("a token was signed without a key")
	}
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, auth.Required(auth.Bearer(late, auth.BearerConfig{})))
	app.Get("/me", me)
	app.Get("/keys", auth.JWKS(keys), auth.Public("others verify our tokens"))
	s := tenontest.New(t, app)
	s.Get("/keys").Status(http.StatusOK).At("/keys", "[]")
	signed := s.With("Authorization", "Bearer "+token)
	signed.Get("/me").Status(http.StatusServiceUnavailable).Problem("unavailable")
	set(auth.Keys[auth.Access]{}) // none
	set(soon)
	set(deriveKeys[auth.Access](t)) // the first ones hold
	signed.Get("/me").Status(http.StatusOK).At("/subject", `"7"`)
	s.With("Authorization", "Bearer "+issue(t, late, auth.Identity{Subject: "8"})).Get("/me").Status(http.StatusOK).At("/subject", `"8"`)
	s.With("Authorization", "Bearer "+issue(t, newTokens(t, nil), auth.Identity{Subject: "9"})).Get("/me").Status(http.StatusUnauthorized)
	s.Get("/keys").Status(http.StatusOK).At("/keys", `[{"kty":"OKP","kid":"<<string>>","use":"sig","alg":"EdDSA","crv":"Ed25519","x":"<<string>>"}]`)
}
