package accounts

import (
	"context"
	"errors"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/auth/password"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/middleware"
	"github.com/tenon-go/tenon/problem"
)

var (
	// ErrWrongCredentials is answered for an address that nobody has, for a wrong password, and for a user who is kept out. Which of them it was is not
	// said, and takes the same time, also where hashes were imported, if password.Config.Imported says so.
	ErrWrongCredentials = problem.Define(http.StatusUnauthorized, "wrong-credentials", "The e-mail address or the password is wrong.").
				WithHeader("Cache-Control", "no-store")
	// ErrRefreshRefused is answered for a refresh token that does not count, or no more.
	ErrRefreshRefused = problem.Define(http.StatusUnauthorized, "refresh-refused", "The refresh token does not count. Sign in again.").
				WithHeader("Cache-Control", "no-store")
)

// Login is how a user says who they are.
type Login struct {
	Email    string       `json:"email" transform:"lower" minLength:"1" maxLength:"254" doc:"Case makes no difference." example:"ada@example.com"`
	Password tenon.Secret `json:"password" minLength:"1" maxLength:"1024" format:"password" writeOnly:"true" doc:"That of the user."`
}

// loginRequest is a Login and what sent it.
type loginRequest struct {
	UserAgent tenon.Opt[string] `header:"User-Agent" doc:"Stands in the list of sessions."`
	Login     Login             `body:""`
}

// Token is what a client shows from now on.
type Token struct {
	AccessToken  string `json:"access_token" doc:"To be sent in the field Authorization, after the word Bearer and a space."`
	TokenType    string `json:"token_type" enum:"bearer" doc:"How it is shown."`
	ExpiresIn    int    `json:"expires_in" doc:"For how many seconds the access token counts." example:"600"`
	RefreshToken string `json:"refresh_token" doc:"Gives the next of both, once. It is for the client that signed in alone."`
}

// tokenAnswer is a Token, which nobody between may keep.
type tokenAnswer struct {
	CacheControl string `header:"Cache-Control" doc:"no-store: nobody may keep the tokens but the client."`
	Token        Token  `body:""`
}

// visitor is where a request comes from.
type visitor struct {
	client  string // what it calls itself
	address string // where it comes from; of IPv6, the network
}

func visitorOf(ctx context.Context, userAgent string) visitor {
	for len(userAgent) > 200 {
		_, size := utf8.DecodeLastRuneInString(userAgent)
		userAgent = userAgent[:len(userAgent)-size]
	}
	v := visitor{client: userAgent}
	ip := middleware.ClientIP(ctx).Unmap().WithZone("")
	switch {
	case ip.Is4():
		v.address = ip.String()
	case ip.Is6():
		if network, err := ip.Prefix(64); err == nil {
			v.address = network.String()
		}
	}
	return v
}

func (a *Accounts) login(ctx context.Context, in *loginRequest) (*tokenAnswer, error) {
	token, err := a.signIn(ctx, in.Login.Email, in.Login.Password, visitorOf(ctx, in.UserAgent.Or("")))
	if errors.Is(err, ErrWrongCredentials) {
		return nil, a.refused(ErrWrongCredentials).Wrap(err)
	}
	return token, err
}

// refused is a 401 with what it must have (RFC 9110, section 11.6.1).
func (a *Accounts) refused(e *problem.Error) *problem.Error {
	return e.WithHeader("WWW-Authenticate", a.challenge)
}

// signIn makes a session for who knows the password. When another hash was stored while the password was looked at, by another login or a change of the
// password, it is looked at once more.
func (a *Accounts) signIn(ctx context.Context, email string, secret tenon.Secret, from visitor) (out *tokenAnswer, err error) {
	who, counted, err := a.admit(ctx, email, from)
	if err != nil {
		return nil, err
	}
	subject := who.Subject
	for range 2 {
		var newer password.Hash
		if newer, err = a.verify(ctx, who, secret, counted); err != nil {
			break
		}
		if out, who, err = a.enter(ctx, who, newer, counted, from); !errors.Is(err, errChanged) {
			break
		}
	}
	if errors.Is(err, errChanged) {
		err = ErrWrongCredentials.Wrap(err)
	}
	if errors.Is(err, ErrWrongCredentials) {
		a.event(ctx, "authn_login_fail", subject, errors.Unwrap(err))
	}
	if err != nil {
		return nil, err
	}
	a.event(ctx, "authn_login_success", subject, nil)
	return out, nil
}

// verify says whether the password is that of somebody who may sign in, and what hash is to be stored from now on, if another.
func (a *Accounts) verify(ctx context.Context, who Account, secret tenon.Secret, c counted) (newer password.Hash, err error) {
	ok, newer, err := a.cfg.Passwords.Verify(ctx, secret, who.Password)
	switch {
	case errors.Is(err, password.ErrUnreadable):
		return newer, ErrWrongCredentials.Wrap(err)
	case err != nil: // nothing was guessed
		return newer, errors.Join(err, a.giveBack(ctx, c))
	case !ok || !who.Active:
		return newer, ErrWrongCredentials
	}
	return newer, nil
}

