package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// DB is an open database. It is safe for concurrent use. Make one with Open and end it with Close.
type DB struct {
	engine  engine
	writer  *sql.DB
	readers *sql.DB
}

// engine is what differs between the kinds of database.
type engine interface {
	// open connects and migrates.
	open(ctx context.Context, cfg Config) (writer, readers *sql.DB, err error)
	// violation finds out which constraint err says was violated; nil is none. It may ask the database.
	violation(ctx context.Context, q queryer, err error) *ConstraintError
	// probe is a query that needs the file or the server, and little else.
	probe() Query
	// checkpoint makes what is written stand in the main file before the database is closed.
	checkpoint(ctx context.Context, writer *sql.DB) error
}

// Open opens the database that dsn names, makes it if it is not there, and applies the migrations that it lacks. When
// several processes open one database at the same time, one migrates and the others wait.
//
// The form of dsn is "sqlite:" and a file name, taken as it is: no part of it is read as an option. Missing directories
// are made with mode 0700 and the file with mode 0600; a file that everybody may write is refused. Beside the file stand
// those of SQLite (-wal, -shm) and an empty one (-starting) that holds the lock of whoever opens.
func Open(ctx context.Context, dsn string, cfg Config) (*DB, error) {
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	e, err := engineOf(dsn)
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	writer, readers, err := e.open(ctx, cfg.withDefaults())
	if err != nil {
		return nil, fmt.Errorf("data: open: %w", err)
	}
	return &DB{engine: e, writer: writer, readers: readers}, nil
}

func engineOf(dsn string) (engine, error) { //nolint:ireturn // the seam between kinds of database
	kind, rest, _ := strings.Cut(dsn, ":")
	if kind != "sqlite" {
		return nil, errors.New(`the data source does not begin with "sqlite:"`) // it may hold a password: not shown
	}
	if rest == "" || strings.HasPrefix(rest, ":") {
		return nil, errors.New("the data source names no file, want sqlite:FILE")
	}
	return sqliteFile(rest), nil
}

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	return db.Read(ctx, func(ctx context.Context, v *View) error {
		_, err := All[int64](ctx, v, db.engine.probe())
		return err
	})
}

// Close ends the database: it waits for a transaction that writes, up to ten seconds, writes what is in the log into the
// main file and closes all connections. What is committed is safe even when Close fails. Call it once.
func (db *DB) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := db.readers.Close()
	return errors.Join(err, db.engine.checkpoint(ctx, db.writer), db.writer.Close())
}
