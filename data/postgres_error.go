package data

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// SQLSTATE codes that mean something to us (PostgreSQL, appendix A).
const (
	stateNotNull       = "23502"
	stateForeignKey    = "23503"
	stateUnique        = "23505"
	stateCheck         = "23514"
	stateExclusion     = "23P01"
	stateTooLong       = "22001"
	stateOutOfRange    = "22003"
	stateCharacter     = "22021" // of another encoding, or U+0000
	stateUnicode       = "22P05" // which the encoding does not have, or U+0000 in JSON
	stateSerialization = "40001"
	stateDeadlock      = "40P01"
	stateCanceled      = "57014" // by statement_timeout, or by us
	stateNoLock        = "55P03" // within lock_timeout
	stateIdle          = "25P03" // idle_in_transaction_session_timeout
	stateReadOnly      = "25006" // a replica that was the primary
)

// classesDown are the classes of SQLSTATE that say the server cannot be used now: connection, resources, operator, system.
var classesDown = [...]string{"08", "53", "57", "58"}

// keyText is the beginning of the detail of a violated key: Key (email)=(ada@example.com) already exists.
var keyText = regexp.MustCompile(`^Key \((.*?)\)=\(`)

func (p *postgres) violation(_ context.Context, _ queryer, err error) *ConstraintError {
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok && tooLarge(err) {
		return &ConstraintError{Kind: Value, cause: errTooLarge}
	}
	if !ok {
		return nil
	}
	v := &ConstraintError{Name: e.ConstraintName, Table: e.TableName, cause: hidden{e}}
	switch e.Code {
	case stateUnique, stateExclusion:
		v.Kind = Unique
		v.columns(e.Detail)
	case stateCheck:
		v.Kind = Check
	case stateForeignKey:
		v.Kind, v.InUse = ForeignKey, strings.Contains(e.Detail, "is still referenced from table")
		v.columns(e.Detail)
	case stateTooLong, stateOutOfRange, stateCharacter, stateUnicode:
		v.Kind = Value
	case stateNotNull:
		v.Kind, v.Name, v.Columns = NotNull, e.TableName+"."+e.ColumnName, []string{e.ColumnName}
	default:
		return nil
	}
	return v
}

// columns are those that a detail names.
func (e *ConstraintError) columns(detail string) {
	if m := keyText.FindStringSubmatch(detail); m != nil {
		e.Columns = strings.Split(m[1], ", ")
	}
}

// errTooLarge takes the place of the driver's error, which repeats the value.
var errTooLarge = errors.New("a number is out of the range of its column")

// tooLarge reports that the driver found a number that does not fit its column.
func tooLarge(err error) bool {
	text := err.Error()
	return strings.HasPrefix(text, "failed to encode args[") &&
		(strings.Contains(text, "is greater than maximum value for") || strings.Contains(text, "is less than minimum value for"))
}

// hidden is an error of the server without its detail, which repeats values.
type hidden struct{ error }

// Unwrap is the error itself, for those who look for it.
func (h hidden) Unwrap() error { return h.error }

func (p *postgres) again(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == stateSerialization || e.Code == stateDeadlock)
}

func (p *postgres) down(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code {
		case stateCanceled, stateNoLock, stateIdle, stateReadOnly, stateSerialization, stateDeadlock:
			return true
		}
		for _, class := range classesDown {
			if strings.HasPrefix(e.Code, class) {
				return true
			}
		}
		return false
	}
	return p.lost(err)
}

// lost reports an error that is not the server's own word.
func (p *postgres) lost(err error) bool {
	if _, ok := errors.AsType[*pgconn.PgError](err); ok || errors.Is(err, pgx.ErrTxCommitRollback) {
		return false
	}
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	_, network := errors.AsType[net.Error](err)
	return connecting || network || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, errExhausted) || strings.Contains(err.Error(), "conn closed") // pgconn has no value for it
}
