package session_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/session"
)

func TestWhatAHandlerChangesIsKept(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, cfg session.Config, _ *clock) {
		t.Helper()
		b := newBrowser(t, newApp(t, newSessions(t, cfg)))
		b.do("GET", "/visit").Status(200).JSON(`{"empty":true,"user":"","count":0}`)
		for n := range 3 {
			b.do("PUT", "/visit").Status(200).JSON(fmt.Sprintf(`{"empty":false,"user":"","count":%d}`, n+1))
		}
		b.do("GET", "/visit").JSON(`{"empty":false,"user":"","count":3}`)
		newBrowser(t, newApp(t, newSessions(t, cfg))).do("GET", "/visit").JSON(`{"empty":true,"user":"","count":0}`)
	})
}

func TestTheCookieHasItsAttributes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*session.Config)
		want   string
	}{
		{"as they are by default", func(*session.Config) {}, "__Host-session=…; Path=/; Max-Age=86400; HttpOnly; Secure; SameSite=Lax"},
		{"with a name of one's own", func(c *session.Config) { c.Name = "__Secure-s" }, "__Secure-s=…; Path=/; Max-Age=86400; HttpOnly; Secure; SameSite=Lax"},
		{"for no other site at all", func(c *session.Config) { c.SameSite = http.SameSiteStrictMode }, "__Host-session=…; Path=/; Max-Age=86400; HttpOnly; Secure; SameSite=Strict"},
		{"for a time of one's own", func(c *session.Config) { c.Idle, c.Absolute = time.Hour, 2*time.Hour }, "__Host-session=…; Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=Lax"},
		{"over plain HTTP", func(c *session.Config) { c.InsecureHTTP = true }, "session=…; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			both(t, func(t *testing.T, cfg session.Config, _ *clock) {
				t.Helper()
				tt.change(&cfg)
				want := tt.want
				if cfg.Store != nil { // the id is told once, for Absolute
					want = strings.NewReplacer("Max-Age=86400", "Max-Age=604800", "Max-Age=3600", "Max-Age=7200").Replace(want)
				}
				r := newBrowser(t, newApp(t, newSessions(t, cfg))).do("PUT", "/visit").Status(200)
				name, rest, _ := strings.Cut(r.Headers.Get("Set-Cookie"), "=")
				_, attributes, _ := strings.Cut(rest, ";")
				if got := name + "=…;" + attributes; got != want {
					t.Errorf("Set-Cookie: %s, want %s", got, want)
				}
			})
		})
	}
}

func TestNothingIsSetWhereNothingChanged(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, cfg session.Config, clock *clock) {
		t.Helper()
		b := newBrowser(t, newApp(t, newSessions(t, cfg)))
		for _, step := range []struct {
			method, path string
			sets         bool
		}{
			{"GET", "/visit", false},
			{"DELETE", "/visit", false}, // there is none
			{"PUT", "/renew", false},
			{"PUT", "/visit", true},
			{"GET", "/visit", false},
			{"PUT", "/same", false},
			{"GET", "/none", false},
			{"PUT", "/refused", false},
			{"PUT", "/renew", true},
			{"DELETE", "/visit", true},
			{"PUT", "/visit", true},
			{"PUT", "/visit", cfg.Store == nil}, // the id is the same
			{"PUT", "/restart", true},
		} {
			if r := b.do(step.method, step.path); (r.Headers["Set-Cookie"] != nil) != step.sets || len(r.Headers["Set-Cookie"]) > 1 {
				t.Errorf("%s %s: Set-Cookie is %q", step.method, step.path, r.Headers["Set-Cookie"])
			}
		}
		clock.pass(2 * time.Hour)
		if r := b.do("GET", "/visit"); r.Headers["Set-Cookie"] != nil {
			t.Errorf("before a tenth of Idle has passed, Set-Cookie is %q", r.Headers["Set-Cookie"])
		}
	})
}

