package migrate_test

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cli"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/data/migrate"
)

// source is the source of a service: a folder of migrations, and its database.
type source struct {
	t            *testing.T
	dir, db, dev string
}

// newSource has folders for some engines; the database is of the first.
func newSource(t *testing.T, engines ...string) *source {
	t.Helper()
	s := &source{t: t, dir: t.TempDir(), db: "sqlite:" + filepath.Join(t.TempDir(), "shop.db")}
	for i, name := range engines {
		if err := os.Mkdir(filepath.Join(s.dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		if name == "postgres" {
			s.dev = datatest.PostgresURL(t, nil)
			if i == 0 {
				s.db = datatest.PostgresURL(t, nil)
			}
		}
	}
	return s
}

// run builds the program anew from the folder, and runs its command.
func (s *source) run(models []data.Model, args ...string) outcome {
	s.t.Helper()
	var out, errs bytes.Buffer
	service := cli.Service[settings]{
		Name:  "shop",
		Build: func(context.Context, *settings) (*tenon.App, error) { return tenon.New(tenon.Config{}), nil },
		Commands: []cli.Command[settings]{migrate.Command(func(st *settings) migrate.Config {
			return migrate.Config{Source: st.DB, Data: data.Config{Migrations: os.DirFS(s.dir)}, Models: models, Dir: s.dir, Dev: s.dev}
		})},
	}
	code := service.Run(s.t.Context(), cli.Process{
		Args: append([]string{"migrate"}, args...), Env: []string{"SHOP_DB=" + s.db}, Stdout: &out, Stderr: &errs,
	})
	return outcome{code, strings.ReplaceAll(out.String(), s.dir+"/", ""), strings.ReplaceAll(errs.String(), s.dir, "DIR")}
}

// must is a run that must go well.
func (s *source) must(models []data.Model, args ...string) string {
	s.t.Helper()
	got := s.run(models, args...)
	if got.code != 0 || got.errs != "" {
		s.t.Fatalf("migrate %q: %d\n%s%s", args, got.code, got.out, got.errs)
	}
	return got.out
}

// file reads a file that was written.
func (s *source) file(name string) string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// golden compares a text with a file of testdata. TENON_UPDATE=1 writes it anew.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if os.Getenv("TENON_UPDATE") == "1" {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || got != string(want) {
		t.Errorf("%s, %v: got\n%s\nwant\n%s", file, err, got, want)
	}
}

type (
	userV1 struct {
		ID    int64  `db:"id"`
		Name  string `db:"name" minLength:"1" maxLength:"100" index:""`
		Email string `db:"email" unique:"" check:"email = lower(email)"`
	}
	postV1 struct {
		ID      int64     `db:"id"`
		UserID  int64     `db:"user_id" references:"users" onDelete:"cascade" index:""`
		Heading string    `db:"heading"`
		State   string    `db:"state" enum:"draft,public" default:"draft"`
		Price   *string   `db:"price" type:"NUMERIC(12,2)" minimum:"0"`
		Created time.Time `db:"created_at" index:"posts_recent desc"`
	}
	tagV1 struct {
		PostID int64  `db:"post_id" references:"posts(id)" onDelete:"cascade" unique:"tags_key"`
		Name   string `db:"name" unique:"tags_key"`
		ID     int64  `db:"id"`
	}
	postV2 struct {
		ID      int64     `db:"id"`
		UserID  int64     `db:"user_id" references:"users" onDelete:"restrict" index:""`
		Title   string    `db:"title" maxLength:"200"`
		State   string    `db:"state" enum:"draft,public,gone" default:"draft"`
		Slug    string    `db:"slug" unique:""`
		Views   int64     `db:"views" default:"0"`
		Created time.Time `db:"created_at" index:"posts_recent desc"`
	}
)

func firstModels() []data.Model {
	return []data.Model{data.NewTable[tagV1]("tags", "id"), data.NewTable[postV1]("posts", "id"), data.NewTable[userV1]("users", "id")}
}

