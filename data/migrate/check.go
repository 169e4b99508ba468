package migrate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"ariga.io/atlas/sql/schema"

	"github.com/tenon-go/tenon/cli"
	"github.com/tenon-go/tenon/data/internal/migration"
)

// check compares.
type check struct {
	Files bool   `help:"Ask no database: compare the models with the migrations alone."`
	Dev   string `help:"URL of a PostgreSQL server on which databases may be made and dropped." placeholder:"URL"`
}

func (c *check) run(ctx context.Context, p *place) error {
	found := 0
	for _, e := range []engine{sqliteEngine, postgresEngine} {
		if !p.has(e) {
			continue
		}
		n, err := c.compare(ctx, p, e)
		if err != nil {
			return err
		}
		found += n
	}
	if found > 0 {
		return errors.New("what the models ask for is not there; migrate new NAME writes what the migrations lack")
	}
	fmt.Fprintln(p.out, "the models, the migrations and the database agree")
	return nil
}

// has reports whether there are files for an engine.
func (p *place) has(e engine) bool {
	if p.Data.Migrations == nil {
		return false
	}
	for name, o := range engines() {
		if info, err := fs.Stat(p.Data.Migrations, name); err == nil && info.IsDir() {
			if o == e {
				return true
			}
			if _, err := fs.Stat(p.Data.Migrations, e.String()); err != nil {
				return false
			}
		}
	}
	return e == p.engine()
}

// compare compares the models with the migrations of an engine, and with the database where it is of that engine. It prints what differs, and
// returns how much.
func (c *check) compare(ctx context.Context, p *place, e engine) (found int, err error) {
	dev := p.dev(c.Dev)
	all, err := tables(p.Models, e)
	if err != nil {
		return 0, err
	}
	want, err := desired(ctx, e, dev, all)
	if err != nil {
		return 0, err
	}
	b, err := scratch(ctx, e, dev, p.Data.Migrations)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	found, err = b.tell(ctx, p, "migrations", want)
	if err != nil || found > 0 || c.Files || e != p.engine() {
		return found, err
	}
	return c.database(ctx, p, want)
}

// database compares the models with the database of the settings.
func (c *check) database(ctx context.Context, p *place, want *schema.Schema) (found int, err error) {
	b, err := open(p.engine(), p.Source, p.Data)
	if err != nil {
		return 0, cli.Exit(cli.ExitStart, err)
	}
	defer func() { err = errors.Join(err, b.close()) }()
	if err := b.m.Ping(ctx); err != nil {
		return 0, unreachable(err)
	}
	now, err := b.m.Status(ctx)
	if err == nil {
		err = now.Refusal()
	}
	if err != nil {
		return 0, err
	}
	pending := now.In(migration.Pending)
	for _, m := range pending {
		fmt.Fprintf(p.out, "database: it lacks %s; migrate up applies it\n", m.Name)
	}
	if len(pending) > 0 {
		return len(pending), nil
	}
	return b.tell(ctx, p, "database", want)
}

func unreachable(err error) error {
	return cli.Exit(cli.ExitStart, fmt.Errorf("the database cannot be reached: %w", err))
}

// tell prints how a schema differs from what is wanted, and returns in how many ways.
func (b *base) tell(ctx context.Context, p *place, what string, want *schema.Schema) (int, error) {
	changes, err := b.distance(ctx, want)
	if err != nil {
		return 0, err
	}
	items := b.items(changes)
	if len(items) > 0 {
		fmt.Fprintf(p.out, "%s %s: the models alone have (+), they have not (-), they want otherwise (~)\n", b.engine, what)
	}
	for _, i := range items {
		fmt.Fprintf(p.out, "  %s\n", i.text)
	}
	return len(items), nil
}
