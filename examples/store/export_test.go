package store

import (
	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
)

// trusting are parts that believe tokens, whether or not the table has their users: for tests that are about something else, on tables without a row more.
func trusting() (parts, error) {
	p, err := usual()
	p.standing = func(*database) auth.Standing { return nil }
	return p, err
}

// NewTrusting is New that believes tokens.
func NewTrusting(cfg Config) (*tenon.App, error) {
	p, err := trusting()
	if err != nil {
		return nil, err
	}
	return build(cfg, p)
}

// Issue makes a token that a service with the root key takes.
func Issue(root auth.Root, of auth.Identity) (text string, err error) {
	keys, err := auth.DeriveKeys[auth.Access](root)
	if err != nil {
		return "", err
	}
	tokens, err := newTokens(keys, nil)
	if err != nil {
		return "", err
	}
	token, _, err := tokens.Issue(of)
	if err != nil {
		return "", err
	}
	return text, token.Use(func(b []byte) error { text = string(b); return nil })
}
