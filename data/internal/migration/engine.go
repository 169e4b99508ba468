package migration

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pressly/goose/v3/database"
)

// Engine is a kind of database.
type Engine int

// The engines.
const (
	SQLite Engine = iota
	Postgres
)

// Name is that of the folder with the engine's files.
func (e Engine) Name() string {
	if e == Postgres {
		return "postgres"
	}
	return "sqlite"
}

// String is the name that people know.
func (e Engine) String() string {
	if e == Postgres {
		return "PostgreSQL"
	}
	return "SQLite"
}

// The tables that remember what was applied: goose's, and ours with the names and sums of the files.
const (
	VersionTable = "goose_db_version"
	RecordTable  = "tenon_migrations"
)

func (e Engine) dialect() database.Dialect {
	if e == Postgres {
		return database.DialectPostgres
	}
	return database.DialectSQLite3
}

const createRecords = `CREATE TABLE IF NOT EXISTS ` + RecordTable + ` (
	version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, sum TEXT NOT NULL, breaking TEXT NOT NULL
)`

// has reports whether there is a table.
func (e Engine) has(ctx context.Context, db database.DBTxConn, table string) (found bool, err error) {
	query := `SELECT count(*) > 0 FROM sqlite_schema WHERE type = 'table' AND name = $1`
	if e == Postgres {
		query = `SELECT to_regclass($1) IS NOT NULL`
	}
	err = db.QueryRowContext(ctx, query, table).Scan(&found)
	return found, err
}

// sound reports references to rows that are not there. SQLite does not look at them during a migration, so that a table can be made
// anew; PostgreSQL does.
func (e Engine) sound(ctx context.Context, db database.DBTxConn) error {
	if script, ok := db.(*pen); ok || e != SQLite {
		if ok && e == SQLite {
			script.text("PRAGMA foreign_key_check; -- must find nothing\n")
		}
		return nil
	}
	var table, parent string
	var row sql.NullInt64
	var key int
	err := db.QueryRowContext(ctx, `PRAGMA foreign_key_check`).Scan(&table, &row, &parent, &key)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("it leaves rows of %s that refer to no row of %s", table, parent)
}
