package migrate_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"math"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3/lock"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
)

// TestAL09StartersTakeTurns lets several processes and a service start at the same time on an empty database.
func TestAL09StartersTakeTurns(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db string) {
		t.Helper()
		var programs []*exec.Cmd
		for range 5 {
			p := exec.CommandContext(t.Context(), os.Args[0], "migrate", "up")
			p.Env = append(os.Environ(), "SHOP_TEST_MAIN=1", "SHOP_DB="+db)
			p.Stdout, p.Stderr = new(bytes.Buffer), new(bytes.Buffer)
			if err := p.Start(); err != nil {
				t.Fatal(err)
			}
			programs = append(programs, p)
		}
		datatest.Open(t, db, data.Config{Migrations: counting()})
		for _, p := range programs {
			if err := p.Wait(); err != nil {
				t.Errorf("%v: %s", err, p.Stderr)
			}
		}
		var n int
		if err := pool(t, db).QueryRowContext(t.Context(), "SELECT n FROM counter").Scan(&n); err != nil || n != 8 {
			t.Errorf("the counter is %d, %v, want 8: each migration once", n, err)
		}
	})
}

// TestAL09StartersGoBothWays lets programs migrate up and down at the same time: each sees a whole state.
func TestAL09StartersGoBothWays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db string) {
		t.Helper()
		done := make(chan error)
		for i := range 6 {
			go func() {
				m, err := data.OpenMigrator(db, data.Config{Migrations: counting()})
				if err == nil {
					if i%2 == 0 {
						_, err = m.Up(t.Context(), math.MaxInt64)
					} else {
						_, err = m.Down(t.Context(), 1)
					}
					err = errors.Join(err, m.Close())
				}
				done <- err
			}()
		}
		for range 6 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		var n int
		err := pool(t, db).QueryRowContext(t.Context(), "SELECT n FROM counter").Scan(&n)
		if err != nil || n != 1 && n != 8 {
			t.Errorf("the counter is %d, %v, want 1 or 8", n, err)
		}
	})
}

// TestAL09KilledProgram kills the program while it migrates: the next one finds each migration whole or not begun.
func TestAL09KilledProgram(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db string) {
		t.Helper()
		r := mathrand.New(mathrand.NewPCG(1, 2))
		for range 5 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(20+r.IntN(400))*time.Millisecond)
			p := exec.CommandContext(ctx, os.Args[0], "migrate", "up")
			p.Env = append(os.Environ(), "SHOP_TEST_MAIN=1", "SHOP_DB="+db)
			_ = p.Run() // it may have been quicker
			cancel()
			if got := shopping(t, counting(), db, "up"); got.code != 0 {
				t.Fatalf("after the kill: %+v", got)
			}
			var n int
			if err := pool(t, db).QueryRowContext(t.Context(), "SELECT n FROM counter").Scan(&n); err != nil || n != 8 {
				t.Fatalf("the counter is %d, %v, want 8: each migration once", n, err)
			}
			if got := shopping(t, counting(), db, "down", "--to=0"); got.code != 0 {
				t.Fatalf("back: %+v", got)
			}
		}
	})
}

// TestOlderProgram starts a program on a database that a newer one has migrated, as when versions change one by one.
func TestOlderProgram(t *testing.T) {
	t.Parallel()
	newer := with(files(), "0004_body.sql", file("ALTER TABLE posts ADD COLUMN body TEXT;", "ALTER TABLE posts DROP COLUMN body;"))
	breaks := with(with(files(), "0004_body.sql", newer["0004_body.sql"]), "0005_title.sql",
		file("-- Breaking: drops the column posts.title.\nALTER TABLE posts DROP COLUMN title;", "ALTER TABLE posts ADD COLUMN title TEXT;"))
	each(t, func(t *testing.T, db string) {
		t.Helper()
		open := func(files fstest.MapFS) (log string, err error) {
			var b strings.Builder
			made, err := data.Open(t.Context(), db, data.Config{Migrations: files, Logger: slog.New(slog.NewTextHandler(&b, nil))})
			if err == nil {
				err = made.Close()
			}
			return b.String(), err
		}
		if log, err := open(newer); err != nil || log != "" {
			t.Fatal(log, err)
		}
		if log, err := open(files()); err != nil || !strings.Contains(log, "level=WARN") || !strings.Contains(log, "it has 0004_body.sql; the newest file here is 0003_title.sql") {
			t.Errorf("after a migration that breaks nothing: %q, %v", log, err)
		}
		changed := files()
		changed["0002_posts.sql"] = &fstest.MapFile{Data: append([]byte("-- Changed.\n"), changed["0002_posts.sql"].Data...)}
		if _, err := open(changed); err == nil || !strings.Contains(err.Error(), "0002_posts.sql was changed after it was applied") {
			t.Errorf("with a file that was changed: %v", err)
		}
		missing := files()
		delete(missing, "0002_posts.sql")
		if _, err := open(missing); err == nil || !strings.Contains(err.Error(), "0002_posts.sql is in the database, and its file is not here") {
			t.Errorf("with a file that is gone: %v", err)
		}
		if _, err := open(breaks); err != nil {
			t.Fatal(err)
		}
		_, err := open(newer)
		ahead, ok := errors.AsType[*data.AheadError](err)
		if !ok || !ahead.Breaking() || !strings.Contains(err.Error(), "it has 0005_title.sql (breaking: drops the column posts.title)") {
			t.Errorf("after one that breaks: %v", err)
		}
		if _, err := open(breaks); err != nil {
			t.Errorf("the newest program: %v", err)
		}
	})
}

