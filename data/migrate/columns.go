package migrate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ariga.io/atlas/sql/schema"
)

// clear takes away what stands in the way of changes to columns.
func (w *walk) clear(ctx context.Context, m *schema.ModifyTable) {
	retyped := slices.ContainsFunc(m.Changes, func(c schema.Change) bool {
		column, ok := c.(*schema.ModifyColumn)
		return ok && column.Change.Is(schema.ChangeType)
	})
	for _, c := range m.Changes {
		name := ""
		switch c := c.(type) {
		case *schema.DropIndex:
			if w.engine == sqliteEngine {
				w.try(ctx, "DROP INDEX "+c.I.Name)
			}
		case *schema.DropCheck:
			name = c.C.Name
		case *schema.ModifyCheck:
			name = c.From.Name
		case *schema.DropForeignKey:
			name = c.F.Symbol
		}
		if name != "" && retyped && w.engine == postgresEngine {
			w.try(ctx, fmt.Sprintf("ALTER TABLE %s DROP CONSTRAINT %s", m.T.Name, name))
		}
	}
}

// answered refuses a change of type that says nothing of the values that the new type does not take as they are: a cast rounds, cuts off, or
// keeps what nobody can read.
func (w *walk) answered(table string, c *schema.ModifyColumn) error {
	from, to := w.typeText(c.From), w.typeText(c.To)
	if w.models == nil || widens(from, to) || isText(to) && !isBytes(from) || w.fill(table+"."+c.To.Name) != "" {
		return nil // the server refuses a text that is too long
	}
	return fmt.Errorf("%s.%s changes from %s to %s, which does not take every value as it is: "+
		"say what becomes of them by --fill %[1]s.%[2]s=SQL, such as CAST(%[2]s AS %[4]s)", table, c.To.Name, from, to)
}

func isBytes(typ string) bool { return typ == "BLOB" || typ == "BYTEA" }

func isText(typ string) bool { return typ == "TEXT" || strings.HasPrefix(typ, "CHARACTER VARYING") }

// retype gives a column of PostgreSQL another type. Values are cast, or what --fill says.
func (w *walk) retype(ctx context.Context, table string, c *schema.ModifyColumn) error {
	alter := fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s ", table, c.To.Name)
	typ := w.typeText(c.To)
	if c.From.Default != nil {
		if err := w.step(ctx, alter+"DROP DEFAULT"); err != nil {
			return err
		}
	}
	cast := c.To.Name + "::"
	if w.fill(table+"."+c.To.Name) == "" && w.try(ctx, alter+"TYPE "+typ) { // which refuses a text that is too long, where a cast cuts it off
		return nil
	}
	values := []string{cast + typ, cast + "text::" + typ}
	if value := w.fill(table + "." + c.To.Name); value != "" && w.models != nil {
		values = []string{value}
		if c.Change.Is(schema.ChangeNull) {
			values = []string{"coalesce(" + cast + typ + ", " + value + ")", value}
		}
	}
	for _, value := range values[:len(values)-1] {
		if w.try(ctx, alter+"TYPE "+typ+" USING "+value) {
			return nil
		}
	}
	return w.step(ctx, alter+"TYPE "+typ+" USING "+values[len(values)-1])
}

// column adds a column, drops one, or gets its rows ready.
func (w *walk) column(ctx context.Context, t *schema.Table, change schema.Change) error {
	switch c := change.(type) {
	case *schema.AddColumn:
		return w.addColumn(ctx, t, c.C)
	case *schema.AddCheck:
		return w.addCheck(ctx, t.Name, c.C.Name, false)
	case *schema.ModifyCheck:
		return w.addCheck(ctx, t.Name, c.To.Name, true)
	case *schema.DropColumn:
		if w.engine == sqliteEngine {
			w.try(ctx, fmt.Sprintf("ALTER TABLE %s DROP COLUMN %s", t.Name, c.C.Name))
		}
	case *schema.ModifyColumn:
		if c.Change.Is(schema.ChangeType) {
			if err := w.answered(t.Name, c); err != nil {
				return err
			}
			if w.engine == postgresEngine {
				if err := w.retype(ctx, t.Name, c); err != nil || w.fill(t.Name+"."+c.To.Name) != "" {
					return err // what is filled in is so by the new type
				}
			}
		}
		return w.ready(ctx, t.Name, c)
	}
	return nil
}

// ready gives the rows of a column values that bear its change.
func (w *walk) ready(ctx context.Context, table string, c *schema.ModifyColumn) error {
	name, value := c.To.Name, w.fill(table+"."+c.To.Name)
	if value == "" && c.To.Default != nil && w.engine == postgresEngine {
		value = defaultText(c.To) // as the table gets it that SQLite makes anew
	}
	switch {
	case value == "":
		return nil
	case c.From.Type.Null && !c.To.Type.Null:
		return w.step(ctx, fmt.Sprintf("UPDATE %s SET %s = %s WHERE %[2]s IS NULL", table, name, value))
	case c.Change.Is(schema.ChangeType) && w.models != nil:
		return w.step(ctx, fmt.Sprintf("UPDATE %s SET %s = %s", table, name, value))
	default:
		return nil
	}
}

// addCheck writes a check of PostgreSQL as the model says it. The server would say it in its own words.
func (w *walk) addCheck(ctx context.Context, table, name string, there bool) error {
	m := w.model(table)
	if m == nil || w.engine != postgresEngine {
		return nil
	}
	i := slices.IndexFunc(m.columns, func(c column) bool { return m.checkName(c) == name })
	if i < 0 {
		return nil
	}
	if there {
		w.try(ctx, fmt.Sprintf("ALTER TABLE %s DROP CONSTRAINT %s", table, name)) // it may be gone by now
	}
	w.try(ctx, fmt.Sprintf("ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s)", table, name, m.columns[i].check)) // it may be there with its column
	return nil
}

// addColumn adds a column. Where it must have a value and has no default, rows that are there already get one first.
func (w *walk) addColumn(ctx context.Context, t *schema.Table, c *schema.Column) error {
	name := t.Name + "." + c.Name
	value := w.fill(name)
	if !c.Type.Null && c.Default == nil && value == "" {
		return fmt.Errorf(`%s is NOT NULL without a default: say what rows get that are there already, by default:"…" in the model or --fill %[1]s=SQL`, name)
	}
	if value != "" && (c.Type.Null || c.Default == nil) {
		return errors.Join(
			w.step(ctx, fmt.Sprintf("ALTER TABLE %s ADD COLUMN %s %s", t.Name, c.Name, w.typeText(c))),
			w.step(ctx, fmt.Sprintf("UPDATE %s SET %s = %s", t.Name, c.Name, value)))
	}
	if m := w.model(t.Name); m != nil {
		i := slices.IndexFunc(m.columns, func(o column) bool { return o.name == c.Name })
		if w.engine == sqliteEngine && strings.HasPrefix(m.columns[i].def, "(") {
			return nil // SQLite adds a column whose default is computed to an empty table alone: the table is made anew
		}
		w.try(ctx, fmt.Sprintf("ALTER TABLE %s ADD COLUMN %s", t.Name, m.columns[i].text(m)))
	}
	return nil
}
