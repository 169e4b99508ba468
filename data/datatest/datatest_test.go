package datatest_test

import (
	"context"
	"testing"
	"testing/fstest"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
)

var migrations = fstest.MapFS{
	"0001_counter.sql": {Data: []byte("-- +goose Up\nCREATE TABLE counter (n INTEGER NOT NULL);\nINSERT INTO counter VALUES (1);\n")},
}

func TestEachTestHasItsOwnDatabase(t *testing.T) {
	t.Parallel()
	for range 3 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			datatest.Each(t, migrations, func(t *testing.T, db *data.DB) {
				err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
					n, err := data.One[int](ctx, tx, data.SQL("UPDATE counter SET n = n + ? RETURNING n", 1))
					if err == nil && n != 2 {
						t.Errorf("the counter is %d, want 2", n)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestServerComesBack(t *testing.T) {
	t.Parallel()
	s := datatest.StartPostgres(t)
	db := datatest.Open(t, s.URL("postgres"), data.Config{Migrations: migrations})
	for _, end := range []func(testing.TB){s.Stop, s.Kill} {
		end(t)
		if err := db.Ping(t.Context()); err == nil {
			t.Error("the database answers while its server is down")
		}
		s.Start(t)
		if err := db.Ping(t.Context()); err != nil {
			t.Errorf("after the start: %v", err)
		}
	}
}
