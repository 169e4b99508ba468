package main

import (
	"strings"
	"testing"

	"github.com/tenon-go/tenon/examples/docs/session"
)

func TestSession(t *testing.T) {
	t.Parallel()
	session.Run(t, newApp())
}

func TestMistakesAreToldAtStart(t *testing.T) {
	t.Parallel()
	err := wrong()
	for _, want := range []string{`"*" with Credentials`, "without a path", "want a name without scheme", "main.go:"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %s", err, want)
		}
	}
}
