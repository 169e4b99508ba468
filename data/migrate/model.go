package migrate

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"uuid"

	"github.com/tenon-go/tenon/data"
)

// table is a model in the words of an engine.
type table struct {
	name    string
	columns []column
	indexes []index
}

// column is a column of a table.
type column struct {
	name, typ string
	key       bool   // the key, or the only part of it
	null      bool   // it may be NULL
	def       string // SQL; "" is none
	check     string // SQL; "" is none
	refers    *reference
}

// reference is a foreign key of one column.
type reference struct {
	table, column      string
	onDelete, onUpdate string
}

// index is an index of one or more columns.
type index struct {
	name   string
	unique bool
	terms  []string
}

// tables reads the models; all that is wrong with them is told at once. A table comes after those that it refers to.
func tables(models []data.Model, e engine) ([]*table, error) {
	var all []*table
	var faults []error
	for _, m := range models {
		info := m.Describe()
		t, err := read(info, e)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		if slices.ContainsFunc(all, func(o *table) bool { return o.name == t.name }) {
			faults = append(faults, fmt.Errorf("models: %s: two models have this table", t.name))
		}
		all = append(all, t)
	}
	return sorted(all), errors.Join(faults...)
}

// sorted puts tables after those that they refer to. Of a circle, one comes too early.
func sorted(all []*table) []*table {
	var out []*table
	seen := map[string]bool{}
	var visit func(t *table)
	visit = func(t *table) {
		if seen[t.name] {
			return
		}
		seen[t.name] = true
		for _, c := range t.columns {
			for _, o := range all {
				if c.refers != nil && c.refers.table == o.name {
					visit(o)
				}
			}
		}
		out = append(out, t)
	}
	for _, t := range all {
		visit(t)
	}
	return out
}

// plainName is a name that needs no quotes.
var plainName = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)

func read(info data.TableInfo, e engine) (*table, error) {
	t := &table{name: info.Name}
	var faults []error
	fault := func(c, format string, args ...any) {
		faults = append(faults, fmt.Errorf("models: %s.%s: "+format, append([]any{info.Name, c}, args...)...))
	}
	if info.Column(info.Key) == nil {
		fault(info.Key, "it is the key, and no field of the row has it")
	}
	for _, field := range info.Columns {
		if !plainName.MatchString(field.Name) {
			fault(field.Name, "want a name of lower-case letters, digits and _")
			continue
		}
		c, err := readColumn(info, field, e)
		if err != nil {
			fault(field.Name, "%w", err)
			continue
		}
		t.columns = append(t.columns, c)
		if err := t.index(info, field, e); err != nil {
			fault(field.Name, "%w", err)
		}
	}
	for _, c := range t.columns {
		field := info.Column(c.name)
		if c.refers != nil && field.Tag.Get("index") != "-" && !t.leads(valueOf(c.name, field.Tag, e)) {
			fault(c.name, `it refers to %s and no index begins with it, so that a row there is deleted slowly: add index:"", or index:"-" if that is meant`,
				c.refers.table)
		}
	}
	return t, errors.Join(faults...)
}

// leads reports whether an index begins with a term, or the key is it.
func (t *table) leads(term string) bool {
	return slices.ContainsFunc(t.columns, func(c column) bool { return c.key && c.name == term }) ||
		slices.ContainsFunc(t.indexes, func(x index) bool { return x.terms[0] == term || x.terms[0] == term+" DESC" })
}

func readColumn(info data.TableInfo, f data.ColumnInfo, e engine) (column, error) {
	c := column{name: f.Name, key: f.Name == info.Key}
	typ := f.Type
	typ, c.null = nullable(typ)
	var err error
	if c.typ, err = e.typeOf(typ, f.Tag); err != nil {
		return c, err
	}
	if c.key && c.null {
		return c, errors.New("it is the key, and may not be NULL")
	}
	if text, ok := f.Tag.Lookup("default"); ok {
		c.def = e.moment(literal(text, typ))
	}
	if c.check, err = checkOf(f.Name, typ, f.Tag, e); err != nil {
		return c, err
	}
	if c.refers, err = readReference(f.Tag); err != nil {
		return c, err
	}
	return c, nil
}

// nullable is the type of the values, and whether there may be none.
func nullable(t reflect.Type) (reflect.Type, bool) {
	if t.Kind() == reflect.Pointer {
		return t.Elem(), true
	}
	if t.PkgPath() == "database/sql" && strings.HasPrefix(t.Name(), "Null") && t.Kind() == reflect.Struct {
		return t.Field(0).Type, true
	}
	return t, false
}

