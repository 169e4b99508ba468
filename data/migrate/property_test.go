package migrate_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
)

// drawn is a model that chance made.
type drawn struct{ info data.TableInfo }

func (d drawn) Describe() data.TableInfo { return d.info }

// kind is a type of columns with tags that fit it.
type kind struct {
	typ  reflect.Type
	tags []string
	zero string
}

func kinds() []kind {
	texts := []string{`minLength:"1"`, `maxLength:"20"`, `minLength:"2" maxLength:"9"`, `default:"it's"`, `enum:"a,b,c"`, `check:"C <> 'x'"`, `unique:""`, `index:""`}
	numbers := []string{`minimum:"1"`, `maximum:"9"`, `minimum:"1" maximum:"9"`, `exclusiveMinimum:"0"`, `default:"5"`, `unique:""`, `index:"" `, `index:"idx_C desc"`}
	return []kind{
		{reflect.TypeFor[string](), texts, "'abc'"}, {reflect.TypeFor[*string](), texts, "'abc'"},
		{reflect.TypeFor[int64](), numbers, "5"}, {reflect.TypeFor[*int32](), numbers, "5"},
		{reflect.TypeFor[float64](), numbers, "5"},
		{reflect.TypeFor[bool](), []string{`default:"true"`}, "TRUE"},
		{reflect.TypeFor[time.Time](), []string{`index:""`}, "'2026-01-01'"}, {reflect.TypeFor[*time.Time](), nil, "'2026-01-01'"},
		{reflect.TypeFor[[]byte](), nil, "''"},
		{reflect.TypeFor[string](), []string{`type:"NUMERIC" exclusiveMinimum:"0"`, `type:"NUMERIC" default:"1.50"`}, "'1.5'"},
	}
}

// draw makes a column of a table; others are the tables that it may refer to.
func draw(r *rand.Rand, table, name string, others []string) (data.ColumnInfo, string) {
	if len(others) > 0 && r.IntN(5) == 0 {
		action := []string{"", ` onDelete:"cascade"`, ` onDelete:"restrict"`, ` onDelete:"set null"`}[r.IntN(4)]
		tag := fmt.Sprintf(`references:"%s"%s index:""`, others[r.IntN(len(others))], action)
		return data.ColumnInfo{Name: name, Type: reflect.TypeFor[*int64](), Tag: reflect.StructTag(tag)}, "NULL"
	}
	all := kinds()
	k := all[r.IntN(len(all))]
	c := data.ColumnInfo{Name: name, Type: k.typ}
	if len(k.tags) > 0 && r.IntN(2) == 0 {
		c.Tag = tagOf(k.tags[r.IntN(len(k.tags))], table, name)
	}
	return c, k.zero
}

// another is another rule for a column.
func another(r *rand.Rand, table string, c data.ColumnInfo) reflect.StructTag {
	for _, k := range kinds() {
		if k.typ == c.Type && len(k.tags) > 0 && !strings.Contains(string(c.Tag), "type:") && !strings.Contains(string(c.Tag), "references") {
			return tagOf(k.tags[r.IntN(len(k.tags))], table, c.Name)
		}
	}
	return c.Tag
}

// tagOf fills the names in.
func tagOf(text, table, column string) reflect.StructTag {
	return reflect.StructTag(strings.ReplaceAll(strings.ReplaceAll(text, "idx_C", table+"_"+column+"_down"), "C ", column+" "))
}

// drawModels makes some tables.
func drawModels(r *rand.Rand) []data.TableInfo {
	var all []data.TableInfo
	for i := range 1 + r.IntN(3) {
		all = append(all, drawTable(r, fmt.Sprintf("t%d", i), all))
	}
	return all
}

func drawTable(r *rand.Rand, name string, others []data.TableInfo) data.TableInfo {
	t := data.TableInfo{Name: name, Key: "id", Columns: []data.ColumnInfo{{Name: "id", Type: reflect.TypeFor[int64]()}}}
	for c := range 1 + r.IntN(5) {
		column, _ := draw(r, name, fmt.Sprintf("c%d", c), names(others))
		t.Columns = append(t.Columns, column)
	}
	return t
}

func names(all []data.TableInfo) (list []string) {
	for _, t := range all {
		list = append(list, t.Name)
	}
	return list
}

