package rules

import (
	"fmt"
	"go/token"
	"slices"
	"strings"
)

// Floor says how high each package of the root module stands; a package may import only what stands lower. The root package
// is ".".
func Floor() map[string]int {
	return map[string]int{
		"internal/ascii": -1,
		"problem":        0, "internal/tag": 0, "internal/duration": 0, "internal/exact": 0, "internal/media": 0, "internal/rules": 0, "internal/testall": 0,
		"internal/form": 1, "internal/fuzzall": 1, "internal/shape": 1, "internal/observe": 1, "page": 1,
		"internal/validate": 2, "internal/encode": 2, "schema": 2, "docsui": 2,
		"internal/codec": 3, "internal/bind": 3,
		"internal/reply": 3, "openapi": 3,
		".":         4,
		"tenontest": 5,
	}
}

// Floors finds imports of the root module that do not point downward, packages without a floor, and imports of its internal
// packages by other modules (internal/judge, which tests them, aside). Tests outside their package may import what they like.
func Floors(t *Tree, floors map[string]int) []string {
	var found []string
	known := map[string]bool{}
	for _, f := range t.Go {
		if !f.Root() {
			found = append(found, t.internalImports(f)...)
			continue
		}
		floor, ok := floors[f.Dir()]
		if !ok && !known[f.Dir()] {
			found = append(found, f.Dir()+": the package has no floor")
		}
		known[f.Dir()] = true
		if !ok || f.Test() && strings.HasSuffix(f.AST.Name.Name, "_test") {
			continue
		}
		f.imports(func(importPath string, at token.Pos) {
			dir, own := t.rootDir(importPath)
			if below, ok := floors[dir]; own && ok && below >= floor {
				found = append(found, fmt.Sprintf("%s: %s (floor %d) imports %s (floor %d)", t.at(at), f.Dir(), floor, dir, below))
			}
		})
	}
	for dir := range floors {
		if !known[dir] {
			found = append(found, dir+": the floor has no package")
		}
	}
	slices.Sort(found)
	return found
}

func (t *Tree) internalImports(f *File) []string {
	var found []string
	if f.Internal() {
		return nil
	}
	f.imports(func(importPath string, at token.Pos) {
		if dir, own := t.rootDir(importPath); own && slices.Contains(strings.Split(dir, "/"), "internal") {
			found = append(found, fmt.Sprintf("%s: module %s imports %s", t.at(at), t.Modules[f.Module].Dir, dir))
		}
	})
	return found
}

// rootDir is the folder of a package of the root module.
func (t *Tree) rootDir(importPath string) (dir string, own bool) {
	root := t.Modules[0].Path
	if importPath == root {
		return ".", true
	}
	for _, m := range t.Modules[1:] {
		if importPath == m.Path || strings.HasPrefix(importPath, m.Path+"/") {
			return "", false
		}
	}
	return strings.CutPrefix(importPath, root+"/")
}

// CoreIsStdlibOnly finds requirements of the root module and imports by it, in tests too, of anything but the standard
// library and itself.
func CoreIsStdlibOnly(t *Tree) []string {
	var found []string
	for line := range strings.Lines(t.Modules[0].Text) {
		if word, _, _ := strings.Cut(line, " "); word == "require" || word == "replace" || word == "tool" {
			found = append(found, "go.mod: the root module has a "+word+" directive")
		}
	}
	for _, f := range t.Go {
		if !f.Root() {
			continue
		}
		f.imports(func(importPath string, at token.Pos) {
			first, _, _ := strings.Cut(importPath, "/")
			if _, own := t.rootDir(importPath); !own && strings.Contains(first, ".") {
				found = append(found, fmt.Sprintf("%s: %s is not of the standard library", t.at(at), importPath))
			}
		})
	}
	return found
}

// NoUnsafe finds what leaves the safety of the language, in every module: unsafe, cgo and linkname.
func NoUnsafe(t *Tree) []string {
	var found []string
	for _, f := range t.Go {
		f.imports(func(importPath string, at token.Pos) {
			if importPath == "unsafe" || importPath == "C" {
				found = append(found, fmt.Sprintf("%s: imports %s", t.at(at), importPath))
			}
		})
		for _, group := range f.AST.Comments {
			for _, c := range group.List {
				if strings.HasPrefix(c.Text, "//go:linkname") {
					found = append(found, t.at(c.Pos())+": links to a private name")
				}
			}
		}
	}
	return found
}

// Reflecting names the folders, and the files of the root package, that may use reflection: what works at start and leaves a
// plan, and what follows a plan.
func Reflecting() []string {
	return []string{
		"internal/shape/", "internal/validate/", "internal/encode/", "internal/codec/", "internal/bind/", "internal/reply/", "schema/",
		"operation.go", "compile.go", "input.go", "body.go", "form.go", "form_upload.go", "output.go", "read.go",
	}
}

// ReflectIsConfined finds imports of reflect by the root module, tests aside, outside the allowed folders and files.
func ReflectIsConfined(t *Tree, allowed []string) []string {
	var found []string
	for _, f := range t.Go {
		if !f.Root() || f.Test() || slices.ContainsFunc(allowed, func(a string) bool { return a == f.Name || a == f.Dir()+"/" }) {
			continue
		}
		f.imports(func(importPath string, at token.Pos) {
			if importPath == "reflect" {
				found = append(found, t.at(at)+": imports reflect")
			}
		})
	}
	return found
}
