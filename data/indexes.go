package data

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tenon-go/tenon/check"
)

// Offer are columns of a table by which clients may filter and order.
type Offer struct {
	table   string
	columns []string
}

// Offers names the columns by which clients may filter and order the table, for CheckIndexes.
func (t Table[R]) Offers(columns ...Sortable) Offer {
	o := Offer{table: t.name}
	for _, c := range columns {
		o.columns = append(o.columns, c.Asc().column)
	}
	return o
}

// Names are those of the table and of the columns.
func (o Offer) Names() (table string, columns []string) { return o.table, o.columns }

// Indexes says what CheckIndexes looks at.
type Indexes struct {
	// Offered are the columns that clients choose.
	Offered []Offer
	// Without are columns that need no index, as table.column, with the reason.
	Without map[string]string
}

// CheckIndexes is the check D001: each foreign key of the database, and each column that clients may filter and order by, has an index that begins with
// it. It reads the catalogue of the database that is open.
func CheckIndexes(db *DB, cfg Indexes) check.Check {
	return check.Check{
		Code:     "D001",
		Title:    "a column that is searched by has no index",
		Fix:      "make an index that begins with the column, or say in Without why it needs none",
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

// columnAt is a column in the catalogue.
type columnAt struct {
	Table  string `db:"table_name"`
	Column string `db:"column_name"`
}

func (db *DB) unindexed(ctx context.Context, cfg Indexes) (places []check.Place, err error) {
	err = db.Read(ctx, func(ctx context.Context, v *View) error {
		leading, references := db.engine.catalogue()
		first, err := All[columnAt](ctx, v, leading)
		if err != nil {
			return err
		}
		lacks := func(at columnAt, what string) {
			where := at.Table + "." + at.Column
			told := slices.ContainsFunc(places, func(p check.Place) bool { return p.Where == where })
			if _, accepted := cfg.Without[where]; !told && !accepted && !slices.Contains(first, at) {
				places = append(places, check.Place{Where: where, What: what})
			}
		}
		for _, o := range cfg.Offered {
			for _, c := range o.columns {
				lacks(columnAt{o.table, c}, "clients may filter or order by it, and no index begins with it")
			}
		}
		keys, err := All[columnAt](ctx, v, references)
		for _, k := range keys {
			lacks(k, "it is a foreign key, and no index begins with it")
		}
		return err
	})
	return places, err
}

func (f sqliteFile) catalogue() (leading, references Query) {
	return SQL(`SELECT t.name AS table_name, c.name AS column_name FROM sqlite_schema AS t, pragma_index_list(t.name) AS i, pragma_index_info(i.name) AS c
WHERE t.type = 'table' AND c.seqno = 0 AND c.name IS NOT NULL AND i.partial = 0
UNION SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table' AND c.pk = 1`),
		SQL(`SELECT t.name AS table_name, k."from" AS column_name FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS k
WHERE t.type = 'table' AND k.seq = 0 ORDER BY 1, 2`)
}

func (p *postgres) catalogue() (leading, references Query) {
	return SQL(`SELECT t.relname AS table_name, c.attname AS column_name FROM pg_index AS i
JOIN pg_class AS t ON t.oid = i.indrelid JOIN pg_attribute AS c ON c.attrelid = t.oid AND c.attnum = i.indkey[0]
WHERE i.indisvalid AND i.indpred IS NULL AND t.relnamespace = ANY (SELECT oid FROM pg_namespace WHERE nspname = ANY (current_schemas(false)))`),
		SQL(`SELECT t.relname AS table_name, c.attname AS column_name FROM pg_constraint AS k
JOIN pg_class AS t ON t.oid = k.conrelid JOIN pg_attribute AS c ON c.attrelid = t.oid AND c.attnum = k.conkey[1]
WHERE k.contype = 'f' AND t.relnamespace = ANY (SELECT oid FROM pg_namespace WHERE nspname = ANY (current_schemas(false))) ORDER BY 1, 2`)
}
