package main

import (
	"path/filepath"
	"testing"

	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/examples/docs/session"
)

func TestSession(t *testing.T) {
	t.Parallel()
	db, err := open(t.Context(), filepath.Join(t.TempDir(), "members.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	root, err := auth.ParseRoot(auth.GenerateRoot())
	if err != nil {
		t.Fatal(err)
	}
	app, err := newApp(db, root)
	if err != nil {
		t.Fatal(err)
	}
	session.Run(t, app)
}
