package data_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/tenontest"
)

// toxicApp reads, writes, and writes in the transaction of a request.
func toxicApp(t *testing.T, db *data.DB) http.Handler {
	t.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, tenon.Fails(data.ErrUnavailable, data.ErrUnknown))
	app.Provide(db.Tx)
	counting := data.SQL("UPDATE counters SET value = value + 1 WHERE name = 'writes'")
	app.Get("/read", func(ctx context.Context, _ *struct{}) (*tenon.NoContent, error) { return nil, db.Ping(ctx) })
	app.Get("/write", func(ctx context.Context, _ *struct{}) (*tenon.NoContent, error) {
		return nil, db.Write(ctx, func(ctx context.Context, tx *data.Tx) error {
			_, err := tx.Exec(ctx, counting)
			return err
		})
	})
	app.Get("/tx", func(ctx context.Context, in *struct {
		Tx *data.Tx `dep:""`
	},
	) (*tenon.NoContent, error) {
		_, err := in.Tx.Exec(ctx, counting)
		return nil, err
	})
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	return app
}

// TestToxicNetworksAreAnsweredInTime puts a network between the program and PostgreSQL that is slow, says nothing, resets, or trickles: each request is answered
// within five seconds and with 503 where it failed, no connection is kept, and all is well when the network is.
func TestToxicNetworksAreAnsweredInTime(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		toxic  datatest.Toxic
		passes bool
	}{
		{"slow", datatest.Toxic{Delay: 20 * time.Millisecond}, true},
		{"silent", datatest.Toxic{Silent: true}, false},
		{"reset", datatest.Toxic{Reset: true}, false},
		{"trickling", datatest.Toxic{Trickle: 200 * time.Millisecond}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			proxy := datatest.StartProxy(t, datatest.PostgresURL(t, migrations(t)))
			db := datatest.Open(t, proxy.URL(), data.Config{Postgres: data.PostgresConfig{
				Connections: 4, Acquire: 400 * time.Millisecond, Statement: time.Second,
			}})
			app := toxicApp(t, db)
			ask := func(path string) int {
				begin := time.Now()
				w := httptest.NewRecorder()
				app.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody))
				if took := time.Since(begin); took > 5*time.Second {
					t.Errorf("%s is answered after %v", path, took)
				}
				if w.Code != http.StatusNoContent && (w.Code != http.StatusServiceUnavailable ||
					w.Header().Get("Retry-After") == "" && !strings.Contains(w.Body.String(), "database-outcome-unknown")) {
					t.Errorf("%s is answered with %d %s", path, w.Code, w.Body)
				}
				return w.Code
			}
			for _, path := range []string{"/read", "/write", "/tx"} {
				ask(path)
			}
			proxy.Set(tt.toxic)
			var group sync.WaitGroup
			for range 4 { // four at once of each, so that some wait for a connection
				for _, path := range []string{"/read", "/write", "/tx"} {
					group.Go(func() {
						if got := ask(path); got == http.StatusNoContent && !tt.passes {
							t.Errorf("%s is answered with %d", path, got)
						}
					})
				}
			}
			group.Wait()
			proxy.Set(datatest.Toxic{})
			healed := time.Now()
			for db.Ping(t.Context()) != nil || inUse(db) > 0 { // what was dialled under way is given up, too
				if time.Since(healed) > 5*time.Second {
					t.Fatalf("five seconds after the network is back the database is not, or %d connections are kept", inUse(db))
				}
			}
			for _, path := range []string{"/read", "/write", "/tx"} {
				if got := ask(path); got != http.StatusNoContent {
					t.Errorf("afterwards %s is answered with %d", path, got)
				}
			}
		})
	}
}

// inUse is how many connections somebody has.
func inUse(db *data.DB) int {
	stats, _ := db.Stats()
	return stats.InUse
}

// TestEndedSessionsAreNotSeen ends the session, or the connection, of a transaction once: what it did is forgotten, so it runs again, and the caller sees
// nothing of it. What was sent to be committed is never sent again.
func TestEndedSessionsAreNotSeen(t *testing.T) {
	t.Parallel()
	dsn := datatest.PostgresURL(t, migrations(t))
	proxy := datatest.StartProxy(t, dsn)
	db, other := datatest.Open(t, proxy.URL(), data.Config{}), datatest.Open(t, dsn, data.Config{})
	terminate := func(ctx context.Context, q data.Querier) error {
		pid, err := data.One[int](ctx, q, data.SQL("SELECT pg_backend_pid()"))
		if err != nil {
			return err
		}
		return other.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
			_, err := tx.Exec(ctx, data.SQL("SELECT pg_terminate_backend(?, 5000)", pid))
			return err
		})
	}
	cut := func(context.Context, data.Querier) error { proxy.Cut(); return nil }
	for i, tt := range []struct {
		name  string
		end   func(context.Context, data.Querier) error
		times int
		want  error
	}{
		{"by an administrator", terminate, 1, nil},
		{"by the network", cut, 1, nil},
		{"twice", terminate, 2, data.ErrUnavailable},
		{"by the network, twice", cut, 2, data.ErrUnavailable},
	} {
		runs := 0
		err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
			runs++
			if _, err := users.Insert(ctx, tx, userRow{Name: "w", Email: strconv.Itoa(i), Age: 1}); err != nil {
				return err
			}
			if runs <= tt.times {
				if err := tt.end(ctx, tx); err != nil {
					t.Error(err)
				}
			}
			_, err := tx.Exec(ctx, data.SQL("UPDATE users SET age = age + 1 WHERE email = ?", strconv.Itoa(i)))
			return err
		})
		age := read(t, other, func(ctx context.Context, v *data.View) (int, error) {
			return data.One[int](ctx, v, data.SQL("SELECT coalesce(max(age), 0) FROM users WHERE email = ?", strconv.Itoa(i)))
		})
		if runs != 2 || !errors.Is(err, tt.want) || (err == nil) != (age == 2) || (err != nil) != (age == 0) {
			t.Errorf("a write ended %s: %d runs, %v, age %d; want 2 and %v", tt.name, runs, err, age, tt.want)
		}
		runs = 0
		err = db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
			runs++
			if runs <= tt.times {
				if err := tt.end(ctx, v); err != nil {
					t.Error(err)
				}
			}
			_, err := users.Where().Count(ctx, v)
			return err
		})
		if runs != 2 || !errors.Is(err, tt.want) {
			t.Errorf("a read ended %s: %d runs, %v; want 2 and %v", tt.name, runs, err, tt.want)
		}
	}
	runs := 0
	err := db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
		runs++
		_, err := users.Where().Count(ctx, v)
		if runs == 1 {
			proxy.Cut()
		}
		return err
	})
	if runs != 2 || err != nil {
		t.Errorf("a read ended at its end: %d runs, %v", runs, err)
	}
}
