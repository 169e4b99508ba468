package data

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// singleKey marks the context of a statement that is its whole transaction. Its value is the context itself.
type singleKey struct{}

// singleConn runs statements that each are their whole transaction. The end of a context is seen to by the connection: database/sql would have a goroutine
// wait for it.
type singleConn struct{ conn *sql.Conn }

// QueryContext runs one.
func (c singleConn) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return c.conn.QueryContext(context.WithValue(context.WithoutCancel(ctx), singleKey{}, ctx), query, args...)
}

// keptQuery is a statement that the server has prepared.
type keptQuery struct {
	*pgconn.StatementDescription
	formats []int16 // of its columns, as package stdlib of the driver asks for them
}

// mostPrepared is how many statements a connection keeps for what is piped.
const mostPrepared = 512

// keep finds or prepares a statement.
func (c *pgSession) keep(ctx context.Context, text string) (*keptQuery, error) {
	if k, ok := c.kept[text]; ok {
		return k, nil
	}
	if len(c.kept) >= mostPrepared {
		for old := range c.kept { // whichever
			delete(c.kept, old)
			c.stale = append(c.stale, old)
			break
		}
	}
	for len(c.stale) > 0 {
		if err := c.Conn().Deallocate(ctx, c.stale[0]); err != nil {
			return nil, err
		}
		c.stale = c.stale[1:]
	}
	described, err := c.Conn().Prepare(ctx, text, text)
	if err != nil {
		return nil, err
	}
	k := &keptQuery{StatementDescription: described, formats: make([]int16, len(described.Fields))}
	for i, f := range described.Fields {
		k.formats[i] = formatOf(f.DataTypeOID)
	}
	c.kept[text] = k
	return k, nil
}

// formatOf is how a column is sent: as text, but for those types whose other form package stdlib asks for.
func formatOf(oid uint32) int16 {
	switch oid {
	case pgtype.BoolOID, pgtype.ByteaOID, pgtype.CIDOID, pgtype.DateOID, pgtype.Float4OID, pgtype.Float8OID, pgtype.Int2OID, pgtype.Int4OID,
		pgtype.Int8OID, pgtype.OIDOID, pgtype.TimestampOID, pgtype.TimestamptzOID, pgtype.XIDOID:
		return pgtype.BinaryFormatCode
	}
	return pgtype.TextFormatCode
}

// singleBegin is how a statement begins that is its whole transaction. It sees one state of the database whatever the isolation.
const singleBegin = "BEGIN READ ONLY"

// pipe sends a query in one piece with what begins its transaction and, where it is single, with what ends it, so that the way to the server is gone once.
// What was prepared for columns that are others now, or was forgotten, is prepared anew: nothing has happened yet.
func (c *pgSession) pipe(ctx context.Context, text string, args []driver.NamedValue, single bool) (driver.Rows, error) {
	if c.Conn().IsClosed() {
		return nil, driver.ErrBadConn
	}
	begin := c.waiting
	rows, err := c.pipeOnce(ctx, text, args, single)
	if err == nil {
		return rows, nil
	}
	if !outdated(err) {
		return nil, err
	}
	if !single && c.waiting == "" { // it began
		if _, rerr := c.simple(ctx, "ROLLBACK"); rerr != nil {
			return nil, err
		}
		c.waiting = begin
	}
	if c.anew(ctx) != nil {
		return nil, err
	}
	rows, err = c.pipeOnce(ctx, text, args, single)
	if err != nil { // a nil *pipedRows is no nil driver.Rows
		return nil, err
	}
	return rows, nil
}

func (c *pgSession) pipeOnce(ctx context.Context, text string, args []driver.NamedValue, single bool) (*pipedRows, error) {
	st, err := c.steps(ctx, text, single)
	if err != nil {
		return nil, err
	}
	query := st.query
	values := make([]any, len(args))
	for i, a := range args {
		values[i] = a.Value
	}
	if err := c.build.Build(c.Conn().TypeMap(), query.StatementDescription, values); err != nil {
		return nil, err
	}
	begin := c.waiting
	c.touched = true
	if !single {
		c.waiting = ""
		c.unsure = c.unsure || namesTimeout(text)
	}
	var b pgconn.Batch
	b.ExecStatement(st.before, nil, nil, nil)
	b.ExecStatement(query.StatementDescription, c.build.ParamValues, c.build.ParamFormats, query.formats)
	for _, step := range st.after {
		b.ExecStatement(step, nil, nil, nil)
	}
	r := &pipedRows{c: c, p: c.Conn().PgConn().ExecBatch(ctx, &b), query: query, single: single}
	if err := r.open(); err != nil {
		_ = r.end() // the error of the query says more
		if c.outside() {
			c.waiting = begin // it did not begin
		}
		return nil, err
	}
	return r, nil
}

// steps are a query and what is sent before and after it.
type steps struct {
	query  *keptQuery
	before *pgconn.StatementDescription
	after  []*pgconn.StatementDescription
}

// steps finds or prepares them.
func (c *pgSession) steps(ctx context.Context, text string, single bool) (st steps, err error) {
	begin := c.waiting
	if single {
		begin = singleBegin
	}
	if st.before, err = c.Conn().Prepare(ctx, begin, begin); err != nil {
		return st, err
	}
	if st.query, err = c.keep(ctx, text); err != nil || !single {
		return st, err
	}
	st.after, err = c.endings(ctx)
	return st, err
}

// endings end a statement that is its whole transaction, and leave nothing of it in the session.
func (c *pgSession) endings(ctx context.Context) ([]*pgconn.StatementDescription, error) {
	if c.ends != nil {
		return c.ends, nil
	}
	var ends []*pgconn.StatementDescription
	for _, text := range append([]string{"COMMIT"}, afterReading()...) {
		prepared, err := c.Conn().Prepare(ctx, text, text)
		if err != nil {
			return nil, err
		}
		ends = append(ends, prepared)
	}
	c.ends = ends
	return ends, nil
}

// States of statements that a server does not run as they were prepared: their columns are others, or it has forgotten them.
const (
	stateOtherColumns = "0A000"
	stateForgotten    = "26000"
)

// outdated reports an error of such a statement. What cannot be done at all has the first of the states, too.
func outdated(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == stateForgotten || e.Code == stateOtherColumns && e.Routine == "RevalidateCachedQuery")
}

// anew sees to it that everything is prepared anew.
func (c *pgSession) anew(ctx context.Context) error {
	clear(c.kept)
	c.stale, c.ends, c.old = nil, nil, false
	err := c.Conn().DeallocateAll(ctx)
	if err != nil {
		c.cut()
	}
	return err
}
