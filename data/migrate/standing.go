package migrate

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"

	"github.com/tenon-go/tenon/data/internal/migration"
)

// several lets a text of several statements run.
const several = pgx.QueryExecModeSimpleProtocol

// standing is how a table stands within a transaction.
type standing struct {
	oid, file, scans, indexes int64
	lock                      int // how much it keeps others from, by the table of conflicts in PostgreSQL's documentation (13.3.1)
}

// The locks that keep others from something that every program does.
const (
	rows    = iota + 1 // ROW EXCLUSIVE: those rows alone
	writers            // SHARE, SHARE ROW EXCLUSIVE, EXCLUSIVE: nobody writes
	all                // ACCESS EXCLUSIVE: nobody reads
)

// stands is how the tables of a database stand. A scan is one of a whole table (pg_stat_get_xact_numscans), also where it is empty.
func stands(ctx context.Context, tx *sql.Tx) (map[string]standing, error) {
	list, err := tx.QueryContext(ctx, `SELECT c.relname, c.oid, COALESCE(pg_relation_filenode(c.oid), 0), pg_stat_get_xact_numscans(c.oid),
			(SELECT COUNT(*) FROM pg_index i WHERE i.indrelid = c.oid),
			COALESCE((SELECT MAX(CASE l.mode WHEN 'AccessExclusiveLock' THEN 3 WHEN 'ExclusiveLock' THEN 2 WHEN 'ShareRowExclusiveLock' THEN 2
				WHEN 'ShareLock' THEN 2 WHEN 'RowExclusiveLock' THEN 1 ELSE 0 END)
				FROM pg_locks l WHERE l.pid = pg_backend_pid() AND l.relation = c.oid AND l.granted), 0)
		FROM pg_class c WHERE c.relkind IN ('r', 'm') AND c.relnamespace = current_schema()::regnamespace AND c.relname NOT IN ($1, $2)`,
		migration.VersionTable, migration.RecordTable)
	if err != nil {
		return nil, err
	}
	defer list.Close()
	found := map[string]standing{}
	for list.Next() {
		var name string
		var s standing
		if err := list.Scan(&name, &s.oid, &s.file, &s.scans, &s.indexes, &s.lock); err != nil {
			return nil, err
		}
		found[name] = s
	}
	return found, list.Err()
}

// until tells what was done to a table until it stands as it does now; "" is nothing that lasts as long as it is large.
func (s standing) until(now standing) string {
	switch read := now.scans > s.scans; {
	case now.file != s.file:
		return rewrites
	case now.indexes > s.indexes && now.lock >= writers:
		return indexes
	case read && now.lock == all:
		return reads
	case read && now.lock == writers:
		return compares
	case read && now.lock == rows:
		return changes
	default:
		return ""
	}
}
