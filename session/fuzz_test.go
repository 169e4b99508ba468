package session_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/session"
)

// FuzzCookie sends any Cookie fields: only one that holds the cookie as it was set, once, is a session, and none is an error.
func FuzzCookie(f *testing.F) {
	clock := &clock{}
	quiet := slog.New(slog.DiscardHandler)
	for _, seed := range [][2]string{
		{"s=GOOD", ""}, {"a=1; s=GOOD", "b=2"}, {"s=GOODA", ""}, {"s=GOOD", "s=GOOD"}, {"s=AGOOD;s=GOOD", ""}, {"s=GOOD;", "\t s=x"}, {"s = GOOD", "S=GOOD"}, {"s=GOOD\r", ""},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Add("s=; s", "=;;,\"")
	f.Add("\x00s=\xff", " s =AQ")
	var apps []http.Handler
	var goods []string
	for _, cfg := range []session.Config{{Keys: []session.Root{newRoot(f), newRoot(f)}}, {Store: newStore(f, clock)}} {
		cfg.Now, cfg.Logger, cfg.Name = clock.now, quiet, "s"
		app := newApp(f, newSessions(f, cfg))
		b := newBrowser(f, app)
		b.do("PUT", "/visit")
		apps, goods = append(apps, app), append(goods, b.cookies["s"])
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		for i, app := range apps {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/visit", http.NoBody)
			// A cookie that the test knows stands in for the letters GOOD, which no other cookie can say.
			lines := []string{strings.ReplaceAll(first, "GOOD", goods[i]), strings.ReplaceAll(second, "GOOD", goods[i])}
			r.Header["Cookie"] = lines
			w := httptest.NewRecorder()
			app.ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				t.Fatalf("%q: %d %s", lines, w.Code, w.Body)
			}
			whole := 0
			for _, line := range lines {
				for pair := range strings.SplitSeq(line, ";") {
					if pair = strings.Trim(pair, " \t"); pair == "s="+goods[i] {
						whole++
					} else if strings.HasPrefix(pair, "s=") {
						whole += 2 // another of the name
					}
				}
			}
			if is := !strings.Contains(w.Body.String(), `"empty":true`); is != (whole == 1) {
				t.Fatalf("%q: %s", lines, w.Body)
			}
		}
	})
}
