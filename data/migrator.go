package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"

	"github.com/tenon-go/tenon/data/internal/migration"
)

// Migration is one migration and how it stands.
type Migration = migration.Migration

// MigrationStatus is every migration that the files or the database know, by number.
type MigrationStatus = migration.Status

// AheadError says that the database has migrations for which the program has no file.
type AheadError = migration.AheadError

// Migrator applies the migrations of a database one by one and takes them back, as the command migrate does. A service that calls Open
// needs none. It is safe for concurrent use; others who migrate wait for each other.
type Migrator struct {
	engine engine
	db     *sql.DB
	set    *migration.Set
	runner *migration.Runner
	alone  func(ctx context.Context) (unlock func() error, err error)

	blocking int64 // the most rows
}

// OpenMigrator opens a database, as Open does, to migrate it by cfg.Migrations. It connects to nothing yet, and makes nothing.
func OpenMigrator(dsn string, cfg Config) (*Migrator, error) {
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	e, err := engineOf(dsn)
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	m, err := newMigrator(e, cfg.withDefaults())
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	return m, nil
}

func newMigrator(e engine, cfg Config) (*Migrator, error) {
	set := &migration.Set{}
	if cfg.Migrations != nil {
		var err error
		if set, err = migration.Read(cfg.Migrations, e.kind()); err != nil {
			return nil, fmt.Errorf("migrations: %w", err)
		}
	}
	db, err := e.migrating(cfg)
	if err != nil {
		return nil, err
	}
	runner, err := migration.NewRunner(db, e.kind(), set)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	m := &Migrator{engine: e, db: db, set: set, runner: runner, blocking: cfg.Postgres.Blocking}
	m.alone = func(ctx context.Context) (func() error, error) { return e.alone(ctx, db) }
	return m, nil
}

// Ping reports whether the database can be reached. That it is not there yet is no error.
func (m *Migrator) Ping(ctx context.Context) error {
	if m.engine.absent() {
		return nil
	}
	return m.db.PingContext(ctx)
}

// Files is the status of an empty database: every file, pending.
func (m *Migrator) Files() MigrationStatus { return migration.Fresh(m.set) }

// Status tells of every migration. It changes nothing.
func (m *Migrator) Status(ctx context.Context) (MigrationStatus, error) {
	if m.engine.absent() {
		return m.Files(), nil
	}
	return m.runner.Status(ctx)
}

// Up applies what the database lacks, in the order of the numbers, up to the number to. Each migration is a transaction. It
// returns what was applied, also with an error. What makes others wait for a large table is refused (PostgresConfig.Blocking).
func (m *Migrator) Up(ctx context.Context, to int64) (done []Migration, err error) {
	return m.locked(ctx, func() ([]Migration, error) {
		if err := m.blocked(ctx, to); err != nil {
			return nil, err
		}
		return m.runner.Up(ctx, to)
	})
}

// Down takes back what is newer than the number to, the newest first. It returns what was taken back, also with an error.
func (m *Migrator) Down(ctx context.Context, to int64) (done []Migration, err error) {
	return m.locked(ctx, func() ([]Migration, error) { return m.runner.Down(ctx, to) })
}

// Stamp takes what the database lacks, up to the number to, for applied and runs nothing of it: another program made the tables.
func (m *Migrator) Stamp(ctx context.Context, to int64) (done []Migration, err error) {
	return m.locked(ctx, func() ([]Migration, error) { return m.runner.Stamp(ctx, to) })
}

// Accept takes the file of an applied migration as it is now for what was applied.
func (m *Migrator) Accept(ctx context.Context, number int64) error {
	_, err := m.locked(ctx, func() ([]Migration, error) { return nil, m.runner.Accept(ctx, number) })
	return err
}

func (m *Migrator) locked(ctx context.Context, work func() ([]Migration, error)) (done []Migration, err error) {
	unlock, err := m.alone(ctx)
	if err != nil {
		return nil, fmt.Errorf("wait for another process that migrates: %w", err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	return work()
}

// Script writes the SQL with which a database that stands at the number from gets to the number to, forwards or back, with what the database is
// to remember. It asks no database.
func (m *Migrator) Script(w io.Writer, from, to int64) error { return m.runner.Script(w, from, to) }

// DB is the pool that migrations run on, for tools: no limit of time holds for its statements, and SQLite does not look at foreign keys.
func (m *Migrator) DB() *sql.DB { return m.db }

// Close ends the connections.
func (m *Migrator) Close() error { return m.db.Close() }
