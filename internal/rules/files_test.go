package rules_test

import (
	"strings"
	"testing"

	"github.com/tenon-go/tenon/internal/rules"
)

// must turns a rule that reads files into one that cannot fail to.
func must(t *testing.T, rule func(*rules.Tree) ([]string, error)) func(*rules.Tree) []string {
	t.Helper()
	return func(tree *rules.Tree) []string {
		found, err := rule(tree)
		if err != nil {
			t.Error(err)
		}
		return found
	}
}

func TestNoMachinePaths(t *testing.T) {
	t.Parallel()
	none(t, must(t, rules.NoMachinePaths)(repository(t)))
}

func TestNoMachinePathsFinds(t *testing.T) {
	t.Parallel()
	home := "/ho" + "me/me/"
	check(t, must(t, rules.NoMachinePaths), []broken{
		{"a folder of one machine", map[string]string{"a.md": "see\n`" + home + "x`\n"}, []string{"a.md:2: names `" + home}},
		{"a package registry", map[string]string{"docs/lock.json": `"https://registry.` + `npmjs.org/x"`}, []string{"docs/lock.json:1: names registry." + "npmjs.org"}},
		{"nothing in an address that only looks like one", map[string]string{"a.md": "https://example.com" + home + " and a" + home}, nil},
		{"nothing in what is vendored or not text", map[string]string{"assets/a.js": home, "a.bin": "\x00 " + home}, nil},
	})
}

func TestFilesAreSmall(t *testing.T) {
	t.Parallel()
	none(t, rules.FilesAreSmall(repository(t)))
}

func TestFilesAreSmallFinds(t *testing.T) {
	t.Parallel()
	long := "package m\n" + strings.Repeat("\n", rules.MaxLines)
	check(t, rules.FilesAreSmall, []broken{
		{"a long file", map[string]string{"a.go": long}, []string{"a.go: 401 lines, want 400 or fewer"}},
		{"a name that says nothing", map[string]string{"x/util.go": "package x\n"}, []string{"x/util.go: the name does not say what the file holds"}},
		{"nothing in a long test", map[string]string{"a_test.go": long}, nil},
	})
}

func TestGoVersions(t *testing.T) {
	t.Parallel()
	none(t, must(t, rules.GoVersions)(repository(t)))
}

func TestGoVersionsFinds(t *testing.T) {
	t.Parallel()
	check(t, must(t, rules.GoVersions), []broken{
		{"nothing where all agree", nil, nil},
		{"another language version", map[string]string{"data/go.mod": "module example.com/m/data\n\ngo 1.26\n"}, []string{"data/go.mod: go 1.26, want 1.27 as in go.work"}},
		{"another toolchain", map[string]string{"data/go.mod": "module example.com/m/data\n\ngo 1.27\n\ntoolchain go1.27.3\n"}, []string{"data/go.mod: toolchain go1.27.3, want  as in go.work"}},
		{"a module outside the workspace", map[string]string{"x/go.mod": "module example.com/m/x\n\ngo 1.27\n"}, []string{"go.work: does not use x"}},
		{"a patch release", map[string]string{"go.work": "go 1.27.1\nuse (\n\t.\n\t./data\n)\n", "go.mod": "module m\n\ngo 1.27.1\n", "data/go.mod": "module m/d\n\ngo 1.27.1\n"}, []string{"go.work: go 1.27.1 names a patch release"}},
	})
}

func TestMakeHelp(t *testing.T) {
	t.Parallel()
	none(t, rules.MakeHelp(read(t, "Makefile"), []string{"run", "test", "check", "bench", "fmt", "help", "setup", "api"}))
}

func TestMakeHelpFinds(t *testing.T) {
	t.Parallel()
	compare(t, rules.MakeHelp(".PHONY: a b\na: ## Does a\nb: a\n", []string{"c"}), []string{
		"Makefile: target b has no description (## …)",
		"Makefile: target c has no description (## …)",
	})
}
