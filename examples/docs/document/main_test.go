package main

import (
	"os"
	"testing"

	"github.com/tenon-go/tenon/examples/docs/session"
	"github.com/tenon-go/tenon/openapi"
)

func TestSession(t *testing.T) {
	t.Parallel()
	session.Run(t, newApp())
}

// region: diff

// TestNothingBreaks holds the document against the one that was released.
func TestNothingBreaks(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	released, err := openapi.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	app := newApp()
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	for _, change := range openapi.Diff(released, app.OpenAPI()) {
		if change.Breaking {
			t.Error(change)
		}
	}
}

// endregion: diff
