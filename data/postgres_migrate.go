package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3/lock"

	"github.com/tenon-go/tenon/data/internal/migration"
)

func (p *postgres) kind() migration.Engine { return migration.Postgres }

func (p *postgres) absent() bool { return false }

// migrating has connections of its own: a migration may take longer than a statement of a request.
func (p *postgres) migrating(cfg Config) (*sql.DB, error) {
	if err := p.secure(cfg.Postgres); err != nil {
		return nil, err
	}
	p.pooler = cfg.Postgres.Pooler
	c := p.config(cfg.Postgres)
	if !p.pooler {
		c.RuntimeParams["statement_timeout"] = "0"
	}
	c.DialFunc = dialer(0)
	return stdlib.OpenDB(*c), nil
}

// tries is how often the lock is asked for, one second apart.
const tries = 600

// errPooled is why nothing is migrated through a pool: the lock that keeps others from it is that of a session.
var errPooled = errors.New("a pool in transaction mode (Postgres.Pooler) keeps no lock: migrate by the URL of the server itself, without Pooler")

// alone holds an advisory lock of the server on a connection of its own.
func (p *postgres) alone(ctx context.Context, db *sql.DB) (unlock func() error, err error) {
	if p.pooler {
		return nil, errPooled
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, tries))
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if err := locker.SessionLock(ctx, conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return func() error {
		return errors.Join(locker.SessionUnlock(context.WithoutCancel(ctx), conn), conn.Close())
	}, nil
}

func (p *postgres) migrate(ctx context.Context, cfg Config) (err error) {
	if cfg.Migrations == nil {
		return nil
	}
	m, err := newMigrator(p, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	if err := m.db.PingContext(ctx); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return m.start(ctx, cfg)
}
