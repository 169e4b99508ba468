package storage

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
)

// healing is how long a request may take while the network is ill, and how long after it is well the store may go on refusing.
const healing = 5 * time.Second

// Network puts a network between the store and PostgreSQL that is slow, silent, resets or trickles, each for a while, under a load of reads and writes. Each
// request is answered within five seconds, with 503 where it failed; five seconds after the network is well nothing is refused; goroutines are not
// left behind, and no acknowledged write is lost.
func Network(tb testing.TB, each time.Duration) {
	tb.Helper()
	dsn := Postgres.fresh(tb)
	proxy := datatest.StartProxy(tb, dsn)
	p := startProcess(tb, proxy.URL())
	w := &watch{ledger: newLedger(tb, p), most: healing}
	ctx, end := context.WithCancel(tb.Context())
	var group sync.WaitGroup
	for i := range writers {
		group.Go(func() { w.load(ctx, p, i%2 == 0) })
	}
	<-time.After(again / 2)
	before := p.gauge(tb, "go_goroutines")
	for _, toxic := range []datatest.Toxic{
		{Delay: 50 * time.Millisecond}, {Silent: true}, {Reset: true}, {Trickle: 500 * time.Millisecond},
	} {
		w.from(time.Now())
		proxy.Set(toxic)
		<-time.After(each)
		proxy.Set(datatest.Toxic{})
		<-time.After(time.Until(w.to(time.Now(), healing)))
		<-time.After(again / 2)
	}
	after := p.gauge(tb, "go_goroutines")
	end()
	group.Wait()
	p.lives(tb)
	acknowledged, sentAgain := w.ledger.settle(tb, p)
	w.ledger.balance(tb, dsn)
	p.stop(tb)
	w.tell(tb)
	tb.Logf("postgres: a network that is slow, silent, resets and trickles, for %v each: %d reads and %d orders answered, %d refused with 503, "+
		"%d orders sent again; no answer later than %v, none refused later than %v after; %d goroutines before and %d after",
		each, w.reads, acknowledged, w.refused, sentAgain,
		w.slowest.Round(time.Millisecond), w.latest.Round(time.Millisecond), before, after)
	if w.refused == 0 {
		tb.Errorf("nothing was refused: the network was well")
	}
	if after > before+20 {
		tb.Errorf("%d goroutines before and %d after", before, after)
	}
}

// Sessions ends a session of the store on PostgreSQL every 200 ms under a load of reads and writes. No read may fail, no more orders than sessions were ended,
// and that with 503; no acknowledged write is lost.
func Sessions(tb testing.TB, during time.Duration) {
	tb.Helper()
	dsn := Postgres.fresh(tb)
	p := startProcess(tb, dsn)
	l := newLedger(tb, p)
	db, err := data.Open(tb.Context(), dsn, data.Config{Postgres: data.PostgresConfig{Connections: 1, Application: "the one who ends them"}})
	if err != nil {
		tb.Fatal(err)
	}
	defer db.Close()
	var mu sync.Mutex
	answers := map[string]int{}
	ctx, stop := context.WithTimeout(tb.Context(), during)
	defer stop()
	var group sync.WaitGroup
	for i := range writers {
		group.Go(func() {
			for whole := context.WithoutCancel(ctx); ctx.Err() == nil; {
				kind, want, send := "read", http.StatusOK, func() answer { return p.get(whole, "/api/v2/orders?include=lines&size=5") }
				if i%2 == 0 {
					kind, want, send = "order", http.StatusCreated, func() answer { return l.send(whole, p, l.next()) }
				}
				a := send()
				if a.status != want {
					kind += " " + a.String()
				}
				mu.Lock()
				answers[kind]++
				mu.Unlock()
			}
		})
	}
	ended := 0
	for ctx.Err() == nil {
		<-time.After(200 * time.Millisecond)
		err := db.Write(tb.Context(), func(ctx context.Context, tx *data.Tx) error {
			n, err := data.One[int](ctx, tx, data.SQL(`SELECT COUNT(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity
				WHERE datname = current_database() AND application_name <> 'the one who ends them' ORDER BY state = 'idle', random() LIMIT 1) AS ended`))
			ended += n
			return err
		})
		if err != nil {
			tb.Error(err)
		}
	}
	group.Wait()
	reads, orders := answers["read"], answers["order"]
	delete(answers, "read")
	delete(answers, "order")
	refused := 0
	for said, n := range answers {
		if strings.Contains(said, " 503 overloaded ") { // the machine has too much to do, whatever the sessions do
			continue
		}
		refused += n
		if !strings.HasPrefix(said, "order 503 ") {
			tb.Errorf("%d times: %s", n, said)
		}
	}
	acknowledged, sentAgain := l.settle(tb, p)
	l.balance(tb, dsn)
	p.stop(tb)
	tb.Logf("postgres: %d sessions ended in %v: %d reads and %d orders answered, %d orders refused with 503; %d acknowledged and looked for, %d sent again",
		ended, during, reads, orders, refused, acknowledged, sentAgain)
	if total := reads + orders + refused; during >= 30*time.Second && refused*1000 > total {
		tb.Errorf("%d of %d requests were refused, want one in a thousand", refused, total)
	}
	if refused > ended || ended == 0 {
		tb.Errorf("%d of %d requests were refused after %d sessions were ended", refused, reads+orders+refused, ended)
	}
}
