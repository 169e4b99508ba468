package rules_test

import (
	"strings"
	"testing"

	"github.com/tenon-go/tenon/internal/rules"
)

// TestFuzzTargets holds what parses to being fuzzed: make fuzz runs what is found here.
func TestFuzzTargets(t *testing.T) {
	t.Parallel()
	if n := len(rules.FuzzTargets(repository(t))); n < 12 {
		t.Errorf("%d fuzz targets, want 12 or more", n)
	}
}

func TestFuzzTargetsFinds(t *testing.T) {
	t.Parallel()
	const imports = "package p\n\nimport \"testing\"\n\n"
	check(t, func(tree *rules.Tree) []string {
		var lines []string
		for _, f := range rules.FuzzTargets(tree) {
			lines = append(lines, f.Dir+" "+f.Name)
		}
		return lines
	}, []broken{
		{"targets of every module", map[string]string{
			"a/a_test.go":      imports + "func FuzzA(f *testing.F) {}\n\nfunc FuzzB(f *testing.F) {}\n",
			"data/sql_test.go": imports + "func FuzzSQL(*testing.F) {}\n",
		}, []string{"a FuzzA", "a FuzzB", "data FuzzSQL"}},
		{"nothing else", map[string]string{
			"a/a.go":      imports + "func FuzzA(f *testing.F) {}\n",
			"a/a_test.go": imports + "func FuzzT(t *testing.T) {}\n\nfunc seeds(f *testing.F) {}\n\nfunc FuzzNone() {}\n\nfunc (x) FuzzX(f *testing.F) {}\n\n// func FuzzC(f *testing.F) {}\n",
		}, nil},
	})
}

// TestCheckFuzzes holds the Makefile to running the targets before a change lands.
func TestCheckFuzzes(t *testing.T) {
	t.Parallel()
	for line := range strings.Lines(read(t, "Makefile")) {
		if rest, ok := strings.CutPrefix(line, "check:"); ok && strings.Contains(rest, " fuzz ") {
			return
		}
	}
	t.Error("make check does not call make fuzz")
}
