package store_test

import (
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/examples/docs/session"
	"github.com/tenon-go/tenon/examples/store"
	"github.com/tenon-go/tenon/tenontest"
)

// TestSession holds docs/store.md to what happens, on each kind of database.
func TestSession(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		app, err := store.New(store.Config{DB: db, Logger: tenontest.Logger(t)})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := store.FirstAdmin(t.Context(), db, store.Admin{Password: tenon.NewSecret("sawdust and shavings")}); err != nil {
			t.Fatal(err)
		}
		if err := store.FillDemo(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		session.Run(t, app)
	})
}
