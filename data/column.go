package data

import "github.com/huandu/go-sqlbuilder"

// Column is a column whose values are of type V. Where V is a number by its text, as decimal.Decimal is, SQLite keeps it as text: it is compared and
// ordered as CAST(column AS REAL), which is exact for up to 15 digits and is what an index must be on.
type Column[V any] struct {
	name   string
	number bool // has the method JSONNumber
}

// NewColumn names a column.
func NewColumn[V any](name literal) Column[V] {
	_, number := any(new(V)).(interface{ JSONNumber() })
	return Column[V]{string(name), number}
}

// in is how a statement says the column.
func (c Column[V]) in(e engine) string { return operand(e, c.name, c.number) }

func operand(e engine, column string, number bool) string {
	if number && e.flavor() == sqlbuilder.SQLite {
		return "CAST(" + column + " AS REAL)"
	}
	return column
}

// Is holds when the column equals v.
func (c Column[V]) Is(v V) Cond {
	return Cond{func(b *sqlbuilder.Cond, e engine) string { return b.Equal(c.in(e), v) }}
}

// IsNot holds when the column has a value and it is not v.
func (c Column[V]) IsNot(v V) Cond {
	return Cond{func(b *sqlbuilder.Cond, e engine) string { return b.NotEqual(c.in(e), v) }}
}

// Less holds when the column is less than v.
func (c Column[V]) Less(v V) Cond {
	return Cond{func(b *sqlbuilder.Cond, e engine) string { return b.LessThan(c.in(e), v) }}
}

// AtMost holds when the column is v or less.
func (c Column[V]) AtMost(v V) Cond {
	return Cond{func(b *sqlbuilder.Cond, e engine) string { return b.LessEqualThan(c.in(e), v) }}
}

// Greater holds when the column is greater than v.
func (c Column[V]) Greater(v V) Cond {
	return Cond{func(b *sqlbuilder.Cond, e engine) string { return b.GreaterThan(c.in(e), v) }}
}

// AtLeast holds when the column is v or greater.
func (c Column[V]) AtLeast(v V) Cond {
	return Cond{func(b *sqlbuilder.Cond, e engine) string { return b.GreaterEqualThan(c.in(e), v) }}
}

// IsNull holds when the column has no value.
func (c Column[V]) IsNull() Cond {
	return Cond{func(b *sqlbuilder.Cond, e engine) string { return b.IsNull(c.in(e)) }}
}

// IsNotNull holds when the column has a value.
func (c Column[V]) IsNotNull() Cond {
	return Cond{func(b *sqlbuilder.Cond, e engine) string { return b.IsNotNull(c.in(e)) }}
}

// In holds when the column equals one of values; with none it never holds.
func (c Column[V]) In(values ...V) Cond {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return Cond{func(b *sqlbuilder.Cond, e engine) string { return b.In(c.in(e), args...) }}
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
