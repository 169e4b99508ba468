package main

import (
	"context"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/examples/docs/session"
	"github.com/tenon-go/tenon/tenontest"
)

func TestSession(t *testing.T) {
	t.Parallel()
	session.Run(t, newApp())
}

// region: replace
func TestPay(t *testing.T) {
	t.Parallel()
	bob := func(context.Context, *struct{}) (*Account, error) { return &Account{"bob"}, nil }
	s := tenontest.New(t, newApp().With(tenon.Replace(bob)))
	s.Post("/payments", `{"to":"eve"}`).Status(201)
}

// endregion: replace

func TestAudit(t *testing.T) {
	t.Parallel()
	app := newApp()
	if err := audit(t.Context(), app); err != nil {
		t.Error(err)
	}
	if err := app.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}
