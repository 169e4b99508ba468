package data_test

import (
	"context"
	"errors"
	"testing"

	"github.com/tenon-go/tenon/data"
)

// TestRequestTx ends the transaction of a request in each way.
func TestRequestTx(t *testing.T) {
	t.Parallel()
	failure := errors.New("no")
	for _, tt := range []struct {
		name   string
		end    error
		leaves bool
		want   int64
		after  bool
	}{
		{"success commits, and then does what was given", nil, false, 1, true},
		{"an error rolls back", failure, false, 0, false},
		{"a client that left rolls back", context.Canceled, true, 0, false},
		{"a client that left before a success rolls back", nil, true, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, db *data.DB) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				tx, err := db.Tx(ctx, nil)
				if err != nil {
					t.Fatal(err)
				}
				after := false
				tx.AfterCommit(func(context.Context) { after = true })
				if _, err := users.Insert(ctx, tx, userRow{Name: "a", Email: "a", Age: 1}); err != nil {
					t.Error(err)
				}
				if tt.leaves {
					cancel()
				}
				if err := tx.Finish(t.Context(), tt.end); (err != nil) != (tt.leaves && tt.end == nil) {
					t.Errorf("Finish: %v", err)
				}
				if got := count(t, db); got != tt.want || after != tt.after {
					t.Errorf("%d rows, want %d; after is %t", got, tt.want, after)
				}
				insert(t, db, userRow{Name: "b", Email: "b", Age: 1}) // the writer is free again
			})
		})
	}
}

// TestRequestTxMisuse asks for what a transaction does not do.
func TestRequestTxMisuse(t *testing.T) {
	t.Parallel()
	db := open(t)
	err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
		if _, err := db.Tx(ctx, nil); !errors.Is(err, data.ErrNested) {
			t.Errorf("a transaction in a transaction: %v", err)
		}
		if err := tx.Finish(ctx, nil); err == nil || err.Error() != "data: the transaction of a Write ends with its function" {
			t.Errorf("the end of a closure's transaction: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := db.Tx(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that has ended: %v", err)
	}
	insert(t, db, userRow{Name: "a", Email: "a", Age: 1}) // the writer is free
}
