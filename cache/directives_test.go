package cache_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cache"
)

// TestFC03RequestDirectives holds each directive of RFC 9111, section 5.2.1 against an answer of some age, that is fresh for 100 seconds.
func TestFC03RequestDirectives(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		control string
		age     int
		want    string // Cache-Status, or the status of a refusal
	}{
		{"", 50, "hit; ttl=50"},
		{"no-cache", 50, "fwd=request; stored"},
		{"No-Cache", 50, "fwd=request; stored"},
		{`no-cache="x"`, 50, "fwd=request; stored"},
		{"foo, no-cache", 50, "fwd=request; stored"},
		{`foo="no-cache"`, 50, "hit; ttl=50"},
		{`foo="a, no-cache, b"`, 50, "hit; ttl=50"},
		{`foo="a\", no-cache", bar`, 50, "hit; ttl=50"},
		{"no-cached", 50, "hit; ttl=50"},
		{"no-store", 50, "fwd=request"},
		{"max-age=50", 50, "hit; ttl=50"},
		{"max-age=49", 50, "fwd=request; stored"},
		{`max-age="49"`, 50, "fwd=request; stored"},
		{"max-age=0", 0, "hit; ttl=100"},
		{"max-age=0", 1, "fwd=request; stored"},
		{"max-age=many", 50, "fwd=request; stored"},
		{"max-age", 50, "fwd=request; stored"},
		{"max-age=-1", 50, "fwd=request; stored"},
		{"max-age=99999999999999999999", 50, "hit; ttl=50"},
		{"min-fresh=50", 50, "hit; ttl=50"},
		{"min-fresh=51", 50, "fwd=request; stored"},
		{"min-fresh=soon", 50, "fwd=request; stored"},
		{"max-stale=10", 105, "hit; ttl=-5"},
		{"max-stale=4", 105, "fwd=stale; stored"},
		{"max-stale", 105, "hit; ttl=-5"},
		{"max-stale=lots", 105, "fwd=stale; stored"},
		{"max-stale=10, max-age=104", 105, "fwd=stale; stored"},
		{"max-stale=10, min-fresh=1", 105, "fwd=stale; stored"},
		{"", 105, "fwd=stale; stored"},
		{"only-if-cached", 50, "hit; ttl=50"},
		{"only-if-cached", 105, "504"},
		{"only-if-cached, no-store", 50, "hit; ttl=50"},
		{"only-if-cached, max-stale", 105, "hit; ttl=-5"},
		{"only-if-cached, no-cache", 50, "504"},
	} {
		t.Run(tt.control, func(t *testing.T) {
			t.Parallel()
			at, n := newClock(), &counter{}
			app := compiled(t, func(app *tenon.App) {
				app.Get("/data", n.next, cache.For(100*time.Second), cache.StaleIfError(time.Hour))
			}, cache.Use(newCache(t, cache.Config{Now: at.now})))
			send(app, get("/data"))
			at.move(time.Duration(tt.age) * time.Second)
			r := get("/data")
			if tt.control != "" {
				r = get("/data", "Cache-Control", tt.control)
			}
			w := send(app, r)
			if tt.want == "504" {
				if w.Code != http.StatusGatewayTimeout || n.n.Load() != 1 {
					t.Errorf("%d %s, ran %d times", w.Code, w.Body, n.n.Load())
				}
				return
			}
			if got := w.Header().Get("Cache-Status"); got != "tenon; "+tt.want {
				t.Errorf("%q after %d s: %s, want %s", tt.control, tt.age, got, tt.want)
			}
		})
	}
}

