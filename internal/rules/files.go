package rules

import (
	"bytes"
	"fmt"
	"go/ast"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// machinePaths are what a file of this repository never names: folders of one machine, and hosts that packages come from. They
// are written so that this file does not name them either.
var machinePaths = regexp.MustCompile(`(^|[^\w.})/-])/(work|root|tmp|home/\w+|Users/\w+)/|` +
	`\b(proxy\.golang|sum\.golang|deb\.debian)\.org\b|\bregistry\.(npmjs\.org|yarnpkg\.com)\b`)

// NoMachinePaths finds absolute paths of one machine and hosts of package registries in the files of the repository. Vendored
// files, which are kept as they came, are those below a folder named assets or third_party.
func NoMachinePaths(t *Tree) ([]string, error) {
	var found []string
	for _, name := range t.Names {
		if slices.ContainsFunc(strings.Split(path.Dir(name), "/"), func(dir string) bool { return dir == "assets" || dir == "third_party" }) {
			continue
		}
		data, err := fs.ReadFile(t.FS, name)
		if err != nil {
			return nil, fmt.Errorf("rules: %w", err)
		}
		if bytes.IndexByte(data, 0) >= 0 {
			continue
		}
		for i, line := range bytes.Split(data, []byte("\n")) {
			if m := machinePaths.Find(line); m != nil {
				found = append(found, fmt.Sprintf("%s:%d: names %s", name, i+1, bytes.TrimSpace(m)))
			}
		}
	}
	return found, nil
}

// MaxLines is how long a Go file may be, tests and generated files aside.
const MaxLines = 400

// FilesAreSmall finds Go files longer than MaxLines, and names that say nothing.
func FilesAreSmall(t *Tree) []string {
	var found []string
	for _, f := range t.Go {
		switch base := strings.TrimSuffix(path.Base(f.Name), ".go"); base {
		case "util", "utils", "common", "helper", "helpers", "misc":
			found = append(found, f.Name+": the name does not say what the file holds")
		}
		if lines := t.Fset.File(f.AST.FileStart).LineCount(); !f.Test() && !ast.IsGenerated(f.AST) && lines > MaxLines {
			found = append(found, fmt.Sprintf("%s: %d lines, want %d or fewer", f.Name, lines, MaxLines))
		}
	}
	return found
}

var (
	goLine        = regexp.MustCompile(`(?m)^go (\S+)$`)
	toolchainLine = regexp.MustCompile(`(?m)^toolchain (\S+)$`)
	minor         = regexp.MustCompile(`^1\.\d+$`)
)

// GoVersions finds modules that ask for a patch release of Go, and modules that differ from the workspace in language version
// or toolchain; and modules that are not in the workspace, internal/tools aside.
func GoVersions(t *Tree) ([]string, error) {
	work, err := fs.ReadFile(t.FS, "go.work")
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	var found []string
	language, toolchain := first(goLine, string(work)), first(toolchainLine, string(work))
	if !minor.MatchString(language) {
		found = append(found, "go.work: go "+language+" names a patch release")
	}
	for _, m := range t.Modules {
		name := path.Join(m.Dir, "go.mod")
		if v := first(goLine, m.Text); v != language {
			found = append(found, fmt.Sprintf("%s: go %s, want %s as in go.work", name, v, language))
		}
		if v := first(toolchainLine, m.Text); v != toolchain {
			found = append(found, fmt.Sprintf("%s: toolchain %s, want %s as in go.work", name, v, toolchain))
		}
		use := "\t./" + m.Dir + "\n"
		if m.Dir == "." {
			use = "\t.\n"
		}
		if m.Dir != "internal/tools" && !strings.Contains(string(work), use) {
			found = append(found, "go.work: does not use "+m.Dir)
		}
	}
	return found, nil
}

func first(re *regexp.Regexp, s string) string {
	if m := re.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}

var (
	phony = regexp.MustCompile(`(?m)^\.PHONY: (.+)$`)
	ruled = regexp.MustCompile(`(?m)^([a-z-]+):[^=\n]*## \S`)
)

// MakeHelp finds targets of the Makefile that help does not describe, and wanted targets that do not exist.
func MakeHelp(makefile string, wanted []string) []string {
	var found []string
	described := map[string]bool{}
	for _, m := range ruled.FindAllStringSubmatch(makefile, -1) {
		described[m[1]] = true
	}
	for _, m := range phony.FindAllStringSubmatch(makefile, -1) {
		wanted = append(slices.Clone(wanted), strings.Fields(m[1])...)
	}
	slices.Sort(wanted)
	for _, target := range slices.Compact(wanted) {
		if !described[target] {
			found = append(found, "Makefile: target "+target+" has no description (## …)")
		}
	}
	return found
}
