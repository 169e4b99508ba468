package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// migrate applies the migrations that the database lacks, each in a transaction of its own. The caller sees to it that
// nobody else does so at the same time.
func migrate(ctx context.Context, db *sql.DB, files fs.FS) error {
	if files == nil {
		return nil
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if errors.Is(err, goose.ErrNoMigrations) {
		return errors.New("migrations: the file system holds no file such as 0001_users.sql")
	}
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return nil
}
