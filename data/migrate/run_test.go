package migrate_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/tenon-go/tenon/cli"
	"github.com/tenon-go/tenon/data/datatest"
)

// TestMain lets the test binary be the program.
func TestMain(m *testing.M) {
	if os.Getenv("SHOP_TEST_MAIN") != "" {
		cli.Main(shop(counting()))
	}
	os.Exit(m.Run())
}

// counting are migrations that show how often they ran.
func counting() fstest.MapFS {
	twice := file("UPDATE counter SET n = n * 2;", "UPDATE counter SET n = n / 2;")
	return fstest.MapFS{
		"0001_counter.sql": file("CREATE TABLE counter (n BIGINT NOT NULL);\nINSERT INTO counter VALUES (1);", "DROP TABLE counter;"),
		"0002_double.sql":  twice, "0003_double.sql": twice, "0004_double.sql": twice,
	}
}

// pool opens the database beside the program.
func pool(t *testing.T, source string) *sql.DB {
	t.Helper()
	driver := "pgx"
	if path, ok := strings.CutPrefix(source, "sqlite:"); ok {
		driver, source = "sqlite", path
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestAL07AMigrationIsATransaction(t *testing.T) {
	t.Parallel()
	bad := with(counting(), "0003_double.sql", file("CREATE TABLE half (n BIGINT);\nINSERT INTO nowhere VALUES (1);", "DROP TABLE half;"))
	each(t, func(t *testing.T, db string) {
		t.Helper()
		got := shopping(t, bad, db, "up")
		if got.code != 1 || got.out != "applied 0001_counter.sql\napplied 0002_double.sql\n" ||
			!strings.HasPrefix(got.errs, "shop: 0003_double.sql: ") || !strings.Contains(got.errs, "nowhere") {
			t.Errorf("a migration that fails: %+v", got)
		}
		if _, err := pool(t, db).ExecContext(t.Context(), "SELECT n FROM half"); err == nil {
			t.Error("half of the migration stayed")
		}
		if got := shopping(t, counting(), db, "up"); got.out != "applied 0003_double.sql\napplied 0004_double.sql\n" {
			t.Errorf("after the repair: %+v", got)
		}
	})
}

func TestReferencesMustHold(t *testing.T) {
	t.Parallel()
	all := with(files(), "0004_orphans.sql", file("DROP TABLE posts;\nCREATE TABLE posts (id BIGINT PRIMARY KEY, user_id BIGINT REFERENCES users (id));\n"+
		"INSERT INTO posts VALUES (1, 7);", "DELETE FROM posts;"))
	each(t, func(t *testing.T, db string) {
		t.Helper()
		got := shopping(t, all, db, "up")
		if got.code != 1 || !strings.HasPrefix(got.errs, "shop: 0004_orphans.sql: ") {
			t.Errorf("a row that refers to none: %+v", got)
		}
		var n int
		if err := pool(t, db).QueryRowContext(t.Context(), "SELECT count(*) FROM posts").Scan(&n); err != nil || n != 0 {
			t.Errorf("%d rows, %v, want none", n, err)
		}
	})
}

func TestOutsideATransaction(t *testing.T) {
	t.Parallel()
	bare := with(files(), "0004_index.sql", &fstest.MapFile{Data: []byte("-- +goose NO TRANSACTION\n-- +goose Up\n" +
		"CREATE INDEX CONCURRENTLY posts_title ON posts (title);\n-- +goose Down\nDROP INDEX posts_title;\n")})
	db := datatest.PostgresURL(t, nil)
	if got := shopping(t, bare, db, "up"); got.code != 0 || !strings.HasSuffix(got.out, "applied 0004_index.sql\n") {
		t.Errorf("%+v", got)
	}
	if got := shopping(t, bare, db, "sql", "--from=3"); !strings.Contains(got.out, "\n-- 0004_index.sql\nCREATE INDEX CONCURRENTLY") {
		t.Errorf("%+v", got)
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, tt := range []struct{ name, db, args, want string }{
		{"no server", "postgres://shop:hunter2@127.0.0.1:1/shop", "status", "the database cannot be reached"},
		{"no server, going up", "postgres://shop:hunter2@127.0.0.1:1/shop", "up", "the database cannot be reached"},
		{"no such engine", "mysql://shop:hunter2@127.0.0.1/shop", "up", `does not begin with "sqlite:" or "postgres://"`},
		{"no TLS", "postgres://shop:hunter2@db.example.com/shop?sslmode=disable", "up", "without TLS"},
		{"a folder in the place of a file", "sqlite:" + dir, "up", ""},
		{"no name", "", "status", "does not begin with"},
	} {
		got := shopping(t, files(), tt.db, tt.args)
		if got.code == 0 || !strings.Contains(got.errs, tt.want) || strings.Contains(got.errs, "hunter2") || got.out != "" {
			t.Errorf("%s: %+v, want a refusal with %q", tt.name, got, tt.want)
		}
		if got.code != cli.ExitStart && tt.want != "" {
			t.Errorf("%s: code %d, want %d", tt.name, got.code, cli.ExitStart)
		}
	}
}

func TestLookingMakesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, args := range [][]string{{"status"}, {"sql"}, {"down"}} {
		if got := shopping(t, files(), "sqlite:"+filepath.Join(dir, "shop.db"), args...); got.code != 0 {
			t.Errorf("%v: %+v", args, got)
		}
		if args[0] == "down" {
			continue
		}
		if list, err := os.ReadDir(dir); err != nil || len(list) > 0 {
			t.Errorf("%v left %v, %v", args, list, err)
		}
	}
	db := datatest.PostgresURL(t, nil)
	for _, command := range []string{"status", "sql"} {
		if got := shopping(t, files(), db, command); got.code != 0 {
			t.Errorf("%s: %+v", command, got)
		}
	}
	var n int
	err := pool(t, db).QueryRowContext(t.Context(), "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'").Scan(&n)
	if err != nil || n != 0 {
		t.Errorf("%d tables, %v, want none", n, err)
	}
}

// TestAL05SQLByHand runs what the command sql prints, as somebody does who may not give the program that right.
func TestAL05SQLByHand(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db string) {
		t.Helper()
		hand := pool(t, db)
		run := func(args ...string) {
			t.Helper()
			got := shopping(t, counting(), db, append([]string{"sql"}, args...)...)
			if got.code != 0 || got.errs != "" || got.out == "" {
				t.Fatalf("sql %v: %+v", args, got)
			}
			if _, err := hand.ExecContext(t.Context(), got.out); err != nil {
				t.Fatalf("sql %v: %v\n%s", args, err, got.out)
			}
		}
		check := func(n int, state string) {
			t.Helper()
			got := shopping(t, counting(), db, "status")
			want := fmt.Sprintf("MIGRATION         STATE\n0001_counter.sql  %s\n0002_double.sql   %[1]s\n0003_double.sql   %[1]s\n0004_double.sql   %[1]s\n", state)
			if got != (outcome{0, want, ""}) {
				t.Errorf("%+v, want %s", got, want)
			}
			var found int
			if err := hand.QueryRowContext(t.Context(), "SELECT n FROM counter").Scan(&found); err != nil && n > 0 || found != n {
				t.Errorf("the counter is %d, %v, want %d", found, err, n)
			}
		}
		run("--to", "2")
		run()
		check(8, "applied")
		run("--from", "4", "--to", "0")
		check(0, "pending")
		if got := shopping(t, counting(), db, "up"); got.code != 0 {
			t.Errorf("up again: %+v", got)
		}
		check(8, "applied")
		if got := shopping(t, counting(), db, "sql"); got != (outcome{}) {
			t.Errorf("nothing is pending: %+v", got)
		}
	})
}
