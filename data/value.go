package data

import (
	"context"
	"database/sql"
	"errors"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgconn"
)

// textOf is the text of a value, where it is one.
func textOf(value any) (text string, ok bool) {
	switch v := value.(type) {
	case nil:
		return "", false
	case string:
		return v, true
	case sql.Null[string]:
		return v.V, v.Valid
	case sql.NullString:
		return v.String, v.Valid
	}
	v := reflect.Indirect(reflect.ValueOf(value))
	if v.Kind() != reflect.String {
		return "", false
	}
	return v.String(), true
}

// hasNUL reports whether a value is text that PostgreSQL cannot store. SQLite can, and then finds no end of it.
func hasNUL(value any) bool {
	text, ok := textOf(value)
	return ok && strings.IndexByte(text, 0) >= 0
}

// referrer is an engine that does not say which foreign key an insert violated.
type referrer interface {
	// missing finds out which columns refer to what is not there.
	missing(ctx context.Context, q queryer, table string, columns []string, values []any) ([]string, error)
}

// locate says of an insert that failed which column is to blame.
func (s *session) locate(ctx context.Context, err error, table string, columns []string, values []any) error {
	v, ok := errors.AsType[*ConstraintError](err)
	if !ok || v.Name != "" {
		return err
	}
	switch v.Kind {
	case Value:
		i := v.argument - 1
		if i < 0 {
			i = misfit(v.cause, columns, values)
		}
		if i >= 0 && i < len(values) {
			v.Table, v.Columns, v.Name = table, columns[i:i+1:i+1], table+"."+columns[i]
		}
	case ForeignKey:
		if r, ok := s.db.engine.(referrer); ok {
			if found, ferr := r.missing(ctx, s.on, table, columns, values); ferr == nil && found != nil {
				v.Table, v.Columns, v.Name = table, found, table+"_"+strings.Join(found, "_")+"_fkey"
			}
		}
	}
	return err
}

// lengthText is what a server says of text that is too long: value too long for type character varying(5).
var lengthText = regexp.MustCompile(`\((\d+)\)`)

// The size in bytes that a row of an index can have, about, and that anything like it can have.
const (
	mostIndexed = 2600
	mostRow     = 8000
)

// misfit is the value that is to blame; below 0, it is not known which.
func misfit(cause error, columns []string, values []any) int {
	e, ok := errors.AsType[*pgconn.PgError](cause)
	if !ok {
		return -1
	}
	switch e.Code {
	case stateTooLong:
		m := lengthText.FindStringSubmatch(e.Message)
		if m == nil {
			return -1
		}
		most, err := strconv.Atoi(m[1])
		if err != nil {
			return -1
		}
		return only(values, func(_ int, text string) bool { return utf8.RuneCountInString(text) > most })
	case stateTooMuch: // the name of an index, where it is said, mostly says what is in it
		return only(values, func(i int, text string) bool {
			return e.ConstraintName == "" && len(text) > mostRow || len(text) > mostIndexed && strings.Contains(e.ConstraintName, columns[i])
		})
	}
	return -1
}

// only is the one text among values of which is holds; below 0, there is none, or another.
func only(values []any, is func(i int, text string) bool) int {
	found := -1
	for i, value := range values {
		if text, ok := textOf(value); !ok || !is(i, text) {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = i
	}
	return found
}
