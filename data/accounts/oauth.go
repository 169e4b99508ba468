package accounts

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// TokenForm is a Login or a Refresh as OAuth2 writes it (RFC 6749, sections 4.3.2 and 6). Fields that it does not have, such as scope and client_id, are
// passed over (section 3.2): what a user may do is said by roles, and no clients are registered. A field without a value is one that is not there.
type TokenForm struct {
	_            struct{}                `additionalProperties:"true"`
	GrantType    string                  `form:"grant_type" minLength:"1" enum:"password,refresh_token" doc:"Which of the two it is."`
	Username     tenon.Opt[string]       `form:"username" transform:"lower" maxLength:"254" doc:"The e-mail address of the user."`
	Password     tenon.Opt[tenon.Secret] `form:"password" maxLength:"1024" format:"password" doc:"That of the user."`
	RefreshToken tenon.Opt[tenon.Secret] `form:"refresh_token" maxLength:"512" doc:"The newest that the client was given."`
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

// ValidateNeeds names what Validate reads.
func (*TokenForm) ValidateNeeds() []string {
	return []string{"grant_type", "username", "password", "refresh_token"}
}

// Validate refuses a form without what its grant is.
func (f *TokenForm) Validate(context.Context) error {
	var errs []error
	missing := func(field string, is bool) {
		if is {
			errs = append(errs, problem.Fault{In: "body", Pointer: "/" + field, Code: "grant", Message: "is needed for this grant_type"})
		}
	}
	missing("username", f.GrantType == "password" && strings.TrimSpace(f.Username.Or("")) == "")
	missing("password", f.GrantType == "password" && empty(f.Password.Value))
	missing("refresh_token", f.GrantType == "refresh_token" && empty(f.RefreshToken.Value))
	return errors.Join(errs...)
}

func empty(s tenon.Secret) (is bool) {
	_ = s.Use(func(text []byte) error { is = len(text) == 0; return nil }) // it returns nil
	return is
}

// wrongForm is what OAuth2 says of a form that breaks a rule. A grant that is there once, and is none of ours, has a word of its own.
func wrongForm(wrong *problem.Error) *problem.Error {
	faults := wrong.Faults()
	grant := slices.DeleteFunc(slices.Clone(faults), func(f problem.Fault) bool { return f.Pointer != "/grant_type" })
	if len(grant) == 1 && grant[0].Code == "enum" {
		return refusal("unsupported_grant_type", "The grant is password or refresh_token.").WithFaults(faults...)
	}
	return refusal("invalid_request", "The form breaks a rule.").WithFaults(faults...)
}

// token is the endpoint for tokens of OAuth2, for first-party tools such as the page of the documentation: it takes passwords, which others must not
// (RFC 9700, section 2.4).
func (a *Accounts) token(ctx context.Context, in *TokenForm) (out *tokenAnswer, err error) {
	if in.GrantType == "password" {
		out, err = a.signIn(ctx, strings.TrimSpace(in.Username.Value), in.Password.Value, visitorOf(ctx, in.UserAgent.Or("")))
	} else {
		out, err = a.renew(ctx, in.RefreshToken.Value)
	}
	switch {
	case errors.Is(err, ErrWrongCredentials):
		return nil, refusal("invalid_grant", "The e-mail address or the password is wrong.").Wrap(err)
	case errors.Is(err, ErrRefreshRefused):
		return nil, refusal("invalid_grant", "The refresh token does not count.").Wrap(err)
	}
	return out, err
}
