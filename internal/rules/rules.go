// Package rules holds the rules of this repository that a program can check. Its tests apply each rule twice: to the
// repository, where nothing may be found, and to a small tree that breaks the rule, where it must be.
//
// A rule is a function from a Tree to findings, one line each, in the order of the files.
package rules

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Tree is a repository: its modules, its Go files and the names of all its files.
type Tree struct {
	FS      fs.FS
	Fset    *token.FileSet
	Modules []Module // the root module first
	Go      []*File
	Names   []string // all files, slash-separated
}

// Module is one go.mod.
type Module struct {
	Dir, Path string // Dir is "." for the root
	Text      string // of go.mod
}

// File is one parsed Go file.
type File struct {
	Name   string // slash-separated, from the root
	Module int    // index into Modules
	AST    *ast.File
}

// Dir is the folder of the file.
func (f *File) Dir() string { return path.Dir(f.Name) }

// Test reports whether the file belongs to the tests.
func (f *File) Test() bool { return strings.HasSuffix(f.Name, "_test.go") }

// Root reports whether the file belongs to the root module.
func (f *File) Root() bool { return f.Module == 0 }

// Internal reports whether the file belongs to a package that only this repository can import.
func (f *File) Internal() bool { return slices.Contains(strings.Split(f.Dir(), "/"), "internal") }

var moduleLine = regexp.MustCompile(`(?m)^module (\S+)$`)

// Load reads a repository. Folders that hold no source of it are left out: those that begin with a dot (save .ci) or an underscore, bin, data-dev,
// node_modules and, for Go files, testdata.
func Load(fsys fs.FS) (*Tree, error) {
	t := &Tree{FS: fsys, Fset: token.NewFileSet()}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if leftOut(name) {
				return fs.SkipDir
			}
			return nil
		}
		if name != ".git" { // of a worktree: the place of its repository
			t.Names = append(t.Names, name)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("rules: list the files: %w", err)
	}
	return t, errors.Join(t.loadModules(), t.loadGo())
}

func leftOut(dir string) bool {
	base := path.Base(dir)
	switch base {
	case ".", ".ci":
		return false
	case "bin", "data-dev", "node_modules":
		return true
	}
	return base[0] == '.' || base[0] == '_'
}

func (t *Tree) loadModules() error {
	var errs []error
	for _, name := range t.Names {
		if path.Base(name) != "go.mod" {
			continue
		}
		text, err := fs.ReadFile(t.FS, name)
		m := moduleLine.FindSubmatch(text)
		if err != nil || m == nil {
			errs = append(errs, fmt.Errorf("rules: %s has no module line: %w", name, err))
			continue
		}
		t.Modules = append(t.Modules, Module{Dir: path.Dir(name), Path: string(m[1]), Text: string(text)})
	}
	slices.SortFunc(t.Modules, func(a, b Module) int {
		if (a.Dir == ".") != (b.Dir == ".") {
			if a.Dir == "." {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Dir, b.Dir)
	})
	if len(t.Modules) == 0 || t.Modules[0].Dir != "." {
		errs = append(errs, errors.New("rules: there is no go.mod at the root"))
	}
	return errors.Join(errs...)
}

func (t *Tree) loadGo() error {
	var errs []error
	for _, name := range t.Names {
		if path.Ext(name) != ".go" || slices.Contains(strings.Split(name, "/"), "testdata") {
			continue
		}
		src, err := fs.ReadFile(t.FS, name)
		if err != nil {
			return fmt.Errorf("rules: %w", err)
		}
		file, err := parser.ParseFile(t.Fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			errs = append(errs, fmt.Errorf("rules: %w", err))
			continue
		}
		t.Go = append(t.Go, &File{Name: name, Module: t.moduleOf(name), AST: file})
	}
	return errors.Join(errs...)
}

func (t *Tree) moduleOf(name string) int {
	best := 0
	for i, m := range t.Modules {
		if strings.HasPrefix(name, m.Dir+"/") && len(m.Dir) > len(t.Modules[best].Dir) {
			best = i
		}
	}
	return best
}

// imports calls yield with each import path of the file.
func (f *File) imports(yield func(importPath string, at token.Pos)) {
	for _, spec := range f.AST.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil {
			yield(p, spec.Pos())
		}
	}
}

// at is a position as file:line.
func (t *Tree) at(pos token.Pos) string {
	p := t.Fset.Position(pos)
	return p.Filename + ":" + strconv.Itoa(p.Line)
}
