package accounts

import (
	"net/http"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/auth/password"
	"github.com/tenon-go/tenon/data"
)

// Routes adds the operations to a group, such as one at /auth, inside one that auth.Required guards with Tokens: POST login, token, refresh, logout and
// password; GET sessions, DELETE sessions and sessions/{id}; where there are Scopes, POST and GET keys and DELETE keys/{id}; and, where Users are NewUsers,
// POST sign-up.
func (a *Accounts) Routes(g *tenon.Group) {
	g = g.Group("", tenon.Tags("auth"), tenon.Fails(data.ErrUnavailable, data.ErrUnknown))
	a.signingIn(g.Group("", auth.Public("signs in"), tenon.Status(http.StatusOK), tenon.Use(addressed, nil)))
	a.signingUp(g)
	a.signedIn(g.Group("", SignedIn()))
}

// addressed does nothing: a request that passes middleware has an address, also in an app that is not served by tenon.Serve.
func addressed(next http.Handler) http.Handler { return next }

func (a *Accounts) signingIn(g *tenon.Group) {
	tries := tenon.Fails(ErrTooManyAttempts, password.ErrBusy)
	g.Post("/login", a.login, tries, tenon.Fails(a.refused(ErrWrongCredentials)), tenon.Summary("Sign in"),
		tenon.Description("Begins a session for an e-mail address and a password."))
	g.Post("/token", a.token, tries, tenon.MapFaults(ErrOAuth, wrongForm), tenon.Summary("Sign in by a form"),
		tenon.Description("The same as a form of OAuth2 (RFC 6749, sections 4.3 and 6), for the page of the documentation and other tools of our own."))
	g.Post("/refresh", a.refresh, tenon.Fails(a.refused(ErrRefreshRefused)), tenon.Summary("Get the next tokens"),
		tenon.Description("Each refresh token gives the next one, once. Whoever shows an older one ends the session."))
}

func (a *Accounts) signedIn(g *tenon.Group) {
	g.Post("/logout", a.logout, tenon.Status(http.StatusNoContent), tenon.Summary("Sign out"), tenon.Description("Ends the session of the token."))
	g.Post("/password", a.changePassword, tenon.Status(http.StatusNoContent), tenon.Fails(ErrTooManyAttempts, ErrWrongPassword, password.ErrBusy),
		tenon.Summary("Change the password"), tenon.Description("Ends the other sessions of the caller. API keys stay."))
	g.Get("/sessions", a.listSessions, tenon.Summary("List sessions"), tenon.Description("Those of the caller that go on, one page at a time."))
	g.Delete("/sessions", a.logoutEverywhere, tenon.Summary("Sign out everywhere"), tenon.Description("Ends all sessions of the caller, this one too."))
	g.Delete("/sessions/{id}", a.endSession, tenon.Fails(ErrNoSession), tenon.Summary("End a session"), tenon.Description("Ends one session of the caller."))
	if len(a.cfg.Scopes) == 0 {
		return
	}
	g.Post("/keys", a.createKey, tenon.Fails(ErrScopeRefused, ErrTooManyKeys), tenon.Summary("Make an API key"),
		tenon.Description("The key stands in the answer alone."))
	g.Get("/keys", a.listKeys, tenon.Summary("List API keys"), tenon.Description("Those of the caller that count, one page at a time."))
	g.Delete("/keys/{id}", a.endKey, tenon.Fails(ErrNoKey), tenon.Summary("End an API key"), tenon.Description("The key counts for nothing at once."))
}

// SignedIn is the rule that somebody signed in with a password: it keeps API keys, and tokens without a session, away from what an account hangs on.
func SignedIn() tenon.Option {
	return auth.When("in a session", func(p *auth.Principal) bool { return p.Session() != "" })
}
