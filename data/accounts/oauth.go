package accounts

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// TokenForm is a Login or a Refresh as OAuth2 writes it (RFC 6749, sections 4.3.2 and 6).
type TokenForm struct {
	GrantType    string                  `form:"grant_type" default:"" maxLength:"100" doc:"password or refresh_token."`
	Username     string                  `form:"username" transform:"lower" default:"" maxLength:"254" doc:"The e-mail address of the user."`
	Password     tenon.Opt[tenon.Secret] `form:"password" maxLength:"1024" format:"password" doc:"That of the user."`
	RefreshToken tenon.Opt[tenon.Secret] `form:"refresh_token" maxLength:"512" doc:"The newest that the client was given."`
	Scope        string                  `form:"scope" default:"" maxLength:"1000" doc:"Without meaning: what a user may do is said by roles."`
	ClientID     string                  `form:"client_id" default:"" maxLength:"255" doc:"Without meaning: no clients are registered."`
	ClientSecret tenon.Opt[tenon.Secret] `form:"client_secret" maxLength:"255" doc:"Without meaning."`
	UserAgent    tenon.Opt[string]       `header:"User-Agent" doc:"Stands in the list of sessions."`
}

// OAuthError is what OAuth2 says of a refusal (RFC 6749, section 5.2), beside the members of every problem.
type OAuthError struct {
	Error       string `json:"error" enum:"invalid_grant,invalid_request,unsupported_grant_type" doc:"What it is, for programs."`
	Description string `json:"error_description" doc:"What it is, for people."`
}

// ErrOAuth is a refusal by the endpoint for forms.
var ErrOAuth = problem.Define(http.StatusBadRequest, "oauth-refused", "There is no token for this request.").Members[OAuthError]()

func refusal(code, description string) *problem.Error {
	return ErrOAuth.With(OAuthError{code, description}).WithHeader("Cache-Control", "no-store")
}

// token is the endpoint for tokens of OAuth2, for first-party tools such as the page of the documentation: it takes passwords, which others must not
// (RFC 9700, section 2.4).
func (a *Accounts) token(ctx context.Context, in *TokenForm) (out *tokenAnswer, err error) {
	switch in.GrantType {
	case "password":
		if in.Username == "" || !in.Password.Set {
			return nil, refusal("invalid_request", "The password flow wants username and password.")
		}
		out, err = a.signIn(ctx, strings.TrimSpace(in.Username), in.Password.Value, visitorOf(ctx, in.UserAgent.Or("")))
	case "refresh_token":
		if !in.RefreshToken.Set {
			return nil, refusal("invalid_request", "The refresh flow wants refresh_token.")
		}
		out, err = a.renew(ctx, in.RefreshToken.Value)
	case "":
		return nil, refusal("invalid_request", "There is no grant_type.")
	default:
		return nil, refusal("unsupported_grant_type", "The flow is password or refresh_token.")
	}
	switch {
	case errors.Is(err, ErrWrongCredentials):
		return nil, refusal("invalid_grant", "The e-mail address or the password is wrong.").Wrap(err)
	case errors.Is(err, ErrRefreshRefused):
		return nil, refusal("invalid_grant", "The refresh token does not count.").Wrap(err)
	}
	return out, err
}
