package data

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// sessions opens connections to PostgreSQL whose settings, at each begin, are those with which they were opened.
type sessions struct {
	driver.Connector
	life   time.Duration // of a connection, at most; 0 is no bound
	piped  bool          // transactions that read begin together with their first statement
	shared bool          // a pool gives each transaction a session, in which nothing is ours
}

// Connect opens one.
func (s sessions) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := s.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	whole, ok := conn.(*stdlib.Conn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the driver's connection is a %T", conn), conn.Close())
	}
	p := &pgSession{pgxConn: whole, piped: s.piped, shared: s.shared, wire: wireOf(whole.Conn().PgConn().Conn()), kept: map[string]*keptQuery{}}
	if s.life > 0 { // not all that were opened at once end at once
		p.until = time.Now().Add(s.life - time.Duration(rand.Int64N(int64(s.life/10)+1))) //nolint:gosec // it is no secret
	}
	return p, nil
}

// pgxConn is the driver's connection.
type pgxConn = stdlib.Conn

// pgSession is a connection. As every connection it is used by one goroutine at a time.
type pgSession struct {
	*pgxConn
	piped, shared bool
	until         time.Time    // when it is old; zero is never
	wire          *patientConn // nil is one that waits as long as it takes

	within  bool   // a transaction that was asked for has not ended
	waiting string // what begins it, and was not sent yet
	unsure  bool   // a statement may have changed how long one may take
	touched bool   // a statement may have changed what outlives its transaction
	old     bool   // what is prepared is not what the server would take
	kept    map[string]*keptQuery
	stale   []string // texts of kept queries that the server does not take any more
	ends    []*pgconn.StatementDescription
	build   pgx.ExtendedQueryBuilder
}

// afterwards makes the session what it was when it was opened: its settings, its role, what it listens to, the locks it holds, its cursors and its temporary
// tables. What the driver has prepared stays.
const afterwards = "RESET ALL; SET SESSION AUTHORIZATION DEFAULT; UNLISTEN *; SELECT pg_advisory_unlock_all(); CLOSE ALL; DISCARD TEMP"

// afterReading is for what a statement that reads can have changed. Its text does not say whether it has: a view may call functions, and so may an operator.
func afterReading() []string {
	return []string{"RESET ALL", "SET SESSION AUTHORIZATION DEFAULT", "UNLISTEN *", "SELECT pg_advisory_unlock_all()", "CLOSE ALL"}
}

// ResetSession looks at a connection that somebody is about to take.
func (c *pgSession) ResetSession(ctx context.Context) error {
	if !c.until.IsZero() && time.Now().After(c.until) {
		return driver.ErrBadConn
	}
	c.within, c.waiting, c.unsure = false, "", false
	c.wire.usual()
	if err := c.pgxConn.ResetSession(ctx); err != nil || c.shared {
		return err
	}
	if c.old && c.anew(ctx) != nil {
		return driver.ErrBadConn
	}
	if !c.touched {
		return nil
	}
	if _, err := c.simple(ctx, afterwards); err != nil {
		return driver.ErrBadConn
	}
	c.touched = false
	return nil
}

// BeginTx begins. A transaction that reads does so with its first statement.
func (c *pgSession) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if c.Conn().IsClosed() {
		return nil, driver.ErrBadConn
	}
	if opts.ReadOnly && c.piped {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c.within, c.waiting = true, beginText(opts)
		return sessionTx{c, ctx}, nil
	}
	c.touched = c.touched || !opts.ReadOnly
	if _, err := c.simple(ctx, beginText(opts)); err != nil {
		c.cut()
		return nil, err
	}
	c.within = true
	return sessionTx{c, ctx}, nil
}

func beginText(opts driver.TxOptions) string {
	text := "BEGIN"
	if level := sql.IsolationLevel(opts.Isolation); level != sql.LevelDefault {
		text += " ISOLATION LEVEL " + strings.ToUpper(level.String())
	}
	if opts.ReadOnly {
		text += " READ ONLY"
	}
	return text
}

// errOutside is that of a statement whose transaction is over: by itself it would be committed.
var errOutside = errors.New("the transaction has ended before this statement")

// outside reports whether the server is in no transaction, though one that was asked for has not ended.
func (c *pgSession) outside() bool {
	pg := c.Conn().PgConn()
	return c.within && !pg.IsClosed() && !pg.IsBusy() && pg.TxStatus() == 'I'
}

// begin sends what begins the transaction, where that was not sent yet. Where a statement spoke of its limit, it asks what that is now.
func (c *pgSession) begin(ctx context.Context) error {
	if c.waiting == "" && c.outside() {
		return errOutside
	}
	if c.waiting == "" {
		return c.limit(ctx)
	}
	if _, err := c.simple(ctx, c.waiting); err != nil {
		c.cut()
		return err
	}
	c.waiting = ""
	return nil
}

