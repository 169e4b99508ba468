package data

import (
	"fmt"
	"strings"

	"github.com/huandu/go-sqlbuilder"
)

// Cond is a condition on the rows of a table. The zero value is always true.
type Cond struct {
	write func(*sqlbuilder.Cond, engine) string
	there []string    // columns that have a value where it holds
	plain *comparison // what it is, where that is all
}

// Condition is SQL by hand, for what columns and relations do not say, such as a search in full text. Each ? in it stands for one of values, as in SQL; the
// text is constant. It panics where these are not as many.
func Condition(text literal, values ...any) Cond {
	places := 0
	placed(string(text), func(string) string { return "" }, func(int) string { places++; return "" })
	if places != len(values) {
		panic(fmt.Sprintf("data: the condition %q has %d places for values, and %d values", text, places, len(values)))
	}
	return Cond{write: func(b *sqlbuilder.Cond, _ engine) string {
		return "(" + placed(string(text), sqlbuilder.Escape, func(i int) string { return b.Var(values[i]) }) + ")"
	}}
}

// And holds when all of conds hold; without any it is always true.
func And(conds ...Cond) Cond { return allOf(conds...) }

// Or holds when one of conds holds, which it never does without any. A condition that is always true makes it always true.
func Or(conds ...Cond) Cond {
	for _, c := range conds {
		if c.write == nil {
			return Cond{}
		}
	}
	return Cond{write: func(b *sqlbuilder.Cond, e engine) string {
		if len(conds) == 0 {
			return "0 = 1"
		}
		terms := make([]string, len(conds))
		for i, c := range conds {
			terms[i] = c.write(b, e)
		}
		return b.Or(terms...)
	}}
}

// Not holds when c does not. What is missing (NULL) in c makes neither hold.
func Not(c Cond) Cond {
	if c.write == nil {
		return Or()
	}
	return Cond{write: func(b *sqlbuilder.Cond, e engine) string { return b.Not("(" + c.write(b, e) + ")") }}
}

func allOf(conds ...Cond) Cond {
	var held []Cond
	for _, c := range conds {
		if c.write != nil {
			held = append(held, c)
		}
	}
	switch len(held) {
	case 0:
		return Cond{}
	case 1:
		return held[0]
	}
	var there []string
	for _, c := range held {
		there = append(there, c.there...)
	}
	return Cond{there: there, write: func(b *sqlbuilder.Cond, e engine) string {
		terms := make([]string, len(held))
		for i, c := range held {
			terms[i] = c.write(b, e)
		}
		return b.And(terms...)
	}}
}

// EscapeLike writes text so that it stands for itself in a pattern of LIKE … ESCAPE '\'.
func EscapeLike(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}
