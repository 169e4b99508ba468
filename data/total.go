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
	// Estimated is what the database expects: on PostgreSQL its planner's number of rows, on SQLite, which has none, a count that ends at 10,000.
	Estimated
	// Off leaves the total out, and the number of pages with it.
	Off
)

// most is where an estimate on SQLite ends.
const most = 10_000

// Total says what the total of List is. Default Counted.
func (s Selection[R]) Total(c Counting) Selection[R] {
	s.counting = c
	return s
}

func (s Selection[R]) total(ctx context.Context, q Querier) (int64, error) {
	if s.counting == Counted {
		return s.Count(ctx, q)
	}
	b := sqlbuilder.NewSelectBuilder().Select("1").From(s.table.name)
	b.Where(s.where(q, &b.Cond)...)
	if q.asked().db.engine.flavor() == sqlbuilder.SQLite {
		first(b, most)
		text, args := b.BuildWithFlavor(sqlbuilder.SQLite)
		return One[int64](ctx, q, Query{raw: true, text: "SELECT COUNT(*) FROM (" + text + ")", args: args})
	}
	text, args := b.BuildWithFlavor(q.asked().db.engine.flavor())
	plan, err := One[string](ctx, q, Query{raw: true, text: "EXPLAIN (FORMAT JSON) " + text, args: args})
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
