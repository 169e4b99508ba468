package data_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
)

func TestWriteIsAllOrNothing(t *testing.T) {
	t.Parallel()
	failure := errors.New("no")
	for _, tt := range []struct {
		name string
		end  func(cancel context.CancelFunc) error
		want int64
	}{
		{"success commits", func(context.CancelFunc) error { return nil }, 1},
		{"an error rolls back", func(context.CancelFunc) error { return failure }, 0},
		{"a panic rolls back", func(context.CancelFunc) error { panic(failure) }, 0},
		{"a context that ends rolls back", func(cancel context.CancelFunc) error { cancel(); return nil }, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, db *data.DB) {
				err := caught(func() error {
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					return db.Write(ctx, func(ctx context.Context, tx *data.Tx) error {
						if _, err := users.Insert(ctx, tx, userRow{Name: "a", Email: "a", Age: 1}); err != nil {
							t.Error(err)
						}
						return tt.end(cancel)
					})
				})
				if (err == nil) != (tt.want == 1) {
					t.Errorf("error is %v", err)
				}
				if got := count(t, db); got != tt.want {
					t.Errorf("%d rows, want %d", got, tt.want)
				}
				insert(t, db, userRow{Name: "b", Email: "b", Age: 1}) // the writer is free again
			})
		})
	}
}

func caught(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return f()
}

func TestClosureMisuse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		noop := func(context.Context, *data.Tx) error { return nil }
		look := func(context.Context, *data.View) error { return nil }
		for _, tt := range []struct {
			name string
			call func(ctx context.Context) error
			want error
		}{
			{"Write in Write", func(ctx context.Context) error {
				return db.Write(ctx, func(ctx context.Context, _ *data.Tx) error { return db.Write(ctx, noop) })
			}, data.ErrNested},
			{"Read in Write, which would not see what was written", func(ctx context.Context) error {
				return db.Write(ctx, func(ctx context.Context, _ *data.Tx) error { return db.Read(ctx, look) })
			}, data.ErrNested},
			{"Write in Read", func(ctx context.Context) error {
				return db.Read(ctx, func(ctx context.Context, _ *data.View) error { return db.Write(ctx, noop) })
			}, data.ErrNested},
			{"a Tx that is used after its closure", func(ctx context.Context) error {
				var kept *data.Tx
				if err := db.Write(ctx, func(_ context.Context, tx *data.Tx) error { kept = tx; return nil }); err != nil {
					return err
				}
				_, err := kept.Exec(ctx, data.SQL("DELETE FROM users"))
				return err
			}, sql.ErrTxDone},
			{"a View that is used after its closure", func(ctx context.Context) error {
				var kept *data.View
				if err := db.Read(ctx, func(_ context.Context, v *data.View) error { kept = v; return nil }); err != nil {
					return err
				}
				_, err := users.Where().Count(ctx, kept)
				return err
			}, sql.ErrTxDone},
		} {
			t.Run(tt.name, func(t *testing.T) {
				t.Parallel()
				if err := tt.call(t.Context()); !errors.Is(err, tt.want) {
					t.Errorf("error is %v, want %v", err, tt.want)
				}
			})
		}
	})
}

func TestTwoDatabasesAtOnceAreNotNested(t *testing.T) {
	t.Parallel()
	one, two := open(t), open(t)
	err := one.Write(t.Context(), func(ctx context.Context, _ *data.Tx) error { return two.Ping(ctx) })
	if err != nil {
		t.Error(err)
	}
}

func TestReadCannotWrite(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		insert(t, db, userRow{Name: "a", Email: "a", Age: 1})
		for _, query := range []data.Query{
			data.SQL("DELETE FROM users RETURNING id"),
			data.SQL("INSERT INTO counters VALUES ('x', 1) RETURNING value"),
			data.SQL("PRAGMA query_only = 0"), // what another kind of database does not know is an error too
			data.SQL("SET TRANSACTION READ WRITE"),
		} {
			err := db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
				if _, err := data.All[int64](ctx, v, query); err != nil {
					return err
				}
				_, err := data.All[int64](ctx, v, data.SQL("DELETE FROM users RETURNING id"))
				return err
			})
			if err == nil {
				t.Errorf("%v: no error", query)
			}
		}
		if got := count(t, db); got != 1 {
			t.Errorf("%d rows, want 1", got)
		}
	})
}

func TestReadSeesOneState(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		err := db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
			before, err := users.Where().Count(ctx, v)
			insert(t, db, userRow{Name: "a", Email: "a", Age: 1}) // a writer does not wait for readers
			after, err2 := users.Where().Count(ctx, v)
			if before != 0 || after != 0 {
				t.Errorf("rows before %d and after %d the write, want 0 in the same snapshot", before, after)
			}
			return errors.Join(err, err2)
		})
		if err != nil || count(t, db) != 1 {
			t.Errorf("%d rows, %v, want 1 in the next snapshot", count(t, db), err)
		}
	})
}

