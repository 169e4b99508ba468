package data

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tenon-go/tenon"
)

type walkRow struct {
	ID    int64  `db:"id"`
	Name  string `db:"name"`
	Stock int    `db:"stock"`
	Price amount `db:"price"`
}

// amount is a number by its text.
type amount string

func (amount) JSONNumber() {}

var (
	walkPrice = NewColumn[amount]("price")
	walkTable = NewTable[walkRow]("things", "id")
	walkID    = NewColumn[int64]("id")
	walkName  = NewColumn[string]("name")
	walkStock = NewColumn[int]("stock")
)

// walkMigrations make 20,000 rows, of which a hundred share each name.
var walkMigrations = fstest.MapFS{"0001_things.sql": {Data: []byte(`-- +goose Up
CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL, stock INTEGER NOT NULL, price TEXT NOT NULL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO things SELECT i, 'n' || (i % 200), i % 7, i % 9 FROM n;
CREATE INDEX things_name ON things (name, id);
CREATE INDEX things_stock ON things (stock, name, id);
CREATE INDEX things_few ON things (stock, id);
CREATE INDEX things_price ON things (CAST(price AS REAL), id);
`)}}

// orders are those that a walk is tried with.
var walkOrders = map[string][]Order{
	"the key": nil, "down the key": {walkID.Desc()}, "a column": {walkName.Asc()}, "down a column": {walkName.Desc()},
	"few values": {walkStock.Asc()}, "two ways": {walkStock.Desc(), walkName.Asc()}, "a number": {walkPrice.Desc()},
}

// deep walks through half of a list, and gives a query for what comes next and one for what was before.
func deep(t *testing.T, v *View, s Selection[walkRow]) (next, prev Query) {
	t.Helper()
	p := Paging{Cursor: tenon.Some(""), Size: 100}
	var l *Listed[walkRow]
	for range 100 {
		var err error
		if l, err = s.List(t.Context(), v, p); err != nil {
			t.Fatal(err)
		}
		p.Cursor = l.Next
	}
	next, _, err := s.walk(v, p, s.bound(v))
	if err != nil {
		t.Fatal(err)
	}
	p.Cursor = l.Prev
	prev, _, err = s.walk(v, p, s.bound(v))
	if err != nil {
		t.Fatal(err)
	}
	return next, prev
}

// TestN12CursorsBeginInAnIndexOfSQLite reads the plans: a part of a list is found by an index, in its order, without the rows before it.
func TestN12CursorsBeginInAnIndexOfSQLite(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "walk.db"), Config{Migrations: walkMigrations})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for name, order := range walkOrders {
		err := db.Read(t.Context(), func(ctx context.Context, v *View) error {
			next, prev := deep(t, v, walkTable.Where().OrderBy(order...))
			for _, q := range []Query{next, prev} {
				st, err := v.render(ctx, q)
				if err != nil {
					return err
				}
				plan, err := All[planRow](ctx, v, Query{raw: true, text: "EXPLAIN QUERY PLAN " + st.text, args: st.args})
				if err != nil {
					return err
				}
				if faults := unserved(plan); faults != nil {
					t.Errorf("%s: %q\n%s", name, faults, st.text)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

type planRow struct {
	ID, Parent, Notused int
	Detail              string
}

// unserved are the steps of a plan that read rows which no index begins with.
func unserved(plan []planRow) (faults []string) {
	rows := 0
	for _, step := range plan {
		if !strings.Contains(step.Detail, "things") {
			continue
		}
		rows++
		if !strings.HasPrefix(step.Detail, "SEARCH things USING") {
			faults = append(faults, step.Detail)
		}
	}
	if rows == 0 {
		return []string{"nothing is read"}
	}
	return faults
}
