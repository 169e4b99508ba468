package migrate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ariga.io/atlas/sql/postgres"
	"ariga.io/atlas/sql/schema"
	"ariga.io/atlas/sql/sqlite"
)

// difference is what changes a schema into another. What a model cannot say stays as it is: indexes over expressions or of some rows alone,
// foreign keys of several columns, and how SQLite keeps a table.
func (b *base) difference(have, want *schema.Schema) ([]schema.Change, error) {
	for _, t := range slices.Concat(have.Tables, want.Tables) {
		for _, a := range t.Attrs {
			if c, ok := a.(*schema.Check); ok {
				c.Expr = strings.Join(strings.Fields(c.Expr), " ") // SQLite keeps it as it was written
			}
		}
	}
	for _, from := range have.Tables {
		if to, ok := want.Table(from.Name); ok {
			keepUnsaid(from, to)
		}
	}
	return b.look.SchemaDiff(have, want, schema.DiffNormalized())
}

// distance is the difference between what is there and what is wanted.
func (b *base) distance(ctx context.Context, want *schema.Schema) ([]schema.Change, error) {
	have, err := b.schema(ctx)
	if err != nil {
		return nil, err
	}
	return b.difference(have, want)
}

func keepUnsaid(from, to *schema.Table) {
	for _, x := range from.Indexes {
		if _, there := to.Index(x.Name); there || !unsaid(x) {
			continue
		}
		kept := *x
		kept.Table, kept.Parts = to, nil
		for _, p := range x.Parts {
			part := *p
			if p.C != nil {
				c, ok := to.Column(p.C.Name)
				if !ok {
					break
				}
				part.C = c
			}
			kept.Parts = append(kept.Parts, &part)
		}
		if len(kept.Parts) == len(x.Parts) {
			to.Indexes = append(to.Indexes, &kept)
		}
	}
	for _, f := range from.ForeignKeys {
		if _, there := to.ForeignKey(f.Symbol); !there && len(f.Columns) > 1 {
			to.ForeignKeys = append(to.ForeignKeys, f)
		}
	}
	for _, a := range from.Attrs {
		switch a.(type) {
		case *sqlite.Strict, *sqlite.WithoutRowID:
			if !slices.ContainsFunc(to.Attrs, func(o schema.Attr) bool { return fmt.Sprintf("%T", o) == fmt.Sprintf("%T", a) }) {
				to.Attrs = append(to.Attrs, a)
			}
		}
	}
}

// unsaid reports whether a model cannot say an index.
func unsaid(x *schema.Index) bool {
	for _, a := range x.Attrs {
		switch a.(type) {
		case *sqlite.IndexPredicate, *postgres.IndexPredicate:
			return true
		}
	}
	return slices.ContainsFunc(x.Parts, func(p *schema.IndexPart) bool { return p.X != nil })
}

// item is one difference for people.
type item struct {
	text     string
	breaking string // why programs that do not know it cannot work after it; "" is that they can
}

// items tells what changes do.
func (b *base) items(changes []schema.Change) []item {
	var list []item
	for _, c := range changes {
		switch c := c.(type) {
		case *schema.AddTable:
			list = append(list, item{"+ table " + c.T.Name, ""})
		case *schema.DropTable:
			list = append(list, item{"- table " + c.T.Name, "drops the table " + c.T.Name + ", with what is in it"})
		case *schema.ModifyTable:
			fresh := map[string]bool{}
			for _, change := range c.Changes {
				if added, ok := change.(*schema.AddColumn); ok {
					fresh[added.C.Name] = true
				}
			}
			for _, change := range c.Changes {
				i := b.itemOf(c.T.Name, change)
				if i.breaking == "" {
					i.breaking = narrows(c.T.Name, change, fresh)
				}
				list = append(list, i)
			}
		default:
			list = append(list, item{fmt.Sprintf("~ %T", c), ""})
		}
	}
	return list
}

