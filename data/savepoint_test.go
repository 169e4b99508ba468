package data_test

import (
	"context"
	"errors"
	"testing"

	"github.com/tenon-go/tenon/data"
)

// TestSQ06Try lets parts of a transaction fail, on both kinds of database alike.
func TestSQ06Try(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		row := func(email string) userRow { return userRow{Name: "a", Email: email, Age: 1} }
		var after []string
		err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
			add := func(email string) func(context.Context) error {
				return func(ctx context.Context) error {
					tx.AfterCommit(func(context.Context) { after = append(after, email) })
					_, err := users.Insert(ctx, tx, row(email))
					return err
				}
			}
			if err := tx.Try(ctx, add("one")); err != nil {
				t.Errorf("a part that goes well: %v", err)
			}
			if err := tx.Try(ctx, add("one")); !data.IsUnique(err, "users_email_key") {
				t.Errorf("a part that violates a constraint: %v", err)
			}
			if err := caught(func() error { return tx.Try(ctx, func(context.Context) error { panic("no") }) }); err == nil {
				t.Error("a panic is lost")
			}
			failure := errors.New("no")
			err := tx.Try(ctx, func(ctx context.Context) error {
				if err := tx.Try(ctx, add("inner")); err != nil {
					t.Errorf("a part of a part: %v", err)
				}
				return failure
			})
			if !errors.Is(err, failure) {
				t.Errorf("the error of a part is %v", err)
			}
			return add("two")(ctx)
		})
		if err != nil || count(t, db) != 2 || len(after) != 2 || after[0] != "one" || after[1] != "two" {
			t.Errorf("%v, %d rows, after the commit %v; want two rows, and what they gave", err, count(t, db), after)
		}
	})
}

// TestTryOfAContextThatEnds fails, and so does the transaction.
func TestTryOfAContextThatEnds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		err := db.Write(ctx, func(ctx context.Context, tx *data.Tx) error {
			return tx.Try(ctx, func(ctx context.Context) error {
				_, err := users.Insert(ctx, tx, userRow{Name: "a", Email: "a", Age: 1})
				cancel()
				return err
			})
		})
		if !errors.Is(err, context.Canceled) || count(t, db) != 0 {
			t.Errorf("error %v and %d rows, want the context's and none", err, count(t, db))
		}
	})
}
