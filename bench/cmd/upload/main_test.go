package main

import (
	"strings"
	"testing"

	"github.com/tenon-go/tenon/bench/resident"
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
	most, err := resident.Peak()
	if err != nil {
		t.Fatal(err)
	}
	if most >= 64<<20 {
		t.Errorf("%d MiB were resident, want less than 64:\n%s", most>>20, out.String())
	}
}
