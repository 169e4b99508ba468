package data

import (
	"database/sql/driver"
	"reflect"
	"strings"

	"github.com/huandu/go-sqlbuilder"
)

// Column is a column whose values are of type V. Where V is a number by its text, as decimal.Decimal is, SQLite keeps it as text: it is compared and
// ordered as CAST(column AS REAL), which is exact for up to 15 digits and is what an index must be on.
type Column[V any] struct {
	name   string
	number bool // has the method JSONNumber
	whole  bool // is a signed integer
}

// NewColumn names a column.
func NewColumn[V any](name literal) Column[V] {
	_, number := any(new(V)).(interface{ JSONNumber() })
	return Column[V]{string(name), number, isWhole(reflect.TypeFor[V]())}
}

// isWhole reports whether values of t are signed integers to a driver.
func isWhole(t reflect.Type) bool {
	valuer := reflect.TypeFor[driver.Valuer]()
	return t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64 && !t.Implements(valuer) && !reflect.PointerTo(t).Implements(valuer)
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
func (c Column[V]) Is(v V) Cond { return c.compared("=", v) }

// IsNot holds when the column has a value and it is not v.
func (c Column[V]) IsNot(v V) Cond { return c.compared("<>", v) }

// Less holds when the column is less than v.
func (c Column[V]) Less(v V) Cond { return c.compared("<", v) }

// AtMost holds when the column is v or less.
func (c Column[V]) AtMost(v V) Cond { return c.compared("<=", v) }

// Greater holds when the column is greater than v.
func (c Column[V]) Greater(v V) Cond { return c.compared(">", v) }

// AtLeast holds when the column is v or greater.
func (c Column[V]) AtLeast(v V) Cond { return c.compared(">=", v) }

// IsNull holds when the column has no value.
func (c Column[V]) IsNull() Cond {
	return Cond{write: func(b *sqlbuilder.Cond, e engine) string { return b.IsNull(c.in(e)) }}
}

// IsNotNull holds when the column has a value.
func (c Column[V]) IsNotNull() Cond {
	return Cond{there: []string{c.name}, write: func(b *sqlbuilder.Cond, e engine) string { return b.IsNotNull(c.in(e)) }}
}

// In holds when the column equals one of values; with none it never holds.
func (c Column[V]) In(values ...V) Cond {
	if len(values) == 0 {
		return Or()
	}
	return Cond{write: func(b *sqlbuilder.Cond, e engine) string {
		vars := make([]string, len(values))
		for i, v := range values {
			vars[i] = c.value(b, e, v)
		}
		return c.in(e) + " IN (" + strings.Join(vars, ", ") + ")"
	}}
}

func (c Column[V]) compared(operator string, v V) Cond {
	p := &comparison{c.name, operator, c.number, c.whole, v}
	return Cond{plain: p, write: func(b *sqlbuilder.Cond, e engine) string { return p.write(b, e) }}
}

// comparison is a column compared with a value.
type comparison struct {
	column, operator string
	number, whole    bool
	value            any
}

func (p *comparison) write(b *sqlbuilder.Cond, e engine) string {
	text := operand(e, p.column, p.number) + " " + p.operator + " " + b.Var(compared{p.column, p.value})
	return text + widened(e, p.whole)
}

// value is how a statement says v. An integer is not of the column's own width, so that one beyond it is simply greater than all of the column,
// or less, on each kind of database.
func (c Column[V]) value(b *sqlbuilder.Cond, e engine, v V) string {
	return b.Var(compared{c.name, v}) + widened(e, c.whole)
}

func widened(e engine, whole bool) string {
	if whole && e.flavor() == sqlbuilder.PostgreSQL {
		return "::bigint"
	}
	return ""
}

// compared is the value of a condition, with the column that it is compared with.
type compared struct {
	column string
	value  any
}

// Contains holds when the column's text contains text, whatever the case of its letters: on SQLite that of a to z, on PostgreSQL
// that of all that its locale knows. No character of text is a wildcard.
func (c Column[V]) Contains(text string) Cond { return c.like("%" + EscapeLike(text) + "%") }

// HasPrefix holds when the column's text begins with text, compared as Contains does.
func (c Column[V]) HasPrefix(text string) Cond { return c.like(EscapeLike(text) + "%") }

func (c Column[V]) like(pattern string) Cond {
	return Cond{write: func(b *sqlbuilder.Cond, e engine) string {
		return c.name + " " + e.like() + " " + b.Var(compared{c.name, pattern}) + ` ESCAPE '\'`
	}}
}
