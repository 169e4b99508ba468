package data

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/stephenafamo/scan"
	"github.com/stephenafamo/scan/stdscan"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// SQLite names the columns of a violated unique constraint, not the constraint:
// "constraint failed: UNIQUE constraint failed: users.email (2067)".
var failedText = regexp.MustCompile(`(?s)^.*?(?:UNIQUE|CHECK|NOT NULL) constraint failed: (.*) \(\d+\)$`)

// "constraint failed: cannot store TEXT value in INTEGER column users.age (3091)".
var datatypeText = regexp.MustCompile(`cannot store \w+ value in \w+ column (\S+) \(\d+\)$`)

func (f sqliteFile) violation(ctx context.Context, q queryer, err error) *ConstraintError {
	driver, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return nil
	}
	v := &ConstraintError{cause: err}
	var subject string
	if m := failedText.FindStringSubmatch(driver.Error()); m != nil {
		subject = m[1]
	}
	switch driver.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE:
		v.Kind = Unique
		v.unique(ctx, q, subject)
	case sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		v.Kind = Unique
		v.Table, v.Columns = columnsOf(subject)
		v.Name = v.Table + "_pkey"
	case sqlite3.SQLITE_CONSTRAINT_CHECK:
		v.Kind, v.Name = Check, subject
	case sqlite3.SQLITE_CONSTRAINT_DATATYPE, sqlite3.SQLITE_TOOBIG:
		v.Kind = Value
		if m := datatypeText.FindStringSubmatch(driver.Error()); m != nil {
			v.Name = m[1]
			v.Table, v.Columns = columnsOf(m[1])
		}
	case sqlite3.SQLITE_CONSTRAINT_NOTNULL:
		v.Kind, v.Name = NotNull, subject
		v.Table, v.Columns = columnsOf(subject)
	default:
		// A key that is restricted is reported as a trigger's doing, so the text decides.
		if !strings.Contains(driver.Error(), "FOREIGN KEY constraint failed") {
			return nil
		}
		v.Kind = ForeignKey
	}
	return v
}

// unique finds the name of the index. SQLite gives it only for indexes on expressions.
func (e *ConstraintError) unique(ctx context.Context, q queryer, subject string) {
	if name, ok := strings.CutPrefix(subject, "index '"); ok {
		e.Name = strings.TrimSuffix(name, "'")
		return
	}
	e.Table, e.Columns = columnsOf(subject)
	e.Name = e.Table + "_" + strings.Join(e.Columns, "_") + "_key"
	names, err := stdscan.All(ctx, q, scan.SingleColumnMapper[string], indexesOn, e.Table, strings.Join(e.Columns, ","))
	if err != nil || len(names) == 0 {
		return // the default name is the best that can be said
	}
	e.Name, e.others = names[0], names[1:]
}

// indexesOn finds the named unique indexes of a table on exactly the given columns. Those that come from a UNIQUE in the
// table's definition (origin u) have no name of their own.
const indexesOn = `SELECT l.name FROM pragma_index_list(?1) AS l
WHERE l."unique" AND l.origin = 'c' AND ?2 =
	(SELECT group_concat(i.name, ',') FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno) AS i)
ORDER BY l.name`

// columnsOf splits "users.first, users.last".
func columnsOf(subject string) (table string, columns []string) {
	for part := range strings.SplitSeq(subject, ", ") {
		t, column, _ := strings.Cut(part, ".")
		table, columns = t, append(columns, column)
	}
	return table, columns
}

// foreignKey is a column of a foreign key.
type foreignKey struct {
	ID    int    `db:"id"`
	From  string `db:"from"`
	Table string `db:"table"`
	To    string `db:"to"`
}

// foreignKeys finds those of a table. One that names no columns means the primary key.
const foreignKeys = `SELECT l.id, l."from", l."table", coalesce(l."to", (SELECT name FROM pragma_table_info(l."table") WHERE pk = l.seq + 1)) AS "to"
FROM pragma_foreign_key_list(?1) AS l ORDER BY l.id, l.seq`

// missing asks for what each foreign key refers to: SQLite does not say which one it was.
func (f sqliteFile) missing(ctx context.Context, q queryer, table string, columns []string, values []any) ([]string, error) {
	keys, err := stdscan.All(ctx, q, scan.StructMapper[foreignKey](), foreignKeys, table)
	if err != nil {
		return nil, err
	}
	for len(keys) > 0 {
		end := slices.IndexFunc(keys, func(k foreignKey) bool { return k.ID != keys[0].ID })
		if end < 0 {
			end = len(keys)
		}
		key := keys[:end]
		keys = keys[end:]
		var from, terms, absent []string
		var args []any
		for _, c := range key {
			if i := slices.Index(columns, c.From); i >= 0 {
				args = append(args, values[i])
				n := "?" + strconv.Itoa(len(args))
				from, terms, absent = append(from, c.From), append(terms, quoted(c.To)+" = "+n), append(absent, n+" IS NULL")
			}
		}
		if len(from) < len(key) {
			continue // what was not inserted refers to nothing
		}
		text := "SELECT EXISTS (SELECT 1 FROM " + quoted(key[0].Table) + " WHERE " + strings.Join(terms, " AND ") + ") OR " + strings.Join(absent, " OR ")
		if there, err := stdscan.One(ctx, q, scan.SingleColumnMapper[bool], text, args...); err != nil || !there {
			return from, err
		}
	}
	return nil, nil
}

// quoted is the name of something in SQL text.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
