package session_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/session"
	"github.com/tenon-go/tenon/tenontest"
)

func TestWhatIsWrongIsToldAtOnce(t *testing.T) {
	t.Parallel()
	keys := []session.Root{newRoot(t)}
	for _, tt := range []struct {
		name string
		cfg  session.Config
		want []string
	}{
		{"nothing to keep sessions by", session.Config{}, []string{"it has neither Keys nor a Store"}},
		{"a key that is missing", session.Config{Keys: []session.Root{keys[0], auth.Root{}, nil}}, []string{"key 1 is missing", "key 2 is missing"}},
		{
			"all of it", session.Config{Name: "a b", SameSite: 9, Idle: time.Second, Absolute: 500 * 24 * time.Hour},
			[]string{
				"neither Keys", `Name is "a b", want a token of 128 bytes or fewer`, "SameSite is 9", "Idle is 1s, want 1m0s to Absolute", "Absolute is 12000h0m0s, want 9600h0m0s or less",
			},
		},
		{"a long name", session.Config{Keys: keys, Name: strings.Repeat("n", 129)}, []string{"want a token of 128 bytes"}},
		{"less than it idles", session.Config{Keys: keys, Absolute: time.Hour}, []string{"Idle is 24h0m0s, want 1m0s to Absolute, 1h0m0s"}},
		{"a prefix that plain HTTP has not", session.Config{Keys: keys, Name: "__host-s", InsecureHTTP: true}, []string{"which browsers do not take over plain HTTP"}},
		{"every site over plain HTTP", session.Config{Keys: keys, SameSite: http.SameSiteNoneMode, InsecureHTTP: true}, []string{"SameSite is None"}},
		{"the default of the standard library", session.Config{Keys: keys, SameSite: http.SameSiteDefaultMode}, []string{"SameSite is 1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := session.New[visit](tt.cfg)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%v, want %q", err, want)
				}
			}
			if n := strings.Count(err.Error(), "\n") + 1; n != len(tt.want) {
				t.Errorf("%d faults, want %d: %v", n, len(tt.want), err)
			}
		})
	}
}

func TestAValueThatIsNoJSONIsRefusedAtStart(t *testing.T) {
	t.Parallel()
	cfg := session.Config{Keys: []session.Root{newRoot(t)}}
	if _, err := session.New[struct{ F func() }](cfg); err == nil || !strings.Contains(err.Error(), "cannot be written as JSON") {
		t.Errorf("a function: %v", err)
	}
	if _, err := session.New[struct{ Key auth.Root }](cfg); err == nil || !strings.Contains(err.Error(), "cannot be written as JSON") {
		t.Errorf("a secret: %v", err)
	}
}

type cart struct{ Items []string }

func TestTwoKindsOfSessionHaveTwoCookies(t *testing.T) {
	t.Parallel()
	keys := []session.Root{newRoot(t)}
	carts, err := session.New[cart](session.Config{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	type buying struct {
		Cart *session.Of[cart] `dep:""`
	}
	buy := func(_ context.Context, in *buying) (*tenon.NoContent, error) {
		return nil, in.Cart.Change(func(c *cart) { c.Items = append(c.Items, "oak") })
	}
	app := newApp(t, newSessions(t, session.Config{Keys: keys}), carts.Use())
	app.Put("/cart", buy)
	if err := app.Compile(); err == nil || !strings.Contains(err.Error(), "two kinds of session have the cookie __Host-session") {
		t.Errorf("Compile: %v", err)
	}
	if carts, err = session.New[cart](session.Config{Keys: keys, Name: "__Host-cart"}); err != nil {
		t.Fatal(err)
	}
	app = newApp(t, newSessions(t, session.Config{Keys: keys}), carts.Use())
	app.Put("/cart", buy)
	type bothOf struct {
		Session *session.Of[visit] `dep:""`
		Cart    session.Of[cart]   `dep:""`
	}
	app.Put("/both", func(_ context.Context, in *bothOf) (*seen, error) {
		n := len(in.Cart.Value().Items)
		if err := in.Cart.Change(func(c *cart) { c.Items = nil }); err != nil {
			return nil, err
		}
		err := in.Session.Change(func(v *visit) { v.Count += n })
		return sight(in.Session), err
	})
	b := newBrowser(t, app)
	b.do("PUT", "/cart").Status(204)
	b.do("PUT", "/cart").Status(204)
	r := b.do("PUT", "/both").Status(200).At("/count", "2")
	if n := len(r.Headers["Set-Cookie"]); n != 2 || strings.Join(r.Headers.Values("Vary"), ",") != "Cookie" {
		t.Errorf("%d cookies are set, Vary is %q", n, r.Headers["Vary"])
	}
	b.do("PUT", "/both").At("/count", "2") // a field of a value is the same session
	// One is nothing to the other: neither is opened under the other's name.
	swapped := newBrowser(t, app)
	swapped.cookies["__Host-cart"], swapped.cookies["__Host-session"] = b.cookies["__Host-session"], b.cookies["__Host-cart"]
	swapped.do("GET", "/visit").At("/empty", "true")
	swapped.do("PUT", "/both").At("/count", "0")
}

func TestOnlyARequestHasASession(t *testing.T) {
	t.Parallel()
	sessions := newSessions(t, session.Config{Keys: []session.Root{newRoot(t)}})
	app := newApp(t, sessions)
	app.Provide(func(_ context.Context, _ *visiting) (*cart, error) { return &cart{}, nil })
	if _, err := app.Call(t.Context(), func(context.Context, *visiting) (*tenon.NoContent, error) { return nil, nil }); err == nil {
		t.Error("a call has a session")
	}
}

func TestAZeroSessionIsForTestsOfHandlers(t *testing.T) {
	t.Parallel()
	in := &visiting{Session: new(session.Of[visit])}
	if err := in.Session.Change(count); err != nil || in.Session.Value().Count != 1 || in.Session.Empty() {
		t.Errorf("%v, %+v", err, in.Session.Value())
	}
	in.Session.Renew()
	in.Session.Destroy()
	header := http.Header{}
	in.Session.AnswerHeader(header)
	if err := in.Session.Finish(t.Context(), nil); err != nil || !in.Session.Empty() || len(header) > 0 {
		t.Errorf("%v, %v", err, header)
	}
}

func TestASessionIsNoOutput(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Get("/x", func(context.Context, *struct{}) (*struct {
		Session *session.Of[visit] `json:"session"`
	}, error) {
		return nil, nil
	})
	if err := app.Compile(); err == nil {
		t.Error("it is encoded")
	}
}
