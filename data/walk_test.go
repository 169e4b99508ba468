package data_test

import (
	"context"
	"testing"
	"testing/fstest"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
)

type walkRow struct {
	ID    int64  `db:"id"`
	Name  string `db:"name"`
	Stock int    `db:"stock"`
}

// walkMigrations make 20,000 rows, of which a hundred share each name.
var walkMigrations = fstest.MapFS{"0001_things.sql": {Data: []byte(`-- +goose Up
CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL, stock INTEGER NOT NULL);
INSERT INTO things SELECT i, 'n' || (i % 200), i % 7 FROM generate_series(1, 20000) AS i;
CREATE INDEX things_name ON things (name, id);
CREATE INDEX things_stock ON things (stock, id);
ANALYZE things;
`)}}

// TestN12CursorsVisitWhatTheyShow counts the rows that PostgreSQL looks at for the first part of a list and for one deep in it, there and back.
func TestN12CursorsVisitWhatTheyShow(t *testing.T) {
	t.Parallel()
	table := data.NewTable[walkRow]("things", "id")
	id, name, stock := data.NewColumn[int64]("id"), data.NewColumn[string]("name"), data.NewColumn[int]("stock")
	db := datatest.Postgres(t, walkMigrations)
	for what, order := range map[string][]data.Order{
		"the key": nil, "down the key": {id.Desc()}, "a column": {name.Asc()}, "down a column": {name.Desc()},
	} {
		s := table.Where().OrderBy(order...)
		l := visited(t, db, s, "", 110)
		for range 100 {
			l = visited(t, db, s, l.Next.Value, 110)
		}
		visited(t, db, s, l.Prev.Value, 110)
		if len(l.Items) != 100 {
			t.Errorf("%s: %d items", what, len(l.Items))
		}
	}
	// Where columns go two ways, the rows of one value of the first column may be sorted, and no others.
	s := table.Where().OrderBy(stock.Desc(), name.Asc())
	visited(t, db, s, visited(t, db, s, "", 20000).Next.Value, 20000/7*2)
}

// visited reads a part of a list, for which the database may visit only so many rows.
func visited(t *testing.T, db *data.DB, s data.Selection[walkRow], cursor string, most int64) *data.Listed[walkRow] {
	t.Helper()
	counted := func(ctx context.Context, v *data.View) (int64, error) {
		return data.One[int64](ctx, v, data.SQL("SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'things'"))
	}
	return read(t, db, func(ctx context.Context, v *data.View) (*data.Listed[walkRow], error) {
		before, err := counted(ctx, v)
		if err != nil {
			return nil, err
		}
		l, err := s.List(ctx, v, data.Paging{Cursor: tenon.Some(cursor), Size: 100})
		if err != nil {
			return nil, err
		}
		after, err := counted(ctx, v)
		if rows := after - before; rows > most || rows < 100 {
			t.Errorf("%d rows are visited to show %d", rows, len(l.Items))
		}
		return l, err
	})
}
