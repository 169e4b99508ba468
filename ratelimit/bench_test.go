package ratelimit_test

import (
	"math"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/ratelimit"
)

// discard is an answer that nobody reads.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}

// BenchmarkTake is one decision that lets through, in memory.
func BenchmarkTake(b *testing.B) {
	for _, per := range []string{"1000000/second", "1000000000/second"} {
		b.Run(per, func(b *testing.B) {
			m, err := keeper(b, ratelimit.Config{}).Meter("bench", per)
			if err != nil {
				b.Fatal(err)
			}
			keys := make([]string, 1024)
			for i := range keys {
				keys[i] = "203.0.113." + strconv.Itoa(i)
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if err := m.Take(b.Context(), keys[i%len(keys)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRefusal is one decision that refuses, with the problem that says so.
func BenchmarkRefusal(b *testing.B) {
	m, err := keeper(b, ratelimit.Config{}).Meter("bench", "1/day")
	if err != nil {
		b.Fatal(err)
	}
	_ = m.Take(b.Context(), "key")
	b.ReportAllocs()
	for b.Loop() {
		if m.Take(b.Context(), "key") == nil {
			b.Fatal("it was let through")
		}
	}
}

// limited are the options that a request is measured with, each within its limit.
func limited() map[string]tenon.Option {
	return map[string]tenon.Option{
		"sliding":    ratelimit.Per("1000000000/second"),
		"fixed":      ratelimit.Limit{Per: "1000000000/second", Strategy: ratelimit.FixedWindow}.Option(),
		"bucket":     ratelimit.Limit{Per: "1000000000/second", Strategy: ratelimit.TokenBucket}.Option(),
		"free":       ratelimit.Limit{Per: "1000/second", Strategy: ratelimit.TokenBucket, CostOf: free}.Option(),
		"concurrent": ratelimit.Concurrent(1000),
	}
}

func free(*http.Request) int { return 0 }

// requests returns a function that sends a request to an app in the process whose only operation has an option. Its client writes nothing down.
func requests(tb testing.TB, opt tenon.Option) func() {
	tb.Helper()
	app := tenon.New(tenon.Config{})
	app.Get("/ping", ping, opt)
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodGet, "/ping", http.NoBody)
	w := &discard{http.Header{}}
	return func() {
		clear(w.header)
		app.ServeHTTP(w, r)
	}
}

// BenchmarkRequest is what a limit adds to a request in the process. The same app with a middleware that does nothing takes turns with it; what is told
// is the difference of the least that a turn took with and without it, so that what else the machine does is left out.
func BenchmarkRequest(b *testing.B) {
	const turn = 32
	for name, opt := range limited() {
		b.Run(name, func(b *testing.B) {
			both := [...]func(){
				requests(b, tenon.BeforeAuth(func(next http.Handler) http.Handler { return next })), requests(b, opt),
			}
			least := [...]time.Duration{math.MaxInt64, math.MaxInt64}
			for b.Loop() {
				for i, request := range both {
					began := time.Now()
					for range turn {
						request()
					}
					least[i] = min(least[i], time.Since(began))
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(least[0])/turn, "without-ns")
			b.ReportMetric(float64(least[1]-least[0])/turn, "added-ns")
			b.ReportMetric(leastAllocs(both[1])-leastAllocs(both[0]), "added-allocs")
		})
	}
}
