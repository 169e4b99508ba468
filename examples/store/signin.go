package store

import (
	"context"
	"net/http"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/auth/password"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/problem"
)

// ErrWrongCredentials is answered for an address that nobody has, for a wrong password, and for a user who is kept out: which of them it was is nobody's
// business, and takes the same time.
var ErrWrongCredentials = problem.Define(http.StatusUnauthorized, "wrong-credentials", "The e-mail address or the password is wrong.").
	WithHeader("WWW-Authenticate", challenge)

// challenge is that of the tokens.
const challenge = `Bearer realm="api"`

// Tokens are for this service, and made by it.
const (
	issuer   = "urn:tenon:store"
	audience = "store"
)

// newTokens makes what makes and verifies access tokens.
func newTokens(keys auth.Keys[auth.Access], standing auth.Standing) (*auth.Tokens[auth.Access], error) {
	return auth.NewTokens(auth.TokensConfig[auth.Access]{Keys: keys, Issuer: issuer, Audience: audience, Standing: standing})
}

// signIn is the resource /auth.
type signIn struct {
	db     *database
	hasher *password.Hasher
	tokens *auth.Tokens[auth.Access]
}

func (s *signIn) routes(g *tenon.Group) {
	g = g.Group("/auth", tenon.Tags("auth"), auth.Public("signs in"), tenon.Status(http.StatusOK), tenon.Fails(ErrWrongCredentials, password.ErrBusy))
	g.Post("/login", s.login, tenon.Summary("Sign in"), tenon.Description("Makes an access token for an e-mail address and a password."))
	g.Post("/token", s.token, tenon.Summary("Sign in by a form"),
		tenon.Description("The same by the password flow of OAuth2 (RFC 6749, section 4.3): for the page of the documentation and other tools of our own."))
}

// Login is how a user says who they are.
type Login struct {
	Email    string       `json:"email" transform:"lower" minLength:"1" maxLength:"254" doc:"Case makes no difference." example:"ada@example.com"`
	Password tenon.Secret `json:"password" minLength:"1" maxLength:"128" format:"password" writeOnly:"true" doc:"That of the user."`
}

// TokenForm is a Login as OAuth2 writes it.
type TokenForm struct {
	GrantType    string                  `form:"grant_type" enum:"password" doc:"The flow."`
	Username     string                  `form:"username" transform:"lower" minLength:"1" maxLength:"254" doc:"The e-mail address of the user."`
	Password     tenon.Secret            `form:"password" minLength:"1" maxLength:"128" format:"password" doc:"That of the user."`
	Scope        string                  `form:"scope" default:"" maxLength:"1000" doc:"Without meaning: tokens have no scopes."`
	ClientID     string                  `form:"client_id" default:"" maxLength:"254" doc:"Without meaning: no client is registered."`
	ClientSecret tenon.Opt[tenon.Secret] `form:"client_secret" maxLength:"254" doc:"Without meaning."`
}

// Token is what a client shows from now on.
type Token struct {
	AccessToken string `json:"access_token" doc:"To be sent in the field Authorization, after the word Bearer and a space."`
	TokenType   string `json:"token_type" enum:"bearer" doc:"How it is shown."`
	ExpiresIn   int    `json:"expires_in" doc:"For how many seconds it counts." example:"600"`
}

// tokenAnswer is a token, which nobody between may keep.
type tokenAnswer struct {
	CacheControl string `header:"Cache-Control" doc:"Nobody may keep the token but the client."`
	Token        Token  `body:""`
}

func (s *signIn) login(ctx context.Context, in *Login) (*tokenAnswer, error) {
	row, err := one(ctx, s.db, userTable.Where(userEmail.Is(in.Email)))
	if err != nil {
		return nil, err
	}
	stored := password.Hash{} // of nobody
	if row != nil {
		stored = row.PasswordHash
	}
	right, newer, err := s.hasher.Verify(ctx, in.Password, stored)
	if err != nil {
		return nil, err
	}
	if !right || !row.Active {
		return nil, ErrWrongCredentials
	}
	if !newer.IsZero() {
		if err := s.rehash(ctx, row, newer); err != nil {
			return nil, err
		}
	}
	return s.issue(row.identity())
}

// rehash keeps the hash of a password that was kept in another form, unless it has been changed meanwhile.
func (s *signIn) rehash(ctx context.Context, row *userRow, newer password.Hash) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, data.SQL(`UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?`, newer, row.ID, row.PasswordHash))
		return err
	})
}

func (s *signIn) token(ctx context.Context, in *TokenForm) (*tokenAnswer, error) {
	return s.login(ctx, &Login{Email: in.Username, Password: in.Password})
}

// identity is what a token says of a user.
func (r userRow) identity() auth.Identity {
	return auth.Identity{Subject: subject(r.ID), Roles: []string{string(r.Role)}, AuthenticatedAt: time.Now()}
}

func (s *signIn) issue(of auth.Identity) (*tokenAnswer, error) {
	token, _, err := s.tokens.Issue(of)
	if err != nil {
		return nil, err
	}
	out := &tokenAnswer{CacheControl: "no-store", Token: Token{TokenType: "bearer", ExpiresIn: int(s.tokens.Lifetime().Seconds())}}
	return out, token.Use(func(text []byte) error { out.Token.AccessToken = string(text); return nil })
}
