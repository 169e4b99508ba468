package data_test

import (
	"context"
	"embed"
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
)

//go:embed testdata/migrations
var embedded embed.FS

func migrations(tb testing.TB) fs.FS {
	tb.Helper()
	sub, err := fs.Sub(embedded, "testdata/migrations")
	if err != nil {
		tb.Fatal(err)
	}
	return sub
}

type userRow struct {
	ID        int64     `db:"id"`
	Name      string    `db:"name"`
	Email     string    `db:"email"`
	Age       int       `db:"age"`
	CreatedAt time.Time `db:"created_at"`
}

var (
	users     = data.NewTable[userRow]("users", "id")
	userID    = data.NewColumn[int64]("id")
	userName  = data.NewColumn[string]("name")
	userAge   = data.NewColumn[int]("age")
	userEmail = data.NewColumn[string]("email")
)

// each runs a test on a new database of each kind, with the tables of testdata/migrations.
func each(t *testing.T, test func(t *testing.T, db *data.DB)) {
	t.Helper()
	datatest.Each(t, migrations(t), test)
}

// open opens a new database of SQLite with these tables.
func open(tb testing.TB) *data.DB {
	tb.Helper()
	return openFile(tb, filepath.Join(tb.TempDir(), "test.db"))
}

func openFile(tb testing.TB, file string) *data.DB {
	tb.Helper()
	db, err := data.Open(tb.Context(), "sqlite:"+file, data.Config{Migrations: migrations(tb)})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Errorf("close: %v", err)
		}
	})
	return db
}

func insert(tb testing.TB, db *data.DB, rows ...userRow) (last int64) {
	tb.Helper()
	err := db.Write(tb.Context(), func(ctx context.Context, tx *data.Tx) (err error) {
		for _, row := range rows {
			if last, err = users.Insert(ctx, tx, row); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return last
}

// read runs one read and returns its result.
func read[T any](tb testing.TB, db *data.DB, f func(ctx context.Context, v *data.View) (T, error)) T {
	tb.Helper()
	var out T
	err := db.Read(tb.Context(), func(ctx context.Context, v *data.View) (err error) {
		out, err = f(ctx, v)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

func count(tb testing.TB, db *data.DB) int64 {
	tb.Helper()
	return read(tb, db, func(ctx context.Context, v *data.View) (int64, error) { return users.Where().Count(ctx, v) })
}
