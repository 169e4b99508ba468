package ratelimit_test

import (
	"math"
	"testing"

	"github.com/tenon-go/tenon/ratelimit"
)

// TestTakeAllocates has a decision in memory make no garbage once its key is known: the least of many runs, as the race detector empties pools.
func TestTakeAllocates(t *testing.T) { //nolint:paralleltest // testing.AllocsPerRun counts what all goroutines allocate.
	m, err := keeper(t, ratelimit.Config{}).Meter("test", "1000000/second")
	if err != nil {
		t.Fatal(err)
	}
	least := math.Inf(1)
	for range 1000 {
		least = min(least, testing.AllocsPerRun(1, func() {
			if err := m.Take(t.Context(), "203.0.113.1"); err != nil {
				t.Error(err)
			}
		}))
	}
	if least > 0 {
		t.Errorf("a decision makes %v allocations at least, want none", least)
	}
}
