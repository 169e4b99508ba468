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

// region: test

func TestNotes(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, newApp())
	s.Post("/notes", `{"text":"Buy milk"}`).Status(201).JSON(`{"id":1,"text":"Buy milk","tags":[]}`)
	s.Get("/notes/1").Status(200).At("/text", `"Buy milk"`)
	s.Get("/notes/2").Status(404).Problem("note-not-found")
	s.Post("/notes", `{"text":""}`).Status(422).Fault("body", "/text", "minLength")
}

// endregion: test
