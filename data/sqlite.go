package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/huandu/go-sqlbuilder"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqliteFile is the engine of SQLite; it holds the name of the file.
type sqliteFile string

// journalLimit is the size to which the write-ahead log is cut back after a checkpoint, in bytes.
const journalLimit = 64 << 20

func (f sqliteFile) open(ctx context.Context, cfg Config) (writer, readers *sql.DB, err error) {
	path, unlock, err := f.prepared(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, unlock()) }()

	writer, err = connect(ctx, sqliteURL(path, cfg.BusyTimeout, map[string]string{"_txlock": "immediate", "_journal_mode": "WAL"}), 1)
	if err != nil {
		return nil, nil, err
	}
	if err := f.migrate(ctx, cfg); err != nil {
		return nil, nil, errors.Join(err, writer.Close())
	}
	readers, err = connect(ctx, sqliteURL(path, cfg.BusyTimeout, map[string]string{"mode": "ro", "_query_only": "1"}), cfg.Readers)
	if err != nil {
		return nil, nil, errors.Join(err, writer.Close())
	}
	return writer, readers, nil
}

// prepared makes the file where it is missing, and keeps others from starting on it until unlock is called.
func (f sqliteFile) prepared(ctx context.Context) (path string, unlock func() error, err error) {
	if path, err = filepath.Abs(string(f)); err != nil {
		return "", nil, err
	}
	if err := prepareFile(path); err != nil {
		return "", nil, err
	}
	unlock, err = lockFile(ctx, path+"-starting")
	return path, unlock, err
}

// connect opens a pool of n connections, which stay open, and tries one.
func connect(ctx context.Context, source string, n int) (*sql.DB, error) {
	driver, err := sqlite.NewConnector(source)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(keeping{driver})
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// sqliteURL is the data source with the settings of every connection, and more.
func sqliteURL(path string, busy time.Duration, more map[string]string) string {
	q := url.Values{
		"_busy_timeout": {strconv.FormatInt(busy.Milliseconds(), 10)},
		"_foreign_keys": {"1"},
		"_synchronous":  {"FULL"},
		"_defensive":    {"1"},
		"_dqs":          {"0"},
		"_error_rc":     {"1"},
		"_pragma":       {"trusted_schema(0)", fmt.Sprintf("journal_size_limit(%d)", journalLimit)},
		"_time_format":  {"sqlite"},
		"_timezone":     {"UTC"},
	}
	for name, value := range more {
		q.Set(name, value)
	}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a Windows drive
	}
	return (&url.URL{Scheme: "file", Path: path, OmitHost: true, RawQuery: q.Encode()}).String()
}

// prepareFile makes the directory and the file, readable by their owner alone, where they are missing.
func prepareFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // whoever runs the service names the file
	switch {
	case err == nil:
		return f.Close()
	case !errors.Is(err, fs.ErrExist):
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o002 != 0 {
		return fmt.Errorf("everybody may write %s: take that right away (chmod o-w)", path)
	}
	return nil
}

// lockFile keeps other processes from starting on the same database, until unlock is called or the process ends. The
// lock is one of SQLite's, on an empty database beside the real one, so it holds on every platform.
func lockFile(ctx context.Context, path string) (unlock func() error, err error) {
	if err := prepareFile(path); err != nil {
		return nil, err
	}
	db, err := connect(ctx, sqliteURL(path, time.Hour, map[string]string{"_txlock": "exclusive"}), 1)
	if err != nil {
		return nil, err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("wait for another process that starts: %w", err), db.Close())
	}
	return func() error { return errors.Join(tx.Rollback(), db.Close()) }, nil
}

func (f sqliteFile) writing() *sql.TxOptions { return nil } // BEGIN IMMEDIATE: it is the connection's default

func (f sqliteFile) reading() *sql.TxOptions { return &sql.TxOptions{ReadOnly: true} }

func (f sqliteFile) single() func(*sql.Conn) queryer { // the connections that read cannot write
	return func(conn *sql.Conn) queryer { return conn }
}

func (f sqliteFile) text(sql string) string { return strings.ReplaceAll(sql, "??", "?") }

func (f sqliteFile) flavor() sqlbuilder.Flavor { return sqlbuilder.SQLite }

func (f sqliteFile) name() string { return "sqlite" }

func (f sqliteFile) like() string { return "LIKE" }

func (f sqliteFile) again(error) bool { return false } // who begins at once never meets another writer

func (f sqliteFile) down(err error) bool {
	driver, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return errors.Is(err, errExhausted)
	}
	switch driver.Code() & 0xff { // the primary code
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY,
		sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM:
		return true
	}
	return false
}

func (f sqliteFile) lost(error) bool { return false } // it is in this process

func (f sqliteFile) unsent(error) bool { return false }

func (f sqliteFile) least(Config) (int, time.Duration) { return 0, 0 } // those that were opened stay open

func (f sqliteFile) patience(cfg Config) (writing, reading time.Duration) {
	return cfg.BusyTimeout, cfg.Acquire
}

func (f sqliteFile) probe() Query { return SQL("SELECT 1 FROM sqlite_schema LIMIT 1") }

func (f sqliteFile) checkpoint(ctx context.Context, writer *sql.DB) error {
	_, err := writer.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}