func (b *base) itemOf(table string, change schema.Change) item {
	switch c := change.(type) {
	case *schema.AddColumn:
		name := table + "." + c.C.Name
		if !c.C.Type.Null && c.C.Default == nil {
			return item{"+ column " + name, "programs that do not know " + name + " cannot insert"}
		}
		return item{"+ column " + name, ""}
	case *schema.DropColumn:
		name := table + "." + c.C.Name
		return item{"- column " + name, "drops the column " + name + ", with what is in it"}
	case *schema.ModifyColumn:
		return b.modified(table+"."+c.To.Name, c)
	case *schema.AddIndex:
		return item{"+ " + indexText(table, c.I), ""}
	case *schema.DropIndex:
		return item{"- " + indexText(table, c.I), ""}
	case *schema.ModifyIndex:
		return item{"~ " + indexText(table, c.From) + ", want " + indexText(table, c.To), ""}
	case *schema.AddForeignKey:
		return item{"+ " + keyText(table, c.F), ""}
	case *schema.DropForeignKey:
		return item{"- " + keyText(table, c.F), ""}
	case *schema.ModifyForeignKey:
		return item{"~ " + keyText(table, c.From) + ", want " + keyText(table, c.To), ""}
	case *schema.AddCheck:
		return item{"+ check " + c.C.Name + " on " + table + ": " + c.C.Expr, ""}
	case *schema.DropCheck:
		return item{"- check " + c.C.Name + " on " + table + ": " + c.C.Expr, ""}
	case *schema.ModifyCheck:
		return item{"~ check " + c.To.Name + " on " + table + ": " + c.From.Expr + ", want " + c.To.Expr, ""}
	case *schema.AddPrimaryKey, *schema.DropPrimaryKey, *schema.ModifyPrimaryKey:
		return item{"~ primary key of " + table, "changes the primary key of " + table}
	default:
		return item{fmt.Sprintf("~ %s: %s", table, strings.TrimPrefix(fmt.Sprintf("%T", c), "*schema.")), ""}
	}
}

// modified tells what changes of a column.
func (b *base) modified(name string, c *schema.ModifyColumn) item {
	var what []string
	breaking := ""
	if c.Change.Is(schema.ChangeType) {
		from, to := b.typeText(c.From), b.typeText(c.To)
		what = append(what, from+", want "+to)
		if !widens(from, to) {
			breaking = "changes the type of " + name + " from " + from + " to " + to
		}
	}
	if c.Change.Is(schema.ChangeNull) {
		now := map[bool]string{true: "NULL, want NOT NULL", false: "NOT NULL, want NULL"}
		what = append(what, now[c.From.Type.Null])
		if c.From.Type.Null && breaking == "" {
			breaking = name + " may not be NULL any more"
		}
	}
	if c.Change.Is(schema.ChangeDefault) {
		what = append(what, "default "+defaultText(c.From)+", want "+defaultText(c.To))
		if c.To.Default == nil && !c.To.Type.Null && breaking == "" {
			breaking = "programs that do not name " + name + " cannot insert"
		}
	}
	if what == nil {
		what = []string{"differs"}
	}
	return item{"~ column " + name + ": " + strings.Join(what, "; "), breaking}
}

// widens reports whether a type takes every value of another.
func widens(from, to string) bool {
	whole := []string{"SMALLINT", "INTEGER", "BIGINT"}
	if i := slices.Index(whole, from); i >= 0 {
		return slices.Index(whole, to) > i
	}
	const varying = "CHARACTER VARYING"
	if !strings.HasPrefix(from, varying) || !strings.HasPrefix(to, varying) {
		return strings.HasPrefix(from, varying) && to == "TEXT"
	}
	var less, more int
	_, _ = fmt.Sscanf(from, varying+"(%d)", &less) // without a number there is no limit
	n, _ := fmt.Sscanf(to, varying+"(%d)", &more)
	return n == 0 || less > 0 && more >= less
}

func (b *base) typeText(c *schema.Column) string {
	if f, ok := b.look.(interface {
		FormatType(t schema.Type) (string, error)
	}); ok {
		if text, err := f.FormatType(c.Type.Type); err == nil {
			return strings.ToUpper(text)
		}
	}
	return strings.ToUpper(c.Type.Raw)
}

func defaultText(c *schema.Column) string {
	switch d := c.Default.(type) {
	case *schema.Literal:
		return d.V
	case *schema.RawExpr:
		return d.X
	default:
		return "none"
	}
}

func indexText(table string, x *schema.Index) string {
	var terms []string
	for _, p := range x.Parts {
		term := "(expression)"
		if p.C != nil {
			term = p.C.Name
		}
		if p.Desc {
			term += " desc"
		}
		terms = append(terms, term)
	}
	kind := "index "
	if x.Unique {
		kind = "unique index "
	}
	return kind + x.Name + " on " + table + " (" + strings.Join(terms, ", ") + ")"
}

func keyText(table string, f *schema.ForeignKey) string {
	names := func(list []*schema.Column) string {
		var all []string
		for _, c := range list {
			all = append(all, c.Name)
		}
		return strings.Join(all, ", ")
	}
	text := "foreign key " + table + " (" + names(f.Columns) + ") to " + f.RefTable.Name + " (" + names(f.RefColumns) + ")"
	if f.OnDelete != "" && f.OnDelete != schema.NoAction {
		text += " on delete " + strings.ToLower(string(f.OnDelete))
	}
	if f.OnUpdate != "" && f.OnUpdate != schema.NoAction {
		text += " on update " + strings.ToLower(string(f.OnUpdate))
	}
	return text
}
