package migrate

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/internal/migration"
)

// locks finds what makes others wait for as long as a table is large. It looks at what PostgreSQL does, in an empty database: no SQL is read.
type locks struct {
	From string `help:"Look at those after this one, by number or file, and ask no database; 0 is all. Default: the pending ones." placeholder:"NUMBER"`
	Dev  string `help:"URL of a PostgreSQL server on which databases may be made and dropped." placeholder:"URL"`
}

func (l *locks) run(ctx context.Context, p *place) (err error) {
	if !p.has(postgresEngine) {
		fmt.Fprintln(p.out, "SQLite has one writer, and others read meanwhile: nothing is looked at")
		return nil
	}
	from, err := l.from(ctx, p)
	if err != nil {
		return err
	}
	set, err := migration.Read(p.Data.Migrations, migration.Postgres)
	if err != nil {
		return err
	}
	b, err := scratch(ctx, postgresEngine, p.dev(l.Dev), nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	m, err := b.with(p.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	unsaid := 0
	for _, f := range set.Files {
		if f.Number > from {
			found, err := b.held(ctx, f)
			if err != nil {
				return fmt.Errorf("%s: %w", f.Name, err)
			}
			for _, h := range found {
				if slices.ContainsFunc(f.Blocking, func(name string) bool { return name[strings.LastIndex(name, ".")+1:] == h.table }) {
					continue
				}
				unsaid++
				fmt.Fprintf(p.out, "%s: %s %s\n  %s, or say that it is meant: -- Blocking: %[2]s\n", f.Name, h.table, h.does, h.instead)
			}
		}
		if _, err := m.Up(ctx, f.Number); err != nil {
			return fmt.Errorf("the migrations do not apply to an empty database: %w", err)
		}
	}
	if unsaid > 0 {
		return errors.New("others wait for as long as a table is large")
	}
	fmt.Fprintln(p.out, "nothing makes others wait for as long as a table is large, but for what says so")
	return nil
}

// from is the number of the newest migration that is not looked at.
func (l *locks) from(ctx context.Context, p *place) (from int64, err error) {
	if l.From != "" || p.engine() != postgresEngine {
		err = p.unreached(func(m *data.Migrator) (err error) {
			from, err = number(m, l.From, 0)
			return err
		})
		return from, err
	}
	err = p.with(ctx, func(m *data.Migrator) error {
		now, err := m.Status(ctx)
		from = now.Current()
		return err
	})
	return from, err
}

// with is a migrator of the files for the same database.
func (b *base) with(cfg data.Config) (*data.Migrator, error) {
	return data.OpenMigrator(b.source, data.Config{Migrations: cfg.Migrations})
}

// hold is what a migration does to a table that was there before.
type hold struct{ table, does, instead string }

// What a migration may do to a table while it holds a lock.
const (
	rewrites = "is written anew, and nobody reads or writes it meanwhile"
	indexes  = "gets an index, and nobody writes meanwhile"
	reads    = "is read as a whole, and nobody reads or writes it meanwhile"
	compares = "is read as a whole, and nobody writes it meanwhile"
	changes  = "has rows changed that are looked for one by one, and who changes them too waits for the end of the migration"
)

// instead is what does the same without that.
func instead(does string) string {
	switch does {
	case rewrites:
		return "Add a column beside, fill it a part at a time, and let programs move over before the old one goes"
	case indexes:
		return "CREATE INDEX CONCURRENTLY in a file of its own with -- +goose NO TRANSACTION; a constraint takes it over with UNIQUE USING INDEX"
	case reads, compares:
		return "ADD CONSTRAINT … NOT VALID, and VALIDATE CONSTRAINT in a later file; SET NOT NULL after a validated CHECK (… IS NOT NULL) reads nothing"
	default:
		return "Change the rows a part at a time, in a program or in files of their own"
	}
}

// held runs a migration in a transaction that is rolled back, and tells what it did to the tables that were there. What says that it runs outside a
// transaction is left out where it says CONCURRENTLY: it holds no such lock.
func (b *base) held(ctx context.Context, f migration.File) (found []hold, err error) {
	if f.Up == "" || f.Bare && strings.Contains(strings.ToUpper(f.Up), "CONCURRENTLY") {
		return nil, nil
	}
	tx, err := b.m.DB().BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() //nolint:errcheck // that is the way it ends
	before, err := stands(ctx, tx)
	if err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, f.Up, several); err != nil {
		return nil, err
	}
	after, err := stands(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		was := before[name]
		now, there := withOID(after, was.oid)
		if !there {
			continue
		}
		if does := was.until(now); does != "" {
			found = append(found, hold{name, does, instead(does)})
		}
	}
	return found, nil
}

// withOID finds a table, whatever its name is.
func withOID(all map[string]standing, oid int64) (standing, bool) {
	for _, s := range all {
		if s.oid == oid {
			return s, true
		}
	}
	return standing{}, false
}
