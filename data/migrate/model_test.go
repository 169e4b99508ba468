package migrate_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/data"
)

func TestFaultsOfModels(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		model data.Model
		want  string
	}{
		{"a key without a field", data.NewTable[struct {
			A int `db:"a"`
		}]("t", "id"), "t.id: it is the key, and no field of the row has it"},
		{"a key that may be NULL", data.NewTable[struct {
			ID *int64 `db:"id"`
		}]("t", "id"), "t.id: it is the key, and may not be NULL"},
		{"a type that no column has", data.NewTable[struct {
			ID int64 `db:"id"`
			A  []int `db:"a"`
		}]("t", "id"), `t.a: no type of the database fits a []int: say it with the tag type, such as type:"TEXT"`},
		{"a name that needs quotes", data.NewTable[struct {
			ID int64 `db:"id"`
			A  int   `db:"Big"`
		}]("t", "id"), "t.Big: want a name of lower-case letters, digits and _"},
		{"a length of a number", data.NewTable[struct {
			ID int64 `db:"id"`
			A  int   `db:"a" maxLength:"3"`
		}]("t", "id"), "t.a: minLength and maxLength do not fit a int"},
		{"a bound of a text", data.NewTable[struct {
			ID int64  `db:"id"`
			A  string `db:"a" minimum:"3"`
		}]("t", "id"), "t.a: minimum and maximum do not fit a string"},
		{"a bound that is no number", data.NewTable[struct {
			ID int64 `db:"id"`
			A  int   `db:"a" maximum:"many"`
		}]("t", "id"), `t.a: maximum is "many", want a number`},
		{"an index with words", data.NewTable[struct {
			ID int64 `db:"id"`
			A  int   `db:"a" index:"by a"`
		}]("t", "id"), `t.a: the tag index names "by a", want a name of lower-case letters, digits and _, and desc or nothing`},
		{"an index with a column that is none", data.NewTable[struct {
			ID int64 `db:"id"`
			A  int   `db:"a" index:"+b"`
		}]("t", "id"), `t.a: the tag index adds the column "b", which no field has`},
		{"an index of two minds", data.NewTable[struct {
			ID int64 `db:"id"`
			A  int   `db:"a" index:"ab"`
			B  int   `db:"b" unique:"ab"`
		}]("t", "id"), "t.b: ab is an index of one field and unique of another"},
		{"a reference to what is no table", data.NewTable[struct {
			ID int64 `db:"id"`
			A  int64 `db:"a" references:"users.id"`
		}]("t", "id"), `t.a: the tag references is "users.id", want a table, or table(column)`},
		{"a reference without an index", data.NewTable[struct {
			ID int64 `db:"id"`
			A  int64 `db:"a" references:"users"`
		}]("t", "id"), `t.a: it refers to users and no index begins with it, so that a row there is deleted slowly: add index:"", or index:"-" if that is meant`},
		{"an action without a reference", data.NewTable[struct {
			ID int64 `db:"id"`
			A  int64 `db:"a" onDelete:"cascade"`
		}]("t", "id"), `t.a: "cascade" is said of what happens to the row referred to, want one of cascade, restrict, set null, set default, no action beside references`},
		{"a type that SQLite has not", data.NewTable[struct {
			ID int64  `db:"id"`
			A  string `db:"a" type:"TSVECTOR"`
		}]("t", "id"), `t.a: SQLite has no type for "TSVECTOR": say it with the tag sqlite`},
	} {
		s := newSource(t, "sqlite")
		if got := s.run([]data.Model{tt.model}, "new", "x"); got.code != 1 || got.errs != "shop: models: "+tt.want+"\n" {
			t.Errorf("%s: %+v, want %s", tt.name, got, tt.want)
		}
	}
	s := newSource(t, "sqlite")
	if got := s.run(append(firstModels(), firstModels()...), "check"); got.code != 1 || strings.Count(got.errs, "two models have this table") != 3 {
		t.Errorf("models that stand there twice: %+v", got)
	}
}

// TestReferenceWithoutAnIndex is one that is meant.
func TestReferenceWithoutAnIndex(t *testing.T) {
	t.Parallel()
	s := newSource(t, "sqlite")
	s.must([]data.Model{data.NewTable[struct {
		ID int64 `db:"id"`
		A  int64 `db:"a" references:"t" index:"-"`
	}]("t", "id")}, "new", "first")
	if got := s.file("sqlite/0001_first.sql"); strings.Contains(got, "CREATE INDEX") || !strings.Contains(got, "REFERENCES t (id)") {
		t.Error(got)
	}
}

func TestFaultsOfNew(t *testing.T) {
	t.Parallel()
	s := newSource(t, "sqlite")
	for _, tt := range []struct {
		name string
		code int
		want string
		args []string
	}{
		{"a name with a path", 2, `the name is "../x", want lower-case letters, digits and _`, []string{"../x"}},
		{"no name", 2, `expected "<name>"`, nil},
		{"a folder that is none", 1, "the folder of the migrations: ", []string{"x", "--dir=nowhere"}},
	} {
		if got := s.run(firstModels(), append([]string{"new"}, tt.args...)...); got.code != tt.code || !strings.Contains(got.errs, tt.want) || got.out != "" {
			t.Errorf("%s: %+v, want %s", tt.name, got, tt.want)
		}
	}
	other := newSource(t, "sqlite")
	other.must(firstModels(), "new", "first")
	got := s.run(firstModels(), "new", "x", "--dir", other.dir)
	if got.code != 1 || !strings.Contains(got.errs, "differs from the files in the program (0001_first.sql): build it anew") {
		t.Errorf("a program that was built from other files: %+v", got)
	}
	both := newSource(t, "sqlite", "postgres")
	both.dev = ""
	if got := both.run(firstModels(), "new", "x"); got.code != 1 || !strings.Contains(got.errs, "--dev postgres://") {
		t.Errorf("no server to try things on: %+v", got)
	}
	if list, err := filepath.Glob(filepath.Join(both.dir, "*", "*")); err != nil || len(list) > 0 {
		t.Errorf("a command that fails left %v", list)
	}
}

