// Command storage measures what the data of a service withstand, with processes of the reference service and databases of its own:
//
//	storage kill       the store is killed while it writes: 100 times on SQLite, 30 times on PostgreSQL
//	storage outage     PostgreSQL is stopped and killed 10 times each under load
//	storage network    PostgreSQL behind a network that is slow, silent, resets and trickles, 10 s each
//	storage sessions   a session on PostgreSQL is ended every 200 ms, for 30 s
//	storage full       the disk below SQLite is full, and is not any more (wants to be root)
//	storage statements N users with their posts take 2 statements
//	storage deep       a page of a list of a million rows, the first one and the 10,000th
//	storage deepest    the same of ten million, and the 100,000th
//	storage conflicts  100 pairs of writers that lock crosswise on PostgreSQL, and 100 that read what the other writes
//	storage commit     200 orders of which COMMIT or its answer is lost on the way to PostgreSQL
//	storage start      the store is ended while it starts: 50 times on each engine
//	storage sync       the calls of SQLite to the system before each of 100 orders is acknowledged (wants strace)
//	storage read       a row, and 20 users with posts, beside the bare driver
//	storage writers    8 writers that read and then write on SQLite
//	storage exhaust    every connection to PostgreSQL is taken
//	storage shared     Valkey is killed, a second late, full and emptied, 15 s each
//	storage limits     a hundred requests at once at a limit of ten, over three replicas, with the defaults: 100 times, and 10 times without a connection
//	storage all        each of them
//
// It says what it measured, and exits with 1 where that is not what is promised.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tenon-go/tenon/bench/storage"
)

// figures are the commands in their order.
func figures() []figure {
	return []figure{
		{"kill", func(tb testing.TB) {
			tb.Helper()
			storage.Kill(tb, storage.SQLite, 100, 2*time.Second)
			storage.Kill(tb, storage.Postgres, 30, 2*time.Second)
		}},
		{"outage", func(tb testing.TB) { tb.Helper(); storage.Outage(tb, 10, 10) }},
		{"network", func(tb testing.TB) { tb.Helper(); storage.Network(tb, 10*time.Second) }},
		{"sessions", func(tb testing.TB) { tb.Helper(); storage.Sessions(tb, 30*time.Second) }},
		{"full", storage.Full},
		{"statements", func(tb testing.TB) { tb.Helper(); each(tb, storage.Statements) }},
		{"deep", func(tb testing.TB) {
			tb.Helper()
			each(tb, func(tb testing.TB, e storage.Engine) { tb.Helper(); storage.Deep(tb, e, 10_000, 2) })
		}},
		{"deepest", func(tb testing.TB) {
			tb.Helper()
			each(tb, func(tb testing.TB, e storage.Engine) { tb.Helper(); storage.Deep(tb, e, 100_000, 2) })
		}},
		{"conflicts", func(tb testing.TB) { tb.Helper(); storage.Conflicts(tb, 100) }},
		{"commit", func(tb testing.TB) { tb.Helper(); storage.Commit(tb, 200) }},
		{"start", func(tb testing.TB) {
			tb.Helper()
			each(tb, func(tb testing.TB, e storage.Engine) { tb.Helper(); storage.Start(tb, e, 50) })
		}},
		{"sync", func(tb testing.TB) { tb.Helper(); storage.Sync(tb, 100) }},
		{"read", func(tb testing.TB) {
			tb.Helper()
			each(tb, func(tb testing.TB, e storage.Engine) { tb.Helper(); storage.Read(tb, e, 201, 20) })
		}},
		{"writers", func(tb testing.TB) { tb.Helper(); storage.Writers(tb, 1000) }},
		{"exhaust", storage.Exhaust},
		{"limits", func(tb testing.TB) { tb.Helper(); storage.Limits(tb, 100, true) }},
		{"shared", func(tb testing.TB) { tb.Helper(); storage.Shared(tb, 15*time.Second, 50*time.Millisecond) }},
	}
}

func each(tb testing.TB, measure func(testing.TB, storage.Engine)) {
	tb.Helper()
	for _, e := range storage.Engines() {
		measure(tb, e)
	}
}

type figure struct {
	name    string
	measure func(testing.TB)
}

func main() {
	storage.Hosted()
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "storage:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	found := false
	for _, f := range figures() {
		if len(args) != 1 || args[0] != f.name && args[0] != "all" {
			continue
		}
		found = true
		begin := time.Now()
		verdict := "holds"
		if !measured(ctx, f.measure) {
			verdict, err = "DOES NOT HOLD", errors.Join(err, fmt.Errorf("%s does not hold", f.name))
		}
		fmt.Printf("%s: %s, after %v\n", f.name, verdict, time.Since(begin).Round(time.Second))
	}
	if !found {
		var names []string
		for _, f := range figures() {
			names = append(names, f.name)
		}
		return fmt.Errorf("want %s or all, not %q", strings.Join(names, ", "), args)
	}
	return err
}
