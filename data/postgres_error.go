package data

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// SQLSTATE codes that mean something to us (PostgreSQL, appendix A).
const (
	stateNotNull       = "23502"
	stateRestrict      = "23001" // ON DELETE RESTRICT, from PostgreSQL 18 on
	stateForeignKey    = "23503"
	stateUnique        = "23505"
	stateCheck         = "23514"
	stateExclusion     = "23P01"
	stateTooLong       = "22001"
	stateOutOfRange    = "22003"
	stateCharacter     = "22021" // of another encoding, or U+0000
	stateUnicode       = "22P05" // which the encoding does not have, or U+0000 in JSON
	stateText          = "22P02" // that is not one of the type
	stateTime          = "22007"
	stateTimeRange     = "22008"
	stateTooMuch       = "54000" // for a row of an index, or a page
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
	if !ok {
		return unencoded(err)
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
	case stateRestrict:
		v.Kind, v.InUse = ForeignKey, true
		v.columns(e.Detail)
	case stateTooMuch: // it names an index, of which the value is not a constraint
		v.Kind, v.Name = Value, ""
	case stateTooLong, stateOutOfRange, stateCharacter, stateUnicode:
		v.Kind, v.argument = Value, parameter(e)
	case stateText, stateTime, stateTimeRange: // of a value; in the text of a statement it is the program's fault
		if v.Kind, v.argument = Value, parameter(e); v.argument == 0 {
			return nil
		}
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

// errUnencoded takes the place of the driver's error, which repeats the value.
var errUnencoded = errors.New("a value is not one of its column's type")

// unencodedText is what the driver says of a value: failed to encode args[0]: unable to encode 99999 into binary format for int2 (OID 21), and why.
var unencodedText = regexp.MustCompile(`^failed to encode args\[(\d+)\]: `)

// unencoded is a value that the driver could not make one of its column's type, such as a number that is too large or a text that is no UUID. One whose
// Go type never fits is the program's fault.
func unencoded(err error) *ConstraintError {
	m := unencodedText.FindStringSubmatch(err.Error())
	if m == nil || strings.Contains(err.Error(), "cannot find encode plan") {
		return nil
	}
	i, _ := strconv.Atoi(m[1]) // they are digits
	return &ConstraintError{Kind: Value, argument: i + 1, cause: errUnencoded}
}

// parameterText is where a server says that an argument is to blame: unnamed portal parameter $1 = '…'.
var parameterText = regexp.MustCompile(`portal (?:"[^"]*" )?parameter \$(\d+)`)

// parameter is the number of the argument that is to blame; 0 is not known.
func parameter(e *pgconn.PgError) int {
	m := parameterText.FindStringSubmatch(e.Where)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1]) // what is no number is not known
	return n
}

// hidden is an error of the server without its detail, which repeats values.
type hidden struct{ error }

// Unwrap is the error itself, for those who look for it.
func (h hidden) Unwrap() error { return h.error }

func (p *postgres) again(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == stateSerialization || e.Code == stateDeadlock) || outdated(err)
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

// stateEnded is the beginning of the codes with which the server says that it ends, and the connection with it: 57P01, 57P02, 57P03.
const stateEnded = "57P0"

// lost reports an error that is not the server's own word, or its last.
func (p *postgres) lost(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return strings.HasPrefix(e.Code, stateEnded)
	}
	if errors.Is(err, pgx.ErrTxCommitRollback) {
		return false
	}
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	_, network := errors.AsType[net.Error](err)
	return connecting || network || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, errExhausted) || strings.Contains(err.Error(), "conn closed") // pgconn has no value for it
}

func (p *postgres) unsent(err error) bool {
	return pgconn.SafeToRetry(err) && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded))
}

// late reports an error of somebody who has waited: another try would wait as long.
func late(err error) bool {
	slow, ok := errors.AsType[net.Error](err)
	return ok && slow.Timeout() || errors.Is(err, errExhausted)
}
