package main

import (
	"testing"

	"github.com/tenon-go/tenon/examples/docs/session"
	"github.com/tenon-go/tenon/tenontest"
)

func TestSession(t *testing.T) {
	t.Parallel()
	session.Run(t, newApp())
}

// region: gate

// TestNothingBreaks holds the document of each version to what was promised.
func TestNothingBreaks(t *testing.T) {
	t.Parallel()
	tenontest.Documents(t, newApp(), "testdata/openapi")
}

// endregion: gate

// region: older

func TestTheOldNameIsCut(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, newApp())
	s.Post("/api/v1/people", `{"name":"Ada King"}`).Status(201).JSON(`{"id":1,"name":"Ada King"}`)
	s.Post("/api/v1/people", `{"name":"Ada"}`).Status(422).Fault("body", "", "minLength")
}

// endregion: older
