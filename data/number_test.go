package data_test

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
)

// number is a decimal by its text.
type number string

func (number) JSONNumber() {}

type priceRow struct {
	ID    int64   `db:"id"`
	Price number  `db:"price"`
	Old   *number `db:"old"`
}

var (
	prices   = data.NewTable[priceRow]("prices", "id")
	price    = data.NewColumn[number]("price")
	oldPrice = data.NewColumn[number]("old")
)

func pricesOf(kind, id string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE prices (id " + id + ", price " + kind + " NOT NULL, old " + kind + ");\n")}
}

var priceMigrations = fstest.MapFS{
	"sqlite/0001_prices.sql":   pricesOf("TEXT", "INTEGER PRIMARY KEY"),
	"postgres/0001_prices.sql": pricesOf("NUMERIC", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
}

// TestNumbersOfTextAreNumbers compares and orders decimals as what they are, on both kinds of database.
func TestNumbersOfTextAreNumbers(t *testing.T) {
	t.Parallel()
	datatest.Each(t, priceMigrations, func(t *testing.T, db *data.DB) {
		err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
			old := number("2.50")
			for _, row := range []priceRow{{Price: "10", Old: &old}, {Price: "9.5"}, {Price: "9.50", Old: &old}, {Price: "100000000000.0001"}, {Price: "-3"}} {
				if _, err := prices.Insert(ctx, tx, row); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			name string
			s    data.Selection[priceRow]
			want string
		}{
			{"small to large", prices.Where().OrderBy(price.Asc()), "-3 9.5 9.50 10 100000000000.0001"},
			{"large to small", prices.Where().OrderBy(price.Desc()), "100000000000.0001 10 9.50 9.5 -3"},
			{"greater", prices.Where(price.Greater("9.50")).OrderBy(price.Asc()), "10 100000000000.0001"},
			{"equal whatever the zeros", prices.Where(price.Is("9.500")), "9.5 9.50"},
			{"not equal", prices.Where(price.IsNot("9.5"), price.Less("11")), "10 -3"},
			{"among", prices.Where(price.In("-3.0", "10.00")), "10 -3"},
			{"a difference in the last digit", prices.Where(price.AtLeast("100000000000.0001")), "100000000000.0001"},
			{"missing", prices.Where(oldPrice.IsNull()), "9.5 100000000000.0001 -3"},
			{"there", prices.Where(oldPrice.IsNotNull(), oldPrice.AtMost("2.5")), "10 9.50"},
		} {
			t.Run(tt.name, func(t *testing.T) {
				t.Parallel()
				if got := strings.Join(walkPrices(t, db, tt.s), " "); got != tt.want {
					t.Errorf("%s, want %s", got, tt.want)
				}
			})
		}
	})
}

// walkPrices follows the cursors of a list, one row at a time, and comes back.
func walkPrices(t *testing.T, db *data.DB, s data.Selection[priceRow]) []string {
	t.Helper()
	one := func(cursor string) *data.Listed[priceRow] {
		return read(t, db, func(ctx context.Context, v *data.View) (*data.Listed[priceRow], error) {
			return s.List(ctx, v, data.Paging{Cursor: tenon.Some(cursor), Size: 1})
		})
	}
	var there, back []string
	l := one("")
	for {
		there = append(there, string(l.Items[0].Price))
		if !l.Next.Set {
			break
		}
		l = one(l.Next.Value)
	}
	for {
		back = append(back, string(l.Items[0].Price))
		if !l.Prev.Set {
			break
		}
		l = one(l.Prev.Value)
	}
	slices.Reverse(back)
	if !slices.Equal(there, back) {
		t.Errorf("there %q and back %q", there, back)
	}
	return there
}

// TestAWriteMayAskForLess shows that the isolation is that of one transaction.
func TestAWriteMayAskForLess(t *testing.T) {
	t.Parallel()
	db := datatest.Postgres(t, nil)
	for _, tt := range []struct {
		isolation []sql.IsolationLevel
		want      string
	}{
		{nil, "serializable"}, {[]sql.IsolationLevel{sql.LevelReadCommitted}, "read committed"}, {nil, "serializable"},
	} {
		err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
			got, err := data.One[string](ctx, tx, data.SQL("SHOW transaction_isolation"))
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
			return err
		}, tt.isolation...)
		if err != nil {
			t.Error(err)
		}
	}
	if err := datatest.SQLite(t, nil).Write(t.Context(), func(context.Context, *data.Tx) error { return nil }, sql.LevelReadCommitted); err != nil {
		t.Error(err)
	}
}
