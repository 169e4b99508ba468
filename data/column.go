package data

import (
	"strings"

	"github.com/huandu/go-sqlbuilder"
)

// Column is a column whose values are of type V.
type Column[V any] struct{ name string }

// NewColumn names a column.
func NewColumn[V any](name literal) Column[V] { return Column[V]{string(name)} }

// Cond is a condition on the rows of a table. The zero value is always true.
type Cond struct {
	write func(*sqlbuilder.Cond, engine) string
}

// Is holds when the column equals v.
func (c Column[V]) Is(v V) Cond {
	return Cond{func(b *sqlbuilder.Cond, _ engine) string { return b.Equal(c.name, v) }}
}

// In holds when the column equals one of values; with none it never holds.
func (c Column[V]) In(values ...V) Cond {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return Cond{func(b *sqlbuilder.Cond, _ engine) string { return b.In(c.name, args...) }}
}

// Contains holds when the column's text contains text, whatever the case of its letters: on SQLite that of a to z, on PostgreSQL
// that of all that its locale knows. No character of text is a wildcard.
func (c Column[V]) Contains(text string) Cond { return c.like("%" + EscapeLike(text) + "%") }

// HasPrefix holds when the column's text begins with text, compared as Contains does.
func (c Column[V]) HasPrefix(text string) Cond { return c.like(EscapeLike(text) + "%") }

func (c Column[V]) like(pattern string) Cond {
	return Cond{func(b *sqlbuilder.Cond, e engine) string {
		return c.name + " " + e.like() + " " + b.Var(pattern) + ` ESCAPE '\'`
	}}
}

// EscapeLike writes text so that it stands for itself in a pattern of LIKE … ESCAPE '\'.
func EscapeLike(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// Order is one term of the order of rows.
type Order struct {
	column     string
	descending bool
}

// Asc orders from small to large.
func (c Column[V]) Asc() Order { return Order{column: c.name} }

// Desc orders from large to small.
func (c Column[V]) Desc() Order { return Order{column: c.name, descending: true} }
