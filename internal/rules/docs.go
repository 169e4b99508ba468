package rules

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// PackageDocs finds packages, of every module, without a package comment. That of a program may begin as it likes; that of
// any other package begins with "Package name". What is generated has none.
func PackageDocs(t *Tree) []string {
	documented := map[string]bool{}
	at := map[string]string{}
	var dirs []string
	for _, f := range t.Go {
		if f.Test() || ast.IsGenerated(f.AST) {
			continue
		}
		if !slices.Contains(dirs, f.Dir()) {
			dirs = append(dirs, f.Dir())
			at[f.Dir()] = f.Name
		}
		text := f.AST.Doc.Text()
		name := f.AST.Name.Name
		if text != "" && (name == "main" || strings.HasPrefix(text, "Package "+name+" ")) {
			documented[f.Dir()] = true
		}
	}
	var found []string
	for _, dir := range dirs {
		if !documented[dir] {
			found = append(found, at[dir]+": the package has no comment that says what it is")
		}
	}
	return found
}

// defined finds the section of a standard in the comment of a type.
var defined = regexp.MustCompile(`\(section \d|RFC \d+, section|JSON Schema 2020-12`)

// Published names the modules whose exported names are promises.
func Published() []string { return []string{".", "data", "decimal", "metrics", "valkey"} }

// ExportedDocs finds exported names of public packages without a comment that begins with the name: functions, types,
// methods; and constants, variables, fields and interface methods without a comment of their own or of their group. The fields
// of a type whose comment points to the section of a standard that defines them need none.
func ExportedDocs(t *Tree, published []string) []string {
	var found []string
	for _, f := range t.Go {
		if f.Test() || f.Internal() || f.AST.Name.Name == "main" || !slices.Contains(published, t.Modules[f.Module].Dir) {
			continue
		}
		for _, decl := range f.AST.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && exportedReceiver(d) && !begins(d.Doc, d.Name.Name) {
					found = append(found, undocumented(t, d.Pos(), d.Name.Name))
				}
			case *ast.GenDecl:
				found = append(found, t.undocumentedSpecs(d)...)
			}
		}
	}
	return found
}

func undocumented(t *Tree, pos token.Pos, name string) string {
	return fmt.Sprintf("%s: %s has no comment that says what it is", t.at(pos), name)
}

func (t *Tree) undocumentedSpecs(d *ast.GenDecl) []string {
	var found []string
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			if !s.Name.IsExported() {
				continue
			}
			if !begins(s.Doc, s.Name.Name) && (d.Lparen.IsValid() || !begins(d.Doc, s.Name.Name)) {
				found = append(found, undocumented(t, s.Pos(), s.Name.Name))
			}
			if !defined.MatchString(d.Doc.Text() + s.Doc.Text()) {
				found = append(found, t.undocumentedFields(s)...)
			}
		case *ast.ValueSpec:
			for _, name := range s.Names {
				if name.IsExported() && d.Doc.Text() == "" && s.Doc.Text() == "" && s.Comment.Text() == "" {
					found = append(found, undocumented(t, name.Pos(), name.Name))
				}
			}
		}
	}
	return found
}

func (t *Tree) undocumentedFields(s *ast.TypeSpec) []string {
	var list *ast.FieldList
	switch typ := s.Type.(type) {
	case *ast.StructType:
		list = typ.Fields
	case *ast.InterfaceType:
		list = typ.Methods
	default:
		return nil
	}
	var found []string
	for _, field := range list.List {
		for _, name := range field.Names {
			if name.IsExported() && field.Doc.Text() == "" && field.Comment.Text() == "" && !described(field) {
				found = append(found, undocumented(t, name.Pos(), s.Name.Name+"."+name.Name))
			}
		}
	}
	return found
}

// described reports whether a field has a doc tag, which the OpenAPI document shows too.
func described(field *ast.Field) bool {
	return field.Tag != nil && strings.Contains(field.Tag.Value, `doc:"`)
}

// begins reports whether a comment begins with the name, or with an article and the name.
func begins(doc *ast.CommentGroup, name string) bool {
	words := strings.Fields(doc.Text())
	if len(words) > 1 && (words[0] == "A" || words[0] == "An" || words[0] == "The") {
		words = words[1:]
	}
	return len(words) > 1 && strings.TrimRight(words[0], ",:") == name
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	typ := d.Recv.List[0].Type
	for {
		switch x := typ.(type) {
		case *ast.StarExpr:
			typ = x.X
		case *ast.IndexExpr:
			typ = x.X
		case *ast.IndexListExpr:
			typ = x.X
		case *ast.ParenExpr:
			typ = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return true
		}
	}
}
