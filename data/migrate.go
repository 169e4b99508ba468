package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"github.com/tenon-go/tenon/data/internal/migration"
)

// migrates is what an engine knows of migrations.
type migrates interface {
	// kind names the engine.
	kind() migration.Engine
	// absent reports whether the database is not there yet; asking does not make it.
	absent() bool
	// migrating opens connections that bear what a migration does; nothing is connected yet.
	migrating(cfg Config) (*sql.DB, error)
	// alone keeps others from migrating until unlock is called or the process ends.
	alone(ctx context.Context, db *sql.DB) (unlock func() error, err error)
}

// start brings the database up to date for a program that opens it. It takes the lock only where there is something to do. A newer database
// will do as long as none of the migrations that are not known here is breaking.
func (m *Migrator) start(ctx context.Context, cfg Config) error {
	if m.set.Last() == 0 {
		return errors.New("migrations: the file system holds no file such as 0001_users.sql")
	}
	now, err := m.Status(ctx)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if drift := now.Drift(); drift != nil {
		return fmt.Errorf("migrations: %w", drift)
	}
	if ahead := now.Ahead(); ahead != nil && !ahead.Breaking() && len(now.In(migration.Pending)) == 0 {
		cfg.Logger.WarnContext(ctx, ahead.Error())
		return nil
	}
	if now.Settled() {
		return nil
	}
	if _, err = m.Up(ctx, math.MaxInt64); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return nil
}
