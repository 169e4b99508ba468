package rules_test

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tenon-go/tenon/internal/rules"
)

const root = "../.."

// repository loads the repository itself.
func repository(t *testing.T) *rules.Tree {
	t.Helper()
	return load(t, os.DirFS(root))
}

func load(t *testing.T, fsys fs.FS) *rules.Tree {
	t.Helper()
	tree, err := rules.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(path.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// none fails with every finding.
func none(t *testing.T, found []string) {
	t.Helper()
	for _, f := range found {
		t.Error(f)
	}
}

// broken is a small tree that breaks a rule, and what must be found in it.
type broken struct {
	name  string
	files map[string]string
	want  []string
}

func (b broken) tree(t *testing.T) *rules.Tree {
	t.Helper()
	fsys := fstest.MapFS{
		"go.mod":         {Data: []byte("module example.com/m\n\ngo 1.27\n")},
		"data/go.mod":    {Data: []byte("module example.com/m/data\n\ngo 1.27\n")},
		"go.work":        {Data: []byte("go 1.27\n\nuse (\n\t.\n\t./data\n)\n")},
		"bin/ignored.go": {Data: []byte("not Go")},
	}
	for name, text := range b.files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return load(t, fsys)
}

// check applies a rule to broken trees.
func check(t *testing.T, rule func(*rules.Tree) []string, cases []broken) {
	t.Helper()
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			compare(t, rule(tt.tree(t)), tt.want)
		})
	}
}

func compare(t *testing.T, got, want []string) {
	t.Helper()
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("found\n%s\nwant\n%s", g, w)
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for name, fsys := range map[string]fstest.MapFS{
		"a tree without a module": {"a.go": {Data: []byte("package a")}},
		"a module without a name": {"go.mod": {Data: []byte("go 1.27")}},
		"a file that is not Go":   {"go.mod": {Data: []byte("module m\n")}, "a.go": {Data: []byte("pakcage a")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := rules.Load(fsys); err == nil {
				t.Error("loaded")
			}
		})
	}
}
