package migrate

import (
	"fmt"
	"strings"
)

// create is the SQL that makes a table, without its indexes.
func (t *table) create(e engine) string {
	names, types := 0, 0
	for _, c := range t.columns {
		names = max(names, len(c.name))
		if !c.key {
			types = max(types, len(c.typ))
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE %s (\n", t.name)
	for i, c := range t.columns {
		rest := c.rest(t)
		text := fmt.Sprintf("%-*s %s", names, c.name, e.keyType(c, t))
		if !c.key {
			text = fmt.Sprintf("%-*s %-*s %s", names, c.name, types, c.typ, rest)
		}
		end := ","
		if i == len(t.columns)-1 {
			end = ""
		}
		fmt.Fprintf(&b, "\t%s%s\n", strings.TrimRight(text, " "), end)
	}
	b.WriteString(")")
	return b.String()
}

// text is the definition of a column, on one line.
func (c column) text(t *table) string {
	return strings.TrimRight(c.name+" "+c.typ+" "+c.rest(t), " ")
}

// rest is what follows the type.
func (c column) rest(t *table) string {
	var words []string
	if !c.null {
		words = append(words, "NOT NULL")
	}
	if c.def != "" {
		words = append(words, "DEFAULT "+c.def)
	}
	if c.check != "" {
		words = append(words, fmt.Sprintf("CONSTRAINT %s CHECK (%s)", t.checkName(c), c.check))
	}
	if r := c.refers; r != nil {
		text := fmt.Sprintf("CONSTRAINT %s_%s_fkey REFERENCES %s (%s)", t.name, c.name, r.table, r.column)
		if r.onDelete != "" {
			text += " ON DELETE " + strings.ToUpper(r.onDelete)
		}
		if r.onUpdate != "" {
			text += " ON UPDATE " + strings.ToUpper(r.onUpdate)
		}
		words = append(words, text)
	}
	return strings.Join(words, " ")
}

// checkName is the name of the check of a column.
func (t *table) checkName(c column) string { return t.name + "_" + c.name + "_check" }

// create is the SQL that makes an index.
func (x index) create(t *table) string {
	unique := ""
	if x.unique {
		unique = "UNIQUE "
	}
	return fmt.Sprintf("CREATE %sINDEX %s ON %s (%s)", unique, x.name, t.name, strings.Join(x.terms, ", "))
}

// statements make a table with its indexes.
func (t *table) statements(e engine) []string {
	list := []string{t.create(e)}
	for _, x := range t.indexes {
		list = append(list, x.create(t))
	}
	return list
}
