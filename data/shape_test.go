package data_test

import (
	"context"
	"testing"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
)

// nameRow is a row of the table users that knows less of it.
type nameRow struct {
	Name string
}

// TestTextsAreKeptApart asks in ways that differ a little, several times: each gets what it asks for, whatever was asked before.
func TestTextsAreKeptApart(t *testing.T) {
	t.Parallel()
	names, narrow := data.NewTable[nameRow]("users", "id"), data.NewColumn[int16]("age")
	datatest.Each(t, migrations(t), func(t *testing.T, db *data.DB) {
		insert(t, db, userRow{Name: "a", Email: "a", Age: 1}, userRow{Name: "b", Email: "b", Age: 2}, userRow{Name: "c", Email: "c", Age: 3})
		of := func(s data.Selection[userRow]) func(ctx context.Context) (any, error) {
			return func(ctx context.Context) (any, error) {
				row, err := s.One(ctx, db)
				return row.Name, err
			}
		}
		count := func(s data.Selection[userRow]) func(ctx context.Context) (any, error) {
			return func(ctx context.Context) (any, error) { return s.Count(ctx, db) }
		}
		for range 2 {
			for name, tt := range map[string]struct {
				ask  func(ctx context.Context) (any, error)
				want any
			}{
				"equal":           {of(users.Where(userAge.Is(2))), "b"},
				"another value":   {of(users.Where(userAge.Is(3))), "c"},
				"not equal":       {of(users.Where(userAge.IsNot(1))), "b"},
				"greater":         {of(users.Where(userAge.Greater(2))), "c"},
				"at least":        {of(users.Where(userAge.AtLeast(2))), "b"},
				"another column":  {of(users.Where(userName.Is("c"))), "c"},
				"another width":   {of(users.Where(narrow.Is(3))), "c"},
				"two columns":     {of(users.Where(userAge.Greater(1), userName.Is("c"))), "c"},
				"the other way":   {of(users.Where(userName.Is("b"), userAge.Greater(1))), "b"},
				"nothing between": {of(users.Where(userAge.Greater(0), data.And(), userName.Is("c"))), "c"},
				"one or another":  {of(users.Where(data.Or(userAge.Is(9), userName.Is("b")))), "b"},
				"a missing one":   {of(users.Where(userName.IsNull(), userAge.Is(2)).OrderBy(userAge.Asc())), ""},
				"ascending":       {of(users.Where(userAge.Greater(0)).OrderBy(userName.Asc())), "a"},
				"descending":      {of(users.Where(userAge.Greater(0)).OrderBy(userName.Desc())), "c"},
				"counted":         {count(users.Where(userAge.Greater(0))), int64(3)},
				"counted less":    {count(users.Where(userAge.Less(3))), int64(2)},
				"all":             {count(users.Where()), int64(3)},
				"fewer columns": {func(ctx context.Context) (any, error) {
					row, err := names.Where(userAge.Is(2)).One(ctx, db)
					return row, err
				}, nameRow{"b"}},
			} {
				got, err := tt.ask(t.Context())
				if got != tt.want || (err != nil) != (tt.want == "") {
					t.Errorf("%s: %v, %v, want %v", name, got, err, tt.want)
				}
			}
		}
	})
}
