package data

import (
	"context"
	"errors"
	"fmt"
)

// Tx is a provider for tenon: the write transaction of one request, which every part of it that asks for a *Tx shares.
//
//	app.Provide(db.Tx)
//
//	type deleteUser struct {
//		ID int64    `path:"id"`
//		Tx *data.Tx `dep:""`
//	}
//
// It begins before the handler and ends by Finish, before the first byte of the answer: what an error, a problem or a panic ends is
// rolled back, and a client is told of a success only when it is one. Until then it is the only writer of SQLite, so a handler that does
// something slow uses Write, and one that has a Tx must not call Write. It does not run again as Write does: where PostgreSQL cannot
// have it, the answer is ErrUnavailable, and nothing happened; where its COMMIT is not answered, ErrUnknown.
func (db *DB) Tx(ctx context.Context, _ *struct{}) (*Tx, error) {
	if ctx.Value(inside{db}) != nil {
		return nil, ErrNested
	}
	s := session{db: db, state: &state{}}
	conn, tx, err := db.begin(ctx, db.writer, db.engine.writing())
	if err != nil {
		s.state.note(err)
		return nil, s.transient(fmt.Errorf("data: begin: %w", err))
	}
	s.conn, s.tx, s.on, s.over = conn, tx, tx, ctx.Err
	return &Tx{s}, nil
}

// errClosure is what Finish says of a Tx that is not its caller's to end.
var errClosure = errors.New("data: the transaction of a Write ends with its function")

// Finish commits a transaction of DB.Tx when err is nil, and then does what AfterCommit was given; else it rolls back. The Tx of a Write
// is not ended by it.
func (tx *Tx) Finish(ctx context.Context, err error) error {
	if tx.conn == nil {
		return errClosure
	}
	defer tx.conn.Close()
	if err != nil {
		_ = tx.tx.Rollback() // what fails here is rolled back with the end of the connection
		return nil
	}
	if err := tx.tx.Commit(); err != nil {
		over := tx.over()
		explained := fmt.Errorf("data: commit: %w", tx.db.explainCommit(ctx, over, tx.db.writer, err))
		if errors.Is(explained, ErrUnknown) || over != nil && errors.Is(explained, over) {
			return explained
		}
		tx.state.note(err)
		return tx.transient(explained)
	}
	for _, fn := range tx.state.after {
		fn(ctx)
	}
	return nil
}

// transient makes ErrUnavailable of an error after which the request may be sent again.
func (s *session) transient(err error) error {
	if failure := s.state.failure; failure != nil && (s.db.engine.down(failure) || s.db.engine.again(failure)) {
		return s.db.unavailable(err)
	}
	return err
}
