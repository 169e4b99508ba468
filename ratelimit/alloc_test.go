package ratelimit_test

import (
	"math"
	"net/http"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/ratelimit"
)

// leastAllocs is what a call allocates at least, of many: the race detector empties pools, and a collection does.
func leastAllocs(call func()) float64 {
	least := math.Inf(1)
	for range 1000 {
		least = min(least, testing.AllocsPerRun(1, call))
	}
	return least
}

// TestTakeAllocates has a decision in memory make no garbage once its key is known.
func TestTakeAllocates(t *testing.T) { //nolint:paralleltest // testing.AllocsPerRun counts what all goroutines allocate.
	m, err := keeper(t, ratelimit.Config{}).Meter("test", "1000000/second")
	if err != nil {
		t.Fatal(err)
	}
	least := leastAllocs(func() {
		if err := m.Take(t.Context(), "203.0.113.1"); err != nil {
			t.Error(err)
		}
	})
	if least > 0 {
		t.Errorf("a decision makes %v allocations at least, want none", least)
	}
}

// TestRequestAllocates holds what a limit adds to a request to the text of RateLimit, and to nothing where that is known from another request.
func TestRequestAllocates(t *testing.T) { //nolint:paralleltest // testing.AllocsPerRun counts what all goroutines allocate.
	without := leastAllocs(requests(t, tenon.BeforeAuth(func(next http.Handler) http.Handler { return next })))
	for name, want := range map[string]float64{"sliding": 1, "fixed": 1, "bucket": 1, "free": 0} {
		if added := leastAllocs(requests(t, limited()[name])) - without; added > want {
			t.Errorf("%s: a limit adds %v allocations to a request, want %v", name, added, want)
		}
	}
}
