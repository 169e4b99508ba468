package contenders_test

import (
	"strings"
	"testing"

	"github.com/tenon-go/tenon/bench/contenders"
	"github.com/tenon-go/tenon/bench/work"
)

// BenchmarkHandler serves each load with each contender. To compare them: go test -bench Handler -cpu 1 -count 10
// ./contenders, then benchstat -col /contender.
func BenchmarkHandler(b *testing.B) {
	for _, l := range work.Loads() {
		for _, c := range contenders.All() {
			name := "load=" + l.ID + "/contender=" + strings.ReplaceAll(c.Name, " ", "_")
			b.Run(name, func(b *testing.B) {
				service := c.New()
				r, err := work.NewRequest(l.Method, l.Target, l.Body)
				if err != nil {
					b.Fatal(err)
				}
				w := work.NewWriter()
				serve := func() int {
					w.Reset()
					service.ServeHTTP(w, r.Next())
					return w.Status
				}
				if d, ok := service.(contenders.Direct); ok {
					serve = d.Prepare(l.Method, l.Target, l.Body)
				}
				b.ReportAllocs()
				status := 0
				for b.Loop() {
					status = serve()
				}
				if status != l.Status {
					b.Fatalf("status %d, want %d", status, l.Status)
				}
			})
		}
	}
}
