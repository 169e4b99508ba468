package data

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
)

// keeping opens connections that keep their statements. To parse a statement and to plan it takes SQLite longer than to read a row by its key.
type keeping struct{ driver.Connector }

// Connect opens one.
func (k keeping) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	whole, ok := conn.(sqliteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the driver's connection is a %T, which lacks methods", conn), conn.Close())
	}
	return &keepingConn{sqliteConn: whole, kept: map[string]*keptStatement{}}, nil
}

// sqliteConn is what the driver's connections are.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// mostKept is how many statements a connection keeps.
const mostKept = 128

// keepingConn is a connection that keeps the queries that it ran. As every connection it is used by one goroutine at a time.
type keepingConn struct {
	sqliteConn
	kept map[string]*keptStatement
}

// keptStatement is a query that was prepared.
type keptStatement struct {
	driver.Stmt
	driver.StmtQueryContext
	driver.StmtExecContext
	busy bool // its rows are not closed yet
}

// Unwrap is the driver's connection.
func (c *keepingConn) Unwrap() driver.Conn { return c.sqliteConn }

// QueryContext runs a query. One that is under way is prepared once more, for this time.
func (c *keepingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.keep(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.sqliteConn.QueryContext(ctx, query, args)
	}
	rows, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.busy = true
	return &keptRows{rows, s}, nil
}

// keep finds or prepares a statement; nil is that it cannot be kept.
func (c *keepingConn) keep(ctx context.Context, query string) (*keptStatement, error) {
	if s, ok := c.kept[query]; ok {
		if s.busy {
			return nil, nil
		}
		return s, nil
	}
	if len(c.kept) == mostKept && !c.drop() {
		return nil, nil
	}
	prepared, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	asks, ok := prepared.(driver.StmtQueryContext)
	does, too := prepared.(driver.StmtExecContext)
	if !ok || !too {
		return nil, prepared.Close()
	}
	s := &keptStatement{Stmt: prepared, StmtQueryContext: asks, StmtExecContext: does}
	c.kept[query] = s
	return s, nil
}

// drop ends one statement that is not under way, whichever, and reports whether there was one.
func (c *keepingConn) drop() bool {
	for query, s := range c.kept {
		if !s.busy {
			delete(c.kept, query)
			return s.Close() == nil
		}
	}
	return false
}

// BeginTx begins. A transaction that reads waits for nobody, so nobody has to watch its context while it begins and ends.
func (c *keepingConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if !opts.ReadOnly {
		return c.sqliteConn.BeginTx(ctx, opts)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return readTx{c}, c.do("BEGIN")
}

// do runs a statement without values that does not wait.
func (c *keepingConn) do(text string) error {
	s, err := c.keep(context.Background(), text)
	if err != nil {
		return err
	}
	if s == nil {
		_, err = c.ExecContext(context.Background(), text, nil)
		return err
	}
	_, err = s.ExecContext(context.Background(), nil)
	return err
}

// readTx is a transaction that reads.
type readTx struct{ c *keepingConn }

// Commit ends it.
func (t readTx) Commit() error {
	err := t.c.do("COMMIT")
	if err != nil {
		_ = t.c.do("ROLLBACK") // the error of COMMIT says more
	}
	return err
}

// Rollback ends it.
func (t readTx) Rollback() error { return t.c.do("ROLLBACK") }

// Close ends the statements and the connection.
func (c *keepingConn) Close() error {
	var errs []error
	for _, s := range c.kept {
		errs = append(errs, s.Close())
	}
	c.kept = nil
	return errors.Join(append(errs, c.sqliteConn.Close())...)
}

// keptRows are the rows of a statement that is kept.
type keptRows struct {
	driver.Rows
	of *keptStatement
}

// Close makes the statement free again.
func (r *keptRows) Close() error {
	err := r.Rows.Close()
	r.of.busy = false
	return err
}
