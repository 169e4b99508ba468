package migrate_test

import (
	"bytes"
	"context"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cli"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/data/migrate"
)

// settings are those of a small service.
type settings struct {
	cli.Server

	DB string `doc:"The database."`
}

// shop is a service with the command.
func shop(files fs.FS) cli.Service[settings] {
	return cli.Service[settings]{
		Name: "shop",
		Build: func(context.Context, *settings) (*tenon.App, error) {
			return tenon.New(tenon.Config{Title: "Shop", Version: "1"}), nil
		},
		Commands: []cli.Command[settings]{migrate.Command(func(s *settings) migrate.Config {
			return migrate.Config{Source: s.DB, Data: data.Config{Migrations: files}}
		})},
	}
}

// outcome is what one saw of the program.
type outcome struct {
	code      int
	out, errs string
}

// shopping runs the command of the service.
func shopping(t *testing.T, files fs.FS, db string, args ...string) outcome {
	t.Helper()
	var out, errs bytes.Buffer
	code := shop(files).Run(t.Context(), cli.Process{
		Args: append([]string{"migrate"}, args...), Env: []string{"SHOP_DB=" + db}, Stdout: &out, Stderr: &errs,
	})
	return outcome{code, out.String(), errs.String()}
}

// each runs a test on each engine, with an empty database.
func each(t *testing.T, test func(t *testing.T, db string)) {
	t.Helper()
	for name, open := range map[string]func() string{
		"sqlite":   func() string { return "sqlite:" + filepath.Join(t.TempDir(), "shop.db") },
		"postgres": func() string { return datatest.PostgresURL(t, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open())
		})
	}
}

// file is SQL both ways.
func file(up, down string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("-- +goose Up\n" + up + "\n\n-- +goose Down\n" + down + "\n")}
}

// files are three migrations.
func files() fstest.MapFS {
	return fstest.MapFS{
		"0001_users.sql": file("CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT NOT NULL);", "DROP TABLE users;"),
		"0002_posts.sql": file("CREATE TABLE posts (id BIGINT PRIMARY KEY, user_id BIGINT REFERENCES users (id));", "DROP TABLE posts;"),
		"0003_title.sql": file("ALTER TABLE posts ADD COLUMN title TEXT NOT NULL DEFAULT '';", "ALTER TABLE posts DROP COLUMN title;"),
	}
}

// with is files with one more, or one that is replaced; without a text it is taken away.
func with(all fstest.MapFS, name string, f *fstest.MapFile) fstest.MapFS {
	if f == nil {
		delete(all, name)
	} else {
		all[name] = f
	}
	return all
}

// step is one call of the program and what it says.
type step struct {
	files fstest.MapFS
	args  string
	code  int
	out   string
	errs  string
}

