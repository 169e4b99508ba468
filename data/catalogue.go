package data

import (
	"context"
	"regexp"
	"slices"

	"github.com/tenon-go/tenon/check"
)

// catalogue are the questions that CheckIndexes asks. The zero value of one is not asked.
type catalogue struct {
	leading    Query // what indexes begin with
	texts      Query // in which columns indexes find text
	null       Query // which columns may be NULL
	references Query // what foreign keys begin with
}

// columnAt is a column in the catalogue; on SQLite, an index that begins with no column is there with its text.
type columnAt struct {
	Table  string `db:"table_name"`
	Column string `db:"column_name"`
}

// numberTerm is how an index of SQLite begins that is on a column of decimals.
var numberTerm = regexp.MustCompile(`(?is)^CREATE\s+(?:UNIQUE\s+)?INDEX\b[^(]*\(\s*(CAST\s*\(\s*["` + "`" + `\[]?(\w+)["` + "`" + `\]]?\s+AS\s+REAL\s*\))`)

// catalogued is what the catalogue answers.
type catalogued struct{ leading, texts, null, references []columnAt }

func (db *DB) catalogue(ctx context.Context, v *View) (f catalogued, err error) {
	c := db.engine.catalogue()
	for _, ask := range []struct {
		query Query
		into  *[]columnAt
	}{{c.leading, &f.leading}, {c.texts, &f.texts}, {c.null, &f.null}, {c.references, &f.references}} {
		if ask.query.text == "" {
			continue
		}
		if *ask.into, err = All[columnAt](ctx, v, ask.query); err != nil {
			return f, err
		}
	}
	for i, at := range f.leading {
		if m := numberTerm.FindStringSubmatch(at.Column); m != nil {
			f.leading[i].Column = "CAST(" + m[2] + " AS REAL)"
		}
	}
	return f, nil
}

func (db *DB) unindexed(ctx context.Context, cfg Indexes) (places []check.Place, err error) {
	err = db.Read(ctx, func(ctx context.Context, v *View) error {
		f, err := db.catalogue(ctx, v)
		if err != nil {
			return err
		}
		tell := func(o Offered, what string) {
			place := check.Place{Where: o.Table + "." + o.Column, What: what}
			if what != "" && !cfg.Accepts(o) && !slices.Contains(places, place) {
				places = append(places, place)
			}
		}
		for _, offer := range cfg.Offered {
			for _, o := range offer {
				at := columnAt{o.Table, o.Column}
				leads := slices.Contains(f.leading, columnAt{o.Table, operand(db.engine, o.Column, o.number)})
				tell(o, o.Lacks(leads, slices.Contains(f.texts, at), slices.Contains(f.null, at)))
			}
		}
		for _, k := range f.references {
			told := slices.ContainsFunc(places, func(p check.Place) bool { return p.Where == k.Table+"."+k.Column })
			if !told && !slices.Contains(f.leading, k) {
				tell(Offered{Table: k.Table, Column: k.Column}, "it is a foreign key, and no index begins with it")
			}
		}
		return nil
	})
	return places, err
}

func (f sqliteFile) catalogue() catalogue {
	return catalogue{
		leading: SQL(`SELECT t.name AS table_name, coalesce(c.name, s.sql) AS column_name FROM sqlite_schema AS t, pragma_index_list(t.name) AS i,
pragma_index_info(i.name) AS c LEFT JOIN sqlite_schema AS s ON s.type = 'index' AND s.name = i.name
WHERE t.type = 'table' AND c.seqno = 0 AND i.partial = 0 AND coalesce(c.name, s.sql) IS NOT NULL
UNION SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table' AND c.pk = 1`),
		null: SQL(`SELECT t.name AS table_name, c.name AS column_name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
WHERE t.type = 'table' AND c."notnull" = 0 AND c.pk = 0`),
		references: SQL(`SELECT t.name AS table_name, k."from" AS column_name FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS k
WHERE t.type = 'table' AND k.seq = 0 ORDER BY 1, 2`),
	}
}

func (p *postgres) catalogue() catalogue {
	return catalogue{
		leading: SQL(`SELECT t.relname AS table_name, c.attname AS column_name FROM pg_index AS i
JOIN pg_class AS t ON t.oid = i.indrelid JOIN pg_attribute AS c ON c.attrelid = t.oid AND c.attnum = i.indkey[0]
JOIN pg_class AS x ON x.oid = i.indexrelid JOIN pg_am AS m ON m.oid = x.relam AND m.amname = 'btree'
WHERE i.indisvalid AND i.indpred IS NULL AND t.relnamespace = ANY (SELECT oid FROM pg_namespace WHERE nspname = ANY (current_schemas(false)))`),
		texts: SQL(`SELECT t.relname AS table_name, c.attname AS column_name FROM pg_index AS i
JOIN pg_class AS t ON t.oid = i.indrelid CROSS JOIN generate_series(0, i.indnkeyatts - 1) AS n
JOIN pg_attribute AS c ON c.attrelid = t.oid AND c.attnum = i.indkey[n]
JOIN pg_opclass AS o ON o.oid = i.indclass[n] AND o.opcname IN ('gin_trgm_ops', 'gist_trgm_ops')
WHERE i.indisvalid AND i.indpred IS NULL AND t.relnamespace = ANY (SELECT oid FROM pg_namespace WHERE nspname = ANY (current_schemas(false)))`),
		null: SQL(`SELECT t.relname AS table_name, c.attname AS column_name FROM pg_class AS t JOIN pg_attribute AS c ON c.attrelid = t.oid
WHERE t.relkind IN ('r', 'p') AND c.attnum > 0 AND NOT c.attnotnull AND NOT c.attisdropped
AND t.relnamespace = ANY (SELECT oid FROM pg_namespace WHERE nspname = ANY (current_schemas(false)))`),
		references: SQL(`SELECT t.relname AS table_name, c.attname AS column_name FROM pg_constraint AS k
JOIN pg_class AS t ON t.oid = k.conrelid JOIN pg_attribute AS c ON c.attrelid = t.oid AND c.attnum = k.conkey[1]
WHERE k.contype = 'f' AND t.relnamespace = ANY (SELECT oid FROM pg_namespace WHERE nspname = ANY (current_schemas(false))) ORDER BY 1, 2`),
	}
}
