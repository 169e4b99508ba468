package migrate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/schema"
)

// walk takes a scratch database to a schema, and keeps the statements.
type walk struct {
	*base

	want    *schema.Schema
	models  []*table // what is wanted, as it would be written by hand; nil on the way back
	fill    func(column string) string
	done    []string
	reasons []string // why the way is breaking
}

// step runs a statement and keeps it.
func (w *walk) step(ctx context.Context, statement string) error {
	if err := w.run(ctx, statement); err != nil {
		return err
	}
	w.done = append(w.done, statement)
	return nil
}

// try is a step that may be refused; then the way goes elsewhere.
func (w *walk) try(ctx context.Context, statement string) bool { return w.step(ctx, statement) == nil }

// arrive takes the database to the schema: by what one would write by hand where that works, else as planned by Atlas.
func (w *walk) arrive(ctx context.Context) error {
	extras, err := w.extras(ctx)
	if err != nil {
		return err
	}
	changes, err := w.distance(ctx, w.want)
	if err != nil {
		return err
	}
	for _, i := range w.items(changes) {
		if i.breaking != "" {
			w.reasons = append(w.reasons, i.breaking)
		}
	}
	if err := w.byHand(ctx, changes); err != nil {
		return err
	}
	if err := w.planned(ctx); err != nil {
		return err
	}
	if err := w.restore(ctx, extras); err != nil {
		return err
	}
	left, err := w.distance(ctx, w.want)
	if err == nil && len(left) > 0 {
		var texts []string
		for _, i := range w.items(left) {
			texts = append(texts, i.text)
		}
		err = fmt.Errorf("%s: no SQL was found for: %s; write this migration by hand (migrate new --empty)", w.engine, strings.Join(texts, ", "))
	}
	return err
}

// byHand does what has a short form: new tables in the order of their references, then columns, then tables that go.
func (w *walk) byHand(ctx context.Context, changes []schema.Change) error {
	added, gone := map[string]bool{}, map[string]bool{}
	for _, c := range changes {
		switch c := c.(type) {
		case *schema.AddTable:
			added[c.T.Name] = true
		case *schema.DropTable:
			gone[c.T.Name] = true
		}
	}
	for _, t := range w.models {
		for _, statement := range t.statements(w.engine) {
			if !added[t.name] {
				break
			}
			if err := w.step(ctx, statement); err != nil {
				return err
			}
		}
	}
	for _, c := range changes {
		m, ok := c.(*schema.ModifyTable)
		if !ok {
			continue
		}
		w.clear(ctx, m)
		for _, part := range m.Changes {
			if err := w.column(ctx, m.T, part); err != nil {
				return err
			}
		}
	}
	return w.dropTables(ctx, gone)
}

// dropTables drops tables after those that refer to them. Of a circle, Atlas takes care.
func (w *walk) dropTables(ctx context.Context, gone map[string]bool) error {
	for len(gone) > 0 {
		have, err := w.schema(ctx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(have.Tables, func(t *schema.Table) bool { return gone[t.Name] && !referred(have, t.Name) })
		if i < 0 {
			return nil
		}
		if err := w.step(ctx, "DROP TABLE "+have.Tables[i].Name); err != nil {
			return err
		}
		delete(gone, have.Tables[i].Name)
	}
	return nil
}

// referred reports whether another table refers to one.
func referred(s *schema.Schema, name string) bool {
	return slices.ContainsFunc(s.Tables, func(t *schema.Table) bool {
		return t.Name != name && slices.ContainsFunc(t.ForeignKeys, func(f *schema.ForeignKey) bool { return f.RefTable.Name == name })
	})
}

func (w *walk) model(name string) *table {
	i := slices.IndexFunc(w.models, func(t *table) bool { return t.name == name })
	if i < 0 {
		return nil
	}
	return w.models[i]
}

// planned does what Atlas plans for what is left.
func (w *walk) planned(ctx context.Context) error {
	changes, err := w.distance(ctx, w.want)
	if err != nil || len(changes) == 0 {
		return err
	}
	plan, err := w.look.PlanChanges(ctx, "migration", changes, func(o *migrate.PlanOptions) {
		o.Indent, o.SchemaQualifier = "\t", new("")
	})
	if err != nil {
		return fmt.Errorf("%s: %w", w.engine, err)
	}
	if err := w.unview(ctx, plan); err != nil {
		return err
	}
	for _, c := range plan.Changes {
		if strings.HasPrefix(c.Cmd, "PRAGMA foreign_keys") { // migrations run without them
			continue
		}
		if err := w.step(ctx, strings.ReplaceAll(c.Cmd, "ADD\nCONSTRAINT", "ADD CONSTRAINT")); err != nil {
			return err
		}
		if err := w.keepCount(ctx, c.Cmd); err != nil {
			return err
		}
	}
	return nil
}

// keepCount lets a table that SQLite makes anew go on counting its keys where the old one stood: a key is not used again.
func (w *walk) keepCount(ctx context.Context, statement string) error {
	rest, ok := strings.CutPrefix(statement, "INSERT INTO `new_")
	if !ok || w.engine != sqliteEngine {
		return nil
	}
	name, _, _ := strings.Cut(rest, "`")
	var counts int
	err := w.m.DB().QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE name = ? AND sql LIKE '%AUTOINCREMENT%'", "new_"+name).Scan(&counts)
	if err != nil || counts == 0 {
		return err
	}
	return errors.Join(
		w.step(ctx, fmt.Sprintf("DELETE FROM sqlite_sequence WHERE name = 'new_%s'", name)),
		w.step(ctx, fmt.Sprintf("INSERT INTO sqlite_sequence (name, seq) SELECT 'new_%s', seq FROM sqlite_sequence WHERE name = '%[1]s'", name)))
}

// unview takes away the views and triggers that speak of a table which SQLite makes anew; it would not rename the new one under them. They
// come back at the end.
func (w *walk) unview(ctx context.Context, plan *migrate.Plan) error {
	now, err := w.extras(ctx)
	if err != nil {
		return err
	}
	for _, name := range sortedKeys(now) {
		for _, c := range plan.Changes {
			rest, anew := strings.CutPrefix(c.Cmd, "CREATE TABLE `new_")
			table, _, _ := strings.Cut(rest, "`")
			if !anew || !strings.Contains(now[name], table) {
				continue
			}
			kind, _, _ := strings.Cut(strings.TrimPrefix(strings.ToUpper(now[name]), "CREATE "), " ")
			if err := w.step(ctx, fmt.Sprintf("DROP %s %s", kind, name)); err != nil {
				return err
			}
			break
		}
	}
	return nil
}

// extras are the triggers and views of SQLite, which go with a table that is made anew.
func (w *walk) extras(ctx context.Context) (map[string]string, error) {
	found := map[string]string{}
	if w.engine != sqliteEngine {
		return found, nil
	}
	rows, err := w.m.DB().QueryContext(ctx, "SELECT name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view')")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			return nil, err
		}
		found[name] = text
	}
	return found, rows.Err()
}

// restore makes those that are gone anew.
func (w *walk) restore(ctx context.Context, before map[string]string) error {
	now, err := w.extras(ctx)
	if err != nil {
		return err
	}
	for _, name := range sortedKeys(before) {
		if _, there := now[name]; !there {
			if err := w.step(ctx, before[name]); err != nil {
				return err
			}
		}
	}
	return nil
}
