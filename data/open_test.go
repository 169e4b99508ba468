package data_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
)

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	writable := filepath.Join(t.TempDir(), "open.db")
	if err := os.WriteFile(writable, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(writable, 0o606); err != nil {
		t.Fatal(err)
	}
	garbage := filepath.Join(t.TempDir(), "garbage.db")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, dsn string
		cfg       data.Config
		want      string
	}{
		{"a source of an unknown kind, without showing it", "oracle://user:secret@host/db", data.Config{}, "does not begin with"},
		{"no file", "sqlite:", data.Config{}, "names no file"},
		{"a database in memory, which would vanish", "sqlite::memory:", data.Config{}, "names no file"},
		{"a file that everybody may write", "sqlite:" + writable, data.Config{}, "everybody may write"},
		{"a file that is no database", "sqlite:" + garbage, data.Config{}, "not a database"},
		{"all settings that are out of range at once", "sqlite:x.db", data.Config{Readers: -1, BusyTimeout: -1}, "BusyTimeout"},
		{"a file system without migrations", "sqlite:" + filepath.Join(t.TempDir(), "a.db"), data.Config{Migrations: fstest.MapFS{}}, "holds no file"},
		{"a migration that fails", "sqlite:" + filepath.Join(t.TempDir(), "b.db"),
			data.Config{Migrations: fstest.MapFS{"0001_bad.sql": {Data: []byte("-- +goose Up\nCREATE TABL x;")}}}, "migrations"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := data.Open(t.Context(), tt.dsn, tt.cfg)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error is %v, want one with %q", err, tt.want)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("error shows the password: %v", err)
			}
		})
	}
}

func TestOpenMakesPrivateFiles(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "b")
	db := openFile(t, filepath.Join(dir, "odd ?name=%41#.db"))
	insert(t, db, userRow{Name: "a", Email: "a", Age: 1})
	for _, d := range []string{filepath.Dir(dir), dir} {
		if info, err := os.Stat(d); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("directory: mode %v, %v, want 0700", info.Mode(), err)
		}
	}
	seen := 0
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		seen++
		if !strings.HasPrefix(path, "odd ?name=%41#.db") {
			t.Errorf("file %q, want the name as it was given", path)
		}
		if info, err := d.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v, want 0600", path, info.Mode(), err)
		}
		return nil
	})
	if err != nil || seen < 3 { // the database, its log and the log's index
		t.Errorf("%d files, %v", seen, err)
	}
}

