package ratelimit_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/ratelimit"
)

// TestOneRate has a limit of one rate by address, which is counted by itself, answer as the same limit does with an exception that nothing is.
func TestOneRate(t *testing.T) {
	t.Parallel()
	never := []ratelimit.Exception{{Reason: "nothing", When: func(*http.Request) bool { return false }}}
	for i, of := range []ratelimit.Limit{
		{Per: "5/minute"},
		{Per: "5/minute", Strategy: ratelimit.FixedWindow},
		{Per: "5/minute", Strategy: ratelimit.TokenBucket},
		{Per: "60/minute", Name: "exact", Cost: 7},
		{Per: "300/minute", Name: "slices", Cost: 2},
		{Per: "90/minute", Strategy: ratelimit.TokenBucket, Burst: 12},
		{Per: "600/minute", Cost: 50},
	} {
		t.Run(strconv.Itoa(i)+" "+of.Per+" "+string(of.Strategy), func(t *testing.T) {
			t.Parallel()
			by := rand.New(rand.NewPCG(1, uint64(i)))
			other := of
			other.Except = never
			one := serve(t, func(app *tenon.App) { app.Get("/ping", ping, of.Option()) })
			all := serve(t, func(app *tenon.App) { app.Get("/ping", ping, other.Option()) })
			passed := 0
			for step := range 3000 {
				address := [...]string{"192.0.2.1:1", "198.51.100.255:1", "[2001:db8::1]:1", "[2001:db8::2]:9", "[::ffff:192.0.2.1]:1", "@"}[by.IntN(6)]
				got, want := answer(t, one, address), answer(t, all, address)
				if got != want {
					t.Fatalf("step %d, %s: it answers\n%s\nand with more to count\n%s", step, address, got, want)
				}
				if got[:3] == "200" {
					passed++
				}
				if by.IntN(30) == 0 {
					pause := time.Duration(by.Int64N(int64(4 * time.Second)))
					one.clock.add(pause)
					all.clock.add(pause)
				}
			}
			if passed == 0 || passed == 3000 {
				t.Errorf("%d of 3000 pass", passed)
			}
		})
	}
}

// answer is what an address is told.
func answer(t *testing.T, s *service, address string) string {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/ping", http.NoBody)
	r.RemoteAddr = address
	s.ServeHTTP(w, r)
	h := w.Header()
	return fmt.Sprint(w.Code, h["Ratelimit"], h["Ratelimit-Policy"], h["Retry-After"])
}
