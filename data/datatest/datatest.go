// Package datatest gives each test a database of its own, of each kind, with its tables made:
//
//	func TestOrders(t *testing.T) {
//		datatest.Each(t, migrations, func(t *testing.T, db *data.DB) {
//			…
//		})
//	}
//
// SQLite databases are files in the test's own directory. For PostgreSQL the package starts one private server for all tests of a test
// binary (go test runs one for each package, and none knows of the others): on a free port of the loopback interface, in a temporary directory,
// as a user without rights when the tests run as root. It ends with the binary,
// however that ends. Each test gets a copy of a database that was migrated once. The programs of PostgreSQL are looked for in $PATH and in
// Debian's place, /usr/lib/postgresql.
package datatest

import (
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/tenon-go/tenon/data"
)

// Each runs a test on each kind of database, side by side, as the subtests sqlite and postgres.
func Each(t *testing.T, migrations fs.FS, test func(t *testing.T, db *data.DB)) {
	t.Helper()
	for name, open := range map[string]func(testing.TB, fs.FS) *data.DB{"sqlite": SQLite, "postgres": Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t, migrations))
		})
	}
}

// SQLite opens a new database in a file. It is closed when the test ends.
func SQLite(tb testing.TB, migrations fs.FS) *data.DB {
	tb.Helper()
	return Open(tb, "sqlite:"+filepath.Join(tb.TempDir(), "test.db"), data.Config{Migrations: migrations})
}

// Postgres opens a new database of the private server. It is closed and dropped when the test ends.
func Postgres(tb testing.TB, migrations fs.FS) *data.DB {
	tb.Helper()
	return Open(tb, PostgresURL(tb, migrations), data.Config{Migrations: migrations, Postgres: data.PostgresConfig{Connections: 8}})
}

// Open opens a database, which is closed when the test ends.
func Open(tb testing.TB, dsn string, cfg data.Config) *data.DB {
	tb.Helper()
	db, err := data.Open(tb.Context(), dsn, cfg)
	if err != nil {
		tb.Fatalf("datatest: %v", err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Errorf("datatest: close: %v", err)
		}
	})
	return db
}
