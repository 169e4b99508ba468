package data

import (
	"context"
	"crypto/sha256"
	"encoding/json/v2"
	"fmt"
	"slices"

	"github.com/huandu/go-sqlbuilder"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/page"
	"github.com/tenon-go/tenon/problem"
)

// List returns the part of the rows that p asks for: one query, and one more for the total where it is counted (see Total). By a cursor it
// reads from the index of the order, at the same cost at any depth, and a row that is there all the time is seen exactly once, whatever
// is inserted or deleted between two requests. A cursor that was changed, or that was made for other conditions or another order, is a fault of the request.
func (s Selection[R]) List(ctx context.Context, q Querier, p Paging) (*Listed[R], error) {
	if p.Cursor.Set {
		return s.cursor(ctx, q, p)
	}
	query := p.query()
	l, err := s.numbered(ctx, q, query.Limit(), query.Offset())
	if err != nil {
		return nil, err
	}
	l.Page = tenon.Some(max(p.Page.Value, 1))
	if l.Total.Set {
		l.Pages = tenon.Some(page.New[R](query, nil, l.Total.Value).Pages)
	}
	return l, nil
}

// numbered reads the rows after so many others, and one row more where no total says whether there is more.
func (s Selection[R]) numbered(ctx context.Context, q Querier, limit, offset int) (*Listed[R], error) {
	wanted := limit
	if s.counting != Counted {
		wanted++
	}
	rows, err := all(ctx, q, Query{of: s.table.name, built: s.page(q, wanted, offset)}, s.table.rows)
	if err != nil {
		return nil, err
	}
	l := &Listed[R]{Items: rows[:min(len(rows), limit)], Size: limit, further: len(rows) > limit}
	if s.counting == Off {
		return l, nil
	}
	total, capped, err := s.total(ctx, q)
	if err != nil {
		return nil, err
	}
	l.Total, l.rough = tenon.Some(total), capped || s.counting == Estimated
	if capped {
		l.Capped = tenon.Some(true)
	}
	if s.counting == Counted {
		l.further = int64(offset)+int64(limit) < total
	}
	return l, nil
}

// cursor reads one row more than is wanted, to see whether there is more.
func (s Selection[R]) cursor(ctx context.Context, q Querier, p Paging) (*Listed[R], error) {
	if err := s.complete(); err != nil {
		return nil, err
	}
	size, bound := p.query().Limit(), s.bound(q)
	query, from, err := s.walk(q, p, bound)
	if err != nil {
		return nil, err
	}
	rows, err := all(ctx, q, query, s.table.rows)
	if err != nil {
		return nil, err
	}
	more := len(rows) > size
	rows = rows[:min(len(rows), size)]
	if from.Backward {
		slices.Reverse(rows)
	}
	l := &Listed[R]{Items: rows, Size: size}
	inside := len(from.Values) > 0 // there was a row on the other side
	if len(rows) == 0 {
		return l, l.turn(q, bound, inside, from.Backward)
	}
	if from.Backward && inside || !from.Backward && more {
		if l.Next, err = s.place(q, bound, rows[len(rows)-1], false); err != nil {
			return nil, err
		}
	}
	if from.Backward && more || !from.Backward && inside {
		l.Prev, err = s.place(q, bound, rows[0], true)
	}
	return l, err
}

// turn leads from a part without rows, all of which are gone by now, to the end of the list that it is at.
func (l *Listed[R]) turn(q Querier, bound []byte, inside, backward bool) error {
	if !inside { // there is nothing at all
		return nil
	}
	cursor, err := q.asked().db.cursors.seal(place{Backward: !backward}, bound)
	if backward {
		l.Next = tenon.Some(cursor)
	} else {
		l.Prev = tenon.Some(cursor)
	}
	return err
}

func badCursor() error {
	return problem.Invalid(problem.Fault{
		In: "query", Pointer: "/cursor", Code: "cursor", Message: "must be a cursor of this list, with the same filters and order",
	})
}

// bound is what a cursor is bound to: the table, the conditions with their values, and the order.
func (s Selection[R]) bound(q Querier) []byte {
	h := sha256.New()
	b := sqlbuilder.NewSelectBuilder().Select("1").From(s.table.name)
	text, args := b.Where(s.where(q, &b.Cond)...).BuildWithFlavor(q.asked().db.engine.flavor())
	fmt.Fprintf(h, "%q", text)
	for _, arg := range args {
		bind(h, arg)
	}
	for _, o := range s.order {
		fmt.Fprintf(h, "%q", o.column+o.direction())
	}
	return h.Sum(nil)
}

// place seals where a row stands.
func (s Selection[R]) place(q Querier, bound []byte, row R, backward bool) (tenon.Opt[string], error) {
	p := place{Backward: backward}
	columns, values := s.table.columns.Columns(), s.table.columns.Values(&row)
	for _, o := range s.whole() {
		i := slices.Index(columns, o.column)
		if i < 0 {
			return tenon.Opt[string]{}, fmt.Errorf("data: the rows of %s have no field for the column %s of the order", s.table.name, o.column)
		}
		text, err := json.Marshal(values[i])
		if err != nil {
			return tenon.Opt[string]{}, fmt.Errorf("data: cursor: column %s: %w", o.column, err)
		}
		p.Values = append(p.Values, text)
	}
	cursor, err := q.asked().db.cursors.seal(p, bound)
	return tenon.Some(cursor), err
}
