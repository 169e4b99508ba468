package main

import (
	"strings"
	"testing"
)

// TestUploadsInLittleMemory sends 256 MiB, far more than the bound: what grows with the body would be seen.
func TestUploadsInLittleMemory(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := run(t.Context(), 256<<20, &out); err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(out.String()), "\n")[2:]
	if len(rows) != 2 {
		t.Fatalf("%d rows, want 2:\n%s", len(rows), out.String())
	}
	resident, err := peak()
	if err != nil {
		t.Fatal(err)
	}
	if resident >= 64<<20 {
		t.Errorf("%d MiB were resident, want less than 64:\n%s", resident>>20, out.String())
	}
}
