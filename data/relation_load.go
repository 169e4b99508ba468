package data

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/huandu/go-sqlbuilder"
	"github.com/stephenafamo/scan"
)

// join is how rows of type P find those that belong to them.
type join[P any, K comparable] struct {
	key    func(*P) (K, bool) // what a row is found by; false is nothing
	of, by string             // the table of the rows, and its column that holds that
	column string             // what holds it: of the rows, or of the pairs
	pairs  string             // the table of pairs; "" is none
	to     string             // the column of the pairs that holds the keys of the rows
}

// span is where the rows of one key stand.
type span struct{ from, to int }

func spanOf[P any, K comparable](key func(*P) (K, bool), spans map[K]span, p *P) span {
	k, ok := key(p)
	if !ok {
		return span{}
	}
	return spans[k]
}

// found is a row with the value by which it was found.
type found[K, C any] struct {
	key K
	row C
}

// load reads the rows that belong to some others. Rows of one key stand side by side.
func load[P, C any, K comparable](ctx context.Context, q Querier, j join[P, K], of []P, s Selection[C], most int) ([]C, map[K]span, error) {
	rows, spans := []C{}, map[K]span{}
	keys := distinct(j.key, of)
	for at := 0; at < len(keys); at += mostKeys {
		part := keys[at:min(at+mostKeys, len(keys))]
		one := ctx
		if at > 0 {
			one = AllowRepeats(ctx, "one statement cannot name all rows")
		}
		found, err := all(one, q, Query{of: s.table.name, built: selecting(q, j, part, s, most)}, findMapper[K, C]())
		if err != nil {
			return nil, nil, err
		}
		for _, f := range found {
			at, ok := spans[f.key]
			if !ok {
				at = span{len(rows), len(rows)}
			}
			at.to++
			spans[f.key] = at
			rows = append(rows, f.row)
		}
	}
	return rows, spans, nil
}

// distinct are the values by which rows find theirs, each once.
func distinct[P any, K comparable](key func(*P) (K, bool), of []P) []K {
	seen := make(map[K]bool, len(of))
	keys := make([]K, 0, len(of))
	for i := range of {
		if k, ok := key(&of[i]); ok && !seen[k] {
			seen[k] = true
			keys = append(keys, k)
		}
	}
	return keys
}

// mostKeys is the number of values in one statement at most.
const mostKeys = 1024

// among is the condition that a column is one of some keys. On PostgreSQL numbers and text are one value, an array, so that a statement is the same for any
// number of them. Else the last is repeated until there are 1, 4, 16, 64, 256 or 1024, so that the database sees few different statements.
func among[K comparable](b *sqlbuilder.Cond, e engine, column string, keys []K) string {
	switch any(keys).(type) {
	case []int64, []int32, []int, []string:
		if e.flavor() == sqlbuilder.PostgreSQL {
			return column + " = ANY(" + b.Var(array{keys}) + ")"
		}
	}
	size := 1
	for size < len(keys) {
		size *= 4
	}
	args := make([]any, size)
	for i := range args {
		args[i] = keys[min(i, len(keys)-1)]
	}
	return b.In(column, args...)
}

// array is a value that is a slice: the builder of statements takes slices for several values.
type array struct{ slice any }

// The columns that a statement of a relation has besides those of the rows.
const (
	columnOf   = "tenon_of"   // what a row was found by
	columnTo   = "tenon_to"   // the key of the row, in the pairs
	columnRank = "tenon_rank" // the number of the row among those of its key
)

// selecting reads the rows of keys, those of one key side by side.
func selecting[P, C any, K comparable](q Querier, j join[P, K], keys []K, s Selection[C], most int) *sqlbuilder.SelectBuilder {
	e, b := q.asked().db.engine, sqlbuilder.NewSelectBuilder().From(s.table.name)
	of, terms := j.column, s.where(q, &b.Cond)
	if j.pairs == "" {
		terms = append(terms, among(&b.Cond, e, of, keys))
	} else {
		pairs := sqlbuilder.NewSelectBuilder().Distinct().Select(j.column+" AS "+columnOf, j.to+" AS "+columnTo).From(j.pairs)
		b.Join(b.BuilderAs(pairs.Where(among(&pairs.Cond, e, j.column, keys)), "tenon_pairs"), columnTo+" = "+s.table.key)
		of = columnOf
	}
	b.Where(terms...)
	columns, order := s.table.columns.Columns(), strings.Join(s.terms(e), ", ")
	found := slices.Concat([]string{of + " AS " + columnOf}, columns)
	if most == 0 {
		return b.Select(found...).OrderBy(columnOf, order)
	}
	b.Select(append(found, "ROW_NUMBER() OVER (PARTITION BY "+of+" ORDER BY "+order+") AS "+columnRank)...)
	first := sqlbuilder.NewSelectBuilder()
	first.Select(slices.Concat([]string{columnOf}, columns)...).From(first.BuilderAs(b, "tenon_ranked"))
	return first.Where(first.LessEqualThan(columnRank, most)).OrderBy(columnOf, columnRank)
}

