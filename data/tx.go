package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ErrNested is returned by Read and Write when the context comes from a transaction of the same database. Such a call
// would not see, or would wait forever for, the transaction around it: pass the *Tx or *View on instead.
var ErrNested = errors.New("data: a transaction within a transaction")

// View reads within one snapshot. It is valid until the closure that received it returns.
type View struct{ session }

// Tx reads and writes within one transaction. It is valid until the closure that received it returns.
type Tx struct{ session }

// Querier is a View or a Tx: anything that can be asked.
type Querier interface {
	asked() *session
}

type session struct {
	db *DB
	tx *sql.Tx
}

func (s *session) asked() *session { return s }

// queryer is the part of database/sql that an engine asks.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Read runs f within a read-only snapshot: all its queries see one state of the database. Statements that would write
// fail. Readers do not wait for writers.
func (db *DB) Read(ctx context.Context, f func(ctx context.Context, v *View) error) error {
	return db.run(ctx, db.readers, &sql.TxOptions{ReadOnly: true}, func(ctx context.Context, s session) error {
		return f(ctx, &View{s})
	})
}

// Write runs f within a write transaction and commits when f returns nil. When f returns an error or panics, or when ctx
// ends, everything is rolled back; f's error is returned as it is. One write transaction runs at a time, so f should do
// nothing slow: no network, no password hashing.
func (db *DB) Write(ctx context.Context, f func(ctx context.Context, tx *Tx) error) error {
	return db.run(ctx, db.writer, nil, func(ctx context.Context, s session) error {
		return f(ctx, &Tx{s})
	})
}

// inside marks the context of a closure with its database.
type inside struct{ db *DB }

func (db *DB) run(ctx context.Context, pool *sql.DB, opts *sql.TxOptions, f func(context.Context, session) error) error {
	if ctx.Value(inside{db}) != nil {
		return ErrNested
	}
	tx, err := pool.BeginTx(ctx, opts)
	if err != nil {
		return fmt.Errorf("data: begin: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back, and before it f's error counts
	if err := f(context.WithValue(ctx, inside{db}, true), session{db, tx}); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("data: commit: %w", db.explain(ctx, pool, err))
	}
	return nil
}

// explain replaces an error of the driver by a *ConstraintError, if it is one.
func (db *DB) explain(ctx context.Context, q queryer, err error) error {
	if v := db.engine.violation(ctx, q, err); v != nil {
		return v
	}
	return err
}
