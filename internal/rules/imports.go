package rules

import (
	"fmt"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Floor says how high each package of the root module stands; a package may import only what stands lower. The root package
// is ".".
func Floor() map[string]int {
	return map[string]int{
		"internal/ascii": -1, "internal/admit": -3, "internal/answer": -2, "internal/record": -1, "internal/last": -1,
		"problem": 0, "store": 0, "internal/tag": 0, "internal/duration": 0, "internal/exact": 0, "internal/media": 0, "internal/rules": 0,
		"internal/testall": 0,
		"internal/message": 1, "internal/fuzzall": 1, "internal/shape": 1, "internal/observe": 1, "middleware": 2,
		"internal/form": 2, "page": 2, "internal/validate": 2, "internal/encode": 2, "schema": 2, "docsui": 2,
		"internal/codec": 3, "internal/bind": 3,
		"internal/reply": 3, "openapi": 3,
		".":    4,
		"auth": 5, "cache": 5, "auth/password": 5, "ratelimit": 5, "session": 5, "check": 5, "health": 5, "ops": 5, "fastapi": 5,
		"middleware/compress": 5, "middleware/cors": 5, "store/storetest": 5, "tenontest": 6,
		"cli": 6, "auth/command": 7, "internal/nearest": -1, "internal/settings": 0,
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

// Kept names the libraries that packages of the root module stand on, by folder. The root package and what it imports stand on
// none.
func Kept() map[string][]string {
	return map[string][]string{
		"auth":                {"github.com/golang-jwt/jwt/v5"},
		"auth/password":       {"golang.org/x/crypto"},
		"cli":                 {"github.com/alecthomas/kong"},
		"middleware/compress": {"github.com/klauspost/compress"},
		"middleware/cors":     {"github.com/rs/cors"},
	}
}

// CoreIsStdlibOnly finds imports by the root module, in tests too, of anything but the standard library, itself and the libraries
// that kept names for the folder; requirements of its go.mod that no folder may import; and kept libraries at or below the floor of the
// root package.
func CoreIsStdlibOnly(t *Tree, floors map[string]int, kept map[string][]string) []string {
	found := t.requirements(kept)
	for _, dir := range slices.Sorted(maps.Keys(kept)) {
		if floors[dir] <= floors["."] {
			found = append(found, dir+": the folder has libraries, but no floor above the root package")
		}
	}
	for _, f := range t.Go {
		if !f.Root() {
			continue
		}
		f.imports(func(importPath string, at token.Pos) {
			first, _, _ := strings.Cut(importPath, "/")
			if _, own := t.rootDir(importPath); own || !strings.Contains(first, ".") || within(importPath, kept[f.Dir()]) {
				return
			}
			found = append(found, fmt.Sprintf("%s: %s is not of the standard library", t.at(at), importPath))
		})
	}
	return found
}

// requirement is a line of a go.mod, alone or in a block, that names a library.
var requirement = regexp.MustCompile(`(?m)^(?:require )?\s*([\w.-]+\.[\w.-]+/\S+) v\S+( // indirect)?$`)

// requirements finds what the go.mod of the root module says and should not.
func (t *Tree) requirements(kept map[string][]string) []string {
	libraries := slices.Concat(slices.Collect(maps.Values(kept))...)
	var found []string
	for line := range strings.Lines(t.Modules[0].Text) {
		if word, _, _ := strings.Cut(line, " "); word == "replace" || word == "tool" {
			found = append(found, "go.mod: the root module has a "+word+" directive")
		}
	}
	for _, m := range requirement.FindAllStringSubmatch(t.Modules[0].Text, -1) {
		if library, direct := m[1], m[2] == ""; direct && !slices.Contains(libraries, library) {
			found = append(found, "go.mod: the root module requires "+library+", which no folder may import")
		}
	}
	return found
}

// within reports whether an import path is that of a module, or of a package of it.
func within(importPath string, modules []string) bool {
	return slices.ContainsFunc(modules, func(m string) bool { return importPath == m || strings.HasPrefix(importPath, m+"/") })
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
		"operation.go", "compile.go", "input.go", "body.go", "form.go", "form_upload.go", "form_json.go",
		"outgoing.go", "output.go", "precondition.go", "read.go",
		"describe_problem.go", "extension.go", "part.go", "provide.go", "provide_plan.go", "provide_run.go", "security.go",
		"version_migration.go", "version_chain.go",
		"introspect_names.go", "introspect_options.go", "introspect_provide.go", "cli/grammar.go", "cli/reload.go", "internal/settings/",
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
