package main

import (
	"strings"
	"testing"
)

// TestLogins runs the command with few: what it prints is measured, so only its form is held.
func TestLogins(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := run(t.Context(), 3, 10, &out); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"unknown user", "medians of 3", "10 logins at once", "p99"} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("%q is missing:\n%s", part, out.String())
		}
	}
}
