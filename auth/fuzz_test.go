package auth_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/auth"
)

// FuzzVerify looks for a token that is taken, and is not one that was issued.
func FuzzVerify(f *testing.F) {
	tokens := newTokens(f, func(c *auth.TokensConfig[auth.Access]) { c.Cache = -1 })
	token := issue(f, tokens, auth.Identity{Subject: "1"})
	for _, seed := range []string{token, "", ".", "..", "a.b.c", token + "=", strings.ToUpper(token), token[:len(token)-1], "eyJhbGciOiJub25lIn0.e30."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := tokens.Verify(context.Background(), text, false)
		if err == nil && text != token || (p == nil) == (err == nil) {
			t.Errorf("%q is %v, %v", text, p, err)
		}
	})
}

// FuzzSigned looks for a header or claims that break who reads them, with a signature that is right.
func FuzzSigned(f *testing.F) {
	_, private, _ := ed25519.GenerateKey(rand.Reader)
	key, err := auth.NewKey(private)
	if err != nil {
		f.Fatal(err)
	}
	keys, err := auth.NewKeys[auth.Access](key)
	if err != nil {
		f.Fatal(err)
	}
	tokens := newTokens(f, func(c *auth.TokensConfig[auth.Access]) { c.Keys, c.Cache = keys, -1 })
	parts := strings.Split(issue(f, tokens, auth.Identity{Subject: "1", Roles: []string{"a"}, Claims: map[string]any{"x": 1}}), ".")
	f.Add(string(mustDecode(parts[0])), string(mustDecode(parts[1])))
	f.Add(`{"alg":"EdDSA","typ":"at+jwt"}`, `{"aud":null}`)
	f.Add(`null`, `{"exp":1e309,"iat":-0}`)
	forged := &forge{private: private}
	f.Fuzz(func(t *testing.T, header, claims string) {
		p, err := tokens.Verify(context.Background(), forged.sign(header, claims), false)
		if (p == nil) == (err == nil) || err == nil && (p.Subject() == "" || p.Credential() == "" || p.Expires().IsZero()) {
			t.Errorf("%v, %v", p, err)
		}
	})
}