// TestDatabasesOfBefore adopts a database that was migrated before anybody kept sums.
func TestDatabasesOfBefore(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db string) {
		t.Helper()
		if got := shopping(t, files(), db, "up"); got.code != 0 {
			t.Fatalf("%+v", got)
		}
		if _, err := pool(t, db).ExecContext(t.Context(), "DROP TABLE tenon_migrations"); err != nil {
			t.Fatal(err)
		}
		made := datatest.Open(t, db, data.Config{Migrations: files()})
		if err := made.Ping(context.Background()); err != nil {
			t.Error(err)
		}
		changed := with(files(), "0001_users.sql", file("CREATE TABLE users (id BIGINT);", "DROP TABLE users;"))
		if got := shopping(t, changed, db, "up"); got.code != 1 || !strings.Contains(got.errs, "0001_users.sql was changed") {
			t.Errorf("%+v", got)
		}
	})
}

// TestAL06TablesOfAnotherProgram takes over a database whose tables somebody else made.
func TestAL06TablesOfAnotherProgram(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db string) {
		t.Helper()
		must(t, db, "CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT NOT NULL)")
		if got := shopping(t, files(), db, "up"); got.code != 1 || !strings.HasPrefix(got.errs, "shop: 0001_users.sql: ") {
			t.Errorf("the table is there: %+v", got)
		}
		for _, s := range []step{
			{files(), "up --stamp --to 1", 0, "took for applied 0001_users.sql\n", ""},
			{files(), "up --stamp --to 1", 0, "nothing to do: the database has 0001_users.sql\n", ""},
			{files(), "up", 0, "applied 0002_posts.sql\napplied 0003_title.sql\n", ""},
			{files(), "down --to 0", 0, "took back 0003_title.sql\ntook back 0002_posts.sql\ntook back 0001_users.sql\n", ""},
		} {
			if got := shopping(t, s.files, db, strings.Fields(s.args)...); got != (outcome{s.code, s.out, s.errs}) {
				t.Errorf("%s: %+v", s.args, got)
			}
		}
	})
}

// TestNothingToDoNeedsNothing starts where the tables are up to date, while somebody else holds the lock, and as a user who may only read.
func TestNothingToDoNeedsNothing(t *testing.T) {
	t.Parallel()
	db := datatest.PostgresURL(t, files())
	hold, err := pool(t, db).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer hold.Close()
	if _, err := hold.ExecContext(t.Context(), "SELECT pg_advisory_lock($1)", lock.DefaultLockID); err != nil {
		t.Fatal(err)
	}
	role := "reader_" + strings.ToLower(rand.Text()[:8])
	must(t, db, "CREATE ROLE "+role+" LOGIN", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO "+role)
	defer must(t, db, "DROP OWNED BY "+role, "DROP ROLE "+role)
	made, err := data.Open(t.Context(), strings.Replace(db, "tenon@", role+"@", 1), data.Config{Migrations: files()})
	if err != nil {
		t.Fatalf("nothing to do: %v", err)
	}
	if err := made.Close(); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	more := with(files(), "0004_tags.sql", file("CREATE TABLE tags (id BIGINT);", "DROP TABLE tags;"))
	if _, err := data.Open(ctx, db, data.Config{Migrations: more}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("something to do while another has the lock: %v", err)
	}
}
