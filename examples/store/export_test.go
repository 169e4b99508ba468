package store

import (
	"context"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/data"
)

// Searched is what the check D001 is told of the lists.
func Searched() data.Indexes { return searched() }

// NewTrusting is New that believes tokens, whether or not the table has their users: for tests that are about something else, on tables without a row more.
func NewTrusting(cfg Config) (*tenon.App, error) {
	p, err := usual()
	if err != nil {
		return nil, err
	}
	if p.tokens, err = tokensOf(cfg.Root); err != nil {
		return nil, err
	}
	p.still = func(context.Context, *data.Tx, *auth.Principal) error { return nil }
	return build(cfg, p)
}

func tokensOf(root auth.Root) (*auth.Tokens[auth.Access], error) {
	keys, set := auth.LateKeys[auth.Access]()
	if err := derive(set, []auth.Root{root}); err != nil {
		return nil, err
	}
	return auth.NewTokens(auth.TokensConfig[auth.Access]{Keys: keys, Issuer: issuer, Audience: audience})
}

// Issue makes a token that a service with the root key takes.
func Issue(root auth.Root, of auth.Identity) (text string, err error) {
	tokens, err := tokensOf(root)
	if err != nil {
		return "", err
	}
	token, _, err := tokens.Issue(of)
	if err != nil {
		return "", err
	}
	return text, token.Use(func(b []byte) error { text = string(b); return nil })
}

// Alone reports whether what a service keeps for limits and caches is in its process.
func Alone(db, valkey string) bool { return (&Settings{DB: db, Valkey: valkey}).alone() }
