package session_test

import (
	"bytes"
	"encoding/base64"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/session"
)

const none = `{"empty":true,"user":"","count":0}`

// TestAForgedCookieIsAnEmptySession changes each bit of a cookie, cuts it and adds to it: nothing of that is a session, nothing is set, and the log has
// a line at Debug that repeats nothing of it.
func TestAForgedCookieIsAnEmptySession(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, cfg session.Config, _ *clock) {
		t.Helper()
		var log bytes.Buffer
		cfg.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		b := newBrowser(t, newApp(t, newSessions(t, cfg)))
		b.do("PUT", "/visit")
		good := b.cookies["__Host-session"]
		forged := []string{"", "x", good + "A", good[1:], good[:len(good)-1], good + "=", `"` + good + `"`, good + good, strings.ToUpper(good), strings.Repeat("A", 5000)}
		raw, err := base64.RawURLEncoding.DecodeString(good)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 8 * len(raw) {
			changed := bytes.Clone(raw)
			changed[i/8] ^= 1 << (i % 8)
			forged = append(forged, base64.RawURLEncoding.EncodeToString(changed))
		}
		for n := range raw {
			forged = append(forged, base64.RawURLEncoding.EncodeToString(raw[:n]))
		}
		for _, value := range forged {
			log.Reset()
			r := b.server.With("Cookie", "__Host-session="+value).Get("/visit").Status(200).JSON(none)
			if r.Headers["Set-Cookie"] != nil {
				t.Errorf("%s: %q is set", value, r.Headers["Set-Cookie"])
			}
			if !strings.Contains(log.String(), `level=DEBUG msg="a session counts for nothing" cookie=__Host-session reason=`) || len(value) > 9 && strings.Contains(log.String(), value) {
				t.Errorf("%s: the log says %s", value, &log)
			}
		}
		b.do("GET", "/visit").At("/count", "1")
		b.cookies["__Host-session"] = forged[1]
		b.do("PUT", "/visit").At("/count", "1") // another begins
		b.do("GET", "/visit").At("/count", "1")
	})
}

func TestACookieOfAnotherPlaceIsAnEmptySession(t *testing.T) {
	t.Parallel()
	clock := &clock{}
	root, shared := newRoot(t), newStore(t, clock)
	for _, tt := range []struct {
		name string
		cfg  session.Config
	}{
		{"of another key", session.Config{Keys: []session.Root{newRoot(t)}, Name: "a"}},
		{"of another name", session.Config{Keys: []session.Root{root}, Name: "b"}},
		{"of a store", session.Config{Store: shared, Name: "a"}},
		{"of a store under another name", session.Config{Store: shared, Name: "b"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			from := newBrowser(t, newApp(t, newSessions(t, tt.cfg)))
			from.do("PUT", "/visit")
			value := from.cookies[tt.cfg.Name]
			for _, cfg := range []session.Config{{Keys: []session.Root{root}, Name: "a"}, {Store: shared, Name: "c"}} {
				newBrowser(t, newApp(t, newSessions(t, cfg))).server.With("Cookie", cfg.Name+"="+value).Get("/visit").Status(200).JSON(none)
			}
		})
	}
}

func TestTwoCookiesOfOneNameAreAnEmptySession(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, cfg session.Config, _ *clock) {
		t.Helper()
		b := newBrowser(t, newApp(t, newSessions(t, cfg)))
		b.do("PUT", "/visit")
		good := "__Host-session=" + b.cookies["__Host-session"]
		for _, tt := range []struct {
			name  string
			lines []string
			count string
		}{
			{"two of one value", []string{good + "; " + good}, "0"},
			{"two on two lines", []string{good, "__Host-session=x"}, "0"},
			{"one among others", []string{"a=1; " + good + ";b=2", "nothing; =; ;;; c"}, "1"},
			{"one on a line of its own", []string{"a=1", good}, "1"},
			{"another case", []string{strings.Replace(good, "Host", "host", 1)}, "0"},
		} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://example.com/visit", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			r.Header["Cookie"] = tt.lines
			if got := b.server.Send(r).Status(200); !strings.Contains(string(got.Body), `"count":`+tt.count) {
				t.Errorf("%s: %s", tt.name, got.Body)
			}
		}
	})
}

func TestKeysRotate(t *testing.T) {
	t.Parallel()
	older, newer := newRoot(t), newRoot(t)
	clock := &clock{}
	app := func(keys ...session.Root) *tenon.App {
		return newApp(t, newSessions(t, session.Config{Keys: keys, Now: clock.now}))
	}
	b := newBrowser(t, app(older))
	b.do("PUT", "/visit")
	at := func(app *tenon.App) *browser {
		return &browser{t: t, server: newBrowser(t, app).server, cookies: b.cookies}
	}
	if r := at(app(older, newer)).do("GET", "/visit").At("/count", "1"); r.Headers["Set-Cookie"] != nil {
		t.Error("the first key sealed it, and yet it is sealed anew")
	}
	clock.pass(time.Minute)
	r := at(app(newer, older)).do("GET", "/visit").At("/count", "1")
	if cookie := r.Cookie("__Host-session"); cookie.MaxAge != 86400 {
		t.Errorf("it is sealed anew for %d s", cookie.MaxAge)
	}
	at(app(newer)).do("GET", "/visit").At("/count", "1")
	at(app(older)).do("GET", "/visit").At("/empty", "true")
}

// TestEachCookieIsSealedAnew: equal values look different, and no part of a value can be seen.
func TestEachCookieIsSealedAnew(t *testing.T) {
	t.Parallel()
	app := newApp(t, newSessions(t, session.Config{Keys: []session.Root{newRoot(t)}}))
	seenBefore := map[string]bool{}
	for range 200 {
		b := newBrowser(t, app)
		b.do("PUT", "/login")
		raw, err := base64.RawURLEncoding.DecodeString(b.cookies["__Host-session"])
		if err != nil || bytes.Contains(raw, []byte("ada")) || seenBefore[string(raw[1:13])] {
			t.Fatalf("%v, %q", err, raw)
		}
		seenBefore[string(raw[1:13])] = true
	}
}