func TestAnswersSayWhatTheyDependOn(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, cfg session.Config, _ *clock) {
		t.Helper()
		app := newApp(t, newSessions(t, cfg))
		app.Get("/tagged", func(_ context.Context, in *visiting) (*seen, error) { return sight(in.Session), nil }, tenon.BodyETag())
		app.Get("/said", func(_ context.Context, in *visiting) (*stubborn, error) {
			return &stubborn{"private, max-age=5", *sight(in.Session)}, nil
		})
		b := newBrowser(t, app)
		for _, step := range []struct{ method, path, control, vary string }{
			{"GET", "/visit", "no-store", "Cookie"},
			{"PUT", "/visit", "no-store", "Cookie"},
			{"PUT", "/refused", "no-store", "Cookie"},
			{"GET", "/tagged", "private, no-cache", "Cookie"},
			{"GET", "/said", "private, max-age=5", "Cookie"},
			{"PUT", "/stream", "no-store", "Cookie"},
			{"GET", "/none", "", ""},
		} {
			r := b.do(step.method, step.path)
			if r.Headers.Get("Cache-Control") != step.control || strings.Join(r.Headers.Values("Vary"), ", ") != step.vary {
				t.Errorf("%s %s: Cache-Control %q, Vary %q", step.method, step.path, r.Headers["Cache-Control"], r.Headers["Vary"])
			}
		}
	})
}

// TestNoSharedCacheKeepsTheCookie: an answer that sets the cookie is never kept for others, whatever its output says.
func TestNoSharedCacheKeepsTheCookie(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, cfg session.Config, _ *clock) {
		t.Helper()
		for _, tt := range []struct{ says, sets, other string }{
			{"public, max-age=60", "no-store", "public, max-age=60"},
			{"max-age=60", "no-store", "max-age=60"},
			{"s-maxage=60, must-revalidate", "no-store", "s-maxage=60, must-revalidate"},
			{`private="x-a", max-age=60`, "no-store", `private="x-a", max-age=60`},
			{"private, public", "no-store", "private, public"},
			{"Private, max-age=60", "Private, max-age=60", "Private, max-age=60"},
			{"no-store", "no-store", "no-store"},
		} {
			app := newApp(t, newSessions(t, cfg))
			for path, does := range map[string]func(of *session.Of[visit]) error{
				"/count": func(of *session.Of[visit]) error { return of.Change(count) },
				"/look":  func(*session.Of[visit]) error { return nil },
				"/end":   func(of *session.Of[visit]) error { of.Destroy(); return nil },
			} {
				app.Put(path, func(_ context.Context, in *visiting) (*stubborn, error) {
					err := does(in.Session)
					return &stubborn{tt.says, *sight(in.Session)}, err
				})
			}
			b := newBrowser(t, app)
			for _, step := range []struct{ path, want string }{{"/count", tt.sets}, {"/look", tt.other}, {"/end", tt.sets}} {
				if got := b.do("PUT", step.path).Status(200).Headers.Get("Cache-Control"); got != step.want {
					t.Errorf("%s says %q: Cache-Control is %q, want %q", step.path, tt.says, got, step.want)
				}
			}
		}
	})
}