// change changes some tables, and returns the answers that only people have.
func change(r *rand.Rand, before []data.TableInfo) (after []data.TableInfo, args []string) {
	for _, t := range before {
		t.Columns = slices.Clone(t.Columns)
		for i := 1; i < len(t.Columns); i++ {
			name := t.Columns[i].Name
			switch r.IntN(7) {
			case 0: // it goes
				args = append(args, "--drop", t.Name+"."+name)
				t.Columns = slices.Delete(t.Columns, i, i+1)
				i--
			case 1: // it may be NULL now, or may not any more
				if typ := t.Columns[i].Type; typ.Kind() == reflect.Pointer && t.Columns[i].Tag.Get("references") == "" {
					t.Columns[i].Type = typ.Elem()
				} else if typ.Kind() != reflect.Pointer {
					t.Columns[i].Type = reflect.PointerTo(typ)
				}
			case 2: // its rules go
				if !strings.Contains(string(t.Columns[i].Tag), "type:") {
					t.Columns[i].Tag = ""
				}
			case 4: // it has another rule
				t.Columns[i].Tag = another(r, t.Name, t.Columns[i])
			case 3: // it has another type
				old := t.Columns[i]
				column, zero := draw(r, t.Name, name, nil)
				if t.Columns[i] = column; column.Type != old.Type || column.Tag.Get("type") != old.Tag.Get("type") {
					args = append(args, "--fill", t.Name+"."+name+"="+zero)
				}
			}
		}
		for c := range r.IntN(3) {
			column, zero := draw(r, t.Name, fmt.Sprintf("n%d", c), names(after))
			if _, ok := column.Tag.Lookup("default"); !ok && column.Type.Kind() != reflect.Pointer {
				args = append(args, "--fill", t.Name+"."+column.Name+"="+zero)
			}
			t.Columns = append(t.Columns, column)
		}
		after = append(after, t)
	}
	if r.IntN(2) == 0 {
		after = append(after, drawTable(r, "added", after))
	}
	return after, args
}

func modelsOf(all []data.TableInfo) (list []data.Model) {
	for _, t := range all {
		list = append(list, drawn{t})
	}
	return list
}

// TestAL02GeneratedMigrationsArrive draws models, migrates to them, changes them, migrates again and back. What then stands in the database is what
// stands in one that was made at once, and what stood there before.
func TestAL02GeneratedMigrationsArrive(t *testing.T) {
	t.Parallel()
	for engine, rounds := range map[string]uint64{"sqlite": 12, "postgres": 4} {
		for seed := range rounds {
			t.Run(fmt.Sprintf("%s-%d", engine, seed), func(t *testing.T) {
				t.Parallel()
				r := rand.New(rand.NewPCG(seed, 7))
				first := drawModels(r)
				second, answers := change(r, first)
				s := newSource(t, engine)
				s.must(modelsOf(first), "new", "first")
				s.must(modelsOf(first), "up")
				s.must(modelsOf(first), "check")
				before := dump(t, s.db)
				s.must(modelsOf(second), append([]string{"new", "second"}, answers...)...)
				s.must(modelsOf(second), "up")
				s.must(modelsOf(second), "check")
				after := dump(t, s.db)
				s.must(modelsOf(second), "down")
				if got := dump(t, s.db); got != before {
					t.Errorf("after the way back:\n%s\nwant\n%s\n%s", got, before, s.file(engine+"/0002_second.sql"))
				}
				at := newSource(t, engine)
				at.must(modelsOf(second), "new", "once")
				at.must(modelsOf(second), "up")
				if want := dump(t, at.db); after != want {
					t.Errorf("after the change:\n%s\nwant\n%s\n%s", after, want, s.file(engine+"/0002_second.sql"))
				}
			})
		}
	}
}

// dump is what a database says of its tables, in its own words and without the order of columns.
func dump(t *testing.T, db string) string {
	t.Helper()
	query := `SELECT table_name || '.' || column_name || ' ' || udt_name || ' ' || is_nullable || ' ' || coalesce(column_default, '-') || ' ' || is_identity
			|| ' ' || coalesce(numeric_precision::text, '')
		FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT IN ('goose_db_version', 'tenon_migrations')
		UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
		WHERE connamespace = 'public'::regnamespace AND contype <> 'n' AND conrelid::regclass::text NOT IN ('goose_db_version', 'tenon_migrations')
		UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT IN ('goose_db_version', 'tenon_migrations')`
	if strings.HasPrefix(db, "sqlite:") {
		query = `SELECT s.name || '.' || c.name || ' ' || lower(c.type) || ' ' || c."notnull" || ' ' || coalesce(c.dflt_value, '-') || ' ' || c.pk
			FROM sqlite_schema s, pragma_table_xinfo(s.name) c WHERE s.type = 'table' AND s.name NOT IN ('goose_db_version', 'tenon_migrations', 'sqlite_sequence')
			UNION ALL SELECT s.name || ' ' || f."from" || ' ' || f."table" || ' ' || f."to" || ' ' || f.on_delete || ' ' || f.on_update
			FROM sqlite_schema s, pragma_foreign_key_list(s.name) f WHERE s.type = 'table'
			UNION ALL SELECT replace(replace(replace(sql, char(96), ''), '((', '('), '))', ')') FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL
			UNION ALL SELECT name || sql FROM sqlite_schema WHERE sql LIKE '%CHECK%'`
	}
	rows, err := pool(t, db).QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(line, "CREATE TABLE") {
			lines = append(lines, checksIn(line)...)
			continue
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// checksIn are the checks of a table, by the text that made it.
func checksIn(text string) (list []string) {
	parts := strings.Split(strings.ReplaceAll(text, "`", ""), "CONSTRAINT ")
	for _, p := range parts[1:] {
		if at := strings.Index(p, " CHECK "); at >= 0 {
			depth, end := 0, 0
			for i, c := range p[at:] {
				depth += map[rune]int{'(': 1, ')': -1}[c]
				if c == ')' && depth == 0 {
					end = at + i + 1
					break
				}
			}
			list = append(list, p[:end])
		}
	}
	return list
}
