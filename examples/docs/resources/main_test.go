package main

import (
	"testing"

	"github.com/tenon-go/tenon/examples/docs/session"
)

func TestSession(t *testing.T) {
	t.Parallel()
	session.Run(t, newApp())
}
