package ratelimit_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/ratelimit"
)

// discard is an answer that nobody reads.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}

// BenchmarkTake is one decision, in memory.
func BenchmarkTake(b *testing.B) {
	for _, per := range []string{"10/second", "60/second", "1000000/second"} {
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
				_ = m.Take(b.Context(), keys[i%len(keys)])
			}
		})
	}
}

// BenchmarkRequest is a request in the process, without a limit and with one.
func BenchmarkRequest(b *testing.B) {
	nothing := func(next http.Handler) http.Handler { return next }
	for _, tt := range []struct {
		name string
		opt  tenon.Option
	}{
		{"none", tenon.BeforeAuth(nothing)},
		{"sliding", ratelimit.Per("1000000/second")},
		{"fixed", ratelimit.Limit{Per: "1000000000/second", Strategy: ratelimit.FixedWindow}.Option()},
		{"bucket", ratelimit.Limit{Per: "1000000000/second", Strategy: ratelimit.TokenBucket}.Option()},
		{"concurrent", ratelimit.Concurrent(1000)},
	} {
		b.Run(tt.name, func(b *testing.B) {
			app := tenon.New(tenon.Config{})
			app.Get("/ping", ping, tt.opt)
			r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/ping", http.NoBody)
			w := &discard{http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				app.ServeHTTP(w, r)
			}
		})
	}
}
