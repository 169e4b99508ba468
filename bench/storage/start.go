package storage

import (
	"math/rand/v2"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
)

// Start ends the store while it starts on an empty database, at any moment, with SIGTERM and SIGKILL by turns: its migrations are applied, its first
// admin is made, it listens. The next start finds the tables as they were or as they shall be, goes on from there, and serves.
func Start(tb testing.TB, e Engine, rounds int) {
	tb.Helper()
	db := e.fresh(tb)
	whole := startProcess(tb, db)
	within := whole.ready
	whole.stop(tb)
	early := 0
	for round := range rounds {
		if e == SQLite {
			db = e.fresh(tb)
		} else {
			emptied(tb, db)
		}
		signal := []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL}[round%2]
		p, _ := launch(tb, db)
		<-time.After(time.Duration(rand.Int64N(int64(within)))) //nolint:gosec // it is no secret
		if err := p.cmd.Process.Signal(signal); err != nil {
			tb.Fatal(err)
		}
		if p.cmd.Wait() != nil {
			early++
		}
		again := startProcess(tb, db)
		if a := again.do(tb.Context(), http.MethodPost, "/api/v2/products", `{"name":"Saw","price":2.5,"stock":1}`, nil); a.status != http.StatusCreated {
			tb.Errorf("%s: after %v in a start: %s", e, signal, a)
		}
		again.stop(tb)
	}
	tb.Logf("%s: %d starts on an empty database ended by SIGTERM and SIGKILL within %v, %d of them before they served: the next start serves",
		e, rounds, within.Round(time.Millisecond), early)
}

// emptied takes all tables out of a database of PostgreSQL.
func emptied(tb testing.TB, dsn string) {
	tb.Helper()
	db, err := data.Open(tb.Context(), dsn, data.Config{Postgres: data.PostgresConfig{Connections: 1, Statement: longWait}})
	if err != nil {
		tb.Fatal(err)
	}
	defer db.Close()
	filled(tb, db, data.SQL("DROP SCHEMA public CASCADE"), data.SQL("CREATE SCHEMA public"))
}