// TestAL01AL09Sessions says what the command prints, step after step.
func TestAL01AL09Sessions(t *testing.T) {
	t.Parallel()
	all := func(state string) string {
		return "MIGRATION       STATE\n0001_users.sql  " + state + "\n0002_posts.sql  " + state + "\n0003_title.sql  " + state + "\n"
	}
	changed := with(files(), "0002_posts.sql", file("CREATE TABLE posts (id BIGINT);", "DROP TABLE posts;"))
	for name, steps := range map[string][]step{
		"a new database gets all migrations, once": {
			{files(), "status", 0, all("pending"), ""},
			{files(), "up", 0, "applied 0001_users.sql\napplied 0002_posts.sql\napplied 0003_title.sql\n", ""},
			{files(), "status", 0, all("applied"), ""},
			{files(), "up", 0, "nothing to do: the database has 0003_title.sql\n", ""},
		},
		"it goes step by step, and back": {
			{files(), "up --to 2", 0, "applied 0001_users.sql\napplied 0002_posts.sql\n", ""},
			{files(), "up --to 0003_title.sql", 0, "applied 0003_title.sql\n", ""},
			{files(), "down", 0, "took back 0003_title.sql\n", ""},
			{files(), "down --to 0", 0, "took back 0002_posts.sql\ntook back 0001_users.sql\n", ""},
			{files(), "down", 0, "nothing to do: the database has no migration\n", ""},
			{files(), "status", 0, all("pending"), ""},
			{files(), "up --to 0001", 0, "applied 0001_users.sql\n", ""},
		},
		"it goes so many steps, and back": {
			{files(), "up --steps 1", 0, "applied 0001_users.sql\n", ""},
			{files(), "up --steps 9", 0, "applied 0002_posts.sql\napplied 0003_title.sql\n", ""},
			{files(), "up --steps 1", 0, "nothing to do: the database has 0003_title.sql\n", ""},
			{files(), "down --steps 2", 0, "took back 0003_title.sql\ntook back 0002_posts.sql\n", ""},
			{files(), "up --steps=1", 0, "applied 0002_posts.sql\n", ""},
			{files(), "down --steps 9", 0, "took back 0002_posts.sql\ntook back 0001_users.sql\n", ""},
			{files(), "up --steps=-1", 2, "", "shop: --steps is -1, want 1 or more, and no --to beside it\n"},
			{files(), "up --steps 1 --to 2", 2, "", "shop: --steps is 1, want 1 or more, and no --to beside it\n"},
			{files(), "down --steps 1 --to 0", 2, "", "shop: --steps is 1, want 1 or more, and no --to beside it\n"},
			{files(), "status", 0, all("pending"), ""},
		},
		"a number that is none": {
			{files(), "up --to 9", 2, "", "shop: there is no migration 9; migrate status lists them\n"},
			{files(), "down --to 0002_users.sql", 2, "", "shop: there is no migration 0002_users.sql; migrate status lists them\n"},
			{files(), "up --to x", 2, "", "shop: there is no migration x; migrate status lists them\n"},
		},
		"a file that was changed after it was applied": {
			{files(), "up", 0, "applied 0001_users.sql\napplied 0002_posts.sql\napplied 0003_title.sql\n", ""},
			{changed, "status", 1, "MIGRATION       STATE\n0001_users.sql  applied\n0002_posts.sql  changed\n0003_title.sql  applied\n",
				"shop: 0002_posts.sql was changed after it was applied: put it back as it was, and say what is new in a new file\n"},
			{changed, "up", 1, "", "shop: 0002_posts.sql was changed after it was applied: put it back as it was, and say what is new in a new file\n"},
			{changed, "down", 1, "", "shop: 0002_posts.sql was changed after it was applied: put it back as it was, and say what is new in a new file\n"},
			{changed, "up --accept 2", 0, "nothing to do: the database has 0003_title.sql\n", ""},
			{changed, "status", 0, all("applied"), ""},
		},
		"a change that is not applied needs no acceptance": {
			{files(), "up --to 1", 0, "applied 0001_users.sql\n", ""},
			{changed, "up --accept 2", 1, "", "shop: 0002_posts.sql is not applied\n"},
		},
		"two developers chose one number": {
			{files(), "up", 0, "applied 0001_users.sql\napplied 0002_posts.sql\napplied 0003_title.sql\n", ""},
			{with(with(files(), "0003_title.sql", nil), "0003_tags.sql", file("CREATE TABLE tags (id BIGINT);", "DROP TABLE tags;")), "up", 1, "",
				"shop: 0003_tags.sql has the number of 0003_title.sql, which the database has already: give it the next free number\n"},
			{with(files(), "0003_tags.sql", file("CREATE TABLE tags (id BIGINT);", "DROP TABLE tags;")), "up", 3, "",
				"shop: data: migrations: 0003_tags.sql and 0003_title.sql have the same number: give the newer one the next free number\n"},
		},
		"a file that comes late": {
			{with(files(), "0002_posts.sql", nil), "up --to 1", 0, "applied 0001_users.sql\n", ""},
			{fstest.MapFS{"0001_users.sql": files()["0001_users.sql"], "0003_tags.sql": file("CREATE TABLE tags (id BIGINT);", "DROP TABLE tags;")},
				"up", 0, "applied 0003_tags.sql\n", ""},
			{fstest.MapFS{"0001_users.sql": files()["0001_users.sql"], "0002_posts.sql": files()["0002_posts.sql"],
				"0003_tags.sql": file("CREATE TABLE tags (id BIGINT);", "DROP TABLE tags;")}, "up", 1, "",
				"shop: 0002_posts.sql is older than 0003_tags.sql, which the database has already: give it the next free number\n"},
		},
		"a file that is gone": {
			{files(), "up", 0, "applied 0001_users.sql\napplied 0002_posts.sql\napplied 0003_title.sql\n", ""},
			{with(files(), "0002_posts.sql", nil), "up", 1, "", "shop: 0002_posts.sql is in the database, and its file is not here: put it back\n"},
		},
		"a database that is newer than the program": {
			{files(), "up", 0, "applied 0001_users.sql\napplied 0002_posts.sql\napplied 0003_title.sql\n", ""},
			{with(files(), "0003_title.sql", nil), "up", 1, "",
				"shop: the database is newer than this program: it has 0003_title.sql; the newest file here is 0002_posts.sql. " +
					"Start the program that has the files, or take them back with that program's migrate down\n"},
			{with(files(), "0003_title.sql", nil), "status", 1,
				"MIGRATION       STATE\n0001_users.sql  applied\n0002_posts.sql  applied\n0003_title.sql  unknown\n",
				"shop: the database is newer than this program: it has 0003_title.sql; the newest file here is 0002_posts.sql. " +
					"Start the program that has the files, or take them back with that program's migrate down\n"},
		},
		"a migration without a way back": {
			{with(files(), "0003_title.sql", file("ALTER TABLE posts ADD COLUMN title TEXT;", "-- There is none.")), "up", 0,
				"applied 0001_users.sql\napplied 0002_posts.sql\napplied 0003_title.sql\n", ""},
			{with(files(), "0003_title.sql", file("ALTER TABLE posts ADD COLUMN title TEXT;", "-- There is none.")), "down", 1, "",
				"shop: 0003_title.sql: there is no SQL after -- +goose Down, so it cannot be taken back\n"},
		},
		"files that are none, all at once": {
			{with(with(files(), "notes.sql", file("", "")), "0004_x.sql", &fstest.MapFile{Data: []byte("CREATE TABLE x (id BIGINT);")}), "up", 3, "",
				"shop: data: migrations: 0004_x.sql: there is no line -- +goose Up\nshop: notes.sql: the name has no number, want one such as 0001_users.sql\n"},
			{fstest.MapFS{"0000_zero.sql": file("", "")}, "status", 3, "", "shop: data: migrations: 0000_zero.sql: the number is 0, want 1 or more\n"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, db string) {
				t.Helper()
				for i, s := range steps {
					got := shopping(t, s.files, db, strings.Fields(s.args)...)
					if want := (outcome{s.code, s.out, s.errs}); got != want {
						t.Fatalf("%d, migrate %s: got %d\n%s%s\nwant %d\n%s%s", i, s.args, got.code, got.out, got.errs, want.code, want.out, want.errs)
					}
				}
			})
		})
	}
}

