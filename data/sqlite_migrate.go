package data

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tenon-go/tenon/data/internal/migration"
)

func (f sqliteFile) kind() migration.Engine { return migration.SQLite }

func (f sqliteFile) absent() bool {
	_, err := os.Stat(string(f))
	return errors.Is(err, fs.ErrNotExist)
}

// migrating does not look at foreign keys: a table that is made anew is dropped in between. The end of each migration does.
func (f sqliteFile) migrating(cfg Config) (*sql.DB, error) {
	path, err := filepath.Abs(string(f))
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", sqliteURL(path, cfg.BusyTimeout, map[string]string{"_txlock": "immediate", "_foreign_keys": "0"}))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

func (f sqliteFile) alone(ctx context.Context, _ *sql.DB) (unlock func() error, err error) {
	_, unlock, err = f.prepared(ctx)
	return unlock, err
}

// migrate runs under the lock of whoever opens.
func (f sqliteFile) migrate(ctx context.Context, cfg Config) (err error) {
	if cfg.Migrations == nil {
		return nil
	}
	m, err := newMigrator(f, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	m.alone = func(context.Context) (func() error, error) { return func() error { return nil }, nil }
	return m.start(ctx, cfg)
}
