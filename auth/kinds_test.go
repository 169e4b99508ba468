package auth_test

import (
	"context"
	"errors"
	"testing"

	"github.com/tenon-go/tenon/auth"
)

// Kinds of tokens beside access tokens, such as a service may have.
type (
	reset   struct{}
	verify  struct{}
	invite  struct{}
	unlock  struct{}
	upload  struct{}
	refresh struct{}
	consent struct{}
	device  struct{}
)

func (reset) TokenType() string   { return "reset+jwt" }
func (verify) TokenType() string  { return "verify+jwt" }
func (invite) TokenType() string  { return "invite+jwt" }
func (unlock) TokenType() string  { return "unlock+jwt" }
func (upload) TokenType() string  { return "upload+jwt" }
func (refresh) TokenType() string { return "refresh+jwt" }
func (consent) TokenType() string { return "consent+jwt" }
func (device) TokenType() string  { return "device+jwt" }

// ofKind is a kind without its type, so that tokens of one can be shown to another.
type ofKind struct {
	token  string
	verify func(string) error
}

// kindOf makes a kind of one root, or with one key for all kinds, which is worse than anybody should do.
func kindOf[K auth.Kind](t *testing.T, root auth.Root, shared *auth.Key) ofKind {
	t.Helper()
	keys, err := auth.DeriveKeys[K](root)
	if shared != nil {
		keys, err = auth.NewKeys[K](*shared)
	}
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := auth.NewTokens(auth.TokensConfig[K]{Keys: keys, Issuer: issuer, Audience: audience})
	if err != nil {
		t.Fatal(err)
	}
	return ofKind{issue(t, tokens, auth.Identity{Subject: "42"}), func(token string) error {
		_, err := tokens.Verify(context.Background(), token, false)
		return err
	}}
}

// TestEveryKindInThePlaceOfEveryOther shows 9 kinds of token to each other: 72 ordered pairs, with keys of one root and with one key for all.
func TestEveryKindInThePlaceOfEveryOther(t *testing.T) {
	t.Parallel()
	root := newRoot(t)
	one, err := auth.NewHMAC(root.Derive("test", 32))
	if err != nil {
		t.Fatal(err)
	}
	for name, shared := range map[string]*auth.Key{"derived keys": nil, "one key": &one} {
		kinds := []ofKind{
			kindOf[auth.Access](t, root, shared), kindOf[reset](t, root, shared), kindOf[verify](t, root, shared), kindOf[invite](t, root, shared),
			kindOf[unlock](t, root, shared), kindOf[upload](t, root, shared), kindOf[refresh](t, root, shared), kindOf[consent](t, root, shared),
			kindOf[device](t, root, shared),
		}
		pairs := 0
		for i, a := range kinds {
			for j, b := range kinds {
				err := b.verify(a.token)
				if (err == nil) != (i == j) {
					t.Errorf("%s: a token of kind %d for kind %d: %v", name, i, j, err)
				}
				if i != j {
					pairs++
					if !errors.Is(err, auth.ErrType) {
						t.Errorf("%s: a token of kind %d for kind %d: %v, want %v", name, i, j, err, auth.ErrType)
					}
				}
			}
		}
		if pairs != 72 {
			t.Errorf("%d pairs, want 72", pairs)
		}
	}
}