func secondModels() []data.Model {
	return []data.Model{data.NewTable[postV2]("posts", "id"), data.NewTable[userV1]("users", "id"), data.NewTable[tagV1]("labels", "id")}
}

// TestAL02MigrationsWriteThemselves writes the first migration of a service, and one after its models have changed.
func TestAL02MigrationsWriteThemselves(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			s := newSource(t, engine)
			s.must(firstModels(), "new", "first")
			golden(t, engine+"-first.sql", s.file(engine+"/0001_first.sql"))
			s.must(firstModels(), "up")
			out := s.must(firstModels(), "check") + s.must(firstModels(), "new", "again")
			if want := "the models, the migrations and the database agree\nnothing to do: the models and the migrations agree\n"; out != want {
				t.Errorf("%q, want %q", out, want)
			}

			refused := s.run(secondModels(), "new", "second")
			checked := s.run(secondModels(), "check")
			if refused.code != 1 || refused.out != "" || checked.code != 1 {
				t.Errorf("%+v\n%+v", refused, checked)
			}
			answered := s.run(secondModels(), "new", "second", "--rename", "tags=labels")
			unfilled := s.run(secondModels(), "new", "second", "--rename", "tags=labels", "--rename", "posts.heading=title", "--drop", "posts.price")
			done := s.must(secondModels(), "new", "second", "--rename", "tags=labels", "--rename", "posts.heading=title", "--drop", "posts.price",
				"--fill", "posts.slug='post-' || id")
			golden(t, engine+"-session.txt", refused.errs+"\n"+checked.out+"\n"+answered.errs+"\n"+unfilled.errs+"\n"+done)
			golden(t, engine+"-second.sql", s.file(engine+"/0002_second.sql"))

			fill(t, s.db)
			s.must(secondModels(), "up")
			s.must(secondModels(), "check")
			found(t, s.db, "SELECT title || ' ' || slug || ' ' || state || ' ' || views FROM posts ORDER BY id", "One post-3 draft 0", "Two post-4 public 0")
			found(t, s.db, "SELECT name FROM labels", "go")
			s.must(secondModels(), "down")
			found(t, s.db, "SELECT heading || ' ' || state FROM posts ORDER BY id", "One draft", "Two public")
			found(t, s.db, "SELECT name FROM tags", "go")
			must(t, s.db, "DELETE FROM posts", "INSERT INTO posts (user_id, heading, created_at) VALUES (1, 'New', '2026-01-03')")
			found(t, s.db, "SELECT CAST(id AS TEXT) FROM posts", "5") // a key is not used again
			found(t, s.db, "SELECT name FROM tags")
		})
	}
}

// fill puts rows into the tables of the first models.
func fill(t *testing.T, db string) {
	t.Helper()
	must(t, db,
		"INSERT INTO users (name, email) VALUES ('Ada', 'ada@example.com')",
		"INSERT INTO posts (user_id, heading, created_at) VALUES (1, 'Gone', '2026-01-01'), (1, 'Gone too', '2026-01-01')",
		"INSERT INTO posts (user_id, heading, state, price, created_at) VALUES (1, 'One', 'draft', 1.50, '2026-01-01'), (1, 'Two', 'public', NULL, '2026-01-02')",
		"INSERT INTO tags (post_id, name) VALUES (3, 'go')",
		"DELETE FROM posts WHERE id < 3")
}

// must runs statements as the program would.
func must(t *testing.T, db string, statements ...string) {
	t.Helper()
	p := pool(t, db)
	p.SetMaxOpenConns(1)
	if strings.HasPrefix(db, "sqlite:") {
		statements = append([]string{"PRAGMA foreign_keys = ON"}, statements...)
	}
	for _, s := range statements {
		if _, err := p.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// found compares the texts that a query finds.
func found(t *testing.T, db, query string, want ...string) {
	t.Helper()
	rows, err := pool(t, db).QueryContext(t.Context(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var text sql.NullString
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		got = append(got, text.String)
	}
	if err := rows.Err(); err != nil || strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%s: %q, %v, want %q", query, got, err, want)
	}
}