// has holds for a row when one that belongs to it fulfils the conditions.
func has[P, C any, K comparable](j join[P, K], s Selection[C], conds []Cond) Cond {
	held := allOf(slices.Concat(s.conds, conds)...)
	return Cond{write: func(b *sqlbuilder.Cond, e engine) string {
		rows := sqlbuilder.NewSelectBuilder().Select("1")
		name := s.table.name
		if name == j.of { // the names of columns mean the inner one
			name += " AS tenon_rows"
		}
		rows.From(name)
		terms := []string{j.column + " = " + j.of + "." + j.by}
		if j.pairs != "" {
			pairs := sqlbuilder.NewSelectBuilder().Select(j.to).From(j.pairs)
			terms = []string{rows.In(s.table.key, pairs.Where(terms...))}
		}
		if held.write != nil {
			terms = append(terms, held.write(&rows.Cond, e))
		}
		return b.Exists(rows.Where(terms...))
	}}
}

// findMapper reads a row and the value by which it was found, which is the first column.
func findMapper[K, C any]() scan.Mapper[found[K, C]] {
	rows := mapper[C]()
	return func(ctx context.Context, columns []string) (scan.BeforeFunc, func(any) (found[K, C], error)) {
		before, after := rows(ctx, columns[1:])
		type both struct {
			key K
			row any
		}
		return func(r *scan.Row) (any, error) {
				var b both
				var err error
				b.row, err = before(r)
				r.ScheduleScanByIndex(0, &b.key)
				return &b, err
			}, func(link any) (f found[K, C], err error) {
				b := link.(*both)
				f.key = b.key
				f.row, err = after(b.row)
				return f, err
			}
	}
}

// newJoin begins with the rows of a table and their column by.
func newJoin[P any, K comparable](of Table[P], by string) join[P, K] {
	return join[P, K]{key: keyOf[K](of, by), of: of.name, by: by}
}

// keyOf finds the field of a column in the rows of a table, and returns how its value is read: K, or *K and sql.Null[K], which may hold none.
func keyOf[K comparable, P any](t Table[P], column string) func(*P) (K, bool) {
	var fields []string
	t.columns.ForeachWrite(func(_ string, _ bool, field reflect.StructField) { fields = append(fields, field.Name) })
	i := slices.Index(t.columns.Columns(), column)
	row := reflect.TypeFor[P]()
	if i < 0 {
		panic(fmt.Sprintf("data: a relation of %s is found by its column %s, for which %v has no field", t.name, column, row))
	}
	f, _ := row.FieldByName(fields[i])
	at := f.Index
	switch f.Type {
	case reflect.TypeFor[K]():
		return func(p *P) (K, bool) { return reflect.TypeAssert[K](fieldOf(p, at)) }
	case reflect.TypeFor[*K]():
		return func(p *P) (key K, ok bool) {
			if k, _ := reflect.TypeAssert[*K](fieldOf(p, at)); k != nil {
				return *k, true
			}
			return key, false
		}
	case reflect.TypeFor[sql.Null[K]]():
		return func(p *P) (K, bool) {
			k, _ := reflect.TypeAssert[sql.Null[K]](fieldOf(p, at))
			return k.V, k.Valid
		}
	default:
		panic(fmt.Sprintf("data: a relation of %s is found by its column %s, which is a %v in %v, want %[5]v, *%[5]v or sql.Null[%[5]v]",
			t.name, column, f.Type, row, reflect.TypeFor[K]()))
	}
}

func fieldOf[P any](p *P, at []int) reflect.Value { return reflect.ValueOf(p).Elem().FieldByIndex(at) }
