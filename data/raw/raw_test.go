package raw_test

import (
	"context"
	"testing"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/data/raw"
)

// TestSQL runs text of run time, whose values are parameters all the same.
func TestSQL(t *testing.T) {
	t.Parallel()
	datatest.Each(t, nil, func(t *testing.T, db *data.DB) {
		for _, table := range []string{"one", "two"} {
			err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
				if _, err := tx.Exec(ctx, raw.SQL("CREATE TABLE "+table+" (name TEXT)")); err != nil {
					return err
				}
				if _, err := tx.Exec(ctx, raw.SQL("INSERT INTO "+table+" VALUES (?), (?)", "a", "'); DROP TABLE "+table+" --")); err != nil {
					return err
				}
				n, err := data.One[int](ctx, tx, raw.SQL("SELECT COUNT(*) FROM "+table+" WHERE name <> ?", "' OR '1' = '1"))
				if n != 2 {
					t.Errorf("%d rows, want 2", n)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
	})
}
