package rules

import (
	"go/ast"
	"strings"
)

// Fuzz is one fuzz target.
type Fuzz struct {
	Dir, Name string
}

// FuzzTargets lists the fuzz targets of every module from the source, so that a new one is run without being named anywhere.
func FuzzTargets(t *Tree) []Fuzz {
	var targets []Fuzz
	for _, f := range t.Go {
		if !f.Test() {
			continue
		}
		for _, decl := range f.AST.Decls {
			if d, ok := decl.(*ast.FuncDecl); ok && d.Recv == nil && takesF(d) && strings.HasPrefix(d.Name.Name, "Fuzz") {
				targets = append(targets, Fuzz{Dir: f.Dir(), Name: d.Name.Name})
			}
		}
	}
	return targets
}

// takesF reports whether the only parameter is a *testing.F.
func takesF(d *ast.FuncDecl) bool {
	params := d.Type.Params.List
	if len(params) != 1 || len(params[0].Names) > 1 {
		return false
	}
	pointer, ok := params[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	sel, ok := pointer.X.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pkg, ok := sel.X.(*ast.Ident)
	return ok && pkg.Name == "testing" && sel.Sel.Name == "F"
}
