package rules_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/tenon-go/tenon/internal/rules"
)

// TestWhatPagesPromiseIsShown looks for every test that a page names.
func TestWhatPagesPromiseIsShown(t *testing.T) {
	t.Parallel()
	tree := repository(t)
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(pages) < 20 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range rules.Shown(tree, string(text)) {
			t.Errorf("%s: %s", filepath.Base(page), found)
		}
	}
}

func TestShownFinds(t *testing.T) {
	t.Parallel()
	files := map[string]string{"a_test.go": "package a\n\nfunc TestA() {}\n"}
	const head = "| what | lost | shown by |\n|---|---|---|\n"
	for name, tt := range map[string]struct {
		page string
		want []string
	}{
		"nothing where all is there":       {head + "| x | closed | `TestA` |\n| y | local | Not here: it is pulled. |\n", nil},
		"a test that is not there":         {head + "| x | closed | `TestB` |\n", []string{"TestB: there is no such test"}},
		"a row without a test":             {head + "| x | closed | of course |\n", []string{"x: no test, and no reason why there is none"}},
		"nothing in a table of other kind": {"| what | it |\n|---|---|\n| x | of course |\n", nil},
		"nothing after the table":          {head + "| x | closed | `TestA` |\n\n| y | z | of course |\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			compare(t, func(tree *rules.Tree) []string { return rules.Shown(tree, tt.page) }(broken{files: files}.tree(t)), tt.want)
		})
	}
}
