package datatest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/tenon-go/tenon/data"
)

// shared is the server of this test binary. It ends with the process: nothing can be left to clean up.
var shared = sync.OnceValues(func() (*Server, error) {
	s, err := cluster(context.Background())
	if err != nil {
		return nil, err
	}
	s.discard = s.dir
	return s, s.run(context.Background())
})

// PostgresURL is the URL of a new database of the private server, to which migrations were applied. It is dropped when the test ends.
func PostgresURL(tb testing.TB, migrations fs.FS) string {
	tb.Helper()
	s, err := shared()
	if err != nil {
		tb.Fatalf("datatest: PostgreSQL does not start: %v", err)
	}
	template, err := s.template(migrations)
	if err != nil {
		tb.Fatalf("datatest: migrate: %v", err)
	}
	name := fmt.Sprintf("test_%d", s.databases.Add(1))
	if err := s.admin(tb.Context(), "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		tb.Fatalf("datatest: %v", err)
	}
	tb.Cleanup(func() { _ = s.admin(context.WithoutCancel(tb.Context()), "DROP DATABASE "+name+" WITH (FORCE)") })
	return s.URL(name)
}

// template is the name of a database to which migrations were applied, once for all tests.
func (s *Server) template(migrations fs.FS) (string, error) {
	if migrations == nil {
		return "template1", nil
	}
	sum, err := sumOf(migrations)
	if err != nil {
		return "", err
	}
	made, _ := s.templates.LoadOrStore(sum, sync.OnceValues(func() (string, error) {
		name := "template_" + sum
		if err := s.admin(context.Background(), "CREATE DATABASE "+name); err != nil {
			return "", err
		}
		db, err := data.Open(context.Background(), s.URL(name), data.Config{Migrations: migrations})
		if err != nil {
			return "", err
		}
		return name, db.Close()
	}))
	return made.(func() (string, error))()
}

// sumOf identifies files by their contents.
func sumOf(files fs.FS) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, path)
		fmt.Fprintf(h, "%s %d\n%s", path, len(text), text)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)[:8]), err
}

// admin runs a statement in the database postgres. Names in it are our own.
func (s *Server) admin(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, statement)
	return err
}
