package migrate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/tenon-go/tenon/cli"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/internal/migration"
)

// status shows how the database stands.
type status struct{}

func (*status) run(ctx context.Context, p *place) error {
	return p.with(ctx, func(m *data.Migrator) error {
		now, err := m.Status(ctx)
		if err != nil {
			return err
		}
		width := len("MIGRATION")
		for _, f := range now {
			width = max(width, len(f.Title()))
		}
		fmt.Fprintf(p.out, "%-*s  STATE\n", width, "MIGRATION")
		for _, f := range now {
			note := ""
			if f.Breaking != "" {
				note = " (breaking: " + f.Breaking + ")"
			}
			fmt.Fprintf(p.out, "%-*s  %s%s\n", width, f.Title(), f.State, note)
		}
		return now.Refusal()
	})
}

// up applies.
type up struct {
	To       string `help:"Newest migration to apply, by its number or the name of its file." placeholder:"NUMBER"`
	Steps    int    `help:"How many to apply at most, in place of --to." placeholder:"COUNT"`
	Accept   string `help:"Take the file of this migration as it is now for what was applied: the change is meant, and in the database." placeholder:"NUMBER"`
	Blocking bool   `help:"Apply also what makes others wait for as long as a table is large, whose line Blocking says so."`
	Stamp    bool   `help:"Run nothing, and take what the database lacks for applied: another program made its tables."`
}

func (u *up) run(ctx context.Context, p *place) error {
	if u.Blocking {
		p.Data.Postgres.Blocking = math.MaxInt64
	}
	return p.with(ctx, func(m *data.Migrator) error {
		to, err := u.newest(ctx, m)
		if err != nil {
			return err
		}
		if u.Accept != "" {
			accepted, err := number(m, u.Accept, 0)
			if err == nil {
				err = m.Accept(ctx, accepted)
			}
			if err != nil {
				return err
			}
		}
		if u.Stamp {
			done, err := m.Stamp(ctx, to)
			return p.tell(ctx, m, "took for applied", done, err)
		}
		done, err := m.Up(ctx, to)
		return p.tell(ctx, m, "applied", done, err)
	})
}

// newest is the number of the newest migration to apply.
func (u *up) newest(ctx context.Context, m *data.Migrator) (int64, error) {
	if u.Steps == 0 {
		return number(m, u.To, math.MaxInt64)
	}
	now, err := counted(ctx, m, u.Steps, u.To)
	if err != nil {
		return 0, err
	}
	if pending := now.In(migration.Pending); u.Steps < len(pending) {
		return pending[u.Steps-1].Number, nil
	}
	return math.MaxInt64, nil
}

// counted is how the database stands, for steps that are counted from there.
func counted(ctx context.Context, m *data.Migrator, steps int, to string) (data.MigrationStatus, error) {
	if steps < 0 || to != "" {
		return nil, cli.Exit(cli.ExitUsage, fmt.Errorf("--steps is %d, want 1 or more, and no --to beside it", steps))
	}
	return m.Status(ctx)
}

// down takes back.
type down struct {
	To    string `help:"Migration to go back to, by its number or the name of its file; 0 takes all back." placeholder:"NUMBER"`
	Steps int    `help:"How many to take back at most, in place of --to. Default 1." placeholder:"COUNT"`
}

func (d *down) run(ctx context.Context, p *place) error {
	return p.with(ctx, func(m *data.Migrator) error {
		to, err := d.oldest(ctx, m)
		if err != nil {
			return err
		}
		done, err := m.Down(ctx, to)
		return p.tell(ctx, m, "took back", done, err)
	})
}

// oldest is the number of the migration to go back to.
func (d *down) oldest(ctx context.Context, m *data.Migrator) (int64, error) {
	if d.To != "" && d.Steps == 0 {
		return number(m, d.To, 0)
	}
	now, err := counted(ctx, m, d.Steps, d.To)
	if err != nil {
		return 0, err
	}
	steps := max(d.Steps, 1)
	if applied := now.After(0); steps < len(applied) {
		return applied[steps].Number, nil
	}
	return 0, nil
}

// script prints SQL.
type script struct {
	From string `help:"Where the database stands, by the number or the name of a file; then no database is asked. 0 is an empty one." placeholder:"NUMBER"`
	To   string `help:"Where it is to stand. Default: the newest migration." placeholder:"NUMBER"`
}

func (s *script) run(ctx context.Context, p *place) error {
	if s.From != "" {
		return p.unreached(func(m *data.Migrator) error { return s.write(p, m, 0) })
	}
	return p.with(ctx, func(m *data.Migrator) error {
		now, err := m.Status(ctx)
		if err == nil {
			err = now.Refusal()
		}
		if err != nil {
			return err
		}
		return s.write(p, m, now.Current())
	})
}

func (s *script) write(p *place, m *data.Migrator, from int64) error {
	from, err := number(m, s.From, from)
	if err != nil {
		return err
	}
	to, err := number(m, s.To, m.Files().Newest())
	if err != nil {
		return err
	}
	return m.Script(p.out, from, to)
}

// with opens the database for one piece of work.
func (p *place) with(ctx context.Context, work func(m *data.Migrator) error) error {
	return p.unreached(func(m *data.Migrator) error {
		if err := m.Ping(ctx); err != nil {
			return unreachable(err)
		}
		return work(m)
	})
}

// unreached reads the files, and leaves it to work whether the database is asked.
func (p *place) unreached(work func(m *data.Migrator) error) error {
	m, err := data.OpenMigrator(p.Source, p.Data)
	if err != nil {
		return cli.Exit(cli.ExitStart, err)
	}
	return errors.Join(work(m), m.Close())
}

// tell prints what was done, and where the database stands when that was nothing.
func (p *place) tell(ctx context.Context, m *data.Migrator, what string, done []data.Migration, err error) error {
	for _, f := range done {
		fmt.Fprintf(p.out, "%s %s\n", what, f.Name)
	}
	if err != nil || len(done) > 0 {
		return err
	}
	now, err := m.Status(ctx)
	if err != nil {
		return err
	}
	newest := "no migration"
	if applied := now.After(0); applied != nil {
		newest = applied[0].Name
	}
	fmt.Fprintf(p.out, "nothing to do: the database has %s\n", newest)
	return nil
}

// number reads which migration is meant; "" is the default, and 0 is none.
func number(m *data.Migrator, text string, def int64) (int64, error) {
	if text == "" {
		return def, nil
	}
	digits, _, _ := strings.Cut(text, "_")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err == nil && n == 0 {
		return 0, nil
	}
	for _, f := range m.Files() {
		if err == nil && f.Number == n && (digits == text || f.Name == text) {
			return n, nil
		}
	}
	return 0, cli.Exit(cli.ExitUsage, fmt.Errorf("there is no migration %s; migrate status lists them", text))
}
