package main

import (
	"os"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/examples/docs/session"
)

func TestSession(t *testing.T) {
	t.Parallel()
	folder, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = folder.Close() })
	session.Run(t, newApp(folder))
}

// TestSetAvatar calls the handler with a literal.
func TestSetAvatar(t *testing.T) {
	t.Parallel()
	folder, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = folder.Close() })
	picture := tenon.NewUpload("me.png", "image/png", []byte("\x89PNG\r\n\x1a\n"))
	got, err := (&Avatars{folder}).set(t.Context(), &SetAvatar{ID: 7, Picture: picture})
	if err != nil || *got != (Avatar{Name: "me.png", Type: "image/png", Bytes: 8}) {
		t.Errorf("avatar %+v, %v", got, err)
	}
}
