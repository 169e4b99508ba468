package migrate_test

import (
	"strings"
	"testing"

	"github.com/tenon-go/tenon/check"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/migrate"
)

type shelfRow struct {
	ID     int64  `db:"id"`
	Label  string `db:"label" unique:""`
	Width  int    `db:"width" index:"+id"`
	Room   string `db:"room" index:"shelves_place"`
	Height int    `db:"height" index:"shelves_place"`
	Price  string `db:"price" type:"NUMERIC" index:"desc"`
	Depth  *int   `db:"depth" index:""`
}

// TestSD132ModelsWithoutAnIndex finds what clients search by and no index of the rows begins with, without a database.
func TestSD132ModelsWithoutAnIndex(t *testing.T) {
	t.Parallel()
	table := data.NewTable[shelfRow]("shelves", "id")
	column := func(c data.Column[string]) data.Sortable { return c }
	all := table.Offers(column(data.NewColumn[string]("id")), column(data.NewColumn[string]("label")), column(data.NewColumn[string]("width")),
		column(data.NewColumn[string]("room")), column(data.NewColumn[string]("price")), column(data.NewColumn[string]("height")))
	for _, tt := range []struct {
		name    string
		offered data.Offer
		without map[string]string
		want    string
	}{
		{"an order by what may be missing", table.OffersOrder(data.Keys{
			"label": data.NewColumn[string]("label"), "depth": data.NewColumn[int]("depth"), "height": data.NewColumn[int]("height"),
		}), nil, "shelves.depth shelves.height"},
		{"a filter by it", table.Offers(data.NewColumn[int]("depth")), nil, ""},
		{"text in a column that has an index", table.OffersText(data.NewColumn[string]("label")), map[string]string{"shelves.label": "few"}, "shelves.label"},
		{"of several columns the first alone", all, nil, "shelves.height"},
		{"what is accepted", all, map[string]string{"shelves.height": "few"}, ""},
		{"a table that is no model", data.NewTable[shelfRow]("attic", "id").Offers(data.NewColumn[int64]("id")), nil, "attic.id"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := migrate.CheckIndexes([]data.Model{table}, data.Indexes{Offered: []data.Offer{tt.offered}, Without: tt.without})
			var found []string
			for _, f := range check.Run(&check.Subject{}, []check.Check{c}) {
				if f.Code != "D001" || f.Severity != check.Warning || f.Fix == "" {
					t.Errorf("%+v", f)
				}
				found = append(found, f.Where)
			}
			if got := strings.Join(found, " "); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
	broken := migrate.CheckIndexes([]data.Model{table, table}, data.Indexes{})
	if found := check.Run(&check.Subject{}, []check.Check{broken}); len(found) != 1 || !strings.Contains(found[0].What, "two models") {
		t.Errorf("models that are wrong: %+v", found)
	}
}