func TestEmptyMigrations(t *testing.T) {
	t.Parallel()
	s := newSource(t, "sqlite", "postgres")
	if got := s.must(nil, "new", "by_hand", "--empty"); got != "wrote sqlite/0001_by_hand.sql\nwrote postgres/0001_by_hand.sql\n" {
		t.Errorf("%q", got)
	}
}

// TestOneEngineChanges writes a file for both engines, so that the numbers stay the same.
func TestOneEngineChanges(t *testing.T) {
	t.Parallel()
	type row struct {
		ID int64  `db:"id"`
		A  string `db:"a" type:"VARCHAR(20)"`
	}
	type longer struct {
		ID int64  `db:"id"`
		A  string `db:"a" type:"VARCHAR(40)"`
	}
	s := newSource(t, "sqlite", "postgres")
	s.must([]data.Model{data.NewTable[row]("t", "id")}, "new", "first")
	s.must([]data.Model{data.NewTable[longer]("t", "id")}, "new", "second")
	if got := s.file("sqlite/0002_second.sql"); got != "-- +goose Up\n-- Nothing changes here.\nSELECT 1;\n\n-- +goose Down\nSELECT 1;\n" {
		t.Errorf("%q", got)
	}
	if got := s.file("postgres/0002_second.sql"); !strings.Contains(got, "TYPE CHARACTER VARYING(40)") {
		t.Errorf("%q", got)
	}
	if got := s.file("postgres/0002_second.sql"); strings.Contains(got, "Breaking") {
		t.Errorf("a longer text breaks nothing: %q", got)
	}
	s.must([]data.Model{data.NewTable[longer]("t", "id")}, "up")
	s.must([]data.Model{data.NewTable[longer]("t", "id")}, "down", "--to=0")
}

// TestWhatModelsCannotSay keeps what was made by hand, also where SQLite makes a table anew.
func TestWhatModelsCannotSay(t *testing.T) {
	t.Parallel()
	hand := map[string]string{
		"sqlite": "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT) STRICT;\n" +
			"CREATE UNIQUE INDEX users_fold ON users (lower(email));\nCREATE INDEX users_some ON users (name) WHERE name > 'm';\n" +
			"CREATE TABLE log (text TEXT);\nCREATE VIEW names AS SELECT name FROM users;\n" +
			"-- +goose StatementBegin\nCREATE TRIGGER told AFTER INSERT ON users BEGIN INSERT INTO log VALUES (new.name); END;\n-- +goose StatementEnd\n",
		"postgres": "CREATE TABLE users (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name TEXT NOT NULL, email TEXT);\n" +
			"CREATE UNIQUE INDEX users_fold ON users (lower(email));\nCREATE INDEX users_some ON users (name) WHERE name > 'm';\n" +
			"CREATE TABLE log (text TEXT);\n",
	}
	type userRow struct {
		ID    int64   `db:"id"`
		Name  string  `db:"name" maxLength:"9"`
		Email *string `db:"email"`
	}
	for engine, sql := range hand {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			s := newSource(t, engine)
			text := "-- +goose Up\n" + sql + "-- +goose Down\nDROP TABLE users;\nDROP TABLE log;\n"
			if err := os.WriteFile(filepath.Join(s.dir, engine, "0001_hand.sql"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			models := []data.Model{data.NewTable[userRow]("users", "id")}
			if got := s.must(models, "new", "name", "--drop", "log"); strings.Contains(got, "index") {
				t.Errorf("it changes what it should leave: %s", got)
			}
			s.must(models, "up")
			s.must(models, "check")
			if engine == "sqlite" {
				found(t, s.db, "SELECT name FROM sqlite_schema WHERE type IN ('index', 'trigger', 'view') AND sql IS NOT NULL ORDER BY name",
					"names", "told", "users_fold", "users_some")
				found(t, s.db, "SELECT name FROM sqlite_schema WHERE sql LIKE '%STRICT'", "users")
			} else {
				found(t, s.db, "SELECT indexname FROM pg_indexes WHERE tablename = 'users' ORDER BY indexname", "users_fold", "users_pkey", "users_some")
			}
		})
	}
}

// TestAL03CheckSeesTheDatabase finds what somebody changed by hand.
func TestAL03CheckSeesTheDatabase(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			s := newSource(t, engine)
			s.must(firstModels(), "new", "first")
			if got := s.run(firstModels(), "check"); got.code != 1 || got.out != "database: it lacks 0001_first.sql; migrate up applies it\n" {
				t.Errorf("before the start: %+v", got)
			}
			s.must(firstModels(), "check", "--files")
			s.must(firstModels(), "up")
			must(t, s.db, "DROP INDEX posts_recent", "ALTER TABLE users ADD COLUMN nick TEXT")
			got := s.run(firstModels(), "check")
			want := engine + " database: the models alone have (+), they have not (-), they want otherwise (~)\n"
			if got.code != 1 || !strings.Contains(got.out, want) || !strings.Contains(got.out, "  - column users.nick\n") ||
				!strings.Contains(got.out, "  + index posts_recent on posts (created_at desc)\n") || strings.Contains(got.out, "migrations") {
				t.Errorf("%+v", got)
			}
			s.must(firstModels(), "check", "--files")
		})
	}
}
