package data_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
)

// TestAP02SessionsAreReset changes the session of the only connection in each way that there is. Whoever gets it next sees nothing of it.
func TestAP02SessionsAreReset(t *testing.T) {
	t.Parallel()
	db := datatest.Open(t, datatest.PostgresURL(t, migrations(t)), data.Config{Postgres: data.PostgresConfig{Connections: 1}})
	state := data.SQL(`SELECT concat_ws(' ', pg_backend_pid(), current_setting('work_mem'), current_setting('statement_timeout'), current_setting('TimeZone'),
		coalesce(current_setting('app.tenant', true), ''), current_user, (SELECT count(*) FROM pg_listening_channels()),
		(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'), (SELECT count(*) FROM pg_cursors WHERE is_holdable),
		(SELECT count(*) FROM pg_class WHERE relname = 'mine'))`)
	seen := func(when string) string {
		text, err := data.One[string](t.Context(), db, state)
		if err != nil {
			t.Fatalf("%s: %v", when, err)
		}
		return text
	}
	write := func(queries ...data.Query) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			return db.Write(ctx, func(ctx context.Context, tx *data.Tx) error {
				for _, query := range queries {
					if _, err := tx.Exec(ctx, query); err != nil {
						return err
					}
				}
				return nil
			})
		}
	}
	if err := write(data.SQL(`CREATE FUNCTION unresettable() RETURNS text LANGUAGE plpgsql AS $$ BEGIN
		EXECUTE (SELECT format('DEALLOCATE %I', name) FROM pg_prepared_statements WHERE statement = 'RESET ALL');
		RETURN set_config('app.tenant', '7', false);
	END $$`))(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := write(data.SQL("CREATE VIEW sets_tenant AS SELECT set_config('app.tenant', '7', false) AS x"))(t.Context()); err != nil {
		t.Fatal(err)
	}
	first := seen("at first")
	for _, tt := range []struct {
		name string
		do   func(ctx context.Context) error
	}{
		{"SET", write(data.SQL("SET work_mem = '64MB'"), data.SQL("SET statement_timeout = '1min'"), data.SQL("SET TIME ZONE 'Asia/Tokyo'"))},
		{"SET of a tenant", write(data.SQL("SET app.tenant = '7'"))},
		{"SET ROLE", write(data.SQL("SET ROLE pg_monitor"))},
		{"SET SESSION AUTHORIZATION", write(data.SQL("SET SESSION AUTHORIZATION pg_monitor"))},
		{"LISTEN", write(data.SQL("LISTEN something"))},
		{"a lock of the session", write(data.SQL("SELECT pg_advisory_lock(7)"))},
		{"a cursor", write(data.SQL("DECLARE mine CURSOR WITH HOLD FOR SELECT 1"))},
		{"a temporary table", write(data.SQL("CREATE TEMP TABLE mine (id int)"))},
		{"a lock in what is rolled back", func(ctx context.Context) error {
			stop := errors.New("stop")
			err := db.Write(ctx, func(ctx context.Context, tx *data.Tx) error {
				_, err := tx.Exec(ctx, data.SQL("SELECT pg_advisory_lock(7)"))
				return errors.Join(err, stop)
			})
			if errors.Is(err, stop) {
				return nil
			}
			return err
		}},
		{"set_config in a snapshot", func(ctx context.Context) error {
			return db.Read(ctx, func(ctx context.Context, v *data.View) error {
				_, err := data.One[string](ctx, v, data.SQL("SELECT set_config('app.tenant', '7', false)"))
				return err
			})
		}},
		{"set_config by itself", func(ctx context.Context) error {
			_, err := data.One[string](ctx, db, data.SQL("SELECT set_config('work_mem', '64MB', false)"))
			return err
		}},
		{"a statement that has the reset fail", func(ctx context.Context) error {
			_, err := data.One[string](ctx, db, data.SQL("SELECT unresettable()"))
			return err
		}},
		{"a view that calls set_config by itself", func(ctx context.Context) error {
			_, err := data.One[string](ctx, db, data.SQL("SELECT x FROM sets_tenant"))
			return err
		}},
		{"a view that calls set_config in a snapshot", func(ctx context.Context) error {
			return db.Read(ctx, func(ctx context.Context, v *data.View) error {
				_, err := data.One[string](ctx, v, data.SQL("SELECT x FROM sets_tenant"))
				return err
			})
		}},
		{"a view that calls set_config late in a snapshot", func(ctx context.Context) error {
			return db.Read(ctx, func(ctx context.Context, v *data.View) error {
				if _, err := data.One[int](ctx, v, data.SQL("SELECT 1")); err != nil {
					return err
				}
				_, err := data.One[string](ctx, v, data.SQL("SELECT x FROM sets_tenant"))
				return err
			})
		}},
		{"a lock in a statement that fails", func(ctx context.Context) error {
			_, err := data.One[int](ctx, db, data.SQL("SELECT 1 / (length(pg_advisory_lock(7)::text))"))
			if err == nil {
				return errors.New("no error")
			}
			return nil
		}},
	} {
		if err := tt.do(t.Context()); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if got := seen(tt.name); got != first {
			t.Errorf("after %s the session is %s, want %s", tt.name, got, first)
		}
	}
}

