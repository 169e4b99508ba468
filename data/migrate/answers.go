package migrate

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"ariga.io/atlas/sql/schema"
)

// answers are what only people know of a change: what was renamed, what may go, and what rows get that are there already.
type answers struct {
	Rename []string `help:"What has another name now: posts.heading=title for a column, articles=posts for a table." placeholder:"OLD=NEW" sep:"none"`
	Drop   []string `help:"What may go, with what is in it: posts.heading, or posts." placeholder:"NAME" sep:"none"`
	Fill   []string `help:"SQL of the value that rows get that are there already: posts.slug='none'." placeholder:"NAME=SQL" sep:"none"`

	ask func(question string, options []string) (int, error) // nil where nobody can be asked
}

// rename is a table or a column with another name. A column is of a table by its new name.
type rename struct{ table, from, to string }

// sql is the statement; columns have a table.
func (r rename) sql() string {
	if r.table == "" {
		return fmt.Sprintf("ALTER TABLE %s RENAME TO %s", r.from, r.to)
	}
	return fmt.Sprintf("ALTER TABLE %s RENAME COLUMN %s TO %s", r.table, r.from, r.to)
}

func (r rename) back() rename { return rename{r.table, r.to, r.from} }

// name is what answers call what it was.
func (r rename) name() string {
	if r.table == "" {
		return r.from
	}
	return r.table + "." + r.from
}

// fill is the SQL for the rows of a column; "" is none.
func (a *answers) fill(column string) string {
	for _, text := range a.Fill {
		if name, sql, _ := strings.Cut(text, "="); name == column {
			return sql
		}
	}
	return ""
}

// tables decides of the tables that are gone.
func (a *answers) tables(changes []schema.Change) ([]rename, error) {
	var gone, added []string
	for _, c := range changes {
		switch c := c.(type) {
		case *schema.DropTable:
			gone = append(gone, c.T.Name)
		case *schema.AddTable:
			added = append(added, c.T.Name)
		}
	}
	return a.decide("", gone, added)
}

// columns decides of the columns that are gone.
func (a *answers) columns(changes []schema.Change) ([]rename, error) {
	var all []rename
	var faults []error
	for _, c := range changes {
		m, ok := c.(*schema.ModifyTable)
		if !ok {
			continue
		}
		var gone, added []string
		for _, c := range m.Changes {
			switch c := c.(type) {
			case *schema.DropColumn:
				gone = append(gone, c.C.Name)
			case *schema.AddColumn:
				added = append(added, c.C.Name)
			}
		}
		list, err := a.decide(m.T.Name, gone, added)
		all = append(all, list...)
		faults = append(faults, err)
	}
	return all, errors.Join(faults...)
}

// decide says of each name that is gone whether it is one of those that were added, or may go. Nothing is guessed.
func (a *answers) decide(table string, gone, added []string) ([]rename, error) {
	var list []rename
	var faults []error
	for _, from := range gone {
		r := rename{table: table, from: from}
		if a.said(&r, added) {
			list = append(list, r)
			added = slices.DeleteFunc(slices.Clone(added), func(s string) bool { return s == r.to })
			continue
		}
		if slices.Contains(a.Drop, r.name()) {
			continue
		}
		to, err := a.question(r, added)
		switch {
		case err != nil:
			faults = append(faults, err)
		case to != "":
			r.to = to
			list = append(list, r)
			a.Rename = append(a.Rename, r.name()+"="+to)
		default:
			a.Drop = append(a.Drop, r.name())
		}
	}
	return list, errors.Join(faults...)
}

// said finds the answer to what a name is now.
func (a *answers) said(r *rename, added []string) bool {
	for _, text := range a.Rename {
		from, to, _ := strings.Cut(text, "=")
		if from == r.name() && slices.Contains(added, to) {
			r.to = to
			return true
		}
	}
	return false
}

// question asks what a name is now; "" is that it may go.
func (a *answers) question(r rename, added []string) (to string, err error) {
	if a.ask != nil {
		options := make([]string, 0, len(added)+1)
		for _, name := range added {
			options = append(options, "it is "+name+" now")
		}
		options = append(options, "drop it, with what is in it")
		i, err := a.ask(r.name()+" is gone from the models.", options)
		if err != nil || i == len(added) {
			return "", err
		}
		return added[i], nil
	}
	if len(added) == 0 {
		return "", fmt.Errorf("%s is gone from the models: --drop %[1]s if it may go, with what is in it", r.name())
	}
	var ways []string
	for _, name := range added {
		ways = append(ways, "--rename "+r.name()+"="+name)
	}
	return "", fmt.Errorf("%s is gone from the models, and new there: %s. Say %s, or --drop %[1]s if it may go, with what is in it",
		r.name(), strings.Join(added, ", "), strings.Join(ways, ", or "))
}

// terminal asks on a terminal.
func terminal(in io.Reader, out io.Writer) func(string, []string) (int, error) {
	lines := bufio.NewScanner(in)
	return func(question string, options []string) (int, error) {
		fmt.Fprintln(out, question)
		for i, o := range options {
			fmt.Fprintf(out, "  %d) %s\n", i+1, o)
		}
		for {
			fmt.Fprintf(out, "Which? ")
			if !lines.Scan() {
				return 0, errors.Join(errors.New("nobody answered"), lines.Err())
			}
			var i int
			if n, err := fmt.Sscanf(lines.Text(), "%d", &i); n == 1 && err == nil && 1 <= i && i <= len(options) {
				return i - 1, nil
			}
		}
	}
}
