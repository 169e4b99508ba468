package querylayer_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	_ "modernc.org/sqlite"
)

// user is one row of the store's users.
type user struct {
	ID        int64     `db:"id"         gorm:"primaryKey"`
	Name      string    `db:"name"`
	Email     string    `db:"email"`
	Age       int       `db:"age"`
	CreatedAt time.Time `db:"created_at"`
}

// layer is one way to run the store's queries.
type layer interface {
	insert(ctx context.Context, u user) (id int64, err error)
	byKey(ctx context.Context, id int64) (user, error)
	page(ctx context.Context, limit, offset int) ([]user, int64, error)
	byName(ctx context.Context, name string) ([]user, error)
	remove(ctx context.Context, id int64) (rows int64, err error)
}

const rows = 1000

func open(tb testing.TB) *sql.DB {
	tb.Helper()
	dsn := "file:" + filepath.Join(tb.TempDir(), "bench.db") +
		"?_journal_mode=WAL&_synchronous=OFF&_time_format=sqlite&_timezone=UTC"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	for _, q := range []string{
		`CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, age INTEGER NOT NULL, created_at DATETIME NOT NULL)`,
		`CREATE UNIQUE INDEX users_email_key ON users (email)`,
		`CREATE INDEX users_name ON users (name, id)`,
	} {
		if _, err := db.Exec(q); err != nil {
			tb.Fatal(err)
		}
	}
	for i := range rows {
		_, err := db.Exec(`INSERT INTO users (name, email, age, created_at) VALUES (?, ?, ?, ?)`,
			fmt.Sprintf("name %d", i/10), fmt.Sprintf("u%d@example.com", i), 20+i%50, time.Unix(int64(i), 0))
		if err != nil {
			tb.Fatal(err)
		}
	}
	return db
}

func layers(tb testing.TB) map[string]layer {
	tb.Helper()
	return map[string]layer{
		"database_sql":    standard{open(tb)},
		"sqlbuilder":      builder{open(tb)},
		"sqlbuilder+scan": builderScan{open(tb)},
		"text+scan":       textScan{open(tb)},
		"bob+scan":        newBob(open(tb)),
		"gorm":            newGorm(tb, open(tb), false),
		"gorm_prepared":   newGorm(tb, open(tb), true),
	}
}

// TestLayersAgree proves that the benchmark compares like with like.
func TestLayersAgree(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for name, l := range layers(t) {
		u, err := l.byKey(ctx, 42)
		if err != nil || u.Email != "u41@example.com" || !u.CreatedAt.Equal(time.Unix(41, 0)) {
			t.Errorf("%s: byKey = %+v, %v", name, u, err)
		}
		items, total, err := l.page(ctx, 10, 20)
		if err != nil || total != rows || len(items) != 10 || items[0].ID != 21 {
			t.Errorf("%s: page = %d items of %d, %v", name, len(items), total, err)
		}
		found, err := l.byName(ctx, "name 3")
		if err != nil || len(found) != 10 {
			t.Errorf("%s: byName = %d items, %v", name, len(found), err)
		}
		found, err = l.byName(ctx, "' OR '1'='1")
		if err != nil || len(found) != 0 {
			t.Errorf("%s: byName of an injection = %d items, %v", name, len(found), err)
		}
		id, err := l.insert(ctx, user{Name: "new", Email: "new@example.com", Age: 3, CreatedAt: time.Unix(9, 0)})
		if err != nil || id != rows+1 {
			t.Errorf("%s: insert = %d, %v", name, id, err)
		}
		n, err := l.remove(ctx, id)
		if err != nil || n != 1 {
			t.Errorf("%s: remove = %d, %v", name, n, err)
		}
	}
}

// BenchmarkLayer runs each of the five operations on each layer, side by side.
func BenchmarkLayer(b *testing.B) {
	ctx := b.Context()
	all := layers(b)
	names := []string{"database_sql", "sqlbuilder", "sqlbuilder+scan", "text+scan", "bob+scan", "gorm", "gorm_prepared"}
	run := func(operation string, f func(l layer, i int) error) {
		for _, name := range names {
			l := all[name]
			b.Run(operation+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					if err := f(l, i); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
	run("key", func(l layer, i int) error { _, err := l.byKey(ctx, int64(1+i%rows)); return err })
	run("page", func(l layer, i int) error { _, _, err := l.page(ctx, 10, 10*(i%90)); return err })
	run("name", func(l layer, _ int) error { _, err := l.byName(ctx, "name 7"); return err })
	run("delete_none", func(l layer, _ int) error { _, err := l.remove(ctx, -1); return err })
	unique := 0
	run("insert", func(l layer, _ int) error {
		unique++
		_, err := l.insert(ctx, user{Name: "n", Email: strconv.Itoa(unique), Age: 3, CreatedAt: time.Unix(9, 0)})
		return err
	})
}
