package data_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
)

func TestOneStatementNeedsNoTransaction(t *testing.T) {
	t.Parallel()
	datatest.Each(t, migrations(t), func(t *testing.T, db *data.DB) {
		insert(t, db, userRow{Name: "Ada", Email: "ada@example.com", Age: 36}, userRow{Name: "Bob", Email: "bob@example.com", Age: 20})
		ctx, tally := data.NewTally(t.Context())
		ada, err := users.Where(userName.Is("Ada")).One(ctx, db)
		if err != nil || ada.Email != "ada@example.com" {
			t.Errorf("%+v, %v", ada, err)
		}
		if _, err := users.Where(userName.Is("Eve")).One(ctx, db); !errors.Is(err, data.ErrNoRows) {
			t.Errorf("of nobody: %v", err)
		}
		names, err := data.All[string](ctx, db, data.SQL("SELECT name FROM users WHERE age > ? ORDER BY name LIMIT 10", 1))
		if err != nil || !reflect.DeepEqual(names, []string{"Ada", "Bob"}) {
			t.Errorf("%v, %v", names, err)
		}
		if n := tally.Statements(); n != 3 {
			t.Errorf("%d statements are counted, want 3", n)
		}
		if _, err := data.One[int](ctx, db, data.SQL("SELECT nothing FROM users")); err == nil || errors.Is(err, data.ErrUnavailable) {
			t.Errorf("of a column that is not there: %v", err)
		}
		err = db.Write(ctx, func(ctx context.Context, _ *data.Tx) error {
			_, err := users.Where().Count(ctx, db)
			return err
		})
		if !errors.Is(err, data.ErrNested) {
			t.Errorf("within a transaction: %v, want ErrNested", err)
		}
		cancelled, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := users.Where().Count(cancelled, db); !errors.Is(err, context.Canceled) {
			t.Errorf("after the end of its context: %v", err)
		}
		if n, err := users.Where().Count(ctx, db); n != 2 || err != nil {
			t.Errorf("afterwards: %d, %v", n, err)
		}
	})
}

// TestOneStatementCannotWrite tries what a statement that begins like one that reads could do.
func TestOneStatementCannotWrite(t *testing.T) {
	t.Parallel()
	db := datatest.Open(t, datatest.PostgresURL(t, migrations(t)), data.Config{Postgres: data.PostgresConfig{Connections: 1}})
	insert(t, db, userRow{Name: "Ada", Email: "ada@example.com", Age: 36})
	session := func() int64 {
		pid, err := data.One[int64](t.Context(), db, data.SQL("SELECT pg_backend_pid()"))
		if err != nil {
			t.Fatal(err)
		}
		return pid
	}
	first := session()
	for _, query := range []data.Query{
		data.SQL("DELETE FROM users"),
		data.SQL("WITH gone AS (DELETE FROM users RETURNING id) SELECT id FROM gone"),
		data.SQL("SELECT set_config('transaction_read_only', 'off', true)"),
		data.SQL("SELECT lower(set_config('default_transaction_read_only', 'off', false)) FROM users WHERE 1 / (age - age) = 1"),
		data.SQL("SELECT nextval(pg_get_serial_sequence('users', 'id'))::text"),
	} {
		for _, q := range []string{"DB", "View"} {
			var err error
			if q == "DB" {
				_, err = data.All[string](t.Context(), db, query)
			} else {
				err = db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
					_, err := data.All[string](ctx, v, query)
					return err
				})
			}
			if err == nil {
				t.Errorf("%s: %v is no error", q, query)
			}
		}
	}
	if _, err := data.All[int64](t.Context(), db, data.SQL("WITH gone AS (DELETE FROM users RETURNING id) SELECT id FROM gone", pgx.QueryExecModeExec)); err == nil {
		t.Error("a statement that is sent in another way writes")
	}
	if _, err := data.One[string](t.Context(), db, data.SQL("SELECT set_config('default_transaction_read_only', 'off', false)")); err != nil {
		t.Error(err)
	}
	if _, err := data.All[int64](t.Context(), db, data.SQL("WITH gone AS (DELETE FROM users RETURNING id) SELECT id FROM gone")); err == nil {
		t.Error("a statement that reads writes")
	}
	if n, err := users.Where().Count(t.Context(), db); n != 1 || err != nil {
		t.Errorf("afterwards: %d users, %v", n, err)
	}
	if last := session(); last != first {
		t.Error("a statement that failed ended its connection")
	}
}

