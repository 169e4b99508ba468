package storage

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Kill ends the store with SIGKILL while orders are written, round after round. Every order that was acknowledged must be there as it was told, none half
// done and none twice, also of those that are sent again; and the store must be ready soon. Zero is told alone: what it takes says as much of the machine.
func Kill(tb testing.TB, e Engine, rounds int, soon time.Duration) {
	tb.Helper()
	db := e.fresh(tb)
	p := startProcess(tb, db)
	l := newLedger(tb, p)
	var acknowledged, again int
	var slowest time.Duration
	for round := range rounds {
		write(tb.Context(), p, l, func() {
			<-time.After(time.Duration(rand.Int64N(int64(150 * time.Millisecond)))) //nolint:gosec // it is no secret
			p.kill(tb)
		})
		p = startProcess(tb, db)
		slowest = max(slowest, p.ready)
		a, r := l.settle(tb, p)
		acknowledged, again = acknowledged+a, again+r
		if round%10 == 9 || round == rounds-1 {
			l.balance(tb, db)
		}
	}
	p.stop(tb)
	tb.Logf("%s: %d kills while %d writers write; %d orders acknowledged and looked for, %d unanswered ones sent again; ready after %v at most",
		e, rounds, writers, acknowledged, again, slowest.Round(time.Millisecond))
	if soon > 0 && slowest > soon {
		tb.Errorf("%s: ready after %v, want %v", e, slowest, soon)
	}
	if acknowledged < rounds {
		tb.Errorf("%s: only %d orders were acknowledged in %d rounds", e, acknowledged, rounds)
	}
}

// write sends orders, and calls end once some were acknowledged. It returns when all writers had their last answer, or none.
func write(ctx context.Context, p *process, l *ledger, end func()) {
	var acknowledged atomic.Int64
	var group sync.WaitGroup
	for range writers {
		group.Go(func() {
			for {
				a := l.send(ctx, p, l.next())
				if a.err != nil {
					return
				}
				acknowledged.Add(1)
			}
		})
	}
	for begin := time.Now(); acknowledged.Load() < writers && time.Since(begin) < longWait; {
		<-time.After(time.Millisecond)
	}
	end()
	group.Wait()
}
