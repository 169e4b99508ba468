package tenon_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// goldenText compares a text with a file, and shows the first line that differs. TENON_UPDATE=1 writes the file anew.
func goldenText(t *testing.T, file, got string) {
	t.Helper()
	if os.Getenv("TENON_UPDATE") == "1" {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; TENON_UPDATE=1 writes it", err)
	}
	want, lines := strings.Split(string(text), "\n"), strings.Split(got, "\n")
	for i := range max(len(want), len(lines)) {
		if w, g := lineOf(want, i), lineOf(lines, i); w != g {
			t.Errorf("%s:%d is\n%s\nnow it would be\n%s\nTENON_UPDATE=1 writes it", file, i+1, w, g)
			return
		}
	}
}

func lineOf(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}
