package rules

import (
	"fmt"
	"go/ast"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	testName = regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w*)`")
	numbers  = regexp.MustCompile(`V(\d+\.\d+)\.(\d+)(?: to V(\d+\.\d+)\.(\d+))?`)
	reason   = regexp.MustCompile(`\]\(|Not (here|yet): |Of the service: `)
)

// Evidence finds what a page that names a test for each requirement of a standard does not keep: tests that are not in the tree, and requirements
// that have neither a test nor a link nor a reason, that are there twice, or that are missing. sections says how many requirements each section of
// the standard has.
func Evidence(t *Tree, page string, sections map[string]int) []string {
	var found []string
	seen := map[string]int{}
	for line := range strings.Lines(page) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 5 || !strings.HasPrefix(cells[1], " V") {
			continue
		}
		if !testName.MatchString(cells[3]) && !reason.MatchString(cells[3]) {
			found = append(found, strings.TrimSpace(cells[1])+": no test, and no reason why there is none")
		}
		for _, m := range numbers.FindAllStringSubmatch(cells[1], -1) {
			first, _ := strconv.Atoi(m[2])
			last, _ := strconv.Atoi(m[4])
			for n := first; n <= max(first, last); n++ {
				seen[m[1]+"."+strconv.Itoa(n)]++
			}
		}
	}
	found = append(found, t.missing(page)...)
	for section, n := range sections {
		for i := 1; i <= n; i++ {
			name := section + "." + strconv.Itoa(i)
			if seen[name] != 1 {
				found = append(found, fmt.Sprintf("V%s stands there %d times, want once", name, seen[name]))
			}
			delete(seen, name)
		}
	}
	for name := range seen {
		found = append(found, "V"+name+": the standard has no such requirement")
	}
	slices.Sort(found)
	return found
}

// missing are the tests that a page names and the tree has not.
func (t *Tree) missing(page string) (found []string) {
	tests := t.tests()
	for _, m := range testName.FindAllStringSubmatch(page, -1) {
		if !tests[m[1]] {
			found = append(found, m[1]+": there is no such test")
		}
	}
	return found
}

// tests are the names of all tests and fuzz tests.
func (t *Tree) tests() map[string]bool {
	all := map[string]bool{}
	for _, f := range t.Go {
		if !f.Test() {
			continue
		}
		for _, decl := range f.AST.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil {
				all[fn.Name.Name] = true
			}
		}
	}
	return all
}
