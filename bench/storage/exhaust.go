package storage

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
)

// Exhaust takes every connection of the store to PostgreSQL: orders wait for a lock that somebody else holds. What else needs a connection must be told so
// within a second, and health must answer, with metrics.
func Exhaust(tb testing.TB) {
	tb.Helper()
	dsn := Postgres.fresh(tb)
	p := startProcess(tb, dsn)
	defer p.stop(tb)
	l := newLedger(tb, p)
	db, err := data.Open(tb.Context(), dsn, data.Config{Postgres: data.PostgresConfig{Connections: 2}})
	if err != nil {
		tb.Fatal(err)
	}
	defer db.Close()
	var orders sync.WaitGroup
	var said [4]answer
	most := max(4, 4*runtime.GOMAXPROCS(0)) // connections of the store
	err = db.Write(tb.Context(), func(ctx context.Context, tx *data.Tx) error {
		if _, err := tx.Exec(ctx, data.SQL("LOCK TABLE products IN ACCESS EXCLUSIVE MODE")); err != nil {
			return err
		}
		for range most + 4 { // more than there are connections, fewer than what the store works on at once
			orders.Go(func() { _ = l.send(context.WithoutCancel(ctx), p, l.next()) }) // it is sent again below
		}
		if err := waiting(tb.Context(), db, most); err != nil {
			return err
		}
		var others sync.WaitGroup
		for i, path := range []string{"/api/v2/users?size=1", "/livez", "/readyz"} {
			others.Go(func() { said[i] = p.get(tb.Context(), path) })
		}
		others.Go(func() { said[3] = p.metrics(tb.Context()) })
		others.Wait()
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	orders.Wait()
	// Readiness may be what it was a second ago.
	for i, want := range []struct {
		what, say string
	}{{"a list", "503 unavailable"}, {"liveness", "200"}, {"readiness", "200|503 not-ready"}, {"metrics", "200"}} {
		a := said[i]
		took, got := a.had.Sub(a.begun), strings.TrimSpace(fmt.Sprint(a.status, " ", a.code))
		tb.Logf("postgres, every connection taken: %s answers %s after %v", want.what, got, took.Round(time.Millisecond))
		if !slices.Contains(strings.Split(want.say, "|"), got) || took > time.Second {
			tb.Errorf("%s: %s after %v, %v; want %s within a second", want.what, got, took, a.err, want.say)
		}
	}
	held(tb, said[3], most)
	if a := p.get(tb.Context(), "/api/v2/users?size=1"); a.status != http.StatusOK {
		tb.Errorf("afterwards a list answers %d %s", a.status, a.body)
	}
	l.settle(tb, p)
	held(tb, p.metrics(tb.Context()), 0)
	l.balance(tb, dsn)
}

// held holds that the metrics tell how many connections work.
func held(tb testing.TB, metrics answer, connections int) {
	tb.Helper()
	if want := fmt.Sprintf("\ndb_pool_connections_in_use{pool=\"writes\"} %d\n", connections); !strings.Contains(string(metrics.body), want) {
		tb.Errorf("the metrics do not say %s", want)
	}
}

// waiting returns when some connections wait for a lock.
func waiting(ctx context.Context, db *data.DB, some int) error {
	for begin := time.Now(); time.Since(begin) < longWait; <-time.After(5 * time.Millisecond) {
		var n int
		err := db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
			n, err = data.One[int](ctx, v, data.SQL("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))
			return err
		})
		if err != nil || n >= some {
			return err
		}
	}
	return fmt.Errorf("the store does not take %d connections", some)
}