// TestAReadGoesOnce counts how often a program waits for PostgreSQL.
func TestAReadGoesOnce(t *testing.T) {
	t.Parallel()
	dsn, turns := counted(t, datatest.PostgresURL(t, migrations(t)))
	db := datatest.Open(t, dsn, data.Config{Postgres: data.PostgresConfig{Connections: 1}})
	insert(t, db, userRow{Name: "Ada", Email: "ada@example.com", Age: 36})
	row := func(ctx context.Context, q data.Querier) error {
		_, err := users.Where(userName.Is("Ada")).One(ctx, q)
		return err
	}
	calls := func(ctx context.Context, q data.Querier) error {
		_, err := data.One[int](ctx, q, data.SQL("SELECT coalesce(max(age), 0) FROM users"))
		return err
	}
	for _, tt := range []struct {
		name string
		do   func(ctx context.Context) error
		want int64
	}{
		{"nothing", func(ctx context.Context) error {
			return db.Read(ctx, func(context.Context, *data.View) error { return nil })
		}, 0},
		{"one statement", func(ctx context.Context) error { return row(ctx, db) }, 1},
		{"one statement that calls something", func(ctx context.Context) error { return calls(ctx, db) }, 1},
		{"a snapshot with one statement", func(ctx context.Context) error {
			return db.Read(ctx, func(ctx context.Context, v *data.View) error { return row(ctx, v) })
		}, 2},
		{"a snapshot with two", func(ctx context.Context) error {
			return db.Read(ctx, func(ctx context.Context, v *data.View) error { return errors.Join(row(ctx, v), calls(ctx, v)) })
		}, 3},
	} {
		for range 2 { // by now everything is prepared
			if err := tt.do(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		least := int64(1000)
		for range 3 { // a connection that nobody used for a second is looked at
			before := turns.Load()
			if err := tt.do(t.Context()); err != nil {
				t.Fatal(err)
			}
			least = min(least, turns.Load()-before)
		}
		if least != tt.want {
			t.Errorf("%s waits %d times, want %d", tt.name, least, tt.want)
		}
	}
}

// counted is the URL of the same database by way of somebody who counts how often the program speaks after the server did.
func counted(t *testing.T, dsn string) (_ string, turns *atomic.Int64) {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	server := u.Host
	u.Host = l.Addr().String()
	turns = new(atomic.Int64)
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", server)
			if err != nil {
				_ = in.Close()
				return
			}
			var answered atomic.Bool
			answered.Store(true)
			go relay(in, out, func() {
				if answered.Swap(false) {
					turns.Add(1)
				}
			})
			go relay(out, in, func() { answered.Store(true) })
		}
	}()
	return u.String(), turns
}

// relay carries bytes one way and tells of each piece before it is sent on.
func relay(from, to net.Conn, tell func()) {
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			tell()
			_, _ = to.Write(buf[:n])
		}
		if err != nil {
			_ = to.Close()
			return
		}
	}
}

// TestOneStatementIsNotLost ends the connection under a statement: it runs again, twice.
func TestOneStatementIsNotLost(t *testing.T) {
	t.Parallel()
	dsn := datatest.PostgresURL(t, migrations(t))
	proxy := datatest.StartProxy(t, dsn)
	db := datatest.Open(t, proxy.URL(), data.Config{Postgres: data.PostgresConfig{Connections: 2}})
	hold := func(f func() error) error { // with both connections open
		return db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
			if _, err := users.Where().Count(ctx, v); err != nil {
				return err
			}
			_, err := users.Where().Count(t.Context(), db)
			return errors.Join(err, f())
		})
	}
	if err := hold(func() error { return nil }); err != nil {
		t.Fatal(err)
	}
	proxy.Cut()
	if _, err := users.Where().Count(t.Context(), db); err != nil {
		t.Errorf("after both connections were cut: %v", err)
	}
	proxy.Set(datatest.Toxic{Reset: true})
	if _, err := users.Where().Count(t.Context(), db); !errors.Is(err, data.ErrUnavailable) {
		t.Errorf("while each is cut: %v, want ErrUnavailable", err)
	}
	proxy.Set(datatest.Toxic{})
	if err := db.Ping(t.Context()); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// TestPipedRowsAreThoseOfTheDriver reads values of many types by the two ways there are: with the beginning of a transaction, and within one.
