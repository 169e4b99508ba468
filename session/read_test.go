package session_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/session"
)

// signedIn is an auth.Scheme of those who have signed in, as the session says.
type signedIn struct {
	*session.Sessions[visit]
}

func (s signedIn) Authenticate(r *http.Request, _ bool) (*auth.Principal, error) {
	v, ok, err := s.Read(r)
	if err != nil || !ok || v.User == "" {
		return nil, err
	}
	return auth.NewPrincipal(auth.Identity{Subject: v.User, Session: "browser"})
}

func (signedIn) Challenge() string { return `Session realm="api"` }

func (s signedIn) Security() tenon.Security { return s.Sessions.Security("session") }

// TestASessionMayBeACredential guards operations by who has signed in.
func TestASessionMayBeACredential(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, cfg session.Config, _ *clock) {
		t.Helper()
		sessions := newSessions(t, cfg)
		app := newApp(t, sessions)
		guarded := app.Group("/mine", auth.Required(signedIn{sessions}))
		guarded.Get("/visit", func(_ context.Context, in *visiting) (*seen, error) { return sight(in.Session), nil })
		guarded.Get("/me", func(_ context.Context, in *struct {
			Caller *auth.Principal `dep:""`
		}) (*seen, error) {
			return &seen{User: in.Caller.Subject()}, nil
		})
		b := newBrowser(t, app)
		b.do("GET", "/mine/me").Status(401).Header("WWW-Authenticate", `Session realm="api"`)
		b.do("PUT", "/visit")
		b.do("GET", "/mine/me").Status(401)
		b.do("PUT", "/login")
		b.do("GET", "/mine/me").Status(200).At("/user", `"ada"`)
		b.do("GET", "/mine/visit").Status(200).JSON(`{"empty":false,"user":"ada","count":1}`)
		b.do("DELETE", "/visit")
		b.do("GET", "/mine/me").Status(401)
		scheme := app.OpenAPI().Components.SecuritySchemes["session"]
		if scheme == nil || scheme.In != "cookie" || scheme.Name != "__Host-session" {
			t.Errorf("the document has %+v", scheme)
		}
	})
}

func TestReadSaysWhatIsThere(t *testing.T) {
	t.Parallel()
	clock := &clock{}
	spy := newSpied(t, clock)
	sessions := newSessions(t, session.Config{Store: spy, Now: clock.now})
	b := newBrowser(t, newApp(t, sessions))
	b.do("PUT", "/login")
	request := func(cookie string) *http.Request {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Cookie", cookie)
		return r
	}
	if v, ok, err := sessions.Read(request(b.header())); !ok || err != nil || v.User != "ada" {
		t.Errorf("%+v, %t, %v", v, ok, err)
	}
	if v, ok, err := sessions.Read(request(b.header() + "x")); ok || err != nil || v.User != "" {
		t.Errorf("a forged one: %+v, %t, %v", v, ok, err)
	}
	spy.failing("get")
	if _, ok, err := sessions.Read(request(b.header())); ok || err == nil {
		t.Errorf("a store that is lost: %t, %v", ok, err)
	}
}