func TestARequestThatFailsChangesNothing(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, cfg session.Config, _ *clock) {
		t.Helper()
		b := newBrowser(t, newApp(t, newSessions(t, cfg)))
		b.do("PUT", "/visit")
		before := b.cookies["__Host-session"]
		b.do("PUT", "/refused").Status(409).Problem("refused")
		if b.cookies["__Host-session"] != before {
			t.Error("another cookie was set")
		}
		b.do("GET", "/visit").JSON(`{"empty":false,"user":"","count":1}`)
	})
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, cfg session.Config, clock *clock) {
		t.Helper()
		cfg.Idle, cfg.Absolute = time.Hour, 4*time.Hour
		b := newBrowser(t, newApp(t, newSessions(t, cfg)))
		const kept, empty = `{"empty":false,"user":"","count":1}`, `{"empty":true,"user":"","count":0}`
		b.do("PUT", "/visit")
		clock.pass(time.Hour - time.Second)
		b.do("GET", "/visit").JSON(kept) // it was used
		clock.pass(time.Hour - time.Second)
		b.do("GET", "/visit").JSON(kept)
		clock.pass(time.Hour)
		b.do("GET", "/visit").JSON(empty) // nobody used it

		b.do("PUT", "/visit")
		var ages []int
		for range 7 {
			clock.pass(30 * time.Minute)
			for _, cookie := range (&http.Response{Header: b.do("GET", "/visit").JSON(kept).Headers}).Cookies() {
				ages = append(ages, cookie.MaxAge)
			}
		}
		want := []int{3600, 3600, 3600, 3600, 3600, 3600, 1800}
		if cfg.Store != nil {
			want = nil // the id is told once, and lives in the store
		}
		if !slices.Equal(ages, want) {
			t.Errorf("the cookie is kept for %v, want %v", ages, want)
		}
		clock.pass(30 * time.Minute)
		b.do("GET", "/visit").JSON(empty) // however much it was used

		b.do("PUT", "/visit")
		for range 16 {
			clock.pass(30 * time.Minute)
			b.do("PUT", "/renew").JSON(kept) // it begins anew
		}
	})
}

func TestDestroy(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, cfg session.Config, _ *clock) {
		t.Helper()
		b := newBrowser(t, newApp(t, newSessions(t, cfg)))
		b.do("PUT", "/visit")
		copied := b.other()
		cookie := b.do("DELETE", "/visit").Status(204).Cookie("__Host-session")
		if cookie.Value != "" || cookie.MaxAge != -1 || cookie.Path != "/" || !cookie.Secure {
			t.Errorf("the cookie is taken back by %q", cookie)
		}
		b.do("GET", "/visit").At("/empty", "true")
		want := "false" // a copy of what stands in the cookie is good until it ends
		if cfg.Store != nil {
			want = "true"
		}
		copied.do("GET", "/visit").At("/empty", want)
	})
}

func TestASessionBeginsAnewAfterDestroy(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, cfg session.Config, _ *clock) {
		t.Helper()
		b := newBrowser(t, newApp(t, newSessions(t, cfg)))
		b.do("PUT", "/visit")
		b.do("PUT", "/visit")
		old := b.other()
		b.do("PUT", "/restart").JSON(`{"empty":false,"user":"","count":1}`)
		b.do("GET", "/visit").JSON(`{"empty":false,"user":"","count":1}`)
		if cfg.Store != nil {
			old.do("GET", "/visit").At("/empty", "true")
		}
	})
}

// unsaid is a transaction whose commit fails.
type unsaid struct{}

func (*unsaid) Finish(context.Context, error) error { return errRefused }

// TestNothingIsKeptWhenACommitFails, wherever the field of the session stands.
func TestNothingIsKeptWhenACommitFails(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, cfg session.Config, _ *clock) {
		t.Helper()
		app := newApp(t, newSessions(t, cfg))
		app.Provide(func(context.Context, *struct{}) (*unsaid, error) { return &unsaid{}, nil })
		for path, does := range map[string]func(of *session.Of[visit]) error{
			"change":  func(of *session.Of[visit]) error { return of.Change(count) },
			"renew":   func(of *session.Of[visit]) error { of.Renew(); return nil },
			"destroy": func(of *session.Of[visit]) error { of.Destroy(); return nil },
		} {
			app.Put("/first/"+path, func(_ context.Context, in *struct {
				Session *session.Of[visit] `dep:""`
				Tx      *unsaid            `dep:""`
			}) (*seen, error) {
				return sight(in.Session), does(in.Session)
			}, tenon.Fails(errRefused))
			app.Put("/last/"+path, func(_ context.Context, in *struct {
				Tx      *unsaid            `dep:""`
				Session *session.Of[visit] `dep:""`
			}) (*seen, error) {
				return sight(in.Session), does(in.Session)
			}, tenon.Fails(errRefused))
		}
		b := newBrowser(t, app)
		b.do("PUT", "/visit")
		for _, path := range []string{"/first/change", "/last/change", "/first/renew", "/last/renew", "/first/destroy", "/last/destroy"} {
			b.do("PUT", path).Status(409).Problem("refused")
			b.do("GET", "/visit").JSON(`{"empty":false,"user":"","count":1}`)
		}
	})
}

