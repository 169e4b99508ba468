package data

import "github.com/huandu/go-sqlbuilder"

// Column is a column whose values are of type V.
type Column[V any] struct{ name string }

// NewColumn names a column.
func NewColumn[V any](name literal) Column[V] { return Column[V]{string(name)} }

// Is holds when the column equals v.
func (c Column[V]) Is(v V) Cond {
	return Cond{func(b *sqlbuilder.Cond, _ engine) string { return b.Equal(c.name, v) }}
}

// IsNot holds when the column has a value and it is not v.
func (c Column[V]) IsNot(v V) Cond {
	return Cond{func(b *sqlbuilder.Cond, _ engine) string { return b.NotEqual(c.name, v) }}
}

// Less holds when the column is less than v.
func (c Column[V]) Less(v V) Cond {
	return Cond{func(b *sqlbuilder.Cond, _ engine) string { return b.LessThan(c.name, v) }}
}

// AtMost holds when the column is v or less.
func (c Column[V]) AtMost(v V) Cond {
	return Cond{func(b *sqlbuilder.Cond, _ engine) string { return b.LessEqualThan(c.name, v) }}
}

// Greater holds when the column is greater than v.
func (c Column[V]) Greater(v V) Cond {
	return Cond{func(b *sqlbuilder.Cond, _ engine) string { return b.GreaterThan(c.name, v) }}
}

// AtLeast holds when the column is v or greater.
func (c Column[V]) AtLeast(v V) Cond {
	return Cond{func(b *sqlbuilder.Cond, _ engine) string { return b.GreaterEqualThan(c.name, v) }}
}

// IsNull holds when the column has no value.
func (c Column[V]) IsNull() Cond {
	return Cond{func(b *sqlbuilder.Cond, _ engine) string { return b.IsNull(c.name) }}
}

// IsNotNull holds when the column has a value.
func (c Column[V]) IsNotNull() Cond {
	return Cond{func(b *sqlbuilder.Cond, _ engine) string { return b.IsNotNull(c.name) }}
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
