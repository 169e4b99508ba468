package rules

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
)

// TextsOutside finds, in these folders of the root module, what a client may be told and the catalogue of texts does not hold: faults
// with a message of their own, problems with a detail of their own, texts that are defined in place.
func TextsOutside(t *Tree, dirs ...string) []string {
	var found []string
	for _, f := range t.Go {
		if !f.Root() || f.Test() || !slices.Contains(dirs, f.Dir()) {
			continue
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				found = append(found, t.ownMessage(n)...)
			case *ast.CallExpr:
				found = append(found, t.ownText(n)...)
			}
			return true
		})
	}
	slices.Sort(found)
	return found
}

// ownMessage finds problem.Fault{Message: "…"}.
func (t *Tree) ownMessage(n *ast.CompositeLit) []string {
	if text(n.Type) != "problem.Fault" {
		return nil
	}
	var found []string
	for _, e := range n.Elts {
		pair, ok := e.(*ast.KeyValueExpr)
		if key, isName := pairKey(pair, ok); isName && key == "Message" && isLiteral(pair.Value) {
			found = append(found, t.at(n.Pos())+": a fault has a message of its own; define it in internal/message")
		}
	}
	return found
}

func pairKey(pair *ast.KeyValueExpr, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	key, ok := pair.Key.(*ast.Ident)
	if !ok {
		return "", false
	}
	return key.Name, true
}

// ownText finds problem.New(code, "…"), problem.Wrap(code, "…", err), problem.NotFound("…"), problem.DefineText("…", "…"),
// problem.Define(status, code, "…") and e.With("…").
func (t *Tree) ownText(n *ast.CallExpr) []string {
	at := map[string]int{"problem.New": 1, "problem.Wrap": 1, "problem.NotFound": 0, "problem.DefineText": 1, "problem.Define": 2}
	i, ok := at[text(n.Fun)]
	if with, is := n.Fun.(*ast.SelectorExpr); is && with.Sel.Name == "With" {
		ok = true
	}
	if !ok || i >= len(n.Args) || !isLiteral(n.Args[i]) {
		return nil
	}
	return []string{fmt.Sprintf("%s: %s has a text of its own; define it in internal/message", t.at(n.Pos()), text(n.Fun))}
}

// isLiteral reports whether a text that is not empty is written at the place, or put together there.
func isLiteral(e ast.Expr) bool {
	written := false
	ast.Inspect(e, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			text, err := strconv.Unquote(lit.Value)
			written = written || err == nil && text != ""
		}
		return true
	})
	return written
}