// simple sends statements without values. It returns what the server says of the first one.
func (c *pgSession) simple(ctx context.Context, text string) (first string, err error) {
	results := c.Conn().PgConn().Exec(ctx, text)
	for results.NextResult() {
		tag, _ := results.ResultReader().Close() // the whole has the error
		if first == "" {
			first = tag.String()
		}
	}
	return first, results.Close()
}

// cut ends a connection of which it is not known what it is in.
func (c *pgSession) cut() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = c.Conn().Close(ctx) // whatever comes of it, nobody uses it any more
}

// ExecContext runs a statement.
func (c *pgSession) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.begin(ctx); err != nil {
		return nil, err
	}
	c.touched = true
	c.unsure = c.unsure || namesTimeout(query)
	result, err := c.pgxConn.ExecContext(ctx, query, args)
	c.old = c.old || outdated(err)
	return result, err
}

// QueryContext runs a query: together with what begins its transaction, where that was not sent yet, and, for one that is its whole transaction, with what
// ends it.
func (c *pgSession) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	whole, single := ctx.Value(singleKey{}).(context.Context)
	if single {
		ctx = whole
		if hasOptions(args) { // without what is piped nothing would keep it from writing
			return nil, errOptions
		}
	}
	if (single || c.waiting != "") && !hasOptions(args) {
		return c.pipe(ctx, query, args, single)
	}
	if err := c.begin(ctx); err != nil {
		return nil, err
	}
	c.touched = true
	c.unsure = c.unsure || namesTimeout(query)
	rows, err := c.pgxConn.QueryContext(ctx, query, args)
	c.old = c.old || outdated(err)
	return rows, err
}

// errOptions is that of a statement by itself which asks the driver for another way to send it.
var errOptions = errors.New("options of the driver among the values want a transaction: use Read")

// hasOptions reports whether there is something for the driver among the values.
func hasOptions(args []driver.NamedValue) bool {
	if len(args) == 0 {
		return false
	}
	switch args[0].Value.(type) {
	case pgx.QueryExecMode, pgx.QueryRewriter, pgx.QueryResultFormats, pgx.QueryResultFormatsByOID:
		return true
	}
	return false
}

// PrepareContext prepares a statement, for whoever runs it in the transaction.
func (c *pgSession) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if err := c.begin(ctx); err != nil {
		return nil, err
	}
	c.touched = true
	return c.pgxConn.PrepareContext(ctx, query)
}

// errNotSent is why a transaction is rolled back: its connection ended before what ends it was sent.
var errNotSent = fmt.Errorf("COMMIT was not sent: %w", driver.ErrBadConn)

// sessionTx is a transaction.
type sessionTx struct {
	c   *pgSession
	ctx context.Context //nolint:containedctx // it is that of the transaction, which database/sql does not give to its end
}

// Commit ends it.
func (t sessionTx) Commit() error { return t.end("COMMIT", "ROLLBACK") }

// Rollback ends it.
func (t sessionTx) Rollback() error { return t.end("ROLLBACK", "") }

// end ends a transaction, and with it what a statement may have left in the session. The server says bad of one that it did not commit.
func (t sessionTx) end(text, bad string) error {
	c := t.c
	c.within = false
	if c.waiting != "" { // it did not begin
		c.waiting = ""
		return nil
	}
	if c.Conn().IsClosed() {
		return errNotSent
	}
	if bad != "" { // a rollback takes no time
		if err := c.limit(t.ctx); err != nil {
			c.cut()
			return errors.Join(errNotSent, err)
		}
	}
	touched := c.touched && !c.shared
	if touched {
		text += "; " + afterwards
	}
	said, err := c.simple(t.ctx, text)
	c.wire.usual()
	if err != nil && (said != "" || c.Conn().PgConn().TxStatus() != 'I') {
		c.cut()
	}
	if said == "" {
		return err
	}
	c.touched = c.touched && !touched
	if said == bad {
		return pgx.ErrTxCommitRollback
	}
	return nil
}

// limit sees to it that the answer to a statement is waited for as long as the server lets one take, where a statement spoke of that.
func (c *pgSession) limit(ctx context.Context) error {
	if !c.unsure || c.Conn().PgConn().TxStatus() == 'E' {
		return nil
	}
	results, err := c.Conn().PgConn().Exec(ctx, "SELECT setting FROM pg_settings WHERE name = 'statement_timeout'").ReadAll()
	if err != nil {
		return err
	}
	c.unsure = false
	c.wire.wait(patienceOf(string(results[0].Rows[0][0])))
	return nil
}