// literal is the SQL of a default: what stands in parentheses is SQL already.
func literal(text string, t reflect.Type) string {
	if strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")") {
		return text
	}
	switch t.Kind() {
	case reflect.String:
		return quoted(text)
	case reflect.Bool:
		return strings.ToUpper(text)
	case reflect.Struct, reflect.Slice, reflect.Array, reflect.Map, reflect.Interface:
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return quoted(text)
		}
	}
	return text
}

func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// index reads the tags index and unique: names of indexes with commas between them. Fields that name the same one are its columns, in
// their order; a name may be followed by desc, and by further columns, each after a plus sign.
func (t *table) index(info data.TableInfo, f data.ColumnInfo, e engine) error {
	for _, word := range []string{"index", "unique"} {
		text, ok := f.Tag.Lookup(word)
		if !ok || text == "-" {
			continue
		}
		for entry := range strings.SplitSeq(text, ",") {
			if err := t.entry(info, f, e, word, entry); err != nil {
				return err
			}
		}
	}
	return nil
}

// entry reads one index of a tag.
func (t *table) entry(info data.TableInfo, f data.ColumnInfo, e engine, word, entry string) error {
	parts := strings.Split(entry, "+")
	name, desc := strings.CutSuffix(strings.TrimSpace(parts[0]), "desc")
	if name = strings.TrimSpace(name); name == "" {
		name = t.name + "_" + f.Name
		if word == "unique" {
			name += "_key"
		}
	}
	if !plainName.MatchString(name) {
		return fmt.Errorf("the tag %s names %q, want a name of lower-case letters, digits and _, and desc or nothing", word, entry)
	}
	i := slices.IndexFunc(t.indexes, func(x index) bool { return x.name == name })
	if i < 0 {
		t.indexes = append(t.indexes, index{name: name, unique: word == "unique"})
		i = len(t.indexes) - 1
	}
	if t.indexes[i].unique != (word == "unique") {
		return fmt.Errorf("%s is an index of one field and unique of another", name)
	}
	t.indexes[i].terms = append(t.indexes[i].terms, term(f, e, desc))
	for _, part := range parts[1:] {
		column, desc := strings.CutSuffix(strings.TrimSpace(part), " desc")
		other := info.Column(column)
		if other == nil {
			return fmt.Errorf("the tag %s adds the column %q, which no field has", word, column)
		}
		t.indexes[i].terms = append(t.indexes[i].terms, term(*other, e, desc))
	}
	return nil
}

// term is a column of an index. Decimals that SQLite keeps as text are ordered as numbers.
func term(f data.ColumnInfo, e engine, desc bool) string {
	text := valueOf(f.Name, f.Tag, e)
	if desc {
		text += " DESC"
	}
	return text
}

var (
	referenceText = regexp.MustCompile(`^([a-z_][a-z0-9_]*)(?:\(([a-z_][a-z0-9_]*)\))?$`)
	actions       = []string{"cascade", "restrict", "set null", "set default", "no action"}
)

// readReference reads the tags references, onDelete and onUpdate.
func readReference(tag reflect.StructTag) (*reference, error) {
	text, ok := tag.Lookup("references")
	r := &reference{onDelete: tag.Get("onDelete"), onUpdate: tag.Get("onUpdate")}
	for _, action := range []string{r.onDelete, r.onUpdate} {
		if action != "" && (!ok || !slices.Contains(actions, action)) {
			return nil, fmt.Errorf("%q is said of what happens to the row referred to, want one of %s beside references", action, strings.Join(actions, ", "))
		}
	}
	if !ok {
		return nil, nil
	}
	parts := referenceText.FindStringSubmatch(text)
	if parts == nil {
		return nil, fmt.Errorf("the tag references is %q, want a table, or table(column)", text)
	}
	r.table, r.column = parts[1], parts[2]
	if r.column == "" {
		r.column = "id"
	}
	return r, nil
}

// numeric reports whether rules for numbers fit.
func numeric(t reflect.Type, sqlType string) bool {
	switch t.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32,
		reflect.Uint64, reflect.Float32, reflect.Float64:
		return true
	}
	return decimalType.MatchString(sqlType)
}

var decimalType = regexp.MustCompile(`(?i)^(NUMERIC|DECIMAL)\b`)

// known types that are no basic kinds.
var (
	timeType  = reflect.TypeFor[time.Time]()
	bytesType = reflect.TypeFor[[]byte]()
	uuidType  = reflect.TypeFor[uuid.UUID]()
)