// TestAL01UpDownUpArrivesAtTheSameTables compares what the database says of its tables before it went back and after it came again.
func TestAL01UpDownUpArrivesAtTheSameTables(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db string) {
		t.Helper()
		dumps := map[int]string{}
		for i, args := range []string{"up --to 2", "up", "down --steps 1", "up --steps 1", "down --to 0", "up"} {
			if got := shopping(t, files(), db, strings.Fields(args)...); got.code != 0 {
				t.Fatalf("%s: %+v", args, got)
			}
			dumps[i] = dump(t, db)
		}
		if dumps[0] != dumps[2] || dumps[1] != dumps[3] || dumps[1] != dumps[5] || dumps[0] == dumps[1] || dumps[4] != "" {
			t.Errorf("the tables were, one after the other: %v", dumps)
		}
	})
}

// TestAL06WhatIsThereIsShown asks for what is in the database, for all that there is, for one migration, and for the empty record of an empty database.
func TestAL06WhatIsThereIsShown(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db string) {
		t.Helper()
		for _, s := range []step{
			{files(), "up --to 0", 0, "nothing to do: the database has no migration\n", ""},
			{files(), "up --stamp --to 1", 0, "took for applied 0001_users.sql\n", ""},
			{files(), "status", 0, "MIGRATION       STATE\n0001_users.sql  applied\n0002_posts.sql  pending\n0003_title.sql  pending\n", ""},
			{files(), "up --steps 0 --to 1", 0, "nothing to do: the database has 0001_users.sql\n", ""},
		} {
			if got := shopping(t, s.files, db, strings.Fields(s.args)...); got != (outcome{s.code, s.out, s.errs}) {
				t.Errorf("%s: %+v", s.args, got)
			}
			found(t, db, "SELECT 'kept' FROM tenon_migrations LIMIT 0")
		}
		shown := shopping(t, files(), db, "sql", "--from", "2", "--to", "3")
		if shown.code != 0 || !strings.Contains(shown.out, "-- 0003_title.sql\n") || !strings.Contains(shown.out, "ADD COLUMN title") ||
			strings.Contains(shown.out, "CREATE TABLE posts") {
			t.Errorf("one migration is shown as %+v", shown)
		}
	})
}