// TestAStatementMayAskForMoreTime lets a transaction take longer than others may. That is over with it.
func TestAStatementMayAskForMoreTime(t *testing.T) {
	t.Parallel()
	proxy := datatest.StartProxy(t, datatest.PostgresURL(t, nil))
	db := datatest.Open(t, proxy.URL(), data.Config{Postgres: data.PostgresConfig{Connections: 1, Statement: 200 * time.Millisecond}})
	slow := data.SQL("SELECT pg_sleep(0.6)::text")
	for _, setting := range []data.Query{
		data.SQL("SET LOCAL statement_timeout = '1h'"), data.SQL("SELECT set_config('Statement_Timeout', '0', true)"), data.SQL("SET statement_timeout TO 3600000"),
	} {
		err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
			if _, err := tx.Exec(ctx, setting); err != nil {
				return err
			}
			_, err := data.One[string](ctx, tx, slow)
			return err
		})
		if err != nil {
			t.Errorf("%v: %v", setting, err)
		}
	}
	err := db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
		if _, err := data.One[string](ctx, v, data.SQL("SELECT set_config('statement_timeout', '1h', true)")); err != nil {
			return err
		}
		_, err := data.One[string](ctx, v, slow)
		return err
	})
	if err != nil {
		t.Errorf("in a snapshot: %v", err)
	}
	if _, err := data.One[string](t.Context(), db, slow); !errors.Is(err, data.ErrUnavailable) {
		t.Errorf("afterwards: %v, want ErrUnavailable", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	proxy.Set(datatest.Toxic{Silent: true})
	if err := db.Ping(ctx); !errors.Is(err, data.ErrUnavailable) {
		t.Errorf("when nothing is heard any more: %v, want ErrUnavailable", err)
	}
	proxy.Set(datatest.Toxic{})
}

// TestTheURLSaysHowLongAStatementMayTake in all forms that PostgreSQL reads: a server of which nothing is heard is given up a little later.
func TestTheURLSaysHowLongAStatementMayTake(t *testing.T) {
	t.Parallel()
	dsn := datatest.PostgresURL(t, nil)
	for _, tt := range []struct {
		limit string
		ends  bool
	}{{"300", true}, {"0.3s", true}, {"300ms", true}, {"300000us", true}, {"%200.005%20min%20", true}, {"0", false}} {
		t.Run(tt.limit, func(t *testing.T) {
			t.Parallel()
			proxy := datatest.StartProxy(t, dsn+"&statement_timeout="+tt.limit)
			db := datatest.Open(t, proxy.URL(), data.Config{})
			patience := time.Minute
			if !tt.ends {
				patience = time.Second
			}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			proxy.Set(datatest.Toxic{Silent: true})
			if err := db.Ping(ctx); errors.Is(err, data.ErrUnavailable) != tt.ends {
				t.Errorf("%v", err)
			}
			proxy.Set(datatest.Toxic{})
		})
	}
}

// TestAP02ConnectionsAreKept counts connections at the start, after they were ended, and when they are old.
func TestAP02ConnectionsAreKept(t *testing.T) {
	t.Parallel()
	dsn := datatest.PostgresURL(t, nil)
	other := datatest.Open(t, dsn, data.Config{})
	db := datatest.Open(t, dsn, data.Config{Postgres: data.PostgresConfig{
		Connections: 8, MinConnections: 3, Unused: 200 * time.Millisecond, Lifetime: 300 * time.Millisecond, Application: "kept",
	}})
	pids := func() (list []int64) {
		list, err := data.All[int64](t.Context(), other, data.SQL("SELECT pid FROM pg_stat_activity WHERE application_name = 'kept' ORDER BY pid LIMIT 100"))
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	first := pids()
	if stats, _ := db.Stats(); stats.OpenConnections < 3 || len(first) < 3 {
		t.Errorf("%d connections are open at the start, want 3", stats.OpenConnections)
	}
	renewed := func(now []int64) bool {
		if len(now) < 3 {
			return false
		}
		return !slices.ContainsFunc(now, func(pid int64) bool { return slices.Contains(first, pid) })
	}
	begin := time.Now()
	for !renewed(pids()) {
		if time.Since(begin) > 20*time.Second {
			t.Fatalf("after %v the connections are %v, at first they were %v: want 3 new ones", time.Since(begin), pids(), first)
		}
	}
	for _, tt := range []struct {
		cfg  data.PostgresConfig
		want string
	}{
		{data.PostgresConfig{Connections: 2, MinConnections: 3}, "MinConnections is 3, want 2 or fewer"},
		{data.PostgresConfig{MinConnections: -1}, "MinConnections is -1"},
		{data.PostgresConfig{Lifetime: -1}, "Lifetime is -1"},
		{data.PostgresConfig{Unused: -1}, "Unused is -1"},
	} {
		if _, err := data.Open(t.Context(), dsn, data.Config{Postgres: tt.cfg}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v, want %q", err, tt.want)
		}
	}
}

// falling is a model whose table is asked for when something has just happened.
type falling struct {
	data.Model
	happens func()
}

func (f falling) Describe() data.TableInfo {
	f.happens()
	return f.Model.Describe()
}

// TestOpenDoesNotAskForTablesInVain ends the server, or the wait, while the tables of the models are looked for.
func TestOpenDoesNotAskForTablesInVain(t *testing.T) {
	t.Parallel()
	proxy := datatest.StartProxy(t, datatest.PostgresURL(t, migrations(t)))
	ctx, cancel := context.WithCancel(t.Context())
	for _, tt := range []struct {
		name    string
		happens func()
		want    error
	}{
		{"the server is gone", func() { proxy.Set(datatest.Toxic{Reset: true}) }, data.ErrUnavailable},
		{"nobody waits any more", cancel, context.Canceled},
	} {
		asked := 0
		models := []data.Model{falling{users, tt.happens}}
		for range 3 {
			models = append(models, falling{users, func() { asked++ }})
		}
		_, err := data.Open(ctx, proxy.URL(), data.Config{Models: models})
		if !errors.Is(err, tt.want) || strings.Contains(err.Error(), "of the models") || asked > 0 {
			t.Errorf("%s: %v after %d more tables, want %v at once", tt.name, err, asked, tt.want)
		}
		proxy.Set(datatest.Toxic{})
	}
}
