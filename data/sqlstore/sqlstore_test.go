package sqlstore_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cli"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/data/migrate"
	"github.com/tenon-go/tenon/data/sqlstore"
	"github.com/tenon-go/tenon/store"
	"github.com/tenon-go/tenon/store/storetest"
)

func migrations() fs.FS { return os.DirFS("testdata/migrations") }

// each runs a test on each kind of database. open makes one more replica: a database with connections of its own.
func each(t *testing.T, test func(t *testing.T, open func() (*data.DB, *sqlstore.Store))) {
	t.Helper()
	for name, dsn := range map[string]string{
		"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "store.db"), "postgres": datatest.PostgresURL(t, migrations()),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, func() (*data.DB, *sqlstore.Store) {
				db := datatest.Open(t, dsn, data.Config{
					Migrations: migrations(), BusyTimeout: time.Minute, Postgres: data.PostgresConfig{Connections: 8, Acquire: time.Minute},
				})
				s, err := sqlstore.New(db, sqlstore.Config{Timeout: time.Minute})
				if err != nil {
					t.Fatal(err)
				}
				return db, s
			})
		})
	}
}

func TestStore(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, open func() (*data.DB, *sqlstore.Store)) {
		t.Helper()
		_, a := open()
		_, b := open()
		storetest.Run(t, func(testing.TB) store.Store { return a })
		storetest.Replicas(t, a, b)
	})
}

func TestConfig(t *testing.T) {
	t.Parallel()
	_, err := sqlstore.New(nil, sqlstore.Config{Timeout: -1})
	if err == nil || err.Error() != "sqlstore: there is no database\nsqlstore: Timeout is -1ns, want 0 or more" {
		t.Error(err)
	}
}

func TestManyKeys(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, open func() (*data.DB, *sqlstore.Store)) {
		t.Helper()
		_, s := open()
		keys := make([]string, 301)
		for i := range keys {
			keys[i] = strconv.Itoa(i)
			if i%2 == 0 {
				ok(t, s.Set(t.Context(), keys[i], []byte(keys[i]), time.Hour))
			}
		}
		got, err := s.Get(t.Context(), keys...)
		ok(t, err)
		for i, v := range got {
			if want := i%2 == 0; want != (v != nil) || want && string(v) != keys[i] {
				t.Errorf("the key %d holds %q", i, v)
			}
		}
		ok(t, s.Delete(t.Context(), keys...))
		if got, err = s.Get(t.Context(), keys...); err != nil || !bytes.Equal(bytes.Join(got, nil), nil) {
			t.Error(got, err)
		}
	})
}

// Rows that have outlived their ttl are deleted by the writes that come after, and by Sweep; others stay.
func TestSweep(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, open func() (*data.DB, *sqlstore.Store)) {
		t.Helper()
		db, s := open()
		rows := func() (n int64) {
			ok(t, db.Read(t.Context(), func(ctx context.Context, v *data.View) (err error) {
				n, err = data.One[int64](ctx, v, data.SQL(`SELECT COUNT(*) FROM store_values`))
				return err
			}))
			return n
		}
		for i := range 150 {
			ok(t, s.Set(t.Context(), "short"+strconv.Itoa(i), nil, time.Microsecond))
		}
		if n := rows(); n > 60 {
			t.Errorf("%d rows are left of 150, of which 100 were swept", n)
		}
		// The clock of SQLite counts milliseconds: the last of them may not be over.
		ok(t, db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
			_, err := tx.Exec(ctx, data.SQL(`UPDATE store_values SET expires_at = 1`))
			return err
		}))
		ok(t, s.Set(t.Context(), "long", nil, time.Hour))
		ok(t, s.Sweep(t.Context()))
		if n := rows(); n != 1 {
			t.Errorf("%d rows are left, want 1", n)
		}
		ok(t, s.Update(t.Context(), "absent", func(time.Time, []byte) ([]byte, time.Duration, bool) { return nil, 0, true }))
		if n := rows(); n != 1 {
			t.Errorf("an update that keeps leaves a row: %d", n)
		}
	})
}

// What the database cannot do in time, or at all, is ErrUnavailable; a call within a transaction says what is wrong with it.
func TestUnavailable(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, open func() (*data.DB, *sqlstore.Store)) {
		t.Helper()
		db, patient := open()
		s, err := sqlstore.New(db, sqlstore.Config{Timeout: 50 * time.Millisecond})
		ok(t, err)
		ok(t, patient.Set(t.Context(), "a", []byte("1"), time.Hour))
		ok(t, db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
			if _, err := tx.Exec(ctx, data.SQL(`UPDATE store_values SET expires_at = expires_at + 1`)); err != nil {
				return err
			}
			if err := s.Set(t.Context(), "a", nil, time.Hour); !errors.Is(err, store.ErrUnavailable) {
				t.Errorf("a row that another holds: %v", err)
			}
			if err := s.Set(ctx, "a", nil, time.Hour); !errors.Is(err, data.ErrNested) {
				t.Errorf("a call within a transaction: %v", err)
			}
			return nil
		}))
		_, err = patient.Count(t.Context(), "a", 1, time.Hour)
		ok(t, err)
	})
}

func TestNoTable(t *testing.T) {
	t.Parallel()
	datatest.Each(t, nil, func(t *testing.T, db *data.DB) {
		s, err := sqlstore.New(db, sqlstore.Config{})
		ok(t, err)
		if _, err := s.Get(t.Context(), "a"); !errors.Is(err, store.ErrUnavailable) || !strings.Contains(err.Error(), "store_values") {
			t.Error(err)
		}
	})
}

type settings struct {
	cli.Server

	DB string `default:"sqlite:x.db"`
}

func TestModelsAndMigrationsAgree(t *testing.T) {
	t.Parallel()
	service := cli.Service[settings]{
		Name:  "values",
		Build: func(context.Context, *settings) (*tenon.App, error) { return tenon.New(tenon.Config{}), nil },
		Commands: []cli.Command[settings]{migrate.Command(func(s *settings) migrate.Config {
			return migrate.Config{Source: s.DB, Data: data.Config{Migrations: migrations()}, Models: sqlstore.Models(), Dir: "testdata/migrations"}
		})},
	}
	dev := datatest.PostgresURL(t, nil)
	for _, db := range []string{"sqlite:" + filepath.Join(t.TempDir(), "values.db"), datatest.PostgresURL(t, nil)} {
		for _, args := range [][]string{{"migrate", "up"}, {"migrate", "check", "--dev", dev}, {"migrate", "down", "--to=0"}} {
			var out bytes.Buffer
			code := service.Run(t.Context(), cli.Process{Args: args, Env: append(os.Environ(), "VALUES_DB="+db), Stdout: &out, Stderr: &out})
			if code != cli.ExitOK {
				t.Fatalf("%v: %d\n%s", args, code, out.String())
			}
		}
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
