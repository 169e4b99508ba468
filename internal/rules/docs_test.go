package rules_test

import (
	"testing"

	"github.com/tenon-go/tenon/internal/rules"
)

func TestPackageDocs(t *testing.T) {
	t.Parallel()
	none(t, rules.PackageDocs(repository(t)))
}

func TestPackageDocsFinds(t *testing.T) {
	t.Parallel()
	check(t, rules.PackageDocs, []broken{
		{"a package without a comment", map[string]string{"a/a.go": "package a\n", "a/b.go": "package a\n"}, []string{"a/a.go: the package has no comment that says what it is"}},
		{"a comment that does not name the package", map[string]string{"a.go": "// It does things.\npackage a\n"}, []string{"a.go: the package has no comment that says what it is"}},
		{"a program without a comment", map[string]string{"data/main.go": "package main\n"}, []string{"data/main.go: the package has no comment that says what it is"}},
		{"nothing where one file has the comment", map[string]string{"a/a.go": "package a\n", "a/b.go": "// Package a is one.\npackage a\n"}, nil},
		{"nothing in a program with a comment", map[string]string{"a.go": "// Command a is one.\npackage main\n"}, nil},
	})
}

func TestExportedDocs(t *testing.T) {
	t.Parallel()
	none(t, rules.ExportedDocs(repository(t), rules.Published()))
}

func TestExportedDocsFinds(t *testing.T) {
	t.Parallel()
	one := func(src string) map[string]string { return map[string]string{"a.go": "package m\n\n" + src} }
	const without = " has no comment that says what it is"
	check(t, func(tree *rules.Tree) []string { return rules.ExportedDocs(tree, []string{"."}) }, []broken{
		{"a function", one("func F() {}"), []string{"a.go:3: F" + without}},
		{"a comment that begins with another word", one("// Does things.\nfunc F() {}"), []string{"a.go:4: F" + without}},
		{"a comment of one word", one("// F\nfunc F() {}"), []string{"a.go:4: F" + without}},
		{"a method", one("// T is one.\ntype T[X any] int\nfunc (t *T[X]) M() {}"), []string{"a.go:5: M" + without}},
		{"a type", one("type T int"), []string{"a.go:3: T" + without}},
		{"a type in a group", one("// T is one.\ntype (\nT int\n)"), []string{"a.go:5: T" + without}},
		{"a field", one("// T is one.\ntype T struct {\nA, b int\n}"), []string{"a.go:5: T.A" + without}},
		{"a method of an interface", one("// T is one.\ntype T interface {\nM()\n}"), []string{"a.go:5: T.M" + without}},
		{"a constant", one("const (\nA = 1\n)"), []string{"a.go:4: A" + without}},
		{"a variable", one("var A = 1"), []string{"a.go:3: A" + without}},
		{"nothing in what is documented", one("// The F does.\nfunc F() {}\n// T is one.\ntype T struct {\nA int // a\n// B too.\nB int\n}\n// Words.\nconst (\nC = 1\n)"), nil},
		{"nothing in fields that a standard or a tag describes", one("// T is one (section 4.8.1).\ntype T struct {\nA int\n}\n// U is one.\ntype U struct {\nA int `doc:\"All.\"`\n}"), nil},
		{"nothing in what is not exported", one("func f() {}\ntype t struct { A int }\nfunc (t) M() {}\nvar x = 1"), nil},
		{"nothing in tests, programs, internal packages and other modules", map[string]string{
			"a_test.go": "package m\nfunc F() {}", "cmd/a.go": "package main\nfunc F() {}", "internal/x/a.go": "package x\nfunc F() {}", "data/a.go": "package d\nfunc F() {}",
		}, nil},
	})
}
