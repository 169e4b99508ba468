package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"regexp"
	"slices"
	"time"

	"github.com/huandu/go-sqlbuilder"
	"github.com/stephenafamo/scan"
	"github.com/stephenafamo/scan/stdscan"

	"github.com/tenon-go/tenon"
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
	of    string             // the table that built is about
	raw   bool               // the text is in the words of the engine

	columns []string // what each of args is compared with, where that is known
}

// statement is a query as the engine wants it.
type statement struct {
	text    string
	args    []any
	of      string   // the table that it is about, where that is known
	columns []string // what each of args is compared with, "" for nothing; nil for all of them
}

// render makes the statement of a query. It is about to run, and is counted.
func (s *session) render(ctx context.Context, q Query) (st statement, err error) {
	switch {
	case q.built != nil:
		st.text, st.args = q.built.BuildWithFlavor(s.db.engine.flavor())
	case q.raw:
		st.text, st.args, st.columns = q.text, q.args, q.columns
	default:
		st.text, st.args = s.db.engine.text(q.text), q.args
	}
	st.of = q.of
	st.uncover()
	if s.reads && !reads.MatchString(st.text) {
		return st, errors.New("data: a View runs statements that read: SELECT, WITH, VALUES, TABLE, SHOW, EXPLAIN and PRAGMA")
	}
	if i := slices.IndexFunc(st.args, hasNUL); i >= 0 {
		return st, st.blame(&ConstraintError{Kind: Value, argument: i + 1})
	}
	if t, ok := ctx.Value(tallyKey{}).(*Tally); ok {
		t.add()
	}
	if !s.state.again {
		note(ctx, st.text)
	}
	return st, nil
}

// uncover takes the values of conditions out, and keeps their columns.
func (st *statement) uncover() {
	for i, arg := range st.args {
		if a, ok := arg.(array); ok {
			st.args[i] = a.slice // built for this statement single
		}
		if c, ok := arg.(compared); ok {
			if st.columns == nil {
				st.columns, st.args = make([]string, len(st.args)), slices.Clone(st.args)
			}
			st.columns[i], st.args[i] = c.column, c.value
		}
	}
}

// blame names the column of a value that does not fit, where it is that of a condition.
func (st *statement) blame(v *ConstraintError) *ConstraintError {
	i := v.argument - 1
	if i >= 0 && i < len(st.columns) && st.columns[i] != "" {
		v.asked, v.Columns = true, st.columns[i:i+1:i+1]
		if v.Table = st.of; v.Table != "" {
			v.Name = v.Table + "." + st.columns[i]
		}
	}
	return v
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
	return one(ctx, q, query, mapper[T]())
}

func one[T any](ctx context.Context, q Querier, query Query, m scan.Mapper[T]) (row T, err error) {
	s := q.asked()
	if s.on == nil {
		err = s.db.single(ctx, func(ctx context.Context, v *View) error {
			row, err = one(ctx, v, query, m)
			return err
		})
		return row, err
	}
	st, err := s.render(ctx, query)
	if err != nil {
		var none T
		return none, err
	}
	begin := time.Now()
	row, err = stdscan.One(ctx, s.on, m, st.text, st.args...)
	s.ran(ctx, st, begin, err)
	return row, s.failed(ctx, st, err)
}

// All returns the rows of a query, mapped as One does; never nil without an error. The text should say LIMIT.
func All[T any](ctx context.Context, q Querier, query Query) ([]T, error) {
	return all(ctx, q, query, mapper[T]())
}

func all[T any](ctx context.Context, q Querier, query Query, m scan.Mapper[T]) (rows []T, err error) {
	s := q.asked()
	if s.on == nil {
		err = s.db.single(ctx, func(ctx context.Context, v *View) error {
			rows, err = all(ctx, v, query, m)
			return err
		})
		return rows, err
	}
	st, err := s.render(ctx, query)
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	rows, err = stdscan.All(ctx, s.on, m, st.text, st.args...)
	s.ran(ctx, st, begin, err)
	if err != nil {
		return nil, s.failed(ctx, st, err)
	}
	if rows == nil {
		rows = []T{}
	}
	return rows, nil
}

// Exec runs a statement and returns the number of rows that it inserted, changed or deleted.
func (tx *Tx) Exec(ctx context.Context, query Query) (int64, error) {
	st, err := tx.render(ctx, query)
	if err != nil {
		return 0, err
	}
	begin := time.Now()
	res, err := tx.tx.ExecContext(ctx, st.text, st.args...)
	tx.ran(ctx, st, begin, err)
	if err != nil {
		return 0, tx.failed(ctx, st, err)
	}
	return res.RowsAffected()
}

// ran tells that a statement was run: to the observer of the request, and, at the level DEBUG, to the log. No value of it is told.
func (s *session) ran(ctx context.Context, st statement, begin time.Time, err error) {
	took := time.Since(begin)
	told := tenon.RanStatement{Took: took}
	if err == nil && !inquires(st.text) {
		told.Text, told.Values, told.Database = st.text, len(st.args), planner{s.db}
	}
	tenon.Statement(ctx, told)
	if log := s.db.logger; log.Enabled(ctx, slog.LevelDebug) {
		log.LogAttrs(ctx, slog.LevelDebug, "statement", slog.String("sql", brief(st.text)), slog.Duration("took", took), slog.String("at", site()),
			slog.Bool("failed", err != nil && !errors.Is(err, ErrNoRows)))
	}
}

func (s *session) failed(ctx context.Context, st statement, err error) error {
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
	if v := s.db.engine.violation(ctx, s.on, err); v != nil {
		v.InUse = v.InUse || v.Kind == ForeignKey && deletes(st.text)
		return st.blame(v)
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
