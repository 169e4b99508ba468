package data

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/stephenafamo/scan"
	"github.com/stephenafamo/scan/stdscan"
)

// literal is the type of all SQL text. Only an untyped constant converts to it on its own, so text that is put together
// at run time does not compile.
type literal string

// ErrNoRows is returned by One when there is no row. It is sql.ErrNoRows.
var ErrNoRows = sql.ErrNoRows

// Query is SQL text with the values of its parameters.
type Query struct {
	text string
	args []any
}

// SQL makes a query of constant text. Each ? in it stands for one of args, in order.
func SQL(text literal, args ...any) Query { return Query{text: string(text), args: args} }

// And returns the query with more text after a space, and the values for its parameters. The query itself stays as it is.
func (q Query) And(text literal, args ...any) Query {
	return Query{text: q.text + " " + string(text), args: slices.Concat(q.args, args)}
}

// One returns the first row of a query, or ErrNoRows. T is a struct, whose fields carry the columns' names in the tag db
// (default: the field's name in snake case), or a single value. A column without a field is an error; a field without a
// column stays zero.
func One[T any](ctx context.Context, q Querier, query Query) (T, error) {
	s := q.asked()
	row, err := stdscan.One(ctx, s.tx, mapper[T](), query.text, query.args...)
	return row, s.failed(ctx, err)
}

// All returns the rows of a query, mapped as One does; never nil without an error. The text should say LIMIT.
func All[T any](ctx context.Context, q Querier, query Query) ([]T, error) {
	s := q.asked()
	rows, err := stdscan.All(ctx, s.tx, mapper[T](), query.text, query.args...)
	if err != nil {
		return nil, s.failed(ctx, err)
	}
	if rows == nil {
		rows = []T{}
	}
	return rows, nil
}

// Exec runs a statement and returns the number of rows that it inserted, changed or deleted.
func (tx *Tx) Exec(ctx context.Context, query Query) (int64, error) {
	res, err := tx.tx.ExecContext(ctx, query.text, query.args...)
	if err != nil {
		return 0, tx.failed(ctx, err)
	}
	return res.RowsAffected()
}

func (s *session) failed(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if v := s.db.engine.violation(ctx, s.tx, err); v != nil {
		return v
	}
	return fmt.Errorf("data: query: %w", err)
}

func mapper[T any]() scan.Mapper[T] {
	if isRow(reflect.TypeFor[T]()) {
		return scan.StructMapper[T]()
	}
	return scan.SingleColumnMapper[T]
}

// isRow reports whether t is a struct of columns rather than one value.
func isRow(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[time.Time]() && !reflect.PointerTo(t).Implements(reflect.TypeFor[sql.Scanner]())
}
