package migrate

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ariga.io/atlas/sql/schema"
)

// narrows says why programs that do not know a change of a table that was there may be refused what was allowed; "" is that they are not. What
// concerns only columns that come with the change is none of theirs.
func narrows(table string, change schema.Change, fresh map[string]bool) string {
	switch c := change.(type) {
	case *schema.AddCheck:
		if !fresh[checked(table, c.C.Name)] {
			return "the check " + c.C.Name + " may refuse what was allowed"
		}
	case *schema.ModifyCheck:
		if !loosens(c.From.Expr, c.To.Expr) {
			return "the check " + c.To.Name + " may refuse what was allowed"
		}
	case *schema.AddIndex:
		if c.I.Unique && !slices.ContainsFunc(c.I.Parts, func(p *schema.IndexPart) bool { return p.C != nil && unset(p.C, fresh) }) {
			return "the unique index " + c.I.Name + " may refuse what was allowed"
		}
	case *schema.ModifyIndex:
		if c.To.Unique {
			return "the unique index " + c.To.Name + " may refuse what was allowed"
		}
	case *schema.AddForeignKey:
		if !slices.ContainsFunc(c.F.Columns, func(o *schema.Column) bool { return unset(o, fresh) }) {
			return "the foreign key " + c.F.Symbol + " may refuse what was allowed"
		}
	case *schema.ModifyForeignKey:
		return "the foreign key " + c.To.Symbol + " may refuse what was allowed"
	}
	return ""
}

// unset reports whether a column comes with the change and is NULL in the rows of programs that do not know it.
func unset(c *schema.Column, fresh map[string]bool) bool {
	return fresh[c.Name] && c.Type.Null && c.Default == nil
}

// checked is the column of a check that a model says.
func checked(table, check string) string {
	return strings.TrimSuffix(strings.TrimPrefix(check, table+"_"), "_check")
}

var (
	literals = regexp.MustCompile(`'(?:[^']|'')*'(?:::\w+(?: varying)?)?`)
	turns    = regexp.MustCompile(`(?i)\b(not|case|is|false|xor)\b|<>|!=|-`)
	tokens   = regexp.MustCompile(`\d+(?:\.\d+)?|[<>=]+|\w+|[^\s\w<>=]`)
)

// loosens reports whether a check surely allows all that another did: it has the same words and more values to choose from, or the same bounds
// further apart.
func loosens(from, to string) bool {
	few, many := literals.FindAllString(from, -1), literals.FindAllString(to, -1)
	if turns.MatchString(from) { // what is more there may be less here
		return from == to
	}
	if len(few) > 0 {
		bare := func(expr string) string {
			return strings.NewReplacer(",", "", " ", "").Replace(literals.ReplaceAllString(expr, ""))
		}
		return bare(from) == bare(to) && !slices.ContainsFunc(few, func(v string) bool { return !slices.Contains(many, v) })
	}
	less, more := tokens.FindAllString(from, -1), tokens.FindAllString(to, -1)
	if len(less) != len(more) {
		return false
	}
	for i := range less {
		if less[i] == more[i] {
			continue
		}
		a, wrong := strconv.ParseFloat(less[i], 64)
		b, other := strconv.ParseFloat(more[i], 64)
		if wrong != nil || other != nil || i == 0 {
			return false
		}
		switch word := strings.ToUpper(less[i-1]); {
		case word == "<=" || word == "<" || word == "AND" && i > 2 && strings.EqualFold(less[i-3], "BETWEEN"):
			if b < a {
				return false
			}
		case word == ">=" || word == ">" || word == "BETWEEN":
			if b > a {
				return false
			}
		default:
			return false
		}
	}
	return true
}