// errChanged tells that the hash that was looked at is not the one that is stored now.
var errChanged = errors.New("accounts: another password was stored meanwhile")

// enter begins a session of somebody whose password was right, unless they are another than they were then. now is what they are.
func (a *Accounts) enter(
	ctx context.Context, who Account, newer password.Hash, c counted, from visitor,
) (out *tokenAnswer, now Account, err error) {
	err = a.write(ctx, func(ctx context.Context, tx *data.Tx) (err error) {
		if now, err = a.locked(ctx, tx, who.Subject); err != nil {
			return err
		}
		if !now.Active {
			return ErrWrongCredentials
		}
		if !same(now.Password, who.Password) {
			return errChanged
		}
		if !newer.IsZero() {
			if err := a.cfg.Users.SetPassword(ctx, tx, who.Subject, newer); err != nil {
				return err
			}
		}
		if err := a.settle(ctx, tx, c); err != nil {
			return err
		}
		session, refresh, err := a.begin(ctx, tx, who.Subject, from)
		if err != nil {
			return err
		}
		out, err = a.answer(now, session, refresh)
		return err
	})
	return out, now, err
}

// answer makes the tokens of a session.
func (a *Accounts) answer(who Account, session sessionRow, refresh refreshToken) (*tokenAnswer, error) {
	access, _, err := a.tokens.Issue(auth.Identity{
		Subject: who.Subject, Roles: who.Roles, Session: session.SID, AuthenticatedAt: session.Created.Truncate(time.Second),
	})
	if err != nil {
		return nil, err
	}
	out := &tokenAnswer{CacheControl: "no-store", Token: Token{
		TokenType: "bearer", ExpiresIn: int(a.tokens.Lifetime().Seconds()), RefreshToken: refresh.String(),
	}}
	return out, access.Use(func(text []byte) error { out.Token.AccessToken = string(text); return nil })
}

// Refresh is how a client asks for the next tokens.
type Refresh struct {
	RefreshToken tenon.Secret `json:"refresh_token" minLength:"1" maxLength:"512" writeOnly:"true" doc:"The newest that the client was given."`
}

func (a *Accounts) refresh(ctx context.Context, in *Refresh) (*tokenAnswer, error) {
	token, err := a.renew(ctx, in.RefreshToken)
	if errors.Is(err, ErrRefreshRefused) {
		return nil, a.refused(ErrRefreshRefused).Wrap(err)
	}
	return token, err
}

// renew gives the next tokens for a refresh token.
func (a *Accounts) renew(ctx context.Context, secret tenon.Secret) (out *tokenAnswer, err error) {
	token, err := parseRefresh(secret)
	if err != nil {
		return nil, ErrRefreshRefused.Wrap(err)
	}
	var session sessionRow
	var refused error
	_, err = sessions.Where(sessionFamily.Is(token.familyHash())).One(ctx, a.db) // who shows what nobody has keeps nobody from writing
	if errors.Is(err, data.ErrNoRows) {
		return nil, ErrRefreshRefused.Wrap(errUnknownToken)
	}
	if err != nil {
		return nil, err
	}
	err = a.write(ctx, func(ctx context.Context, tx *data.Tx) error {
		var next refreshToken
		var err error
		if session, next, refused, err = a.rotate(ctx, tx, token); err != nil || refused != nil {
			return err
		}
		who, err := account(a.cfg.Users.BySubject(ctx, tx, session.Subject))
		if err != nil {
			return err
		}
		if !who.Active {
			return ErrRefreshRefused.Wrap(errEnded)
		}
		out, err = a.answer(who, session, next)
		return err
	})
	if err != nil {
		return nil, err
	}
	if refused != nil {
		switch {
		case errors.Is(refused, errReused):
			a.event(ctx, "authn_token_reuse", session.Subject, refused)
		case errors.Is(refused, errEnded):
			a.event(ctx, "session_use_after_expire", session.Subject, refused)
		}
		return nil, ErrRefreshRefused.Wrap(refused)
	}
	return out, nil
}

// inSession is a request of somebody who signed in.
type inSession struct {
	Caller *auth.Principal `dep:""`
}

func (a *Accounts) logout(ctx context.Context, in *inSession) (*tenon.NoContent, error) {
	err := a.write(ctx, func(ctx context.Context, tx *data.Tx) error { return a.end(ctx, tx, in.Caller.Session()) })
	if err == nil {
		a.event(ctx, "session_expired", in.Caller.Subject(), nil)
	}
	return nil, err
}

func (a *Accounts) logoutEverywhere(ctx context.Context, in *inSession) (*tenon.NoContent, error) {
	err := a.write(ctx, func(ctx context.Context, tx *data.Tx) error { return a.endOthers(ctx, tx, in.Caller.Subject(), "") })
	if err == nil {
		a.event(ctx, "session_expired", in.Caller.Subject(), nil)
	}
	return nil, err
}
