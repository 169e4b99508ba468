package data

import (
	"context"
	"errors"
	"fmt"

	"github.com/huandu/go-sqlbuilder"
)

// lack says which tables and columns of the models the database has not. Types and rules are for the command migrate check to compare.
func (db *DB) lack(ctx context.Context, models []Model) error {
	var faults []error
	for _, m := range models {
		t := m.Describe()
		names := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			names[i] = c.Name
		}
		err := db.selects(ctx, t.Name, names...)
		if err == nil {
			continue
		}
		if unasked(ctx, err) {
			return err
		}
		if err := db.selects(ctx, t.Name, "1"); err != nil {
			if unasked(ctx, err) {
				return err
			}
			faults = append(faults, fmt.Errorf("the table %s of the models: %w", t.Name, err))
			continue
		}
		for _, name := range names {
			if err := db.selects(ctx, t.Name, name); err != nil {
				if unasked(ctx, err) {
					return err
				}
				faults = append(faults, fmt.Errorf("the column %s.%s of the models: %w", t.Name, name, err))
			}
		}
	}
	if len(faults) == 0 {
		return nil
	}
	return errors.Join(append(faults, errors.New("the models and the database differ; migrate check says how"))...)
}

// unasked reports whether an error says nothing of a table: the database cannot be used now, or nobody waits any more.
func unasked(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, ErrUnavailable)
}

// selects tries to read columns of no row.
func (db *DB) selects(ctx context.Context, table string, columns ...string) error {
	text, _ := sqlbuilder.NewSelectBuilder().Select(columns...).From(table).Where("0 = 1").BuildWithFlavor(db.engine.flavor())
	return db.Read(ctx, func(ctx context.Context, v *View) error {
		rows, err := v.on.QueryContext(ctx, text)
		if err != nil {
			v.state.note(err)
			return err
		}
		defer rows.Close()
		return rows.Err()
	})
}
