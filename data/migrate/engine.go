package migrate

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/postgres"
	"ariga.io/atlas/sql/schema"
	"ariga.io/atlas/sql/sqlite"

	"github.com/tenon-go/tenon/data/internal/migration"
)

// engine is a kind of database.
type engine migration.Engine

const (
	sqliteEngine   = engine(migration.SQLite)
	postgresEngine = engine(migration.Postgres)
)

// engines are all of them, by the names of their folders.
func engines() map[string]engine {
	return map[string]engine{"sqlite": sqliteEngine, "postgres": postgresEngine}
}

func (e engine) String() string { return migration.Engine(e).Name() }

// inspector looks at a database and plans changes.
func (e engine) inspector(db schema.ExecQuerier) (migrate.Driver, error) { //nolint:ireturn // it is Atlas's seam between engines
	if e == postgresEngine {
		return postgres.Open(db)
	}
	return sqlite.Open(db)
}

// integer reports whether a key is one that the database counts.
func integer(t string) bool { return t == "INTEGER" || t == "BIGINT" || t == "SMALLINT" }

// keyType is the type of a key and what follows it.
func (e engine) keyType(c column, t *table) string {
	switch {
	case !integer(c.typ) || c.def != "" || c.refers != nil:
		return strings.TrimRight(c.typ+" "+c.rest(t)+" PRIMARY KEY", " ")
	case e == postgresEngine:
		return c.typ + " GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
	default:
		return c.typ + " PRIMARY KEY AUTOINCREMENT"
	}
}

// typeOf is the type of a column: what the tags sqlite, postgres and type say, or what fits the type of the field.
func (e engine) typeOf(t reflect.Type, tag reflect.StructTag) (string, error) {
	if text := tag.Get(e.String()); text != "" {
		return text, nil
	}
	if text := tag.Get("type"); text != "" {
		if e == postgresEngine {
			return text, nil
		}
		for _, known := range onSQLite {
			if known.pattern.MatchString(text) {
				return known.typ, nil
			}
		}
		return "", fmt.Errorf("SQLite has no type for %q: say it with the tag sqlite", text)
	}
	sizes := map[reflect.Kind]string{
		reflect.Int8: "SMALLINT", reflect.Uint8: "SMALLINT", reflect.Int16: "SMALLINT", reflect.Uint16: "INTEGER", reflect.Int32: "INTEGER",
	}
	var postgresType, sqliteType string
	switch k := t.Kind(); {
	case t == timeType:
		postgresType, sqliteType = "TIMESTAMPTZ", "DATETIME"
	case t == bytesType:
		postgresType, sqliteType = "BYTEA", "BLOB"
	case t == uuidType:
		postgresType, sqliteType = "UUID", "TEXT"
	case k == reflect.String:
		postgresType, sqliteType = "TEXT", "TEXT"
	case k == reflect.Bool:
		postgresType, sqliteType = "BOOLEAN", "BOOLEAN"
	case k == reflect.Float64, k == reflect.Float32:
		postgresType, sqliteType = "DOUBLE PRECISION", "REAL"
	case sizes[k] != "":
		postgresType, sqliteType = sizes[k], "INTEGER"
	case reflect.Int <= k && k <= reflect.Uint64 && k != reflect.Uint64 && k != reflect.Uint:
		postgresType, sqliteType = "BIGINT", "INTEGER"
	default:
		return "", fmt.Errorf(`no type of the database fits a %s: say it with the tag type, such as type:"TEXT"`, t)
	}
	if e == postgresEngine {
		return postgresType, nil
	}
	return sqliteType, nil
}

// onSQLite is what takes the place of types of PostgreSQL. Decimals are text, which keeps them exact.
var onSQLite = []struct {
	pattern *regexp.Regexp
	typ     string
}{
	{regexp.MustCompile(`(?i)^(TEXT|VARCHAR|CHAR|CHARACTER|CITEXT|NUMERIC|DECIMAL|UUID|JSONB?)\b`), "TEXT"},
	{regexp.MustCompile(`(?i)^(BIGINT|INTEGER|INT|SMALLINT)\b`), "INTEGER"},
	{regexp.MustCompile(`(?i)^(TIMESTAMPTZ|TIMESTAMP|DATETIME)\b`), "DATETIME"},
	{regexp.MustCompile(`(?i)^DATE\b`), "DATE"},
	{regexp.MustCompile(`(?i)^(DOUBLE PRECISION|REAL)\b`), "REAL"},
	{regexp.MustCompile(`(?i)^BOOL(EAN)?\b`), "BOOLEAN"},
	{regexp.MustCompile(`(?i)^(BYTEA|BLOB)\b`), "BLOB"},
}

// moment is the SQL of a value, where that is the time of now by one of its names as the rows of the engine have it: SQLite compares times as texts, and
// those that a program writes say their offset.
func (e engine) moment(value string) string {
	if e != sqliteEngine {
		return value
	}
	switch strings.ToLower(strings.Trim(value, "()")) {
	case "now", "current_timestamp":
		return "(strftime('%Y-%m-%d %H:%M:%S+00:00', 'now'))"
	default:
		return value
	}
}
