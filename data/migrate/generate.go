package migrate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"ariga.io/atlas/sql/schema"

	"github.com/tenon-go/tenon/data"
)

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// made is a migration that was generated for an engine.
type made struct {
	engine   engine
	up, down []string
	reasons  []string // why it is breaking
	items    []item   // what it changes
}

// generate writes what takes the schema of the files to that of the models, and back. Both ways are tried.
func generate(ctx context.Context, e engine, dev string, files fs.FS, models []data.Model, a *answers) (g *made, err error) {
	all, err := tables(models, e)
	if err != nil {
		return nil, err
	}
	want, err := desired(ctx, e, dev, all)
	if err != nil {
		return nil, err
	}
	b, err := scratch(ctx, e, dev, files)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	before, err := b.schema(ctx)
	if err != nil {
		return nil, err
	}
	up := &walk{base: b, want: want, models: all, fill: func(column string) string { return e.moment(a.fill(column)) }}
	changes, err := up.distance(ctx, want)
	if err != nil {
		return nil, err
	}
	g = &made{engine: e, items: b.items(changes)}
	if len(changes) == 0 {
		return g, nil
	}
	renames, err := up.renamed(ctx, a)
	if err == nil {
		err = up.arrive(ctx)
	}
	if err != nil {
		return nil, err
	}
	down := &walk{base: b, want: before, fill: func(column string) string { return zero(before, column, e) }}
	for _, r := range slices.Backward(renames) {
		if err := down.step(ctx, r.back().sql()); err != nil {
			return nil, err
		}
	}
	if err := down.arrive(ctx); err != nil {
		return nil, fmt.Errorf("on the way back: %w", err)
	}
	g.up, g.reasons, g.down = up.done, up.reasons, down.done
	return g, nil
}

// renamed does what has another name: tables first, then the columns of tables by their new names.
func (w *walk) renamed(ctx context.Context, a *answers) (all []rename, err error) {
	for _, decide := range []func([]schema.Change) ([]rename, error){a.tables, a.columns} {
		changes, err := w.distance(ctx, w.want)
		if err != nil {
			return nil, err
		}
		list, err := decide(changes)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			if err := w.step(ctx, r.sql()); err != nil {
				return nil, err
			}
			w.reasons = append(w.reasons, "renames "+r.name()+" to "+r.to)
		}
		all = append(all, list...)
	}
	return all, nil
}

// zero is what rows get in a column that comes back, whose values are gone.
func zero(s *schema.Schema, name string, e engine) string {
	table, column, _ := strings.Cut(name, ".")
	t, _ := s.Table(table)
	c, ok := t.Column(column)
	if !ok || c.Type.Null || c.Default != nil {
		return ""
	}
	switch c.Type.Type.(type) {
	case *schema.IntegerType, *schema.FloatType, *schema.DecimalType:
		return "0"
	case *schema.BoolType:
		return "FALSE"
	case *schema.TimeType:
		return "'1970-01-01 00:00:00+00:00'"
	case *schema.BinaryType:
		if e == postgresEngine {
			return `''`
		}
		return "x''"
	case *schema.UUIDType:
		return "'00000000-0000-0000-0000-000000000000'"
	case *schema.JSONType:
		return "'null'"
	default:
		return "''"
	}
}