// TestConcurrentWriters is the case that fails with deferred transactions: all read, then all write. Each writer has opened
// the file by itself, as processes of their own do.
func TestConcurrentWriters(t *testing.T) {
	t.Parallel()
	const writers, each = 8, 25
	file := filepath.Join(t.TempDir(), "shared.db")
	db := openFile(t, file)
	var failed atomic.Int64
	var group sync.WaitGroup
	for range writers {
		db := openFile(t, file)
		group.Go(func() {
			for range each {
				err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
					n, err := data.One[int64](ctx, tx, data.SQL("SELECT value FROM counters WHERE name = 'writes'"))
					if err != nil {
						return err
					}
					_, err = tx.Exec(ctx, data.SQL("UPDATE counters SET value = ? WHERE name = 'writes'", n+1))
					return err
				})
				if err != nil {
					failed.Add(1)
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	value := read(t, db, func(ctx context.Context, v *data.View) (int64, error) {
		return data.One[int64](ctx, v, data.SQL("SELECT value FROM counters"))
	})
	if failed.Load() != 0 || value != writers*each {
		t.Errorf("%d failed and the counter is %d, want 0 and %d", failed.Load(), value, writers*each)
	}
}

func TestAP06ContextEndsAStatement(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		endless := data.SQL("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		err := db.Read(ctx, func(ctx context.Context, v *data.View) error {
			go cancel()
			_, err := data.One[int64](ctx, v, endless)
			return err
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error is %v, want the context's", err)
		}
	})
}

func TestContextEndsTheWaitForTheWriter(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		err := db.Write(t.Context(), func(context.Context, *data.Tx) error {
			ctx, cancel := context.WithCancel(t.Context()) // not the closure's: this is another caller
			go cancel()
			if err := db.Write(ctx, func(context.Context, *data.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
				t.Errorf("error is %v, want the context's", err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestSQ07AP02ExhaustedPoolsAnswerInTime asks for a connection that nobody gives back.
func TestSQ07AP02ExhaustedPoolsAnswerInTime(t *testing.T) {
	t.Parallel()
	for name, dsn := range map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "test.db"), "postgres": datatest.PostgresURL(t, nil)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := datatest.Open(t, dsn, data.Config{
				Acquire: 50 * time.Millisecond, BusyTimeout: 50 * time.Millisecond, Postgres: data.PostgresConfig{Connections: 1, Acquire: 50 * time.Millisecond},
			})
			err := db.Write(t.Context(), func(context.Context, *data.Tx) error {
				err := db.Write(t.Context(), func(context.Context, *data.Tx) error { return nil }) // of another request
				if !errors.Is(err, data.ErrUnavailable) {
					t.Errorf("error is %v, want ErrUnavailable", err)
				}
				_, err = db.Tx(t.Context(), nil)
				if !errors.Is(err, data.ErrUnavailable) {
					t.Errorf("for a request, the error is %v, want ErrUnavailable", err)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
			if err := db.Ping(t.Context()); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

// TestSQ07ReadersOfSQLiteAreToldWithinASecond takes every connection that reads: one more is told after 0.9 s, however long a writer may wait. A writer waits for the
// one before it.
func TestSQ07ReadersOfSQLiteAreToldWithinASecond(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "test.db")
	synctest.Test(t, func(t *testing.T) {
		db, err := data.Open(t.Context(), "sqlite:"+file, data.Config{Readers: 2})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		nothing := func(context.Context, *data.Tx) error { return nil }
		for _, tt := range []struct {
			name string
			do   func() error
			want time.Duration
		}{
			{"a read", func() error { return db.Ping(t.Context()) }, 900 * time.Millisecond},
			{"a write", func() error { return db.Write(t.Context(), nothing) }, 5 * time.Second},
			{"a write of a request", func() error { _, err := db.Tx(t.Context(), nil); return err }, 5 * time.Second},
		} {
			hold := func(ctx context.Context, then func() error) error {
				return db.Read(ctx, func(context.Context, *data.View) error {
					return db.Write(ctx, func(context.Context, *data.Tx) error { return then() })
				})
			}
			err := db.Read(t.Context(), func(context.Context, *data.View) error {
				return hold(t.Context(), func() error {
					begun := time.Now()
					err := tt.do()
					if took := time.Since(begun); !errors.Is(err, data.ErrUnavailable) || took != tt.want {
						t.Errorf("%s: %v after %v, want ErrUnavailable after %v", tt.name, err, took, tt.want)
					}
					return nil
				})
			})
			if err != nil {
				t.Error(err)
			}
		}
		if err := db.Ping(t.Context()); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}
