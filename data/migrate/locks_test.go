package migrate_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/data"
)

// TestN14MigrationsThatLockLargeTables asks what makes others wait, says that it is meant, and applies it to a table that is large.
func TestN14MigrationsThatLockLargeTables(t *testing.T) {
	t.Parallel()
	s := newSource(t, "postgres")
	write := func(name, up, down string) {
		if err := os.WriteFile(filepath.Join(s.dir, "postgres", name), file(up, down).Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("0001_notes.sql", "CREATE TABLE notes (id BIGINT PRIMARY KEY, title TEXT);\nCREATE INDEX notes_title ON notes (title);", "DROP TABLE notes;")
	if got := s.run(nil, "locks"); got.code != 0 || !strings.Contains(got.out, "nothing makes others wait") {
		t.Errorf("a table that is made: %+v", got)
	}
	s.must(nil, "up")
	write("0002_long.sql", "CREATE INDEX notes_long ON notes (length(title));", "DROP INDEX notes_long;")
	want := "0002_long.sql: notes gets an index, and nobody writes meanwhile\n  CREATE INDEX CONCURRENTLY"
	if got := s.run(nil, "locks"); got.code != 1 || !strings.Contains(got.out, want) || !strings.Contains(got.out, "-- Blocking: notes\n") {
		t.Errorf("an index of a table that is there: %+v", got)
	}
	if got := s.run(nil, "locks", "--from", "2"); got.code != 0 {
		t.Errorf("after that: %+v", got)
	}
	write("0002_long.sql", "-- Blocking: notes, which nobody writes at night.\nCREATE INDEX notes_long ON notes (length(title));", "DROP INDEX notes_long;")
	if got := s.run(nil, "locks", "--from", "0"); got.code != 0 {
		t.Errorf("what is meant: %+v", got)
	}
	must(t, s.db, "UPDATE pg_class SET reltuples = 2000000 WHERE relname = 'notes'")
	const refusal = "0002_long.sql makes others wait for the table notes, which has about 2000000 rows: apply it when nobody is there, by migrate up --blocking"
	if got := s.run(nil, "up"); got.code != 1 || !strings.Contains(got.errs, refusal) {
		t.Errorf("a large table: %+v", got)
	}
	if db, err := data.Open(t.Context(), s.db, data.Config{Migrations: os.DirFS(s.dir)}); err == nil || !strings.Contains(err.Error(), refusal) {
		t.Errorf("the start: %v, %v", db, err)
	}
	s.must(nil, "up", "--blocking")
	write("0003_again.sql", "-- Blocking: public.many.\nCREATE INDEX many_at ON many (id);", "DROP INDEX many_at;")
	must(t, s.db, "CREATE TABLE many WITH (autovacuum_enabled = off) AS SELECT generate_series(1, 20) AS id") // which nobody has counted
	_, err := data.Open(t.Context(), s.db, data.Config{Migrations: os.DirFS(s.dir), Postgres: data.PostgresConfig{Blocking: 10}})
	if err == nil || !strings.Contains(err.Error(), "0003_again.sql makes others wait for the table public.many, which has about 11 rows") {
		t.Errorf("a table that was never counted: %v", err)
	}
	s.must(nil, "up")
	s.must(nil, "down")
	s.must(nil, "down")
	must(t, s.db, "UPDATE pg_class SET reltuples = 1000000 WHERE relname = 'notes'")
	s.must(nil, "up")
}

// TestN14ConcurrentIndexes leaves alone what runs outside a transaction.
func TestN14ConcurrentIndexes(t *testing.T) {
	t.Parallel()
	s := newSource(t, "postgres")
	for name, text := range map[string]string{
		"0001_notes.sql": "-- +goose Up\nCREATE TABLE notes (id BIGINT PRIMARY KEY, title TEXT);\n",
		"0002_title.sql": "-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY notes_title ON notes (title);\n",
		"0003_again.sql": "-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX notes_again ON notes (title);\n",
	} {
		if err := os.WriteFile(filepath.Join(s.dir, "postgres", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got := s.run(nil, "locks", "--from", "0")
	if got.code != 1 || strings.Contains(got.out, "0002") || !strings.Contains(got.out, "0003_again.sql: notes gets an index") {
		t.Errorf("%+v", got)
	}
}

// TestN14NothingIsLookedAtOnSQLite says so.
func TestN14NothingIsLookedAtOnSQLite(t *testing.T) {
	t.Parallel()
	if got := shopping(t, files(), newSource(t, "sqlite").db, "locks"); got.code != 0 || !strings.Contains(got.out, "SQLite has one writer") {
		t.Errorf("%+v", got)
	}
}
