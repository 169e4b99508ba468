package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/examples/store"
	"github.com/tenon-go/tenon/tenontest"
)

// noon is the time of the tests. It has nanoseconds and an offset on purpose.
var noon = time.Date(2026, 3, 1, 17, 30, 0, 123456789, time.FixedZone("", 5*3600+1800))

// each runs a test on each kind of database, with a new one without rows.
func each(t *testing.T, test func(t *testing.T, db *data.DB)) {
	t.Helper()
	datatest.Each(t, store.Migrations(), test)
}

func newApp(t *testing.T, db *data.DB) *tenon.App {
	t.Helper()
	app, err := store.NewTrusting(store.Config{DB: db, Root: root(t), Logger: tenontest.Logger(t), Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// serve is a service, and a client who is signed in as user 1 and an admin.
func serve(t *testing.T, db *data.DB) *tenontest.Server {
	t.Helper()
	return as(t, tenontest.New(t, newApp(t, db)), 1, "admin")
}

// demo is a service with 25 users and 4 products.
func demo(t *testing.T, db *data.DB) *tenontest.Server {
	t.Helper()
	for range 2 { // the second time changes nothing
		if err := store.FillDemo(t.Context(), db); err != nil {
			t.Fatal(err)
		}
	}
	return serve(t, db)
}

const password = "correct horse battery"

func newUser(name, email string) string {
	return fmt.Sprintf(`{"name":%q,"email":%q,"age":36,"password":%q}`, name, email, password)
}

func TestSD004TheServiceDescribesAndServesItself(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := demo(t, db)
		for _, path := range []string{"/openapi.json", "/openapi.yaml", "/docs", "/redoc", "/livez", "/readyz", "/api/v2/users", "/api/v2/products"} {
			s.Get(path).Status(200)
		}
		s.Get("/readyz").JSON(`{"status":"ok"}`)
	})
}

func TestHealthSaysWhenTheDatabaseIsGone(t *testing.T) {
	t.Parallel()
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "store.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s.Get("/livez").Status(200)
	s.Get("/readyz").Status(503).Problem("not-ready")
	answer := s.Get("/api/v2/users").Status(500).Problem("internal")
	if strings.Contains(string(answer.Body), "sql") {
		t.Errorf("the answer shows the cause: %s", answer.Body)
	}
}

func TestNewWantsADatabase(t *testing.T) {
	t.Parallel()
	if _, err := store.New(store.Config{}); err == nil {
		t.Error("no error")
	}
}

func TestSD010InfoIsThatOfTheGuide(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		s.Get("/openapi.json").At("/info/title", `"User API"`).At("/info/version", `"1.0.0"`).
			At("/info/description", `"API for managing users and products"`)
	})
}

func TestOpenAPINeedsNoDatabase(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		document, err := store.OpenAPI("")
		if err != nil {
			t.Fatal(err)
		}
		text, err := document.JSON()
		if err != nil {
			t.Fatal(err)
		}
		serve(t, db).Get("/openapi.json").JSON(string(text))
	})
}

// TestSD013RowsOfManyColumnsGiveFiveMembers shows that a table may grow without anything reaching an answer.
func TestSD013RowsOfManyColumnsGiveFiveMembers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
			for _, column := range []data.Query{
				data.SQL("ALTER TABLE users ADD COLUMN phone TEXT DEFAULT '555'"),
				data.SQL("ALTER TABLE users ADD COLUMN salary INTEGER DEFAULT 1"),
				data.SQL("ALTER TABLE users ADD COLUMN notes TEXT DEFAULT 'private'"),
			} {
				if _, err := tx.Exec(ctx, column); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		const ada = `{"id":1,"name":"Ada","email":"ada@example.com","age":36,"created_at":"2026-03-01T12:00:00.123456Z"}`
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201).JSON(ada)
		s.Get("/api/v2/users/1").Status(200).JSON(ada)
		s.Get("/api/v2/users").Status(200).At("/items", "["+ada+"]")
		s.Get("/api/v2/users/search?name=Ada").Status(200).At("/items", "["+ada+"]")
	})
}
