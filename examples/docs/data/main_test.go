package main

import (
	"path/filepath"
	"testing"

	"github.com/tenon-go/tenon/check"
	"github.com/tenon-go/tenon/examples/docs/session"
)

func TestSession(t *testing.T) {
	t.Parallel()
	db, err := open(t.Context(), filepath.Join(t.TempDir(), "library.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if found := check.Run(&check.Subject{}, []check.Check{indexes(db)}); found != nil {
		t.Errorf("found %v", found)
	}
	session.Run(t, newApp(db))
}
