package rules_test

import (
	"flag"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tenon-go/tenon/internal/rules"
)

var update = flag.Bool("update", false, "rewrite api/next.txt and the programs included in pages")

func TestADRs(t *testing.T) {
	t.Parallel()
	found, err := rules.ADRs(os.DirFS(root), "docs/adr")
	if err != nil {
		t.Fatal(err)
	}
	none(t, found)
}

func TestADRsFinds(t *testing.T) {
	t.Parallel()
	const good = "# 0001 A\n\n## Context\n\n## Decision\n\n## Consequences\n\n## Roads not taken\n"
	for _, tt := range []struct {
		name, file, text string
		want             []string
	}{
		{"nothing in a whole page", "0001-a.md", good, nil},
		{"a missing part", "0001-a.md", strings.Replace(good, "## Roads not taken", "", 1), []string{`0001-a.md: has no part "Roads not taken"`}},
		{"more than a page", "0001-a.md", good + strings.Repeat("\n", rules.MaxADRLines), []string{"0001-a.md: 79 lines, want one page of 70"}},
		{"another number", "0002-a.md", good, []string{"0002-a.md: the first line is not a heading with its number", "0002-a.md: is not in the index"}},
		{"a name without a number", "a.md", good, []string{"a.md: the name is not NNNN-what-it-decides.md"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			found, err := rules.ADRs(fstest.MapFS{"README.md": {Data: []byte("[a](0001-a.md)")}, tt.file: {Data: []byte(tt.text)}}, ".")
			if err != nil {
				t.Fatal(err)
			}
			compare(t, found, tt.want)
		})
	}
}

func TestReadme(t *testing.T) {
	t.Parallel()
	if *update {
		refresh(t, "README.md")
	}
	none(t, rules.Readme(read(t, "README.md"), read(t, "examples/hello/main.go")))
}

func TestReadmeFinds(t *testing.T) {
	t.Parallel()
	const program = "package main\n"
	block := func(text string) string { return "# A\n\n```go\n" + text + "```\n" }
	for _, tt := range []struct {
		name, page, program string
		want                []string
	}{
		{"nothing in an equal program", block(program), program, nil},
		{"another program", block(program + "\n"), program, []string{"README.md: the program differs from the file"}},
		{"a second program", block(program) + block(program), program, []string{"README.md: 2 Go programs, want 1"}},
		{"a long program", block(strings.Repeat("\n", 26)), strings.Repeat("\n", 26), []string{"README.md: the program has 26 lines, want 25 or fewer"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			compare(t, rules.Readme(tt.page, tt.program), tt.want)
		})
	}
}

// refresh writes a page with what its files say now.
func refresh(t *testing.T, name string) {
	t.Helper()
	page, err := rules.Include(os.DirFS(root), []byte(read(t, name)))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, name), page, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestDocs(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("there are no pages: %v", err)
	}
	for _, file := range pages {
		name := path.Join("docs", filepath.Base(file))
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if *update {
				refresh(t, name)
			}
			page := []byte(read(t, name))
			want, err := rules.Include(os.DirFS(root), page)
			if err != nil {
				t.Fatal(err)
			}
			if string(want) != string(page) {
				t.Errorf("%s differs from the files it includes; make pages writes it", name)
			}
			if n := rules.NotIncluded(page, "go", "console"); n > 0 {
				t.Errorf("%s has %d programs or sessions that are copied, not included", name, n)
			}
		})
	}
}

func TestInclude(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"a.go":  {Data: []byte("package a\n\n// region: one\nvar x = 1\n// endregion: one\n")},
		"b.go":  {Data: []byte("// region: one\n")},
		"t.md":  {Data: []byte("| a |\n")},
		"r.md":  {Data: []byte("# R\n\n<!-- region: b -->\n| b |\n<!-- endregion: b -->\n")},
		"s.txt": {Data: []byte("# region: one\n\n$ true\n# region: two\n# endregion: two\n\n# endregion: one\n")},
	}
	block := func(head, text string) string { return head + "\n```go\n" + text + "```\n" }
	for _, tt := range []struct {
		name, page, want string
		fails            bool
	}{
		{"takes a whole file", block("<!-- include b.go -->", "old\n"), block("<!-- include b.go -->", "// region: one\n"), false},
		{"takes a region", block("<!-- include a.go one -->", "old\n"), block("<!-- include a.go one -->", "var x = 1\n"), false},
		{"takes a region of a session, without the lines around it", block("<!-- include s.txt one -->", "old\n"), block("<!-- include s.txt one -->", "$ true\n"), false},
		{"takes a page of text", "<!-- include t.md -->\nold\n<!-- end -->\n", "<!-- include t.md -->\n| a |\n<!-- end -->\n", false},
		{"takes a region of a page", "<!-- include r.md b -->\n<!-- end -->\n", "<!-- include r.md b -->\n| b |\n<!-- end -->\n", false},
		{"refuses a page of text without an end", "<!-- include t.md -->\nold\n", "", true},
		{"refuses a missing page of text", "<!-- include u.md -->\nold\n<!-- end -->\n", "", true},
		{"leaves other blocks alone", block("text", "x\n"), block("text", "x\n"), false},
		{"refuses a comment without a block", "<!-- include b.go -->\n\ntext\n", "", true},
		{"refuses a missing file", block("<!-- include c.go -->", "x\n"), "", true},
		{"refuses a missing region", block("<!-- include a.go two -->", "x\n"), "", true},
		{"refuses a region without an end", block("<!-- include b.go one -->", "x\n"), "", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := rules.Include(files, []byte(tt.page))
			if (err != nil) != tt.fails {
				t.Fatalf("error %v, want one: %v", err, tt.fails)
			}
			if err == nil && string(got) != tt.want {
				t.Errorf("page\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestNotIncluded(t *testing.T) {
	t.Parallel()
	page := "<!-- include a.go -->\n```go\nx\n```\n\n```go\ny\n```\n\n```json\n{}\n```\n"
	if n := rules.NotIncluded([]byte(page), "go", "console"); n != 1 {
		t.Errorf("%d blocks, want 1", n)
	}
}
