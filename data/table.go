package data

import (
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"reflect"
	"slices"

	"github.com/huandu/go-sqlbuilder"
	"github.com/stephenafamo/scan"
)

// Table is a table, or a view of the database, read into rows of type R. The columns that are selected and inserted are those
// of R's fields: the tag db, or the field's name. It is safe for concurrent use.
type Table[R any] struct {
	name, key string
	columns   *sqlbuilder.Struct
}

// NewTable names a table and its key: one column, unique and NOT NULL. Where it is an integer that the database makes, Insert returns it; rows with
// keys of another type, such as text, are inserted by Tx.Exec.
func NewTable[R any](name, key literal) Table[R] {
	var row R
	return Table[R]{string(name), string(key), sqlbuilder.NewStruct(&row).WithFieldMapper(sqlbuilder.SnakeCaseMapper)}
}

// rows reads what a selection reads: the columns of the table, in their order.
func (t Table[R]) rows(context.Context, []string) (scan.BeforeFunc, func(any) (R, error)) {
	return func(to *scan.Row) (any, error) {
			row := new(R)
			for i, field := range t.columns.Addr(row) {
				to.ScheduleScanByIndex(i, field)
			}
			return row, nil
		}, func(row any) (R, error) {
			return *row.(*R), nil
		}
}

// decodeKey reads a key from a cursor, as the type that it has in the rows.
func (t Table[R]) decodeKey(text jsontext.Value) (any, error) {
	var row R
	i := slices.Index(t.columns.Columns(), t.key)
	if i < 0 {
		return decode[int64](text)
	}
	key := reflect.New(reflect.TypeOf(t.columns.Values(&row)[i]))
	err := json.Unmarshal(text, key.Interface())
	return key.Elem().Interface(), err
}

// Where selects the rows for which all conditions hold; without conditions, all rows.
func (t Table[R]) Where(conds ...Cond) Selection[R] { return Selection[R]{table: t, conds: conds} }

// Insert adds a row and returns the key that the database gave it; the key in row is not used.
func (t Table[R]) Insert(ctx context.Context, tx *Tx, row R) (int64, error) {
	columns, values := t.columns.Columns(), t.columns.Values(&row)
	if i := slices.Index(columns, t.key); i >= 0 {
		columns, values = slices.Delete(columns, i, i+1), slices.Delete(values, i, i+1)
	}
	b := sqlbuilder.NewInsertBuilder().InsertInto(t.name).Cols(columns...).Values(values...).Returning(t.key)
	id, err := One[int64](ctx, tx, Query{of: t.name, built: b})
	if err != nil {
		err = tx.locate(ctx, err, t.name, columns, values)
	}
	return id, err
}

// Selection is the rows of a table for which conditions hold, in an order. It is a value: its methods return changed
// copies, and nothing is asked before One, Page, Count or Delete.
type Selection[R any] struct {
	table Table[R]
	conds []Cond
	order []Order

	counting Counting
}

// OrderBy sets the order of the rows. The table's key always comes last, in the direction of the last term, so that the order is total and pages never
// overlap.
func (s Selection[R]) OrderBy(terms ...Order) Selection[R] {
	s.order = terms
	return s
}

// One returns the first row, or ErrNoRows.
func (s Selection[R]) One(ctx context.Context, q Querier) (R, error) {
	query := s.shaped(q, "one", func() *sqlbuilder.SelectBuilder { return first(s.selecting(q), 1) })
	return one(ctx, q, query, s.table.rows)
}

// Page returns at most limit rows after the first offset ones, and the number of all rows. It takes two queries.
func (s Selection[R]) Page(ctx context.Context, q Querier, limit, offset int) (rows []R, total int64, err error) {
	if limit < 1 || offset < 0 {
		return nil, 0, fmt.Errorf("data: page: limit is %d and offset %d, want 1 or more and 0 or more", limit, offset)
	}
	if total, err = s.Count(ctx, q); err != nil {
		return nil, 0, err
	}
	rows, err = all(ctx, q, Query{of: s.table.name, built: s.page(q, limit, offset)}, s.table.rows)
	return rows, total, err
}

// Count returns the number of rows.
func (s Selection[R]) Count(ctx context.Context, q Querier) (int64, error) {
	return One[int64](ctx, q, s.shaped(q, "count", func() *sqlbuilder.SelectBuilder {
		b := sqlbuilder.NewSelectBuilder().Select("COUNT(*)").From(s.table.name)
		return b.Where(s.where(q, &b.Cond)...)
	}))
}

// Delete deletes the rows and returns how many there were. The order has no meaning here. A selection without conditions
// deletes nothing and is an error: to empty a table takes SQL.
func (s Selection[R]) Delete(ctx context.Context, tx *Tx) (int64, error) {
	b := sqlbuilder.NewDeleteBuilder().DeleteFrom(s.table.name)
	where := s.where(tx, &b.Cond)
	if len(where) == 0 {
		return 0, fmt.Errorf("data: delete from %s: no condition", s.table.name)
	}
	return tx.Exec(ctx, Query{of: s.table.name, built: b.Where(where...)})
}

// page reads some rows after others.
func (s Selection[R]) page(q Querier, limit, offset int) *sqlbuilder.SelectBuilder {
	b := first(s.selecting(q), limit)
	if offset == 0 {
		return b
	}
	return b.SQL("OFFSET " + b.Var(offset))
}

func (s Selection[R]) selecting(q Querier) *sqlbuilder.SelectBuilder {
	b := s.table.columns.SelectFrom(s.table.name)
	b.Where(s.where(q, &b.Cond)...)
	return b.OrderBy(s.terms(q.asked().db.engine)...)
}

// terms are those of the order.
func (s Selection[R]) terms(e engine) []string { return inWords(e, s.whole()) }

func (s Selection[R]) where(q Querier, b *sqlbuilder.Cond) []string {
	var terms []string
	for _, c := range s.conds {
		if c.write != nil {
			terms = append(terms, c.write(b, q.asked().db.engine))
		}
	}
	return terms
}
