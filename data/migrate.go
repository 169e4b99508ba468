package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// migrate applies the migrations that the database lacks, each in a transaction of its own. The caller sees to it, by an option
// too, that nobody else does so at the same time.
func migrate(ctx context.Context, dialect goose.Dialect, db *sql.DB, files fs.FS, opts ...goose.ProviderOption) error {
	if files == nil {
		return nil
	}
	files, err := ofEngine(files, dialect)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	p, err := goose.NewProvider(dialect, db, files, append(opts, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))...)
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

// ofEngine is the folder of migrations that is named after the engine, where there is one.
func ofEngine(files fs.FS, dialect goose.Dialect) (fs.FS, error) {
	name := "postgres"
	if dialect == goose.DialectSQLite3 {
		name = "sqlite"
	}
	if info, err := fs.Stat(files, name); err != nil || !info.IsDir() {
		return files, nil //nolint:nilerr // then the files are for every engine
	}
	return fs.Sub(files, name)
}