// TestAnAnswerThatIsLateSetsNoEndedSession: the browser keeps the session that began meanwhile.
func TestAnAnswerThatIsLateSetsNoEndedSession(t *testing.T) {
	t.Parallel()
	clock := &clock{}
	b := newBrowser(t, newApp(t, newSessions(t, session.Config{Store: newStore(t, clock), Now: clock.now})))
	if cookie := b.do("PUT", "/visit").Cookie("__Host-session"); cookie.MaxAge != 7*24*3600 {
		t.Errorf("the browser keeps the id for %d seconds, want those of Absolute", cookie.MaxAge)
	}
	clock.pass(3 * time.Hour)
	for _, path := range []string{"/visit", "/same"} {
		if r := b.do("PUT", path).Status(200); r.Headers["Set-Cookie"] != nil {
			t.Errorf("%s sets %q again", path, r.Headers["Set-Cookie"])
		}
	}
}

// TestRenewDefeatsFixation: who knows the cookie from before the login has nothing of what comes after it.
func TestRenewDefeatsFixation(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, cfg session.Config, _ *clock) {
		t.Helper()
		victim := newBrowser(t, newApp(t, newSessions(t, cfg)))
		victim.do("PUT", "/visit")
		attacker := victim.other()
		victim.do("PUT", "/login").JSON(`{"empty":false,"user":"ada","count":1}`)
		if victim.cookies["__Host-session"] == attacker.cookies["__Host-session"] {
			t.Error("the cookie is the same after the login")
		}
		attacker.do("GET", "/visit").At("/user", `""`)
		victim.do("GET", "/visit").JSON(`{"empty":false,"user":"ada","count":1}`)
		attacker.do("PUT", "/visit")
		victim.do("GET", "/visit").JSON(`{"empty":false,"user":"ada","count":1}`)
	})
}

// TestAStreamHasASession: what is changed before the stream begins is kept when its first line is there, and what comes later is refused.
func TestAStreamHasASession(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, cfg session.Config, _ *clock) {
		t.Helper()
		b := newBrowser(t, newApp(t, newSessions(t, cfg)))
		b.do("PUT", "/visit")
		b.do("PUT", "/stream").Status(200).Text(`{"count":2,"note":"answered"}` + "\n")
		b.do("GET", "/visit").JSON(`{"empty":false,"user":"","count":2}`)
	})
}

func TestAValueThatHasNoRoomIsRefused(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, cfg session.Config, _ *clock) {
		t.Helper()
		b := newBrowser(t, newApp(t, newSessions(t, cfg)))
		most := session.MaxStored
		if cfg.Store == nil {
			most = 2959 // of a cookie whose name has 14 letters
		}
		letters := most - len(`{"count":0,"note":""}`)
		cookie := b.do("PUT", fmt.Sprintf("/note?letters=%d", letters)).Status(200).Headers.Get("Set-Cookie")
		if n := len(cookie); n > session.MaxCookie || cfg.Store == nil && n < session.MaxCookie-8 {
			t.Errorf("the cookie has %d bytes", n)
		}
		b.do("PUT", fmt.Sprintf("/note?letters=%d", letters+1)).Status(500)
		b.do("GET", "/visit").Status(200).At("/empty", "false") // what fitted is there
	})
}
