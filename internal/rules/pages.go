package rules

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// MaxADRLines is one page.
const MaxADRLines = 70

var adrName = regexp.MustCompile(`^\d{4}-[a-z0-9-]+\.md$`)

// ADRs finds decisions in dir that lack one of the four parts, are longer than a page, or are not in the index.
func ADRs(fsys fs.FS, dir string) ([]string, error) {
	index, err := fs.ReadFile(fsys, path.Join(dir, "README.md"))
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	var found []string
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		if e.Name() == "README.md" {
			continue
		}
		if !adrName.MatchString(e.Name()) {
			found = append(found, name+": the name is not NNNN-what-it-decides.md")
			continue
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("rules: %w", err)
		}
		if !bytes.HasPrefix(text, []byte("# "+e.Name()[:4]+" ")) {
			found = append(found, name+": the first line is not a heading with its number")
		}
		for _, part := range []string{"Context", "Decision", "Consequences", "Roads not taken"} {
			if !bytes.Contains(text, []byte("\n## "+part+"\n")) {
				found = append(found, fmt.Sprintf("%s: has no part %q", name, part))
			}
		}
		if n := bytes.Count(text, []byte("\n")); n > MaxADRLines {
			found = append(found, fmt.Sprintf("%s: %d lines, want one page of %d", name, n, MaxADRLines))
		}
		if !bytes.Contains(index, []byte("("+e.Name()+")")) {
			found = append(found, name+": is not in the index")
		}
	}
	return found, nil
}

// MaxReadmeLines is how long the program in the README may be.
const MaxReadmeLines = 25

var goBlock = regexp.MustCompile("(?s)```go\n(.*?)```")

// Readme finds what keeps the only Go program in a page from being the file it shows.
func Readme(page, program string) []string {
	blocks := goBlock.FindAllStringSubmatch(page, -1)
	if len(blocks) != 1 {
		return []string{fmt.Sprintf("README.md: %d Go programs, want 1", len(blocks))}
	}
	var found []string
	if blocks[0][1] != program {
		found = append(found, "README.md: the program differs from the file")
	}
	if n := strings.Count(program, "\n"); n > MaxReadmeLines {
		found = append(found, fmt.Sprintf("README.md: the program has %d lines, want %d or fewer", n, MaxReadmeLines))
	}
	return found
}

// An included block is announced by a comment that names a file, and perhaps a region of it:
//
//	<!-- include examples/docs/input/main.go create -->
//	```go
//	…
//	```
//
// A region stands between the lines "// region: create" and "// endregion: create" of the file, or "# …" where that is a comment.
var included = regexp.MustCompile("(?s)<!-- include (\\S+)(?: (\\S+))? -->\n```(\\w*)\n(.*?)```\n")

// A page of text is included as it is, up to the comment that ends it; its regions stand between comments "<!-- region: x -->":
//
//	<!-- include examples/docs/strict/answers.md -->
//	…
//	<!-- end -->
var includedText = regexp.MustCompile("(?s)(<!-- include (\\S+\\.md)(?: (\\S+))? -->\n).*?(<!-- end -->\n)")

var announced = regexp.MustCompile(`(?m)^<!-- include `)

var fence = regexp.MustCompile("(?m)^```(\\w+)$")

// Include returns a page with every included block as its file says now.
func Include(fsys fs.FS, page []byte) ([]byte, error) {
	var firstErr error
	out := included.ReplaceAllFunc(page, func(block []byte) []byte {
		m := included.FindSubmatch(block)
		want, err := region(fsys, string(m[1]), string(m[2]))
		if err != nil {
			firstErr = cmp.Or(firstErr, err)
			return block
		}
		comment, _, _ := bytes.Cut(block, []byte("\n"))
		return slices.Concat(comment, []byte("\n```"), m[3], []byte("\n"), want, []byte("```\n"))
	})
	out = includedText.ReplaceAllFunc(out, func(block []byte) []byte {
		m := includedText.FindSubmatch(block)
		want, err := region(fsys, string(m[2]), string(m[3]))
		if err != nil {
			firstErr = cmp.Or(firstErr, err)
			return block
		}
		return slices.Concat(m[1], want, m[4])
	})
	if n := len(announced.FindAll(page, -1)) - len(included.FindAll(page, -1)) - len(includedText.FindAll(page, -1)); n > 0 && firstErr == nil {
		firstErr = fmt.Errorf("rules: %d include comments have no block below them", n)
	}
	return out, firstErr
}

var marker = regexp.MustCompile(`^\s*(?://|#|<!--) (region|endregion): (\S+)(?: -->)?\s*$`)

func region(fsys fs.FS, name, region string) ([]byte, error) {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	if region == "" {
		return text, nil
	}
	var out []byte
	inside, seen := false, false
	for line := range bytes.Lines(text) {
		mark := marker.FindStringSubmatch(string(line))
		switch {
		case mark == nil && inside:
			out = append(out, line...)
		case mark != nil && mark[2] == region:
			inside = mark[1] == "region"
			seen = seen || inside
		}
	}
	if !seen || inside {
		return nil, fmt.Errorf("rules: %s: region %s does not begin and end", name, region)
	}
	return slices.Concat(bytes.Trim(out, "\n"), []byte("\n")), nil
}

// NotIncluded counts the code blocks of a page in these languages that are written by hand.
func NotIncluded(page []byte, languages ...string) int {
	n := 0
	for _, m := range fence.FindAllSubmatch(included.ReplaceAll(page, nil), -1) {
		if slices.Contains(languages, string(m[1])) {
			n++
		}
	}
	return n
}