func TestOnlyIfCachedWithoutAnything(t *testing.T) {
	t.Parallel()
	n := &counter{}
	app := compiled(t, func(app *tenon.App) { app.Get("/data", n.next, cache.For(time.Minute)) }, cache.Use(newCache(t, cache.Config{})))
	for _, r := range []*http.Request{
		get("/data", "Cache-Control", "only-if-cached"), get("/data", "Cache-Control", "only-if-cached", "Accept", "image/png"),
	} {
		if w := send(app, r); w.Code != http.StatusGatewayTimeout || n.n.Load() != 0 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
}

func TestPragmaCountsWithoutCacheControl(t *testing.T) {
	t.Parallel()
	n := &counter{}
	app := compiled(t, func(app *tenon.App) { app.Get("/data", n.next, cache.For(time.Minute)) }, cache.Use(newCache(t, cache.Config{})))
	send(app, get("/data"))
	for _, tt := range []struct {
		r    *http.Request
		want string
	}{
		{get("/data", "Pragma", "No-Cache"), "fwd=request"},
		{get("/data", "Pragma", "x"), "hit"},
		{get("/data", "Pragma", "no-cache", "Cache-Control", "max-age=60"), "hit"},
	} {
		if w := send(app, tt.r); status(w) != tt.want {
			t.Errorf("%v: %s, want %s", tt.r.Header, status(w), tt.want)
		}
	}
}

// TestSD123AnswersSayForHowLong: what an answer says of itself counts, where it is less than For; that of one caller is private.
func TestSD123AnswersSayForHowLong(t *testing.T) {
	t.Parallel()
	at := newClock()
	date := at.now().UTC().Format(http.TimeFormat)
	for _, tt := range []struct {
		name  string
		said  map[string]string
		fresh int
		want  string
	}{
		{"nothing", nil, 100, "private, max-age=100"},
		{"less", map[string]string{"Cache-Control": "max-age=10"}, 10, "private, max-age=10"},
		{"more", map[string]string{"Cache-Control": "max-age=1000"}, 100, "private, max-age=1000"},
		{"for caches that are shared", map[string]string{"Cache-Control": "max-age=20, s-maxage=10"}, 10, "private, max-age=20, s-maxage=10"},
		{"twice", map[string]string{"Cache-Control": "max-age=20, max-age=10"}, 10, "private, max-age=20, max-age=10"},
		{"an expiry", map[string]string{"Expires": at.now().Add(10 * time.Second).UTC().Format(http.TimeFormat), "Date": date}, 10, "private, max-age=10"},
		{"an expiry beyond For", map[string]string{"Expires": at.now().Add(time.Hour).UTC().Format(http.TimeFormat), "Date": date}, 100, "private, max-age=100"},
		{"max-age before an expiry", map[string]string{"Expires": "0", "Cache-Control": "max-age=10"}, 10, "private, max-age=10"},
		{"private", map[string]string{"Cache-Control": "private"}, 100, "private"},
		{"public", map[string]string{"Cache-Control": "public, max-age=10"}, 10, "public, max-age=10"},
		{"an age", map[string]string{"Age": "90", "Cache-Control": "private"}, 10, "private"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			at := newClock()
			app := compiled(t, func(app *tenon.App) {
				app.Get("/data", (&counter{}).next, cache.For(100*time.Second), scripted(func(w http.ResponseWriter, _ *http.Request) {
					for name, value := range tt.said {
						w.Header().Set(name, value)
					}
					_, _ = w.Write([]byte("x"))
				}))
			}, cache.Use(newCache(t, cache.Config{Now: at.now})))
			first := send(app, get("/data"))
			if got := first.Header().Get("Cache-Control"); got != tt.want || first.Header().Get("Age") != tt.said["Age"] {
				t.Errorf("Cache-Control: %s, want %s; Age: %s", got, tt.want, first.Header().Get("Age"))
			}
			at.move(time.Duration(tt.fresh-1) * time.Second)
			if w := send(app, get("/data")); status(w) != "hit" {
				t.Errorf("a second before the end: %s", w.Header().Get("Cache-Status"))
			}
			at.move(time.Second)
			if w := send(app, get("/data")); status(w) == "hit" {
				t.Errorf("at the end: %s", w.Header().Get("Cache-Status"))
			}
		})
	}
}
