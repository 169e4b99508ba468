package data_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
)

func TestPostgresOpenRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, dsn, want string
		cfg             data.PostgresConfig
	}{
		{"a URL that cannot be read, without showing it", "postgres://user:secret@host:port/db", "cannot be read", data.PostgresConfig{}},
		{"another host without TLS", "postgres://user:secret@192.0.2.1/db?sslmode=disable", "without TLS", data.PostgresConfig{}},
		{"another host with TLS where it can be had", "postgres://user:secret@192.0.2.1/db?sslmode=prefer", "without TLS", data.PostgresConfig{}},
		{"one of several hosts without TLS", "postgres://user:secret@127.0.0.1,192.0.2.1/db?sslmode=disable", "without TLS", data.PostgresConfig{}},
		{"a negative setting", "postgres://127.0.0.1/db", "Postgres.Lock", data.PostgresConfig{Lock: -1}},
		{"an isolation that PostgreSQL lacks", "postgres://127.0.0.1/db", "Isolation", data.PostgresConfig{Isolation: sql.LevelSnapshot}},
		{"a server that is not there", "postgres://user:secret@127.0.0.1:1/db", "open", data.PostgresConfig{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := data.Open(t.Context(), tt.dsn, data.Config{Postgres: tt.cfg})
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("error is %v, want one with %q and without the password", err, tt.want)
			}
		})
	}
}