// TestSettings reads the settings back on every connection.
func TestSettings(t *testing.T) {
	t.Parallel()
	const readers = 5
	db, err := data.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "a.db"), data.Config{Readers: readers})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()

	check := func(ctx context.Context, q data.Querier, name string, queryOnly int64) {
		for _, setting := range []struct {
			query data.Query
			want  int64
		}{
			{data.SQL("PRAGMA synchronous"), 2},
			{data.SQL("PRAGMA foreign_keys"), 1},
			{data.SQL("PRAGMA busy_timeout"), 5000},
			{data.SQL("PRAGMA trusted_schema"), 0},
			{data.SQL("PRAGMA journal_size_limit"), 64 << 20},
			{data.SQL("PRAGMA query_only"), queryOnly},
		} {
			if got, err := data.One[int64](ctx, q, setting.query); err != nil || got != setting.want {
				t.Errorf("%s: %v = %d, %v, want %d", name, setting.query, got, err, setting.want)
			}
		}
		if mode, err := data.One[string](ctx, q, data.SQL("PRAGMA journal_mode")); err != nil || mode != "wal" {
			t.Errorf("%s: journal_mode = %q, %v, want wal", name, mode, err)
		}
	}

	err = db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
		check(ctx, tx, "writer", 0)
		return nil
	})
	if err != nil {
		t.Error(err)
	}

	// All readers are held at once, so each connection is seen.
	var arrived, done sync.WaitGroup
	arrived.Add(readers)
	for range readers {
		done.Go(func() {
			err := db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
				arrived.Done()
				arrived.Wait()
				check(ctx, v, "reader", 1)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
}

func TestMigrationsRunOnceForConcurrentStarters(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "shared.db")
	twice := fstest.MapFS{
		"0001_counter.sql": {Data: []byte("-- +goose Up\nCREATE TABLE counter (n INTEGER NOT NULL);\nINSERT INTO counter VALUES (1);\n")},
		"0002_double.sql":  {Data: []byte("-- +goose Up\nUPDATE counter SET n = n * 2;\n")},
		"0003_double.sql":  {Data: []byte("-- +goose Up\nUPDATE counter SET n = n * 2;\n")},
	}
	var starters sync.WaitGroup
	for range 6 {
		starters.Go(func() {
			db, err := data.Open(t.Context(), "sqlite:"+file, data.Config{Migrations: twice})
			if err != nil {
				t.Error(err)
				return
			}
			defer db.Close()
			err = db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
				n, err := data.One[int](ctx, v, data.SQL("SELECT n FROM counter"))
				if n != 4 {
					t.Errorf("counter is %d, want 4: each migration once", n)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	starters.Wait()
}

func TestFailedMigrationLeavesTheOnesBefore(t *testing.T) {
	t.Parallel()
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "a.db")
	files := fstest.MapFS{
		"0001_a.sql": {Data: []byte("-- +goose Up\nCREATE TABLE a (n INTEGER);\n")},
		"0002_b.sql": {Data: []byte("-- +goose Up\nCREATE TABLE b (n INTEGER);\nINSERT INTO nowhere VALUES (1);\n")},
	}
	if _, err := data.Open(t.Context(), dsn, data.Config{Migrations: files}); err == nil {
		t.Fatal("no error")
	}
	files["0002_b.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE b (n INTEGER);\n")}
	db, err := data.Open(t.Context(), dsn, data.Config{Migrations: files})
	if err != nil {
		t.Fatalf("after the repair: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

func TestOpenEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := data.Open(ctx, "sqlite:"+filepath.Join(t.TempDir(), "a.db"), data.Config{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want the context's", err)
	}
}

func TestPingAndClose(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a.db")
	db, err := data.Open(t.Context(), "sqlite:"+file, data.Config{Migrations: migrations(t)})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Ping(t.Context()); err != nil {
		t.Errorf("ping: %v", err)
	}
	insert(t, db, userRow{Name: "a", Email: "a", Age: 1, CreatedAt: time.Now()})
	if err := db.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if _, err := os.Stat(file + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the log is still there: %v", err)
	}
	if err := db.Ping(t.Context()); err == nil {
		t.Error("ping after close: no error")
	}
}

// TestAL03ProgramsStartOnTheirTables opens databases that are not what the models of the program say: everything that is missing is named at once.
func TestAL03ProgramsStartOnTheirTables(t *testing.T) {
	t.Parallel()
	type nicked struct {
		ID    int64  `db:"id"`
		Nick  string `db:"nick"`
		Email string `db:"email"`
		Shoe  int    `db:"shoe"`
	}
	for name, dsn := range map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "a.db"), "postgres": datatest.PostgresURL(t, nil)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := data.Config{Migrations: migrations(t), Models: []data.Model{users}}
			datatest.Open(t, dsn, cfg)
			cfg.Models = append(cfg.Models, data.NewTable[nicked]("users", "id"), data.NewTable[nicked]("nobody", "id"))
			_, err := data.Open(t.Context(), dsn, cfg)
			for _, want := range []string{"the column users.nick of the models: ", "the column users.shoe of the models: ", "the table nobody of the models: ", "migrate check"} {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("error is %v, want %q in it", err, want)
				}
			}
			if err != nil && strings.Contains(err.Error(), "users.email") {
				t.Errorf("what is there is named too: %v", err)
			}
		})
	}
}

// TestDurabilityIsTold reads from the database what the package promises. The shared server of the tests is one that nobody reads after a crash.
func TestDurabilityIsTold(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ dsn, want string }{
		{"sqlite:" + filepath.Join(t.TempDir(), "a.db"), "sqlite, journal_mode=wal, synchronous=FULL"},
		{datatest.PostgresURL(t, nil), "postgres, fsync=off, synchronous_commit=off"},
		{datatest.StartPostgres(t).URL("postgres"), "postgres, fsync=on, synchronous_commit=on"},
	} {
		if got, err := datatest.Open(t, tt.dsn, data.Config{}).Durable(t.Context()); got != tt.want || err != nil {
			t.Errorf("%q, %v; want %q", got, err, tt.want)
		}
	}
}
