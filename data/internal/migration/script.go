package migration

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3/database"
)

// Script writes the SQL with which a database that stands at the number from gets to the number to, forwards or back, with what it is to
// remember. It asks no database.
func (r *Runner) Script(w io.Writer, from, to int64) error {
	p := &pen{}
	if r.record.engine == SQLite {
		p.text("PRAGMA foreign_keys = OFF;\n")
	}
	ctx, steps := context.Background(), r.set.between(from, to)
	if len(steps) == 0 {
		return nil
	}
	if from == 0 {
		err := errors.Join(r.record.CreateVersionTable(ctx, p), r.record.Store.Insert(ctx, p, database.InsertRequest{}))
		if err != nil {
			return err
		}
	}
	if _, err := p.ExecContext(ctx, createRecords); err != nil {
		return err
	}
	for _, f := range steps {
		if err := r.step(ctx, p, f, to > from); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, p.b.String())
	return err
}

// step writes one migration.
func (r *Runner) step(ctx context.Context, p *pen, f File, up bool) error {
	begin, commit := "BEGIN;\n", "COMMIT;\n"
	if f.Bare {
		begin, commit = "", ""
	}
	if up {
		p.text("\n-- " + f.Name + "\n" + begin + f.Up)
		err := r.record.Insert(ctx, p, database.InsertRequest{Version: f.Number})
		p.text(commit)
		return err
	}
	if f.Down == "" {
		return noDown(&f)
	}
	p.text("\n-- " + f.Name + ", back\n" + begin + f.Down)
	err := r.record.Delete(ctx, p, f.Number)
	p.text(commit)
	return err
}

// between is the files on the way from one number to another, in the order of the way.
func (s *Set) between(from, to int64) []File {
	var list []File
	for _, f := range s.Files {
		if min(from, to) < f.Number && f.Number <= max(from, to) {
			list = append(list, f)
		}
	}
	if to < from {
		slices.Reverse(list)
	}
	return list
}

func noDown(f *File) error {
	return fmt.Errorf("%s: there is no SQL after -- +goose Down, so it cannot be taken back", f.Name)
}

// pen stands for a database and writes down what would be run.
type pen struct{ b strings.Builder }

func (p *pen) text(sql string) { p.b.WriteString(sql) }

var parameter = regexp.MustCompile(`\$\d+|\?`)

// ExecContext writes a statement with its values.
func (p *pen) ExecContext(_ context.Context, query string, args ...any) (sql.Result, error) {
	next := 0
	query = parameter.ReplaceAllStringFunc(query, func(name string) string {
		at := next
		if name != "?" {
			n, _ := strconv.Atoi(name[1:]) // digits
			at = n - 1
		}
		next++
		switch v := args[at].(type) {
		case string:
			return "'" + strings.ReplaceAll(v, "'", "''") + "'"
		default:
			return fmt.Sprint(v)
		}
	})
	query = strings.Replace(query, "CREATE TABLE "+VersionTable, "CREATE TABLE IF NOT EXISTS "+VersionTable, 1)
	p.text(strings.TrimRight(strings.TrimSpace(query), ";") + ";\n")
	return nil, nil
}

// QueryContext is never needed to write.
func (p *pen) QueryContext(context.Context, string, ...any) (*sql.Rows, error) {
	return nil, errors.ErrUnsupported
}

// QueryRowContext is never needed to write.
func (p *pen) QueryRowContext(context.Context, string, ...any) *sql.Row { return nil }