func TestPostgresSettings(t *testing.T) {
	t.Parallel()
	dsn := datatest.PostgresURL(t, nil)
	db := datatest.Open(t, dsn, data.Config{Postgres: data.PostgresConfig{Application: "app", Lock: 1500 * time.Millisecond}})
	for _, tt := range []struct {
		query data.Query
		want  string
	}{
		{data.SQL("SHOW application_name"), "app"},
		{data.SQL("SHOW statement_timeout"), "4s"},
		{data.SQL("SHOW lock_timeout"), "1500ms"},
		{data.SQL("SHOW idle_in_transaction_session_timeout"), "10s"},
		{data.SQL("SHOW TimeZone"), "UTC"},
		{data.SQL("SHOW transaction_isolation"), "repeatable read"},
		{data.SQL("SHOW transaction_read_only"), "on"},
	} {
		got := read(t, db, func(ctx context.Context, v *data.View) (string, error) { return data.One[string](ctx, v, tt.query) })
		if got != tt.want {
			t.Errorf("%v: %s, want %s", tt.query, got, tt.want)
		}
	}
	err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
		level, err := data.One[string](ctx, tx, data.SQL("SHOW transaction_isolation"))
		if level != "serializable" {
			t.Errorf("a transaction that writes is %s", level)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestPoolsFitTheServer counts the connections of all replicas against those of the server, which are 200 less 3 that are reserved.
func TestPoolsFitTheServer(t *testing.T) {
	t.Parallel()
	dsn := datatest.PostgresURL(t, nil)
	for _, tt := range []struct {
		connections, replicas int
		err, log              string
	}{
		{39, 4, "", ""},
		{40, 4, "", "more than 80 %"},
		{49, 4, "", "more than 80 %"},
		{50, 4, "50 connections of each of 4 replicas are 200, and the server has 197 (max_connections is 200, of which 3 are reserved): want 49 or fewer for each", ""},
		{198, 0, "198 connections of each of 1 replicas are 198", ""},
		{1, -1, "Postgres.Replicas is -1", ""},
	} {
		var log strings.Builder
		db, err := data.Open(t.Context(), dsn, data.Config{
			Logger: slog.New(slog.NewTextHandler(&log, nil)), Postgres: data.PostgresConfig{Connections: tt.connections, Replicas: tt.replicas},
		})
		if err == nil {
			err = db.Close()
		}
		if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%d of %d: %v, want %q", tt.connections, tt.replicas, err, tt.err)
		}
		if (log.Len() == 0) != (tt.log == "") || !strings.Contains(log.String(), tt.log) {
			t.Errorf("%d of %d: logged %q, want %q", tt.connections, tt.replicas, log.String(), tt.log)
		}
	}
}

// TestWriteRunsAgain lets each of two transactions read what the other one writes: one of them cannot be serialized.
func TestWriteRunsAgain(t *testing.T) {
	t.Parallel()
	db := datatest.Postgres(t, migrations(t))
	insert(t, db, userRow{Name: "a", Email: "a", Age: 1}, userRow{Name: "b", Email: "b", Age: 1})
	var runs, committed atomic.Int64
	var first, group sync.WaitGroup
	first.Add(2)
	for _, pair := range [][2]int64{{1, 2}, {2, 1}} {
		group.Go(func() {
			once := sync.OnceFunc(func() { first.Done(); first.Wait() }) // both have read before one writes
			err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
				runs.Add(1)
				tx.AfterCommit(func(context.Context) { committed.Add(1) })
				age, err := data.One[int](ctx, tx, data.SQL("SELECT age FROM users WHERE id = ?", pair[0]))
				if err != nil {
					return err
				}
				once()
				_, err = tx.Exec(ctx, data.SQL("UPDATE users SET age = ? WHERE id = ?", age+1, pair[1]))
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	ages := read(t, db, func(ctx context.Context, v *data.View) ([]int, error) {
		return data.All[int](ctx, v, data.SQL("SELECT age FROM users ORDER BY age LIMIT 2"))
	})
	if runs.Load() != 3 || committed.Load() != 2 || ages[0]+ages[1] != 5 {
		t.Errorf("%d runs, %d after a commit, ages %v; want 3 runs, 2, and 2 and 3 as if one ran after the other", runs.Load(), committed.Load(), ages)
	}
}

func TestWriteGivesUpOnWhatNeverSerializes(t *testing.T) {
	t.Parallel()
	db := datatest.Postgres(t, migrations(t))
	runs := 0
	err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
		runs++
		_, err := tx.Exec(ctx, data.SQL("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$"))
		if err == nil {
			t.Error("no error")
		}
		return errors.New("hides the cause")
	})
	if runs != 6 || !errors.Is(err, data.ErrUnavailable) {
		t.Errorf("%d runs, %v, want the first and five more, and ErrUnavailable", runs, err)
	}
}

func TestPostgresIsUnavailable(t *testing.T) {
	t.Parallel()
	dsn := datatest.PostgresURL(t, migrations(t))
	quick := data.PostgresConfig{Connections: 1, Acquire: time.Second, Statement: 50 * time.Millisecond, Lock: 20 * time.Millisecond}
	db := datatest.Open(t, dsn, data.Config{Postgres: quick})
	other := datatest.Open(t, dsn, data.Config{})
	for _, tt := range []struct {
		name string
		do   func(ctx context.Context) error
	}{
		{"no connection is free", func(ctx context.Context) error {
			return db.Read(ctx, func(context.Context, *data.View) error { return db.Ping(t.Context()) })
		}},
		{"a statement takes too long", func(ctx context.Context) error {
			return db.Read(ctx, func(ctx context.Context, v *data.View) error {
				_, err := data.One[string](ctx, v, data.SQL("SELECT pg_sleep(5)::text"))
				return err
			})
		}},
		{"a lock takes too long", func(ctx context.Context) error {
			return other.Write(ctx, func(ctx context.Context, tx *data.Tx) error {
				if _, err := tx.Exec(ctx, data.SQL("LOCK TABLE users")); err != nil {
					return err
				}
				return db.Write(ctx, func(ctx context.Context, tx *data.Tx) error {
					_, err := tx.Exec(ctx, data.SQL("LOCK TABLE users"))
					return err
				})
			})
		}},
		{"the session is ended by an administrator", func(ctx context.Context) error {
			return db.Write(ctx, func(ctx context.Context, tx *data.Tx) error {
				pid, err := data.One[int](ctx, tx, data.SQL("SELECT pg_backend_pid()"))
				if err != nil {
					return err
				}
				err = other.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
					_, err := tx.Exec(ctx, data.SQL("SELECT pg_terminate_backend(?, 1000)", pid))
					return err
				})
				if err != nil {
					t.Error(err)
				}
				_, err = tx.Exec(ctx, data.SQL("DELETE FROM posts"))
				return err
			})
		}},
	} {
		if err := tt.do(t.Context()); !errors.Is(err, data.ErrUnavailable) {
			t.Errorf("%s: %v, want ErrUnavailable", tt.name, err)
		}
		if err := db.Ping(t.Context()); err != nil {
			t.Errorf("%s: afterwards %v", tt.name, err)
		}
	}
}

func TestAP06AClientsEndReachesTheServer(t *testing.T) {
	t.Parallel()
	dsn := datatest.PostgresURL(t, nil)
	db := datatest.Open(t, dsn, data.Config{Postgres: data.PostgresConfig{Connections: 1, Application: "cancelled"}})
	other := datatest.Open(t, dsn, data.Config{})
	active := data.SQL("SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'cancelled' AND state = 'active'")
	running := func() int64 {
		return read(t, other, func(ctx context.Context, v *data.View) (int64, error) { return data.One[int64](ctx, v, active) })
	}
	sleep := func(ctx context.Context, q data.Querier) error {
		_, err := data.One[string](ctx, q, data.SQL("SELECT pg_sleep(4)::text"))
		return err
	}
	for name, do := range map[string]func(ctx context.Context) error{
		"a snapshot": func(ctx context.Context) error {
			return db.Read(ctx, func(ctx context.Context, v *data.View) error { return sleep(ctx, v) })
		},
		"one statement": func(ctx context.Context) error { return sleep(ctx, db) },
	} {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- do(ctx) }()
		for running() == 0 {
			continue
		}
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) || errors.Is(err, data.ErrUnavailable) {
			t.Errorf("%s: error is %v, want the context's", name, err)
		}
		if n := running(); n != 0 {
			t.Errorf("%s runs on", name)
		}
	}
}
