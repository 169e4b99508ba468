package rules

import (
	"bytes"
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// API is the exported API of the public packages of the module in dir, one line for each thing, sorted: what a user of the
// module can name. It runs go list, which compiles what the packages import.
func API(ctx context.Context, dir string) (string, error) {
	packages, err := list(ctx, dir)
	if err != nil {
		return "", err
	}
	exports := map[string]string{}
	for _, p := range packages {
		exports[p.ImportPath] = p.Export
	}
	fset := token.NewFileSet()
	imp := importer.ForCompiler(fset, "gc", func(importPath string) (io.ReadCloser, error) {
		return os.Open(exports[importPath])
	})
	var lines []string
	for _, p := range packages {
		if p.DepOnly || p.Name == "main" || slices.Contains(strings.Split(p.ImportPath, "/"), "internal") {
			continue
		}
		pkg, err := check(fset, imp, p)
		if err != nil {
			return "", err
		}
		lines = append(lines, describe(pkg)...)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n", nil
}

// listed is what go list says of a package.
type listed struct {
	ImportPath, Name, Dir, Export string
	GoFiles                       []string
	DepOnly                       bool
}

func list(ctx context.Context, dir string) ([]listed, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-export", "-deps", "-json=ImportPath,Name,Dir,Export,GoFiles,DepOnly", "./...")
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("rules: go list: %w: %s", err, stderr.String())
	}
	var packages []listed
	dec := jsontext.NewDecoder(bytes.NewReader(out))
	for {
		var p listed
		err := json.UnmarshalDecode(dec, &p)
		if errors.Is(err, io.EOF) {
			return packages, nil
		}
		if err != nil {
			return nil, fmt.Errorf("rules: go list: %w", err)
		}
		packages = append(packages, p)
	}
}

func check(fset *token.FileSet, imp types.Importer, p listed) (*types.Package, error) {
	var files []*ast.File
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("rules: %w", err)
		}
		files = append(files, f)
	}
	cfg := types.Config{Importer: imp}
	pkg, err := cfg.Check(p.ImportPath, fset, files, nil)
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	return pkg, nil
}

// describe lists what a package exports. Names of other packages are qualified by their name.
func describe(pkg *types.Package) []string {
	qualify := func(other *types.Package) string {
		if other == pkg {
			return ""
		}
		return other.Name()
	}
	var lines []string
	say := func(format string, args ...any) {
		lines = append(lines, "pkg "+pkg.Path()+", "+fmt.Sprintf(format, args...))
	}
	for _, name := range pkg.Scope().Names() {
		if !token.IsExported(name) {
			continue
		}
		switch obj := pkg.Scope().Lookup(name).(type) {
		case *types.Const:
			say("const %s %s = %s", name, types.TypeString(obj.Type(), qualify), obj.Val().ExactString())
		case *types.TypeName:
			describeType(say, obj, qualify)
		default:
			say("%s", types.ObjectString(obj, qualify))
		}
	}
	return lines
}

func describeType(say func(string, ...any), obj *types.TypeName, qualify types.Qualifier) {
	named, ok := obj.Type().(*types.Named)
	if !ok || obj.IsAlias() {
		say("%s", types.ObjectString(obj, qualify))
		return
	}
	name := types.TypeString(named, qualify)
	switch u := named.Underlying().(type) {
	case *types.Struct:
		describeStruct(say, name, u, qualify)
	case *types.Interface:
		say("type %s interface", name)
		for m := range u.Methods() {
			say("type %s interface, %s%s", name, m.Name(), signature(m, qualify))
		}
	default:
		say("type %s %s", name, types.TypeString(u, qualify))
	}
	for m := range named.Methods() {
		if m.Exported() {
			recv := types.TypeString(m.Signature().Recv().Type(), qualify)
			say("method (%s) %s%s", recv, m.Name(), signature(m, qualify))
		}
	}
}

func describeStruct(say func(string, ...any), name string, u *types.Struct, qualify types.Qualifier) {
	hidden := false
	say("type %s struct", name)
	for i := range u.NumFields() {
		f := u.Field(i)
		typ := types.TypeString(f.Type(), qualify)
		switch {
		case !f.Exported():
			hidden = true
		case f.Embedded():
			say("type %s struct, embedded %s%s", name, typ, tagOf(u, i))
		default:
			say("type %s struct, %s %s%s", name, f.Name(), typ, tagOf(u, i))
		}
	}
	if hidden {
		say("type %s struct, unexported fields", name)
	}
}

// tagOf is a field's tag: it names members and parameters, so it is part of what is promised.
func tagOf(u *types.Struct, i int) string {
	if u.Tag(i) == "" {
		return ""
	}
	return " `" + u.Tag(i) + "`"
}

func signature(m *types.Func, qualify types.Qualifier) string {
	return strings.TrimPrefix(types.TypeString(m.Type(), qualify), "func")
}
