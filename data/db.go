package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/huandu/go-sqlbuilder"
)

// DB is an open database. It is safe for concurrent use. Make one with Open and end it with Close. It is a Querier: a single statement that reads needs
// neither Read nor Write around it.
type DB struct {
	engine  engine
	writer  *sql.DB
	readers *sql.DB

	writing, reading time.Duration // the most that a transaction waits for a connection
	logger           *slog.Logger
	cursors          *cursors
	shapes           shapes
	bare             session // what it is as a Querier
	keeping          keeper
}

// engine is what differs between the kinds of database.
type engine interface {
	connector
	migrates
	dialect
	judge
}

// connector makes connections.
type connector interface {
	// open connects and migrates.
	open(ctx context.Context, cfg Config) (writer, readers *sql.DB, err error)
	// patience is how long a transaction waits for a connection that writes, or that reads.
	patience(cfg Config) (writing, reading time.Duration)
	// least is how many connections are kept open, and how often these are looked at.
	least(cfg Config) (connections int, every time.Duration)
	// single is what runs a statement that reads on a connection, without a transaction around it; nil is that it needs one.
	single() func(*sql.Conn) queryer
	// checkpoint makes what is written stand in the main file before the database is closed.
	checkpoint(ctx context.Context, writer *sql.DB) error
}

// dialect says things in the engine's words.
type dialect interface {
	// name is the engine's own.
	name() string
	// writing and reading say how transactions begin.
	writing() *sql.TxOptions
	reading() *sql.TxOptions
	// text is SQL with the engine's placeholders in the place of ?.
	text(sql string) string
	// flavor is that of built statements.
	flavor() sqlbuilder.Flavor
	// like is the operator that compares without case.
	like() string
	// durable asks what a commit survives.
	durable() Query
	// probe is a query that needs the file or the server, and little else.
	probe() Query
	// plan tells how a statement that has run is run, a line for each step, without running it.
	plan(ctx context.Context, pool *sql.DB, text string, values int) ([]string, error)
	// catalogue asks for what CheckIndexes compares.
	catalogue() catalogue
}

// judge finds out what an error means.
type judge interface {
	// violation finds out which constraint err says was violated; nil is none. It may ask the database.
	violation(ctx context.Context, q queryer, err error) *ConstraintError
	// again reports whether a transaction that ended with err did nothing, and can succeed when it is run again.
	again(err error) bool
	// down reports whether err says that the database cannot be used now.
	down(err error) bool
	// lost reports whether err says that the database did not answer.
	lost(err error) bool
	// unsent reports a COMMIT that was not sent, since its context had ended.
	unsent(err error) bool
}

// Open opens the database that dsn names, makes it if it is not there, and applies the migrations that it lacks. When
// several processes open one database at the same time, one migrates and the others wait.
//
// SQLite: dsn is "sqlite:" and a file name, taken as it is: no part of it is read as an option. Missing directories
// are made with mode 0700 and the file with mode 0600; a file that everybody may write is refused. Beside the file stand
// those of SQLite (-wal, -shm) and an empty one (-starting) that holds the lock of whoever opens.
//
// PostgreSQL: dsn is the URL of a database, "postgres://user:password@host:5432/name?sslmode=verify-full", as libpq knows it. Off the
// loopback interface it must ask for TLS. A lock of the database keeps other processes from migrating at the same time.
func Open(ctx context.Context, dsn string, cfg Config) (*DB, error) {
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	e, err := engineOf(dsn)
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	cfg = cfg.withDefaults()
	cursors, err := newCursors(cfg.CursorSecret, cfg.CursorSecretsBefore)
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	writer, readers, err := e.open(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("data: open: %w", err)
	}
	db := &DB{engine: e, writer: writer, readers: readers, logger: cfg.Logger, cursors: cursors}
	db.bare.db = db
	db.writing, db.reading = e.patience(cfg)
	if err := db.lack(ctx, cfg.Models); err != nil {
		return nil, fmt.Errorf("data: open: %w", errors.Join(err, db.Close()))
	}
	if err := db.keep(ctx, cfg); err != nil {
		return nil, fmt.Errorf("data: open: %w", errors.Join(err, db.Close()))
	}
	return db, nil
}

func engineOf(dsn string) (engine, error) { //nolint:ireturn // the seam between kinds of database
	kind, rest, _ := strings.Cut(dsn, ":")
	switch kind {
	case "sqlite":
	case "postgres", "postgresql":
		return newPostgres(dsn)
	default:
		return nil, errors.New(`the data source does not begin with "sqlite:" or "postgres://"`) // it may hold a password: not shown
	}
	if rest == "" || strings.HasPrefix(rest, ":") {
		return nil, errors.New("the data source names no file, want sqlite:FILE")
	}
	return sqliteFile(rest), nil
}

// Engine is the kind of database: "sqlite" or "postgres".
func (db *DB) Engine() string { return db.engine.name() }

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	_, err := All[int64](ctx, db, db.engine.probe())
	return err
}

// Finish closes the database when the app stops of which it is a tenon.Singleton.
func (db *DB) Finish(context.Context, error) error { return db.Close() }

// Stats are those of the connections that write, and of those that read: on PostgreSQL they are the same.
func (db *DB) Stats() (writes, reads sql.DBStats) { return db.writer.Stats(), db.readers.Stats() }

// Close ends the database: it waits for a transaction that writes, up to ten seconds, writes what is in the log into the
// main file and closes all connections. What is committed is safe even when Close fails. Call it once.
func (db *DB) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	db.keeping.end()
	var err error
	if db.readers != db.writer {
		err = db.readers.Close()
	}
	return errors.Join(err, db.engine.checkpoint(ctx, db.writer), db.writer.Close())
}
