package rules

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
)

// constant reports whether a call makes a value that nothing changes afterwards: errors, patterns, types, problems, relations.
func constant(call string) bool {
	for _, relation := range []string{"data.NewMany", "data.NewOne", "data.NewRef", "data.NewThrough"} {
		if call == relation || strings.HasPrefix(call, relation+".") { // its methods return copies
			return true
		}
	}
	return slices.Contains([]string{
		"errors.New", "fmt.Errorf", "regexp.MustCompile", "reflect.TypeFor", "reflect.TypeOf", "problem.Define", "problem.New",
		"problem.DefineText", "problem.DefineText.One", "problem.DefineText.Fix", "problem.DefineText.One.Fix",
		"Define", "New", "strings.NewReplacer", "netip.MustParsePrefix", "netip.MustParseAddr", "http.CanonicalHeaderKey", "template.Must",
		"problem.Define.WithHeader", "problem.Define.Members", "problem.New.WithHeader", "data.NewTable", "data.NewColumn",
		"valkey.NewLuaScript",
		"sync.OnceValue", "sync.OnceValues", // what is worked out once does not change either
	}, call)
}

// NoGlobals finds package variables that can change, and init functions, in every module, tests aside. Allowed are: what a
// call known to make constants makes; embedded files; sync.Pool, whose content nobody sees; an assertion (var _ T = x); and
// an unexported table that nothing in its package writes to. Exported names are errors, problems, patterns or types, no tables.
func NoGlobals(t *Tree) []string {
	var found []string
	written := t.written()
	for _, f := range t.Go {
		if f.Test() {
			continue
		}
		for _, decl := range f.AST.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" {
					found = append(found, t.at(d.Pos())+": func init")
				}
			case *ast.GenDecl:
				if d.Tok != token.VAR {
					continue
				}
				for _, spec := range d.Specs {
					s, _ := spec.(*ast.ValueSpec)
					found = append(found, t.globals(f, d, s, written)...)
				}
			}
		}
	}
	return found
}

func (t *Tree) globals(f *File, d *ast.GenDecl, s *ast.ValueSpec, written map[string]token.Pos) []string {
	var found []string
	for i, name := range s.Names {
		var value ast.Expr
		if i < len(s.Values) {
			value = s.Values[i]
		}
		if name.Name == "_" || embedded(d, s) {
			continue
		}
		if pos, ok := written[f.Dir()+" "+name.Name]; ok {
			found = append(found, fmt.Sprintf("%s: variable %s is changed at %s", t.at(name.Pos()), name.Name, t.at(pos)))
			continue
		}
		if why := changeable(name, s.Type, value); why != "" {
			found = append(found, fmt.Sprintf("%s: variable %s %s", t.at(name.Pos()), name.Name, why))
		}
	}
	return found
}

func embedded(d *ast.GenDecl, s *ast.ValueSpec) bool {
	for _, group := range []*ast.CommentGroup{d.Doc, s.Doc} {
		if group != nil && slices.ContainsFunc(group.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") }) {
			return true
		}
	}
	return false
}

// changeable says why a variable can change, or nothing.
func changeable(name *ast.Ident, typ, value ast.Expr) string {
	switch v := value.(type) {
	case nil:
		if text(typ) == "sync.Pool" {
			return ""
		}
		return "starts empty, so it must change"
	case *ast.CallExpr:
		fun := text(v.Fun)
		if constant(fun) || isType(v.Fun) && !name.IsExported() {
			return ""
		}
		return "is made by " + fun + ", which is not known to make constants"
	case *ast.CompositeLit:
		if text(v.Type) == "sync.Pool" {
			return ""
		}
		if strings.HasPrefix(text(v.Type), "sync.") || strings.HasPrefix(text(v.Type), "atomic.") {
			return "is state"
		}
	case *ast.SelectorExpr:
		if strings.HasPrefix(v.Sel.Name, "Err") { // the error of another package
			return ""
		}
	case *ast.UnaryExpr:
		if lit, ok := v.X.(*ast.CompositeLit); ok && v.Op == token.AND && text(lit.Type) == "sync.Pool" {
			return ""
		}
		if v.Op == token.AND {
			return "is a pointer, so anyone who has it can change it"
		}
	}
	if name.IsExported() {
		return "is exported, so a program can change it"
	}
	return ""
}

// isType reports whether a call is a conversion to an unnamed type, such as []byte("x").
func isType(fun ast.Expr) bool {
	switch fun.(type) {
	case *ast.ArrayType, *ast.MapType, *ast.FuncType:
		return true
	}
	return false
}

// text is a name or a qualified name as written, without arguments.
func text(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return text(x.X) + "." + x.Sel.Name
	case *ast.IndexExpr:
		return text(x.X)
	case *ast.IndexListExpr:
		return text(x.X)
	case *ast.CallExpr: // a call on what a call returned
		return text(x.Fun)
	}
	return ""
}

// written notes, as "folder name", every name that a function body changes: assigned, incremented, its address taken, deleted
// from, cleared or copied to. A local variable of the same name counts too: rename one of them.
func (t *Tree) written() map[string]token.Pos {
	written := map[string]token.Pos{}
	for _, f := range t.Go {
		if f.Test() && strings.HasSuffix(f.AST.Name.Name, "_test") {
			continue
		}
		note := func(e ast.Expr) {
			if name := base(e); name != "" {
				written[path.Dir(f.Name)+" "+name] = e.Pos()
			}
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			switch x := n.(type) {
			case *ast.AssignStmt:
				if x.Tok != token.DEFINE {
					for _, left := range x.Lhs {
						note(left)
					}
				}
			case *ast.IncDecStmt:
				note(x.X)
			case *ast.UnaryExpr:
				if x.Op == token.AND {
					note(x.X)
				}
			case *ast.CallExpr:
				switch text(x.Fun) {
				case "delete", "clear", "copy":
					note(x.Args[0])
				}
			}
			return true
		})
	}
	return written
}

// base is the variable at the start of an expression such as x.f[i]; a pointer that is followed explicitly ends it.
func base(e ast.Expr) string {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x.Name
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return ""
		}
	}
}
