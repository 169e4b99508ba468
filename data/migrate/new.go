package migrate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/mattn/go-isatty"

	"github.com/tenon-go/tenon/cli"
	"github.com/tenon-go/tenon/data/internal/migration"
)

// create writes a migration.
type create struct {
	Name  string `arg:"" help:"What it does, such as add_posts."`
	Empty bool   `help:"Leave the SQL to be written by hand."`
	Dir   string `help:"Folder of the files, in the place of the one of the program." placeholder:"DIR"`
	Dev   string `help:"URL of a PostgreSQL server on which databases may be made and dropped." placeholder:"URL"`

	answers
}

var migrationName = regexp.MustCompile(`^[a-z0-9][a-z0-9_]*$`)

func (c *create) run(ctx context.Context, p *place) error {
	if !migrationName.MatchString(c.Name) {
		return cli.Exit(cli.ExitUsage, fmt.Errorf("the name is %q, want lower-case letters, digits and _", c.Name))
	}
	if f, ok := p.in.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
		c.ask = terminal(p.in, p.out)
	}
	folders, err := p.folders(c.Dir)
	if err != nil {
		return err
	}
	if c.Empty {
		return c.empty(p, folders)
	}
	var all []*made
	for _, f := range folders {
		g, err := generate(ctx, f.engine, p.dev(c.Dev), f.set.FS, p.Models, &c.answers)
		if err != nil {
			return err
		}
		all = append(all, g)
	}
	if !slices.ContainsFunc(all, func(g *made) bool { return len(g.up) > 0 }) {
		fmt.Fprintln(p.out, "nothing to do: the models and the migrations agree")
		return nil
	}
	for i, g := range all {
		if err := folders[i].write(p, next(folders), c.Name, g.text()); err != nil {
			return err
		}
		for _, item := range g.items {
			fmt.Fprintf(p.out, "  %s\n", item.text)
		}
		for _, reason := range g.reasons {
			fmt.Fprintf(p.out, "  Breaking: %s\n", reason)
		}
	}
	return nil
}

func (c *create) empty(p *place, folders []folder) error {
	number := next(folders)
	for _, f := range folders {
		if err := f.write(p, number, c.Name, "-- +goose Up\n\n-- +goose Down\n"); err != nil {
			return err
		}
	}
	return nil
}

// dev is the server to try things on.
func (p *place) dev(flag string) string {
	if flag != "" {
		return flag
	}
	return p.Dev
}

// folder is where the files of one engine lie.
type folder struct {
	engine engine
	dir    string
	set    *migration.Set
}

// folders are those of the source, each with the same files as the program.
func (p *place) folders(dir string) ([]folder, error) {
	if dir == "" {
		dir = p.Dir
	}
	if dir == "" {
		dir = "migrations"
	}
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("the folder of the migrations: %w; run it in the folder of the program, or say --dir", err)
	}
	var all []folder
	var faults []error
	for _, e := range []engine{sqliteEngine, postgresEngine} {
		sub := filepath.Join(dir, e.String())
		if _, err := os.Stat(sub); errors.Is(err, fs.ErrNotExist) {
			if sub = dir; e != p.engine() || hasFolders(dir) {
				continue
			}
		}
		set, err := migration.Read(os.DirFS(sub), migration.Engine(e))
		if err == nil {
			err = p.same(e, sub, set)
		}
		faults = append(faults, err)
		all = append(all, folder{e, sub, set})
	}
	return all, errors.Join(faults...)
}

func hasFolders(dir string) bool {
	for name := range engines() {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
}

// engine is that of the database of the settings.
func (p *place) engine() engine {
	if strings.HasPrefix(p.Source, "postgres") {
		return postgresEngine
	}
	return sqliteEngine
}

// same refuses a program that was built from other files than those of the folder: it would write what they say already.
func (p *place) same(e engine, dir string, set *migration.Set) error {
	if p.Data.Migrations == nil {
		return nil
	}
	built, err := migration.Read(p.Data.Migrations, migration.Engine(e))
	if err != nil {
		return err
	}
	var names []string
	for _, pair := range [][2]*migration.Set{{set, built}, {built, set}} {
		for _, f := range pair[0].Files {
			other := pair[1].Find(f.Number)
			if (other == nil || other.Sum != f.Sum || other.Name != f.Name) && !slices.Contains(names, f.Name) {
				names = append(names, f.Name)
			}
		}
	}
	if names == nil {
		return nil
	}
	slices.Sort(names)
	return fmt.Errorf("%s differs from the files in the program (%s): build it anew, so that its models and its migrations belong together",
		dir, strings.Join(names, ", "))
}

// next is the number of the next file, the same for all engines.
func next(folders []folder) int64 {
	var last int64
	for _, f := range folders {
		last = max(last, f.set.Last())
	}
	return last + 1
}

// write adds a file, and never writes over one.
func (f folder) write(p *place, number int64, name, text string) error {
	path := filepath.Join(f.dir, fmt.Sprintf("%04d_%s.sql", number, name))
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // it is source
	if err != nil {
		return err
	}
	if _, err := out.WriteString(text); err != nil {
		return errors.Join(err, out.Close())
	}
	if err := out.Close(); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "wrote %s\n", path)
	return nil
}

// text is the file. An engine for which nothing changes has one too, so that the numbers stay the same.
func (g *made) text() string {
	if len(g.up) == 0 {
		return "-- +goose Up\n-- Nothing changes here.\nSELECT 1;\n\n-- +goose Down\nSELECT 1;\n"
	}
	var b strings.Builder
	b.WriteString("-- +goose Up\n")
	for _, reason := range g.reasons {
		fmt.Fprintf(&b, "-- Breaking: %s.\n", reason)
	}
	statements(&b, g.up)
	b.WriteString("\n-- +goose Down\n")
	statements(&b, g.down)
	return b.String()
}

func statements(b *strings.Builder, list []string) {
	for _, statement := range list {
		if inner := strings.TrimSuffix(strings.TrimSpace(statement), ";"); strings.Contains(inner, ";") {
			fmt.Fprintf(b, "-- +goose StatementBegin\n%s;\n-- +goose StatementEnd\n", inner)
			continue
		}
		fmt.Fprintf(b, "%s;\n", strings.TrimSuffix(statement, ";"))
	}
}
