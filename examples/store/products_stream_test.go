package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/examples/store"
	"github.com/tenon-go/tenon/tenontest"
)

func TestFA20ProductChangesAreFollowed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		const events = "/api/v2/products/events"
		id := strings.TrimSuffix(s.With("Last-Event-ID", "other-7").Open(events).Next().ID, "0")
		follow := s.With("Last-Event-ID", id+"0").Open(events)
		s.Post("/api/v2/products", product("10", "null")).Status(201)
		s.Post("/api/v2/products", product("0", "null")).Status(422) // nobody hears of it
		s.With("If-Match", `"1"`).Delete("/api/v2/products/1").Status(204)
		created := tenontest.Event{Name: "created", ID: id + "1",
			Data: `{"id":1,"product":{"id":1,"name":"Saw","price":10,"discount":null,"stock":0,"created_at":"2026-03-01T12:00:00.123456Z"}}`}
		deleted := tenontest.Event{Name: "deleted", ID: id + "2", Data: `{"id":1,"product":null}`}
		for i, want := range []tenontest.Event{created, deleted} {
			if got := follow.Next(); got != want {
				t.Errorf("event %d: %+v, want %+v", i, got, want)
			}
		}
		for _, tt := range []struct {
			last string
			want tenontest.Event
		}{
			{id + "0", created},
			{id + "1", deleted},
			{"other-1", tenontest.Event{Name: "missed", ID: id + "2", Data: `{"id":null,"product":null}`}},
		} {
			if got := s.With("Last-Event-ID", tt.last).Open(events).Next(); got != tt.want {
				t.Errorf("after %s: %+v, want %+v", tt.last, got, tt.want)
			}
		}
		s.With("Last-Event-ID", strings.Repeat("x", 101)).Get(events).Status(422).Fault("header", "/Last-Event-ID", "maxLength")
	})
}

func TestFA21ProductsAreExportedPageByPage(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		const export = "/api/v2/products/export"
		s.Get(export).Status(200).Header("Content-Type", "application/x-ndjson").JSON(`[]`)
		const rows = 2501 // six parts
		err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
			_, err := tx.Exec(ctx, data.SQL(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < ?)
				INSERT INTO products (name, price, created_at) SELECT 'Saw ' || i, '1.5', ? FROM n`, rows, noon.UTC()))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		answer := s.Get(export).Status(200)
		lines := strings.Split(strings.TrimSuffix(string(answer.Body), "\n"), "\n")
		for i, line := range lines {
			if want := fmt.Sprintf(`{"id":%d,"name":"Saw %d","price":1.5,`, i+1, i+1); !strings.HasPrefix(line, want) {
				t.Fatalf("line %d is %s, want %s…", i+1, line, want)
			}
		}
		if len(lines) != rows {
			t.Errorf("%d lines, want %d", len(lines), rows)
		}
		s.Head(export).Status(200)
	})
}

func TestFA21AnExportOfNoDatabaseIsAProblem(t *testing.T) {
	t.Parallel()
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "store.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s.Get("/api/v2/products/export").Status(500).Problem("internal")
}
