package data_test

import (
	"context"
	"testing"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
)

// forgetful is a database with one connection, which has prepared statements that the server has forgotten.
func forgetful(t *testing.T) *data.DB {
	t.Helper()
	db := datatest.Open(t, datatest.PostgresURL(t, migrations(t)), data.Config{Postgres: data.PostgresConfig{Connections: 1}})
	insert(t, db, userRow{Name: "Ada", Email: "ada@example.com", Age: 36})
	for range 2 {
		if n := count(t, db); n != 1 {
			t.Fatalf("%d users", n)
		}
		read(t, db, func(ctx context.Context, v *data.View) (int64, error) { return users.Where().Count(ctx, v) })
	}
	execute(t, db, data.SQL("DEALLOCATE ALL"))
	return db
}

// execute runs one statement that writes.
func execute(t *testing.T, db *data.DB, query data.Query) {
	t.Helper()
	err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, query)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAViewStaysInItsTransaction has the statement fail with which a snapshot begins: those after it write as little as others.
func TestAViewStaysInItsTransaction(t *testing.T) {
	t.Parallel()
	db := forgetful(t)
	err := db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
		_, _ = users.Where().Count(ctx, v) // whatever comes of it
		_, err := data.All[int64](ctx, v, data.SQL("WITH gone AS (DELETE FROM users RETURNING id) SELECT id FROM gone"))
		return err
	})
	if err == nil {
		t.Error("a snapshot writes")
	}
	if n := count(t, db); n != 1 {
		t.Errorf("%d users, want 1", n)
	}
}

// TestNothingRunsAfterItsTransaction ends a transaction behind the back of its Write.
func TestNothingRunsAfterItsTransaction(t *testing.T) {
	t.Parallel()
	db := datatest.Postgres(t, migrations(t))
	insert(t, db, userRow{Name: "Ada", Email: "ada@example.com", Age: 36})
	err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
		if _, err := tx.Exec(ctx, data.SQL("COMMIT")); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, data.SQL("DELETE FROM users"))
		return err
	})
	if err == nil {
		t.Error("a statement runs outside of the transaction")
	}
	if n := count(t, db); n != 1 {
		t.Errorf("%d users, want 1", n)
	}
}

// TestForgottenStatementsArePreparedAnew asks for everything that the server has forgotten.
func TestForgottenStatementsArePreparedAnew(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		do   func(ctx context.Context, db *data.DB) error
	}{
		{"a statement", func(ctx context.Context, db *data.DB) error {
			_, err := users.Where().Count(ctx, db)
			return err
		}},
		{"a snapshot", func(ctx context.Context, db *data.DB) error {
			return db.Read(ctx, func(ctx context.Context, v *data.View) error {
				if _, err := users.Where().Count(ctx, v); err != nil {
					return err
				}
				_, err := users.Where().Count(ctx, v)
				return err
			})
		}},
	} {
		db := forgetful(t)
		for range 3 {
			if err := tt.do(t.Context(), db); err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
	}
}
