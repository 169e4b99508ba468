package storage

import (
	"net/http"
	"testing"

	"github.com/tenon-go/tenon/data/datatest"
)

// Commit loses the COMMIT of each order, or its answer, between the store and PostgreSQL. Each order is answered with 503, by the problem that nobody knows
// what became of it; sent again with its key it is there once, whichever of the two was lost.
func Commit(tb testing.TB, orders int) {
	tb.Helper()
	dsn := Postgres.fresh(tb)
	proxy := datatest.StartProxy(tb, dsn)
	p := startProcess(tb, proxy.URL())
	l := newLedger(tb, p)
	for range orders {
		o := l.next()
		proxy.Set(datatest.Toxic{Commits: true})
		if a := l.send(tb.Context(), p, o); a.status != http.StatusServiceUnavailable || a.code != "database-outcome-unknown" {
			tb.Errorf("order %s: %s; want 503 database-outcome-unknown", o.key, a)
		}
		proxy.Set(datatest.Toxic{})
		if a := l.send(tb.Context(), p, o); a.status != http.StatusCreated {
			tb.Errorf("order %s, sent again: %s", o.key, a)
		}
	}
	l.settle(tb, p)
	l.balance(tb, dsn)
	p.lives(tb)
	p.stop(tb)
	tb.Logf("postgres: %d orders whose COMMIT or its answer was lost, each sent again: one row for each key", orders)
}
