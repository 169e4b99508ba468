package cors_test

import (
	"bytes"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// vector is one case of the table of github.com/rs/cors.
type vector struct {
	Name          string              `json:"name"`
	Options       map[string]any      `json:"options"`
	Method        string              `json:"method"`
	Request       map[string][]string `json:"request"`
	Response      map[string][]string `json:"response"`
	OriginAllowed bool                `json:"originAllowed"`
}

// vectorsFile is where they are kept.
const vectorsFile = "testdata/rs-cors/spec.json"

// TestVectorsAreConverted holds the file against the source of the module; with TENON_UPDATE=1 it writes it anew. Cases whose options hold a
// function are left out.
func TestVectorsAreConverted(t *testing.T) {
	t.Parallel()
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/rs/cors").Output()
	if err != nil {
		t.Fatal(err)
	}
	source, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "cors_test.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	all, left, err := table(source)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 23 || len(left) != 5 {
		t.Errorf("%d cases, and without %s", len(all), strings.Join(left, ", "))
	}
	text, err := json.Marshal(all, json.Deterministic(true), jsontext.WithIndent("\t"))
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	if os.Getenv("TENON_UPDATE") == "1" {
		if err := os.WriteFile(vectorsFile, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if kept, err := os.ReadFile(vectorsFile); err != nil || !bytes.Equal(kept, text) {
		t.Errorf("%s is not what the module says (%v); TENON_UPDATE=1 writes it", vectorsFile, err)
	}
}

// table finds the cases of TestSpec.
func table(source *ast.File) (all []vector, left []string, err error) {
	for _, decl := range source.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Name.Name != "TestSpec" {
			continue
		}
		for _, row := range fn.Body.List[0].(*ast.AssignStmt).Rhs[0].(*ast.CompositeLit).Elts {
			cells := row.(*ast.CompositeLit).Elts
			var v vector
			for i, to := range []any{&v.Name, &v.Options, &v.Method, &v.Request, &v.Response, &v.OriginAllowed} {
				is, faults := value(cells[i])
				if errors.Is(faults, errFunction) {
					left = append(left, v.Name)
					v.Name = ""
					break
				}
				text, marshals := json.Marshal(is)
				if err := errors.Join(faults, marshals, json.Unmarshal(text, to)); err != nil {
					return nil, nil, fmt.Errorf("case %q: %w", v.Name, err)
				}
			}
			if v.Name != "" {
				all = append(all, v)
			}
		}
	}
	return all, left, nil
}

var errFunction = errors.New("it is a function")

// value is what a literal of Go says.
func value(e ast.Expr) (any, error) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			return strconv.Unquote(e.Value)
		}
		return strconv.Atoi(e.Value)
	case *ast.Ident:
		return strconv.ParseBool(e.Name)
	case *ast.UnaryExpr:
		is, err := value(e.X)
		n, _ := is.(int)
		return -n, err
	case *ast.FuncLit:
		return nil, errFunction
	case *ast.CompositeLit:
		return composite(e)
	}
	return nil, fmt.Errorf("%T is no literal", e)
}

func composite(e *ast.CompositeLit) (any, error) {
	members, items := map[string]any{}, []any{}
	_, list := e.Type.(*ast.ArrayType)
	list = list || e.Type == nil
	for _, elt := range e.Elts {
		pair, named := elt.(*ast.KeyValueExpr)
		if !named {
			is, err := value(elt)
			if err != nil {
				return nil, err
			}
			items = append(items, is)
			continue
		}
		is, err := value(pair.Value)
		if err != nil {
			return nil, err
		}
		switch key := pair.Key.(type) {
		case *ast.Ident:
			members[key.Name] = is
		case *ast.BasicLit:
			name, err := strconv.Unquote(key.Value)
			if err != nil {
				return nil, err
			}
			members[name] = is
		}
	}
	if list {
		return items, nil
	}
	return members, nil
}
