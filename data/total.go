package data

import (
	"context"
	"encoding/json/v2"
	"fmt"

	"github.com/huandu/go-sqlbuilder"
)

// Counting says what the total of a list is.
type Counting int

// How the total of a list is found.
const (
	// Counted is exact: the database counts the rows that the conditions leave, however many they are.
	Counted Counting = iota
	// Estimated is what the database expects: on PostgreSQL its planner's number of rows; on SQLite, which has none, it is Capped.
	Estimated
	// Capped is exact up to 10,000. Where there are more rows the total is 10,000, and the answer says that it is capped.
	Capped
	// Off leaves the total out, and the number of pages with it.
	Off
)

// most is where a capped total ends.
const most = 10_000

// Total says what the total of List is. Default Counted.
func (s Selection[R]) Total(c Counting) Selection[R] {
	s.counting = c
	return s
}

// total finds the total, which may be no more than a bound.
func (s Selection[R]) total(ctx context.Context, q Querier) (total int64, capped bool, err error) {
	flavor := q.asked().db.engine.flavor()
	switch {
	case s.counting == Counted:
		total, err = s.Count(ctx, q)
		return total, false, err
	case s.counting == Estimated && flavor == sqlbuilder.PostgreSQL:
		total, err = s.expected(ctx, q)
		return total, false, err
	}
	b := first(s.ones(q), most+1)
	text, args := b.BuildWithFlavor(flavor)
	total, err = One[int64](ctx, q, Query{raw: true, of: s.table.name, text: "SELECT COUNT(*) FROM (" + text + ") AS counted", args: args})
	return min(total, most), total > most, err
}

// expected is what the planner of PostgreSQL expects.
func (s Selection[R]) expected(ctx context.Context, q Querier) (int64, error) {
	text, args := s.ones(q).BuildWithFlavor(sqlbuilder.PostgreSQL)
	plan, err := One[string](ctx, q, Query{raw: true, of: s.table.name, text: "EXPLAIN (FORMAT JSON) " + text, args: args})
	if err != nil {
		return 0, err
	}
	var plans []struct {
		Plan struct {
			Rows int64 `json:"Plan Rows"`
		}
	}
	if err := json.Unmarshal([]byte(plan), &plans); err != nil || len(plans) != 1 {
		return 0, fmt.Errorf("data: the plan of an estimate cannot be read: %w", err)
	}
	return plans[0].Plan.Rows, nil
}

// ones has a row for each row of the selection.
func (s Selection[R]) ones(q Querier) *sqlbuilder.SelectBuilder {
	b := sqlbuilder.NewSelectBuilder().Select("1").From(s.table.name)
	return b.Where(s.where(q, &b.Cond)...)
}
