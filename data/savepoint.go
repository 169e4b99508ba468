package data

import (
	"context"
	"fmt"
)

// Try runs f as a part of the transaction that can fail by itself: when f returns an error or panics, what it did is undone, and the transaction goes
// on as if f had not run. On PostgreSQL a statement that fails would end the whole transaction; on SQLite it does not. What f gives to AfterCommit
// is dropped with it.
//
//	err := tx.Try(ctx, func(ctx context.Context) error { _, err := users.Insert(ctx, tx, row); return err })
//	if data.IsUnique(err, "users_email_key") { … }
func (tx *Tx) Try(ctx context.Context, f func(ctx context.Context) error) error {
	after := len(tx.state.after)
	if _, err := tx.tx.ExecContext(ctx, "SAVEPOINT tenon"); err != nil {
		return tx.failed(ctx, statement{}, err)
	}
	done := false
	defer func() {
		if !done { // a panic
			_ = tx.undo(ctx, after)
		}
	}()
	err := f(ctx)
	done = true
	if err != nil {
		if uerr := tx.undo(ctx, after); uerr != nil {
			return fmt.Errorf("%w: %w", uerr, err)
		}
		return err
	}
	if _, err := tx.tx.ExecContext(ctx, "RELEASE SAVEPOINT tenon"); err != nil {
		return tx.failed(ctx, statement{}, err)
	}
	return nil
}

// undo goes back to the last savepoint and ends it, and drops what came after it.
func (tx *Tx) undo(ctx context.Context, after int) error {
	tx.state.after = tx.state.after[:after]
	failure := tx.state.failure
	for _, text := range []string{"ROLLBACK TO SAVEPOINT tenon", "RELEASE SAVEPOINT tenon"} {
		if _, err := tx.tx.ExecContext(ctx, text); err != nil {
			return tx.failed(ctx, statement{}, err)
		}
	}
	if failure != nil && !tx.db.engine.again(failure) && !tx.db.engine.down(failure) {
		tx.state.failure = nil
	}
	return nil
}
