package main

import (
	"testing"

	"github.com/tenon-go/tenon/auth"
	docs "github.com/tenon-go/tenon/examples/docs/session"
	"github.com/tenon-go/tenon/session"
)

func TestSession(t *testing.T) {
	t.Parallel()
	root, err := auth.ParseRoot(auth.GenerateRoot())
	if err != nil {
		t.Fatal(err)
	}
	app, err := newApp(root)
	if err != nil {
		t.Fatal(err)
	}
	docs.Run(t, app)
}

// region: test
func TestAdd(t *testing.T) {
	t.Parallel()
	in := &AddToCart{Session: new(session.Of[Visit]), Item: Item{"oak"}}
	if cart, err := add(t.Context(), in); err != nil || cart.Items[0] != "oak" || in.Session.Empty() {
		t.Errorf("%+v, %v", cart, err)
	}
}

// endregion: test