func TestPipedRowsAreThoseOfTheDriver(t *testing.T) {
	t.Parallel()
	db := datatest.Postgres(t, nil)
	for _, query := range []data.Query{
		data.SQL("SELECT 7::int2"), data.SQL("SELECT -7::int4"), data.SQL("SELECT 7::int8"), data.SQL("SELECT NULL::int8"),
		data.SQL("SELECT 1.5::float4"), data.SQL("SELECT 'NaN'::float8::text"), data.SQL("SELECT 1.5::float8"), data.SQL("SELECT 1.50::numeric"),
		data.SQL("SELECT 'é'::text"), data.SQL("SELECT 'a'::varchar"), data.SQL("SELECT 'a'::char(3)"), data.SQL(`SELECT '\x00ff'::bytea`), data.SQL("SELECT true"),
		data.SQL("SELECT '2024-02-29'::date"), data.SQL("SELECT 'infinity'::date"), data.SQL("SELECT '2024-02-29 12:30:00.5'::timestamp"),
		data.SQL("SELECT '2024-02-29 12:30:00.5+02'::timestamptz"), data.SQL("SELECT '-infinity'::timestamptz"), data.SQL("SELECT '12:30'::time"),
		data.SQL("SELECT '1 day 2 hours'::interval"), data.SQL("SELECT '6f1d3a0e-0000-4000-8000-000000000000'::uuid"), data.SQL(`SELECT '{"a": 1}'::json`),
		data.SQL(`SELECT '{"a":1}'::jsonb`), data.SQL("SELECT '10.0.0.0/8'::inet"), data.SQL("SELECT ARRAY[1, 2]"), data.SQL("SELECT ARRAY['a', NULL]"),
		data.SQL("SELECT '[1,3)'::int4range"), data.SQL("SELECT 7::oid"), data.SQL("SELECT '7'::xid"), data.SQL("SELECT 'r'::\"char\""),
		data.SQL("SELECT ROW(1, 'a')::text"), data.SQL("SELECT 'pg_class'::regclass"), data.SQL("SELECT B'101'"), data.SQL("SELECT ?::text", "a"), data.SQL("SELECT ?::int4", 3),
	} {
		piped, err := data.One[any](t.Context(), db, query)
		if err != nil {
			t.Errorf("%v: %v", query, err)
		}
		within := read(t, db, func(ctx context.Context, v *data.View) (any, error) {
			if _, err := data.One[int](ctx, v, data.SQL("SELECT 1")); err != nil {
				return nil, err
			}
			return data.One[any](ctx, v, query)
		})
		if !reflect.DeepEqual(piped, within) {
			t.Errorf("%v: %T %v, want %T %v", query, piped, piped, within, within)
		}
	}
	texts, err := data.One[[]string](t.Context(), db, data.SQL("SELECT ARRAY['a', 'b']"))
	if err != nil || !reflect.DeepEqual(texts, []string{"a", "b"}) {
		t.Errorf("%v, %v", texts, err)
	}
	at, err := data.One[time.Time](t.Context(), db, data.SQL("SELECT '2024-02-29 12:30:00+02'::timestamptz"))
	if want := time.Date(2024, 2, 29, 10, 30, 0, 0, time.UTC); err != nil || !at.Equal(want) || at.Location() != time.UTC {
		t.Errorf("%v, %v, want %v", at, err, want)
	}
	none, err := data.One[*int64](t.Context(), db, data.SQL("SELECT NULL::int8"))
	if err != nil || none != nil {
		t.Errorf("%v, %v", none, err)
	}
	if _, err := data.One[int](t.Context(), db, data.SQL("SELECT 'a'::text")); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("a text as a number: %v", err)
	}
}

// TestPlansOfOtherColumnsAreMadeAnew changes a column under statements that are prepared.
func TestPlansOfOtherColumnsAreMadeAnew(t *testing.T) {
	t.Parallel()
	names := data.SQL("SELECT name FROM users WHERE age > ?", 1)
	many := []data.Query{ // more than a transaction is tried again
		names, data.SQL("SELECT name FROM users WHERE age >= ?", 1), data.SQL("SELECT name FROM users WHERE age <> ?", 1), data.SQL("SELECT name FROM users WHERE id > ?", 0),
		data.SQL("SELECT name FROM users WHERE id >= ?", 1), data.SQL("SELECT name FROM users WHERE id <> ?", 7), data.SQL("SELECT name FROM users WHERE email > ?", ""),
		data.SQL("SELECT name FROM users WHERE email >= ?", ""), data.SQL("SELECT name FROM users WHERE email <> ?", ""),
	}
	for _, tt := range []struct {
		name string
		ask  func(ctx context.Context, db *data.DB) (string, error)
	}{
		{"a statement", func(ctx context.Context, db *data.DB) (string, error) { return data.One[string](ctx, db, names) }},
		{"the second of a snapshot", func(ctx context.Context, db *data.DB) (name string, err error) {
			err = db.Read(ctx, func(ctx context.Context, v *data.View) error {
				if _, err := data.One[int](ctx, v, data.SQL("SELECT 1")); err != nil {
					return err
				}
				name, err = data.One[string](ctx, v, names)
				return err
			})
			return name, err
		}},
		{"that of a Write", func(ctx context.Context, db *data.DB) (name string, err error) {
			err = db.Write(ctx, func(ctx context.Context, tx *data.Tx) error {
				name, err = data.One[string](ctx, tx, names)
				return err
			})
			return name, err
		}},
		{"many of a Write", func(ctx context.Context, db *data.DB) (name string, err error) {
			err = db.Write(ctx, func(ctx context.Context, tx *data.Tx) error {
				for _, query := range many {
					if name, err = data.One[string](ctx, tx, query); err != nil {
						return err
					}
				}
				return nil
			})
			return name, err
		}},
	} {
		dsn := datatest.PostgresURL(t, migrations(t))
		db := datatest.Open(t, dsn, data.Config{Postgres: data.PostgresConfig{Connections: 1}})
		other := datatest.Open(t, dsn, data.Config{})
		insert(t, db, userRow{Name: "Ada", Email: "ada@example.com", Age: 36})
		if _, err := tt.ask(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		execute(t, other, data.SQL("ALTER TABLE users ALTER COLUMN name TYPE varchar(200)"))
		if name, err := tt.ask(t.Context(), db); name != "Ada" || err != nil {
			t.Errorf("%s: %v, %v", tt.name, name, err)
		}
	}
}
