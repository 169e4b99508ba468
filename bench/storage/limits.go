package storage

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data/sqlstore"
	"github.com/tenon-go/tenon/examples/store"
	"github.com/tenon-go/tenon/ratelimit"
	kept "github.com/tenon-go/tenon/store"
	"github.com/tenon-go/tenon/valkey"
	"github.com/tenon-go/tenon/valkey/valkeytest"
)

// Limits has a hundred requests at once to three replicas with a limit of ten, round after round, with the defaults of an operator who sets none: on Valkey
// and on PostgreSQL, with connections that stand, and from replicas that have none yet. Ten pass, and of a replica that waited for the store in vain ten
// more at most. Where exact is set, none waits in vain.
func Limits(tb testing.TB, rounds int, exact bool) {
	tb.Helper()
	server, dsn := valkeytest.Start(tb), Postgres.fresh(tb)
	db, err := store.Open(tb.Context(), dsn, nil) // which makes the table
	if err != nil {
		tb.Fatal(err)
	}
	defer db.Close()
	for _, on := range []struct {
		name string
		open func() (kept.Store, func() error)
	}{
		{"valkey", func() (kept.Store, func() error) {
			s, err := valkey.New(valkey.Config{URL: server.URL(), Logger: slog.New(slog.DiscardHandler)})
			if err != nil {
				tb.Fatal(err)
			}
			return s, s.Close
		}},
		{"postgres", func() (kept.Store, func() error) {
			db, err := store.Open(tb.Context(), dsn, nil)
			if err != nil {
				tb.Fatal(err)
			}
			s, err := sqlstore.New(db, sqlstore.Config{})
			if err != nil {
				tb.Fatal(err)
			}
			return s, db.Close
		}},
	} {
		standing, connected := newReplicas(tb, on.open), tally{}
		standing.hundred(tb) // which connects
		for range rounds {
			connected.add(tb, standing)
		}
		standing.close(tb)
		connected.tell(tb, on.name+", connected", exact)
		var cold tally
		for range max(rounds/10, 1) {
			fresh := newReplicas(tb, on.open)
			cold.add(tb, fresh)
			fresh.close(tb)
		}
		cold.tell(tb, on.name+", not connected yet", exact)
	}
}

// replicas are three of one service, each with a store of its own.
type replicas struct {
	apps    []*tenon.App
	keepers []*ratelimit.Keeper
	ends    []func() error
}

func newReplicas(tb testing.TB, open func() (kept.Store, func() error)) *replicas {
	tb.Helper()
	r := &replicas{}
	for range 3 {
		s, end := open()
		k, err := ratelimit.New(ratelimit.Config{Store: s, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			tb.Fatal(err)
		}
		app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)}, ratelimit.In(k))
		app.Get("/", func(context.Context, *struct{}) (*tenon.NoContent, error) { return &tenon.NoContent{}, nil }, ratelimit.Per("10/hour"))
		if err := app.Compile(); err != nil {
			tb.Fatal(err)
		}
		r.apps, r.keepers, r.ends = append(r.apps, app), append(r.keepers, k), append(r.ends, end)
	}
	return r
}

func (r *replicas) close(tb testing.TB) {
	tb.Helper()
	for _, end := range r.ends {
		if err := end(); err != nil {
			tb.Error(err)
		}
	}
}

// alone is how many requests were decided without the store.
func (r *replicas) alone() (n int64) {
	for _, k := range r.keepers {
		n += k.Stats().Alone
	}
	return n
}

// hundred is how many of a hundred requests at once pass, of an address that nobody has had before.
func (r *replicas) hundred(tb testing.TB) int64 {
	tb.Helper()
	from := address() + ":1"
	var passed, others atomic.Int64
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			w := httptest.NewRecorder()
			q := httptest.NewRequestWithContext(tb.Context(), http.MethodGet, "/", http.NoBody)
			q.RemoteAddr = from
			switch r.apps[i%len(r.apps)].ServeHTTP(w, q); w.Code {
			case http.StatusNoContent:
				passed.Add(1)
			case http.StatusTooManyRequests:
			default:
				others.Add(1)
			}
		})
	}
	all.Wait()
	if n := others.Load(); n > 0 {
		tb.Errorf("%d of 100 requests are neither let through nor refused", n)
	}
	return passed.Load()
}

// tally is what came of rounds.
type tally struct {
	rounds         int
	fewest, most   int64 // that passed
	alone, inexact int64
}

func (t *tally) add(tb testing.TB, r *replicas) {
	tb.Helper()
	before := r.alone()
	passed := r.hundred(tb)
	alone := r.alone() - before
	if t.rounds++; t.rounds == 1 {
		t.fewest = passed
	}
	t.fewest, t.most, t.alone = min(t.fewest, passed), max(t.most, passed), t.alone+alone
	if passed != 10 {
		t.inexact++
	}
	if alone == 0 && passed != 10 || passed < 10 || passed > 10+10*int64(len(r.apps)) {
		tb.Errorf("%d of 100 pass, %d decided alone", passed, alone)
	}
}

func (t *tally) tell(tb testing.TB, what string, exact bool) {
	tb.Helper()
	tb.Logf("%s: %d times a hundred requests at once at a limit of ten: %d to %d passed, in %d rounds not ten; %d requests were decided alone",
		what, t.rounds, t.fewest, t.most, t.inexact, t.alone)
	if exact && (t.inexact > 0 || t.alone > 0) {
		tb.Errorf("%s: it is not exact", what)
	}
}
