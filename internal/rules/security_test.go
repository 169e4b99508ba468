package rules_test

import (
	"testing"

	"github.com/tenon-go/tenon/internal/rules"
)

// asvs are the requirements of OWASP's Application Security Verification Standard 5.0.0 of the levels 1 and 2, which come first in each section.
func asvs() map[string]int {
	return map[string]int{
		"1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
		"4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
		"7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4,
		"10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
		"12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7,
		"16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
	}
}

// TestEvidence looks for every test that the page on security names, and for every requirement.
func TestEvidence(t *testing.T) {
	t.Parallel()
	none(t, rules.Evidence(repository(t), read(t, "docs/security.md"), asvs()))
}

func TestEvidenceFinds(t *testing.T) {
	t.Parallel()
	one := func(page string) func(*rules.Tree) []string {
		return func(tree *rules.Tree) []string { return rules.Evidence(tree, page, map[string]int{"1.1": 3}) }
	}
	files := map[string]string{"a_test.go": "package a\n\nfunc TestA() {}\n\nfunc (T) TestM() {}\n", "a.go": "// Package a is one.\npackage a\n\nfunc TestNo() {}\n"}
	const rest = "| V1.1.2 to V1.1.3 (2) | x | Not yet: y |\n"
	for name, tt := range map[string]struct {
		page string
		want []string
	}{
		"nothing where all is there":            {"| V1.1.1 (1) | x | `TestA` |\n" + rest, nil},
		"nothing where a page is linked":        {"| V1.1.1 (1) | x | [y](y.md) |\n" + rest, nil},
		"a test that is not there":              {"| V1.1.1 (1) | x | `TestB` |\n" + rest, []string{"TestB: there is no such test"}},
		"a method, and what is in no test":      {"| V1.1.1 (1) | x | `TestM` `TestNo` |\n" + rest, []string{"TestM: there is no such test", "TestNo: there is no such test"}},
		"a requirement without a test":          {"| V1.1.1 (1) | x | of course |\n" + rest, []string{"V1.1.1 (1): no test, and no reason why there is none"}},
		"a requirement that is missing":         {rest, []string{"V1.1.1 stands there 0 times, want once"}},
		"a requirement that is there twice":     {"| V1.1.1, V1.1.2 (1) | x | `TestA` |\n" + rest, []string{"V1.1.2 stands there 2 times, want once"}},
		"a requirement that the standard lacks": {"| V1.1.1, V1.1.4 (1) | x | `TestA` |\n" + rest, []string{"V1.1.4: the standard has no such requirement"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			compare(t, one(tt.page)(broken{files: files}.tree(t)), tt.want)
		})
	}
}
