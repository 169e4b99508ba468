package data

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"reflect"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// pipedRows are the rows of a query that was sent with other statements. What they are in Go is what package stdlib of the driver makes of them.
type pipedRows struct {
	c      *pgSession
	p      *pgconn.MultiResultReader
	r      *pgconn.ResultReader
	query  *keptQuery
	single bool
	ahead  bool // the first row is there, and nobody had it
	none   bool // there are no more
}

// open reads what is said of the beginning, and the first row, so that an error of the query is that of its beginning.
func (r *pipedRows) open() error {
	for range 2 { // what begins, and the query
		if !r.p.NextResult() {
			return cmp.Or(r.p.Close(), errNoAnswer)
		}
		r.r = r.p.ResultReader()
	}
	if r.ahead = r.r.NextRow(); r.ahead {
		return nil
	}
	r.none = true
	_, err := r.r.Close()
	return err
}

// errNoAnswer is that a server does not keep to the protocol.
var errNoAnswer = errors.New("the server does not answer a statement")

// end reads what is left. A transaction that is this statement's own is ended even when it failed.
func (r *pipedRows) end() error {
	err := r.p.Close()
	r.c.old = r.c.old || outdated(err)
	if !r.single || r.c.Conn().IsClosed() {
		return err
	}
	if r.c.Conn().PgConn().TxStatus() == 'I' {
		if err == nil { // the resets were sent with it
			r.c.touched = false
		}
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if _, rerr := r.c.simple(ctx, "ROLLBACK; "+afterwards); rerr != nil {
		r.c.cut()
	} else {
		r.c.touched = false
	}
	return err
}

// Columns are their names.
func (r *pipedRows) Columns() []string {
	fields := r.query.Fields
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return names
}

// Close ends the query, and the transaction when that is its own.
func (r *pipedRows) Close() error {
	r.none = true
	return r.end()
}

// NextRow goes to the next row.
func (r *pipedRows) NextRow() error {
	switch {
	case r.ahead:
		r.ahead = false
		return nil
	case r.none:
		return io.EOF
	case r.r.NextRow():
		return nil
	}
	r.none = true
	if _, err := r.r.Close(); err != nil {
		return err
	}
	return io.EOF
}

// Next is NextRow for whoever takes all values at once.
func (r *pipedRows) Next(dest []driver.Value) error {
	if err := r.NextRow(); err != nil {
		return err
	}
	for i := range dest {
		value, err := r.value(i)
		if err != nil {
			return err
		}
		dest[i] = value
	}
	return nil
}

// ScanColumn writes a column of the row: by the rules of database/sql where these know the type, else by those of the driver.
func (r *pipedRows) ScanColumn(scan driver.ScanContext, i int, dest any) error {
	if v := reflect.ValueOf(dest); v.Kind() != reflect.Pointer || v.IsNil() {
		return errors.New("destination is no pointer, or nil")
	}
	if !isStandard(dest) {
		return r.c.Conn().TypeMap().Scan(r.query.Fields[i].DataTypeOID, r.query.formats[i], r.r.Values()[i], dest)
	}
	value, err := r.value(i)
	if err != nil {
		return err
	}
	return sql.ConvertAssign(scan, dest, value)
}

// value is a column as database/sql knows values.
func (r *pipedRows) value(i int) (driver.Value, error) {
	src := r.r.Values()[i]
	if src == nil {
		return nil, nil
	}
	oid := r.query.Fields[i].DataTypeOID
	if r.query.formats[i] == pgtype.TextFormatCode {
		switch oid {
		case pgtype.JSONOID, pgtype.JSONBOID, pgtype.XMLOID:
			return bytes.Clone(src), nil
		}
		return string(src), nil
	}
	types := r.c.Conn().TypeMap()
	t, ok := types.TypeForOID(oid)
	if !ok {
		return nil, fmt.Errorf("the type %d of a column is not known", oid)
	}
	return t.Codec.DecodeDatabaseSQLValue(types, oid, pgtype.BinaryFormatCode, src)
}

// isStandard reports whether database/sql knows what is written into dest: a scalar, bytes, a time, a pointer to one of them, or a Scanner.
func isStandard(dest any) bool {
	switch dest.(type) {
	case sql.Scanner, *string, *int64, *int, *bool, *time.Time, *float64, *[]byte, *any:
		return true
	}
	return standard(reflect.TypeOf(dest))
}

func standard(t reflect.Type) bool {
	for {
		if t.Implements(reflect.TypeFor[sql.Scanner]()) {
			return true
		}
		if t.Implements(reflect.TypeFor[pgtype.ArraySetter]()) || t.Implements(reflect.TypeFor[pgtype.BytesScanner]()) {
			return false
		}
		if t.Kind() != reflect.Pointer || t.Name() != "" {
			break
		}
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64,
		reflect.Float32, reflect.Float64, reflect.String, reflect.Interface:
		return true
	case reflect.Slice:
		return t.Elem().Kind() == reflect.Uint8
	case reflect.Struct:
		return t.ConvertibleTo(reflect.TypeFor[time.Time]())
	}
	return false
}
