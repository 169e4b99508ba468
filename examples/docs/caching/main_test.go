package main

import (
	"testing"
	"time"

	"github.com/tenon-go/tenon/examples/docs/session"
)

func TestSession(t *testing.T) {
	t.Parallel()
	start := time.Now()
	app, err := newApp(func() time.Time { return start }) // no second passes
	if err != nil {
		t.Fatal(err)
	}
	session.Run(t, app)
}

func TestRates(t *testing.T) {
	t.Parallel()
	rates, err := newRates()
	if err != nil {
		t.Fatal(err)
	}
	if rate, err := rates.Get(t.Context(), "EUR"); rate != 1 || err != nil {
		t.Errorf("%v, %v", rate, err)
	}
}
