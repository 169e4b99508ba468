package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// ErrNested is returned by Read and Write when the context comes from a transaction of the same database. Such a call
// would not see, or would wait forever for, the transaction around it: pass the *Tx or *View on instead.
var ErrNested = errors.New("data: a transaction within a transaction")

// View reads within one snapshot. It is valid until the closure that received it returns.
type View struct{ session }

// Tx reads and writes within one transaction. It is valid until the closure that received it returns, and one of DB.Tx until its Finish.
type Tx struct{ session }

// Querier is anything that can be asked: a View, a Tx, or a DB, of which each statement sees what is committed when it begins, and cannot write.
type Querier interface {
	asked() *session
}

// session is where statements run. That of a DB has nothing but it: each statement gets one of its own.
type session struct {
	db    *DB
	on    queryer
	tx    *sql.Tx // of a Tx: what on is
	state *state
	reads bool         // it is a View's
	conn  *sql.Conn    // of DB.Tx; nil within a closure
	over  func() error // of DB.Tx: the error of its context
}

// state is what a session remembers.
type state struct {
	failure error // the first error of the engine
	after   []func(context.Context)
	again   bool // it runs what ran before
}

func (s *session) asked() *session { return s }

// queryer is the part of database/sql that an engine asks.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Read runs f within a read-only snapshot: all its queries see one state of the database. Statements that would write
// fail. Readers do not wait for writers. f runs once more when its connection to PostgreSQL ends under it, and again where columns were changed under it.
func (db *DB) Read(ctx context.Context, f func(ctx context.Context, v *View) error) error {
	return db.run(ctx, kind{pool: db.readers, opts: db.engine.reading()}, func(ctx context.Context, s session) error {
		return f(ctx, &View{s})
	})
}

func (db *DB) asked() *session { return &db.bare }

// single runs f, which runs one statement that reads. That is a transaction of its own.
func (db *DB) single(ctx context.Context, f func(ctx context.Context, v *View) error) error {
	return db.run(ctx, kind{pool: db.readers, opts: db.engine.reading(), single: db.engine.single()}, func(ctx context.Context, s session) error {
		return f(ctx, &View{s})
	})
}

// kind is what a transaction is like.
type kind struct {
	pool   *sql.DB
	opts   *sql.TxOptions
	single func(*sql.Conn) queryer // runs one statement, which needs no beginning and no end; nil is that there are several
}

func (k kind) reads() bool { return k.opts != nil && k.opts.ReadOnly }

// patient is how often it runs again when its connection ends under it. What is one statement has no beginning that tells of a connection that was dead before.
func (k kind) patient() int {
	if k.single != nil {
		return 2
	}
	return 1
}

// Write runs f within a write transaction and commits when f returns nil. When f returns an error or panics, or when ctx
// ends, everything is rolled back; f's error is returned as it is.
//
// On SQLite one write transaction runs at a time, so f should do nothing slow: no network, no password hashing. On PostgreSQL
// several run at a time, as if each ran alone; where that cannot be had (SQLSTATE 40001 and 40P01), or a statement was prepared for columns that are
// others now, nothing of f happened and f runs again, up to five times, so what f does besides asking tx must bear that. It runs once more when the
// connection ends under it. A transaction whose COMMIT was sent without an answer does not run again: the error is ErrUnknown.
//
// isolation, one at most, is that of this transaction on PostgreSQL; default that of the Config. Where single statements and constraints
// keep what must hold, sql.LevelReadCommitted lets writers of the same rows wait for each other instead of running again.
func (db *DB) Write(ctx context.Context, f func(ctx context.Context, tx *Tx) error, isolation ...sql.IsolationLevel) error {
	opts := db.engine.writing()
	if opts != nil && len(isolation) > 0 {
		opts.Isolation = isolation[0]
	}
	return db.run(ctx, kind{pool: db.writer, opts: opts}, func(ctx context.Context, s session) error {
		return f(ctx, &Tx{s})
	})
}

// AfterCommit gives tx something to do once it is committed, in order; after a rollback nothing of it happens. The context of fn is that
// of the transaction. When fn panics, the rest does not happen and the request fails, though the transaction is committed: what can fail belongs
// into tenon.After, or into the database.
func (tx *Tx) AfterCommit(fn func(context.Context)) { tx.state.after = append(tx.state.after, fn) }

// inside marks the context of a closure with its database.
type inside struct{ db *DB }

const (
	retries   = 5
	firstWait = 10 * time.Millisecond // the bound of the first pause; it doubles
	mostWait  = 500 * time.Millisecond
)

