package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"time"

	"github.com/huandu/go-sqlbuilder"
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
	text  string
	args  []any
	built sqlbuilder.Builder // takes the place of both
	raw   bool               // the text is in the words of the engine
}

// render is the text and the values of a query as the engine wants them. The query is about to run, and is counted.
func (s *session) render(ctx context.Context, q Query) (text string, args []any, err error) {
	switch {
	case q.built != nil:
		text, args = q.built.BuildWithFlavor(s.db.engine.flavor())
	case q.raw:
		text, args = q.text, q.args
	default:
		text, args = s.db.engine.text(q.text), q.args
	}
	if s.reads && !reads.MatchString(text) {
		return "", nil, errors.New("data: a View runs statements that read: SELECT, WITH, VALUES, TABLE, SHOW, EXPLAIN and PRAGMA")
	}
	if slices.ContainsFunc(args, hasNUL) {
		return "", nil, &ConstraintError{Kind: Value}
	}
	if t, ok := ctx.Value(tallyKey{}).(*Tally); ok {
		t.add()
	}
	if !s.state.again {
		note(ctx, text)
	}
	return text, args, nil
}

// reads is how a statement of a View begins. That WITH and EXPLAIN change nothing is the database's to see to; what the others could do is end
// its care for that.
var reads = regexp.MustCompile(`(?i)^(?:\s|--[^\n]*\n)*\(*(?:SELECT|WITH|VALUES|TABLE|SHOW|EXPLAIN|PRAGMA)\b`)

// SQL makes a query of constant text. Each ? in it, but for those in quotes and comments, stands for one of args, in order; the
// operators of PostgreSQL that contain ? are written with ??.
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
	text, args, err := s.render(ctx, query)
	if err != nil {
		var none T
		return none, err
	}
	row, err := stdscan.One(ctx, s.tx, mapper[T](), text, args...)
	return row, s.failed(ctx, text, err)
}

// All returns the rows of a query, mapped as One does; never nil without an error. The text should say LIMIT.
func All[T any](ctx context.Context, q Querier, query Query) ([]T, error) {
	return all(ctx, q, query, mapper[T]())
}

func all[T any](ctx context.Context, q Querier, query Query, m scan.Mapper[T]) ([]T, error) {
	s := q.asked()
	text, args, err := s.render(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := stdscan.All(ctx, s.tx, m, text, args...)
	if err != nil {
		return nil, s.failed(ctx, text, err)
	}
	if rows == nil {
		rows = []T{}
	}
	return rows, nil
}

// Exec runs a statement and returns the number of rows that it inserted, changed or deleted.
func (tx *Tx) Exec(ctx context.Context, query Query) (int64, error) {
	text, args, err := tx.render(ctx, query)
	if err != nil {
		return 0, err
	}
	res, err := tx.tx.ExecContext(ctx, text, args...)
	if err != nil {
		return 0, tx.failed(ctx, text, err)
	}
	return res.RowsAffected()
}

func (s *session) failed(ctx context.Context, text string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, ErrNoRows) {
		return err
	}
	s.state.note(err)
	if ctx.Err() != nil {
		return fmt.Errorf("data: query: %w: %w", ctx.Err(), err)
	}
	if v := s.db.engine.violation(ctx, s.tx, err); v != nil {
		v.InUse = v.InUse || v.Kind == ForeignKey && deletes(text)
		return v
	}
	err = fmt.Errorf("data: query: %w", err)
	if s.conn != nil { // nobody runs it again
		return s.transient(err)
	}
	return err
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
