package data_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"github.com/tenon-go/tenon/data"
)

// TestAP01StatementsAreKept runs more statements than a connection keeps, some of them at the same time in one transaction, and changes the table in between.
func TestAP01StatementsAreKept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		for i := range 10 {
			insert(t, db, userRow{Name: "n", Email: strconv.Itoa(i), Age: 1})
		}
		limits := func(ctx context.Context, v *data.View) error {
			for n := 1; n <= 300; n++ { // each is a text of its own
				rows, _, err := users.Where().Page(ctx, v, n, 0)
				if err != nil || len(rows) != min(n, 10) {
					return fmt.Errorf("%d of %d rows: %w", len(rows), n, err)
				}
			}
			return nil
		}
		for range 2 {
			if err := db.Read(t.Context(), limits); err != nil {
				t.Error(err)
			}
			err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
				_, err := tx.Exec(ctx, data.SQL("CREATE INDEX IF NOT EXISTS users_name ON users (name)"))
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
	})
	db := open(t) // a connection of PostgreSQL is for one at a time
	insert(t, db, userRow{Name: "n", Email: "n", Age: 1})
	err := db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				for range 100 {
					if user, err := users.Where(userName.Is("n")).One(ctx, v); err != nil || user.Email != "n" {
						t.Errorf("%+v, %v", user, err)
					}
				}
			})
		}
		group.Wait()
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