func (db *DB) run(ctx context.Context, k kind, f func(context.Context, session) error) error {
	if ctx.Value(inside{db}) != nil {
		return ErrNested
	}
	lost := 0
	for attempt := 0; ; attempt++ {
		state := &state{again: attempt > 0}
		begun, err := db.once(ctx, k, state, f)
		if err == nil {
			for _, fn := range state.after {
				fn(ctx)
			}
			return nil
		}
		failure := state.failure
		if ctx.Err() != nil || failure == nil {
			return err
		}
		if errors.Is(err, ErrUnknown) {
			return err
		}
		if db.engine.again(failure) && attempt < retries && pause(ctx, attempt) {
			continue
		}
		if begun && lost < k.patient() && db.engine.lost(failure) && !late(failure) { // the server has forgotten what it did
			lost++
			continue
		}
		if db.engine.down(failure) {
			return db.unavailable(err)
		}
		return err
	}
}

// pause waits before another attempt and reports whether there is time for one.
func pause(ctx context.Context, attempt int) bool {
	most := min(firstWait<<attempt, mostWait)
	timer := time.NewTimer(time.Duration(rand.Int64N(int64(most)))) //nolint:gosec // it is no secret
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// once runs f in one transaction, and reports whether that began.
func (db *DB) once(ctx context.Context, k kind, state *state, f func(context.Context, session) error) (begun bool, err error) {
	if k.single != nil {
		return db.onceSingle(ctx, k, state, f)
	}
	conn, tx, err := db.begin(ctx, k.pool, k.opts)
	if err != nil {
		state.failure = err
		return false, fmt.Errorf("data: begin: %w", err)
	}
	defer conn.Close()
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back, and before it f's error counts
	if err := f(context.WithValue(ctx, inside{db}, true), session{db: db, on: tx, tx: tx, state: state, reads: k.reads()}); err != nil {
		return true, err
	}
	if err := tx.Commit(); err != nil {
		state.note(err)
		if !k.reads() {
			err = db.explainCommit(ctx, ctx.Err(), k.pool, err)
		}
		return true, fmt.Errorf("data: commit: %w", err)
	}
	return true, nil
}

// onceSingle is once for a statement that is its whole transaction.
func (db *DB) onceSingle(ctx context.Context, k kind, state *state, f func(context.Context, session) error) (begun bool, err error) {
	conn, err := db.acquire(ctx, k.pool)
	if err != nil {
		state.failure = err
		return false, fmt.Errorf("data: begin: %w", err)
	}
	defer conn.Close()
	return true, f(ctx, session{db: db, on: k.single(conn), state: state, reads: true})
}

// note keeps the first error.
func (s *state) note(err error) {
	if s.failure == nil {
		s.failure = err
	}
}

// begin takes a connection, for which it waits no longer than the engine allows, and begins. A connection that turns out to be dead is
// replaced once: nothing has happened on it.
func (db *DB) begin(ctx context.Context, pool *sql.DB, opts *sql.TxOptions) (*sql.Conn, *sql.Tx, error) {
	for attempt := 0; ; attempt++ {
		conn, err := db.acquire(ctx, pool)
		if err != nil {
			return nil, nil, err
		}
		tx, err := conn.BeginTx(ctx, opts)
		if err == nil {
			return conn, tx, nil
		}
		_ = conn.Close() // the error of BEGIN says more
		if attempt > 0 || ctx.Err() != nil || !db.engine.down(err) || late(err) {
			return nil, nil, err
		}
	}
}

func (db *DB) acquire(ctx context.Context, pool *sql.DB) (*sql.Conn, error) {
	patience := db.reading
	if pool == db.writer {
		patience = db.writing
	}
	wait, cancel := context.WithTimeoutCause(ctx, patience, errExhausted)
	defer cancel()
	conn, err := pool.Conn(wait)
	if err != nil && wait.Err() != nil && ctx.Err() == nil {
		return nil, fmt.Errorf("%w: %w", context.Cause(wait), err)
	}
	return conn, err
}

// errExhausted is why a transaction did not begin.
var errExhausted = errors.New("no connection became free in time")

// explain replaces an error of the driver by a *ConstraintError, if it is one.
func (db *DB) explain(ctx context.Context, q queryer, err error) error {
	if v := db.engine.violation(ctx, q, err); v != nil {
		return v
	}
	return err
}

// explainCommit tells, of a COMMIT that failed, what was violated or that its outcome is not known: the server did not say. over is the error of the context of
// the transaction: one that ended before COMMIT was sent has rolled back.
func (db *DB) explainCommit(ctx context.Context, over error, pool *sql.DB, err error) error {
	notSent := errors.Is(err, errNotSent)
	switch {
	case over != nil && (errors.Is(err, sql.ErrTxDone) || err == over || notSent || db.engine.unsent(err)): //nolint:errorlint // a COMMIT that was sent has it
		return over
	case notSent:
		return err
	case db.engine.lost(err):
		return ErrUnknown.Wrap(err)
	}
	return db.explain(ctx, pool, err)
}
