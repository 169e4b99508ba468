package rules

import (
	"cmp"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Written is a text of the source that an answer may hold, and where it stands.
type Written struct {
	Text, At string
}

// Faults is what the framework writes into a refusal: the codes and messages of faults, the codes and details of problems.
type Faults struct {
	Codes, Messages, Problems []Written
}

// refusing are the functions that write a fault or a problem; a literal of one word among their arguments is a code.
var refusing = regexp.MustCompile(`^(Add|add|AddAt|refuse|Fault|once|unreadable|unsupported)$`)

var (
	oneWord = regexp.MustCompile(`^[a-z][A-Za-z]*$`)
	message = regexp.MustCompile(`^(must |is not a (known|parameter|field)|is read-only|does not have |` +
		`unexpected |ill-formed |unescaped |unknown escape|surrogate |unfinished |the text ends|the body is empty)`)
)

// FaultsOf collects them from the source of these folders of the root module.
func FaultsOf(t *Tree, dirs ...string) Faults {
	s := faultSearch{t: t, codes: map[string]string{}}
	for _, f := range t.Go {
		if f.Root() && !f.Test() && f.Dir() == "problem" {
			ast.Inspect(f.AST, s.constant)
		}
	}
	for _, f := range t.Go {
		if f.Root() && !f.Test() && slices.Contains(dirs, f.Dir()) {
			ast.Inspect(f.AST, s.node)
		}
	}
	for _, list := range []*[]Written{&s.found.Codes, &s.found.Messages, &s.found.Problems} {
		slices.SortFunc(*list, func(a, b Written) int { return cmp.Or(cmp.Compare(a.Text, b.Text), cmp.Compare(a.At, b.At)) })
		*list = slices.CompactFunc(*list, func(a, b Written) bool { return a.Text == b.Text })
	}
	return s.found
}

type faultSearch struct {
	t     *Tree
	codes map[string]string // CodeBadRequest → bad-request
	found Faults
}

func (s *faultSearch) constant(n ast.Node) bool {
	if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 && strings.HasPrefix(v.Names[0].Name, "Code") {
		if text, ok := literal(v.Values[0]); ok {
			s.codes[v.Names[0].Name] = text
		}
	}
	return true
}

func (s *faultSearch) node(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ImportSpec:
		return false
	case *ast.Field:
		return n.Tag == nil
	case *ast.CallExpr:
		return s.call(n)
	case *ast.CompositeLit:
		if name, ok := n.Type.(*ast.Ident); ok && name.Name == "rule" || n.Type == nil {
			s.row(n.Elts)
		}
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Code" {
			s.code(n.Value)
		}
	case *ast.AssignStmt:
		s.row(n.Rhs)
		if sel, ok := n.Lhs[0].(*ast.SelectorExpr); ok && sel.Sel.Name == "Code" {
			s.code(n.Rhs[0])
		}
	case *ast.BasicLit:
		if text, ok := literal(n); ok && message.MatchString(text) {
			s.add(&s.found.Messages, text, n.Pos())
		}
	}
	return true
}

// call looks at what a function that refuses is given. It is false for calls that make text for the person who starts the app.
func (s *faultSearch) call(n *ast.CallExpr) bool {
	name, on := called(n.Fun)
	switch {
	case name == "Errorf" || on == "errors":
		return false
	case on == "problem" && (name == "New" || name == "Wrap"):
		if sel, ok := n.Args[0].(*ast.SelectorExpr); ok && s.codes[sel.Sel.Name] != "" {
			s.add(&s.found.Problems, s.codes[sel.Sel.Name], sel.Pos())
		}
		s.details(n.Args[1])
	case on == "problem" && name == "NotFound":
		s.add(&s.found.Problems, s.codes["CodeNotFound"], n.Pos())
		s.details(n.Args[0])
	case refusing.MatchString(name):
		for _, arg := range n.Args {
			s.code(arg)
			if ast.IsExported(name) || name == "add" {
				continue // what these are given is a message of a fault, and found as such
			}
			s.details(arg)
		}
	}
	return true
}

// row takes a code that stands before its message.
func (s *faultSearch) row(elements []ast.Expr) {
	for i, e := range elements {
		for _, after := range elements[i+1 : min(i+3, len(elements))] {
			if text, ok := literal(leftmost(after)); ok && message.MatchString(text) {
				s.code(e)
			}
		}
	}
}

// sources are the values of a fault's member in, which stand before a code in some calls.
var sources = []string{"path", "query", "header", "cookie", "body"}

func (s *faultSearch) code(e ast.Expr) {
	if text, ok := literal(e); ok && oneWord.MatchString(text) && !slices.Contains(sources, text) {
		s.add(&s.found.Codes, text, e.Pos())
	}
}

// details takes the sentences in an expression.
func (s *faultSearch) details(e ast.Expr) {
	ast.Inspect(e, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok {
			if text, ok := literal(lit); ok && strings.Contains(text, " ") && !message.MatchString(text) {
				s.add(&s.found.Messages, text, lit.Pos())
			}
		}
		return true
	})
}

func (s *faultSearch) add(list *[]Written, text string, pos token.Pos) {
	*list = append(*list, Written{Text: text, At: s.t.at(pos)})
}

// called is the name of a function and what it is selected from, if that is a name.
func called(fun ast.Expr) (name, on string) {
	switch f := fun.(type) {
	case *ast.Ident:
		return f.Name, ""
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok {
			on = x.Name
		}
		return f.Sel.Name, on
	}
	return "", ""
}

// leftmost is what a text that is put together begins with.
func leftmost(e ast.Expr) ast.Expr {
	for {
		switch x := e.(type) {
		case *ast.BinaryExpr:
			e = x.X
		case *ast.CallExpr:
			if len(x.Args) == 0 {
				return e
			}
			e = x.Args[0]
		default:
			return e
		}
	}
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}
