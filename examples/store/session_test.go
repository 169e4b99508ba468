package store_test

import (
	"testing"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/examples/docs/session"
	"github.com/tenon-go/tenon/examples/store"
)

// TestSession holds docs/store.md to what happens, on each kind of database.
func TestSession(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		if err := store.FillDemo(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		session.Run(t, newApp(t, db))
	})
}
