package session_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/session"
	"github.com/tenon-go/tenon/store"
	"github.com/tenon-go/tenon/tenontest"
)

// visit is what the sessions of the tests keep.
type visit struct {
	User  string `json:"user,omitzero"`
	Count int    `json:"count"`
	Note  string `json:"note,omitzero"`
}

type (
	visiting struct {
		Session *session.Of[visit] `dep:""`
	}
	noting struct {
		Session *session.Of[visit] `dep:""`
		Letters int                `query:"letters"`
	}
	lines struct {
		Body iter.Seq2[visit, error] `body:"application/x-ndjson"`
	}
	stubborn struct {
		Control string `header:"Cache-Control"`
		Body    seen   `body:""`
	}
	seen struct {
		Empty bool   `json:"empty"`
		User  string `json:"user"`
		Count int    `json:"count"`
	}
)

func sight(of *session.Of[visit]) *seen {
	v := of.Value()
	return &seen{of.Empty(), v.User, v.Count}
}

var errRefused = problem.Define(http.StatusConflict, "refused", "It is refused.")

func count(v *visit) { v.Count++ }

// newApp has an operation for each thing that a handler may do with a session.
func newApp(t testing.TB, sessions *session.Sessions[visit], opts ...tenon.Option) *tenon.App {
	t.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, append([]tenon.Option{sessions.Use()}, opts...)...)
	app.Get("/visit", func(_ context.Context, in *visiting) (*seen, error) { return sight(in.Session), nil })
	app.Get("/none", func(context.Context, *struct{}) (*seen, error) { return &seen{}, nil })
	app.Put("/visit", func(_ context.Context, in *visiting) (*seen, error) {
		err := in.Session.Change(count)
		return sight(in.Session), err
	})
	app.Put("/same", func(_ context.Context, in *visiting) (*seen, error) {
		err := in.Session.Change(func(*visit) {})
		return sight(in.Session), err
	})
	app.Put("/note", func(_ context.Context, in *noting) (*seen, error) {
		err := in.Session.Change(func(v *visit) { v.Note = strings.Repeat("x", in.Letters) })
		return sight(in.Session), err
	})
	app.Put("/login", func(_ context.Context, in *visiting) (*seen, error) {
		in.Session.Renew()
		err := in.Session.Change(func(v *visit) { v.User = "ada" })
		return sight(in.Session), err
	})
	app.Put("/renew", func(_ context.Context, in *visiting) (*seen, error) {
		in.Session.Renew()
		return sight(in.Session), nil
	})
	app.Delete("/visit", func(_ context.Context, in *visiting) (*tenon.NoContent, error) {
		in.Session.Destroy()
		return nil, nil
	})
	app.Put("/restart", func(_ context.Context, in *visiting) (*seen, error) {
		in.Session.Destroy()
		err := in.Session.Change(count)
		return sight(in.Session), err
	})
	app.Put("/refused", func(_ context.Context, in *visiting) (*seen, error) {
		in.Session.Renew()
		if err := in.Session.Change(count); err != nil {
			return nil, err
		}
		return nil, errRefused
	}, tenon.Fails(errRefused))
	app.Put("/stream", func(_ context.Context, in *visiting) (*lines, error) {
		in.Session.Renew()
		err := in.Session.Change(count)
		return &lines{func(yield func(visit, error) bool) {
			late := in.Session.Change(count)
			yield(visit{Count: in.Session.Value().Count, Note: told(late)}, nil)
		}}, err
	})
	return app
}

func told(err error) string {
	if errors.Is(err, session.ErrAnswered) {
		return "answered"
	}
	return "changed"
}

// clock is one that only tests move.
type clock struct{ passed atomic.Int64 }

func (c *clock) now() time.Time {
	return time.Date(2030, 5, 6, 7, 8, 9, 0, time.UTC).Add(time.Duration(c.passed.Load()))
}

func (c *clock) pass(d time.Duration) { c.passed.Add(int64(d)) }

func newRoot(t testing.TB) auth.Root {
	t.Helper()
	root, err := auth.ParseRoot(auth.GenerateRoot())
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func newStore(t testing.TB, clock *clock) *store.Memory {
	t.Helper()
	memory, err := store.NewMemory(store.Config{Now: clock.now})
	if err != nil {
		t.Fatal(err)
	}
	return memory
}

func newSessions(t testing.TB, cfg session.Config) *session.Sessions[visit] {
	t.Helper()
	sessions, err := session.New[visit](cfg)
	if err != nil {
		t.Fatal(err)
	}
	return sessions
}

// both runs a test with sessions in the cookie and with sessions in a store.
func both(t *testing.T, test func(t *testing.T, cfg session.Config, clock *clock)) {
	t.Helper()
	t.Run("in the cookie", func(t *testing.T) {
		t.Parallel()
		clock := &clock{}
		test(t, session.Config{Keys: []session.Root{newRoot(t)}, Now: clock.now}, clock)
	})
	t.Run("in a store", func(t *testing.T) {
		t.Parallel()
		clock := &clock{}
		test(t, session.Config{Store: newStore(t, clock), Now: clock.now}, clock)
	})
}

// browser keeps the cookies that answers set.
type browser struct {
	t       testing.TB
	app     *tenon.App
	server  *tenontest.Server
	cookies map[string]string
}

func newBrowser(t testing.TB, app *tenon.App) *browser {
	return &browser{t: t, app: app, server: tenontest.New(t, app), cookies: map[string]string{}}
}

// header is the Cookie field.
func (b *browser) header() string {
	var pairs []string
	for name, value := range b.cookies {
		pairs = append(pairs, name+"="+value)
	}
	return strings.Join(pairs, "; ")
}

func (b *browser) do(method, path string) *tenontest.Response {
	b.t.Helper()
	server := b.server
	if len(b.cookies) > 0 {
		server = server.With("Cookie", b.header())
	}
	r := server.Do(method, path, nil)
	b.take(r.Headers)
	return r
}

// take keeps the cookies of an answer.
func (b *browser) take(h http.Header) {
	for _, cookie := range (&http.Response{Header: h}).Cookies() {
		if cookie.MaxAge < 0 {
			delete(b.cookies, cookie.Name)
		} else {
			b.cookies[cookie.Name] = cookie.Value
		}
	}
}

// other is a browser with the same cookies.
func (b *browser) other() *browser {
	return &browser{t: b.t, app: b.app, server: b.server, cookies: map[string]string{"__Host-session": b.cookies["__Host-session"]}}
}
