package data

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/tenon-go/tenon/check"
)

// Use is what clients may do with a column of a list.
type Use string

// The uses of a column.
const (
	// UseFilter compares it with a value: an index that begins with it finds that.
	UseFilter Use = "filter"
	// UseOrder orders by it: an index that begins with it is in that order, and no row may lack a value.
	UseOrder Use = "order"
	// UseText looks for text in it, as Contains, HasPrefix and Search do: on PostgreSQL an index of trigrams finds that, else every row is read.
	UseText Use = "text"
)

// Offered is a column of a table that clients may use.
type Offered struct {
	// Table and Column are the names in the database.
	Table, Column string
	// Use is what clients may do with it.
	Use Use

	number bool // as that of the Column
}

// Offer are columns of a table that clients may use.
type Offer []Offered

// Offers names the columns by which clients may filter the table, for CheckIndexes.
func (t Table[R]) Offers(columns ...Sortable) Offer {
	var o Offer
	for _, c := range columns {
		o = append(o, t.offered(c, UseFilter))
	}
	return o
}

// OffersOrder names the columns by which clients may order the table.
func (t Table[R]) OffersOrder(keys Keys) Offer {
	var o Offer
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		o = append(o, t.offered(keys[name], UseOrder))
	}
	return o
}

// OffersText names the columns in which clients may look for text: by data.Text with contains and startswith, or by Search.
func (t Table[R]) OffersText(columns ...Column[string]) Offer {
	var o Offer
	for _, c := range columns {
		o = append(o, t.offered(c, UseText))
	}
	return o
}

func (t Table[R]) offered(c Sortable, use Use) Offered {
	order := c.Asc()
	return Offered{Table: t.name, Column: order.column, Use: use, number: order.number}
}

// Indexes says what CheckIndexes looks at.
type Indexes struct {
	// Offered are the columns that clients may use.
	Offered []Offer
	// Without are columns that need no index and may lack a value, as table.column, with the reason. It does not count for UseText.
	Without map[string]string
	// Scans are columns in which text is looked for row by row, as table.column, with the reason, such as how many rows there can be.
	Scans map[string]string
}

// Accepts reports whether a column is to be as it is.
func (cfg Indexes) Accepts(o Offered) bool {
	accepted := cfg.Without
	if o.Use == UseText {
		accepted = cfg.Scans
	}
	_, ok := accepted[o.Table+"."+o.Column]
	return ok
}

// What CheckIndexes says of a column.
const (
	lacksIndex    = "clients may filter or order by it, and no index begins with it"
	lacksTrigrams = "clients may look for text in it, and every row is read for that"
	lacksNotNull  = "clients may order by it, and it may be NULL: a walk by cursor is refused"
)

// CheckIndexes is the check D001: each foreign key of the database, and each column that clients may filter and order by, has an index that begins with
// it; columns of an order are NOT NULL; text that clients look for is found by an index of trigrams (PostgreSQL, gin_trgm_ops or gist_trgm_ops). On SQLite
// no index finds text. It reads the catalogue of the database that is open.
func CheckIndexes(db *DB, cfg Indexes) check.Check {
	return check.Check{
		Code:     "D001",
		Title:    "a column that is searched by has no index, or orders and may be missing",
		Fix:      "make an index that begins with the column, or one of trigrams for text; make what orders NOT NULL; or say in Without or Scans why not",
		Severity: check.Warning,
		Find: func(*check.Subject) []check.Place {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			places, err := db.unindexed(ctx, cfg)
			if err != nil {
				return []check.Place{{Where: "database", What: fmt.Sprintf("the indexes cannot be read: %v", err)}}
			}
			return places
		},
	}
}

// Lacks is what a column lacks for its use; "" is nothing. leads, finds and null say of a column whether an index begins with it, whether one finds text
// in it, and whether it may be NULL.
func (o Offered) Lacks(leads, finds, null bool) string {
	switch {
	case o.Use == UseText && !finds:
		return lacksTrigrams
	case o.Use == UseText:
		return ""
	case o.Use == UseOrder && null:
		return lacksNotNull
	case !leads:
		return lacksIndex
	}
	return ""
}
