package storage

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data/datatest"
)

// again is how long after its database is back a store may go on refusing.
const again = 2 * time.Second

// Outage stops PostgreSQL as an administrator does, and kills it as a crash does, under a load of reads and writes. From the stop until two seconds after its
// port is back requests may be refused, with a problem of status 503; at no other time and with nothing else. The store is the same process all the
// while, and no acknowledged write is lost.
func Outage(tb testing.TB, stops, kills int) {
	tb.Helper()
	server := datatest.StartPostgres(tb)
	p := startProcess(tb, server.URL("postgres"))
	w := &watch{ledger: newLedger(tb, p)}
	ctx, end := context.WithCancel(tb.Context())
	var group sync.WaitGroup
	for i := range writers {
		group.Go(func() { w.load(ctx, p, i%2 == 0) })
	}
	for i := range stops + kills {
		<-time.After(again / 2)
		w.from(time.Now())
		if i < stops {
			server.Stop(tb)
		} else {
			server.Kill(tb)
		}
		<-time.After(again / 4)
		server.Start(tb)
		<-time.After(time.Until(w.to(time.Now(), again)))
	}
	<-time.After(again / 2)
	end()
	group.Wait()
	p.lives(tb)
	acknowledged, sentAgain := w.ledger.settle(tb, p)
	w.ledger.balance(tb, server.URL("postgres"))
	p.stop(tb)
	w.tell(tb)
	tb.Logf("postgres: stopped %d times and killed %d times: %d reads and %d orders answered, %d refused with 503, %d orders sent again; "+
		"back %v after the port at most", stops, kills, w.reads, acknowledged, w.refused, sentAgain, w.latest.Round(time.Millisecond))
	if w.refused == 0 {
		tb.Errorf("nothing was refused: there was no outage")
	}
}

// watch holds answers against the times at which they are allowed.
type watch struct {
	ledger *ledger

	mu             sync.Mutex
	begun, over    time.Time // of the outage
	back           time.Time // what was gone
	reads, refused int
	most, slowest  time.Duration // an answer may take, where that is bounded, and took
	latest         time.Duration // of a refusal, after the port was back
	faults         []string
}

// from begins an outage.
func (w *watch) from(t time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.begun, w.over = t, time.Time{}
}

// to says that it is over some time after what was gone is back, and returns when.
func (w *watch) to(back time.Time, grace time.Duration) time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.back, w.over = back, back.Add(grace)
	return w.over
}

// tell reports what should not have been answered.
func (w *watch) tell(tb testing.TB) {
	tb.Helper()
	for _, fault := range w.faults {
		tb.Errorf("%s", fault)
	}
}

// load reads or writes until ctx ends.
func (w *watch) load(ctx context.Context, p *process, writes bool) {
	whole := context.WithoutCancel(ctx)
	for ctx.Err() == nil {
		if writes {
			w.judge(w.ledger.send(whole, p, w.ledger.next()), http.StatusCreated)
		} else {
			w.judge(p.get(whole, "/api/v2/orders?include=lines&size=5"), http.StatusOK)
		}
		<-time.After(20 * time.Millisecond)
	}
}

func (w *watch) judge(a answer, want int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	took := a.had.Sub(a.begun)
	w.slowest = max(w.slowest, took)
	switch {
	case w.most > 0 && took > w.most && len(w.faults) < 10:
		w.faults = append(w.faults, a.String()+" after "+took.String())
	case a.status == want:
		if want == http.StatusOK {
			w.reads++
		}
	case a.status == http.StatusServiceUnavailable && a.code != "" &&
		!w.begun.IsZero() && !a.had.Before(w.begun) && (w.over.IsZero() || a.begun.Before(w.over)):
		w.refused++
		if !w.over.IsZero() {
			w.latest = max(w.latest, a.had.Sub(w.back))
		}
	case len(w.faults) < 10:
		w.faults = append(w.faults, a.String()+" "+a.had.Sub(w.begun).String()+" after the stop")
	}
}
