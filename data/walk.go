package data

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/huandu/go-sqlbuilder"
)

// walk is the query that goes on from a cursor, and the place where that is. It reads one row more than is wanted.
func (s Selection[R]) walk(q Querier, p Paging, bound []byte) (_ Query, from place, err error) {
	db, order, limit := q.asked().db, s.whole(), p.query().Limit()+1
	if p.Cursor.Value == "" {
		return Query{of: s.table.name, built: s.part(q, order, limit, nil)}, from, nil
	}
	if from, err = db.cursors.open(p.Cursor.Value, bound); err != nil || len(from.Values) != 0 && len(from.Values) != len(order) {
		return Query{}, from, badCursor()
	}
	if from.Backward {
		for i := range order {
			order[i] = order[i].turned()
		}
	}
	if len(from.Values) == 0 {
		return Query{of: s.table.name, built: s.part(q, order, limit, nil)}, from, nil
	}
	values := make([]any, len(order))
	for i := range order {
		if values[i], err = order[i].decode(from.Values[i]); err != nil {
			return Query{}, from, badCursor()
		}
	}
	return Query{of: s.table.name, built: s.beyond(q, order, values, limit)}, from, nil
}

// beyond reads what comes after the row with some values. PostgreSQL finds it in an index by all columns at once, where they go one way. Else it is what
// agrees in all columns but the last, and then in fewer: each of these an index finds, and together they are in order again.
func (s Selection[R]) beyond(q Querier, order []Order, values []any, limit int) *sqlbuilder.SelectBuilder {
	e := q.asked().db.engine
	if len(order) == 1 || e.flavor() == sqlbuilder.PostgreSQL && oneWay(order) {
		return s.part(q, order, limit, func(b *sqlbuilder.Cond) string { return beyondRow(b, e, order, values) })
	}
	parts := make([]sqlbuilder.Builder, len(order))
	for i := range order {
		part := s.part(q, order, limit, func(b *sqlbuilder.Cond) string {
			terms := make([]string, i+1)
			for j, o := range order[:i] {
				terms[j] = o.in(e) + " = " + b.Var(values[j])
			}
			terms[i] = order[i].in(e) + order[i].beyond() + b.Var(values[i])
			return b.And(terms...)
		})
		whole := sqlbuilder.NewSelectBuilder()
		parts[len(order)-1-i] = whole.Select("*").From(whole.BuilderAs(part, "tenon_part"))
	}
	all := sqlbuilder.NewSelectBuilder()
	all.Select(s.table.columns.Columns()...).From(all.BuilderAs(sqlbuilder.UnionAll(parts...), "tenon_parts"))
	return first(all.OrderBy(inWords(e, order)...), limit)
}

// part reads rows in an order, those for which a further condition holds.
func (s Selection[R]) part(q Querier, order []Order, limit int, further func(*sqlbuilder.Cond) string) *sqlbuilder.SelectBuilder {
	b := s.table.columns.SelectFrom(s.table.name)
	terms := s.where(q, &b.Cond)
	if further != nil {
		terms = append(terms, further(&b.Cond))
	}
	return first(b.Where(terms...).OrderBy(inWords(q.asked().db.engine, order)...), limit)
}

// first leaves the first rows. Their number stands in the text: SQLite plans a statement anew, each time, whose limit is a parameter, and PostgreSQL has to
// guess it when it plans for all values.
func first(b *sqlbuilder.SelectBuilder, limit int) *sqlbuilder.SelectBuilder {
	return b.SQL("LIMIT " + strconv.Itoa(limit))
}

// beyondRow compares all columns of an order as one row.
func beyondRow(b *sqlbuilder.Cond, e engine, order []Order, values []any) string {
	columns, vars := make([]string, len(order)), make([]string, len(order))
	for i, o := range order {
		columns[i], vars[i] = o.in(e), b.Var(values[i])
	}
	return "(" + strings.Join(columns, ", ") + ")" + order[0].beyond() + "(" + strings.Join(vars, ", ") + ")"
}

func oneWay(order []Order) bool {
	return !slices.ContainsFunc(order, func(o Order) bool { return o.descending != order[0].descending })
}

func (o Order) beyond() string {
	if o.descending {
		return " < "
	}
	return " > "
}

// inWords are the terms of an order in a statement.
func inWords(e engine, order []Order) []string {
	terms := make([]string, len(order))
	for i, o := range order {
		terms[i] = o.in(e) + o.direction()
	}
	return terms
}

// whole is the order with the key at its end, which goes the way of the term before it, so that one index serves both directions. What comes after the
// key orders nothing.
func (s Selection[R]) whole() []Order {
	if i := slices.IndexFunc(s.order, func(o Order) bool { return o.column == s.table.key }); i >= 0 {
		return slices.Clone(s.order[:i+1])
	}
	key := Order{column: s.table.key, decode: s.table.decodeKey}
	if n := len(s.order); n > 0 {
		key.descending = s.order[n-1].descending
	}
	return append(slices.Clone(s.order), key)
}

// complete refuses a walk that would leave rows out: what is missing comes neither before nor after a value. By the type of its field a column may have no
// value, unless a condition says that it has one.
func (s Selection[R]) complete() error {
	var row R
	columns, fields := s.table.columns.Columns(), s.table.columns.Addr(&row)
	for _, o := range s.order {
		i := slices.Index(columns, o.column)
		if i < 0 || !mayLack(reflect.TypeOf(fields[i]).Elem()) ||
			slices.ContainsFunc(s.conds, func(c Cond) bool { return slices.Contains(c.there, o.column) }) {
			continue
		}
		return fmt.Errorf("data: cursor: the column %s of the order may be missing in %s, and a walk leaves such rows out: "+
			"make it NOT NULL and its field no %T, or add the condition IsNotNull", o.column, s.table.name, reflect.ValueOf(fields[i]).Elem().Interface())
	}
	return nil
}

// mayLack reports whether a field of a row can say that there is no value.
func mayLack(t reflect.Type) bool {
	return t.Kind() == reflect.Pointer || t.Kind() == reflect.Struct && t.PkgPath() == "database/sql" && strings.HasPrefix(t.Name(), "Null")
}
