package data

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// Config sets up a database. The zero value is safe.
type Config struct {
	// Migrations holds SQL files in goose's form at its top level, such as 0001_users.sql. Those not yet applied are
	// applied by Open, in the order of their numbers, each in a transaction. Where it has a folder named after the kind of database, sqlite or
	// postgres, the files of that one count. Open refuses files that were changed after they were applied, and a database with a migration
	// that is not here and says that it is breaking. Default: none.
	Migrations fs.FS
	// Models are the tables of the program. Open refuses a database that lacks one of them, or a column, and names all that is missing. Default: none.
	Models []Model
	// Logger receives what Open notices, such as a database that is newer than the program, and at the level DEBUG each statement without its values, with
	// its time and the line that asked. Default slog.Default().
	Logger *slog.Logger
	// Readers is the number of connections to SQLite that read at the same time, 1..1000. Default: twice the cores, at least 4.
	Readers int
	// Acquire is how long a read of SQLite waits for one of these connections, up to one hour. Default: 0.9 s, so that a client is told within a second.
	Acquire time.Duration
	// BusyTimeout is how long a write of SQLite waits for those before it in this process, and a statement for a lock that another process holds, up to
	// one hour.
	// Writers wait longer than readers: there is one connection for all of them, and each has it for some milliseconds. Default: 5 s.
	BusyTimeout time.Duration
	// CursorSecret is what the cursors of lists are sealed with: 32 random bytes or more, the same for all replicas. Default: random bytes, so that
	// no cursor outlives the process.
	CursorSecret []byte
	// CursorSecretsBefore are secrets whose cursors still open: those from before a change, or the next one, which another replica has already. Default none.
	CursorSecretsBefore [][]byte
	// Postgres are the settings of PostgreSQL alone.
	Postgres PostgresConfig
}

// PostgresConfig sets up connections to PostgreSQL. The zero value of a field is its default; a negative one is refused.
type PostgresConfig struct {
	// Connections is the most connections of this process, 1..1000. Default: four times the cores, 4 to 64.
	Connections int
	// MinConnections is how many connections are kept open, 0..Connections: Open makes them, and those that end are made again. Default 0.
	MinConnections int
	// Lifetime is how long a connection is used. It ends up to a tenth earlier, so that those that were opened together do not end together. Default: 30 min.
	Lifetime time.Duration
	// Unused is how long a connection stays open that nobody uses, beyond those of MinConnections. Default: 5 min.
	Unused time.Duration
	// Replicas is how many processes use the server, each with as many connections. Open refuses what together is more than the server has for its users,
	// and warns of more than 80 % of it: an administrator, a migration and a replica that takes the place of another need some, too. Default 1.
	Replicas int
	// Acquire is how long a transaction waits for a connection. Default: 0.9 s, so that a client is told within a second.
	Acquire time.Duration
	// Statement is how long one statement may take. The server ends what takes longer; a server of which nothing is heard any more is given up a tenth
	// of a second later. A transaction may say SET LOCAL statement_timeout for its own. Default: 4 s, so that a client is told within five seconds.
	Statement time.Duration
	// Lock is how long a statement may wait for a lock. Default: 2 s.
	Lock time.Duration
	// Idle is how long a transaction may do nothing. Default: 10 s.
	Idle time.Duration
	// Connect is how long it may take to connect. Default: 3 s.
	Connect time.Duration
	// Application is the name of the program in the server's list of connections. Default: that of the executable.
	Application string
	// Blocking is the most rows of a table that a migration may lock for as long as it is large, as far as its file says so (-- Blocking: TABLE); with
	// more it is refused. Default: 1,000,000.
	Blocking int64
	// Isolation is that of transactions that write. Default: serializable, under which a transaction behaves as if it ran alone, as on
	// SQLite; sql.LevelReadCommitted is quicker and leaves it to the program to lock what it read.
	Isolation sql.IsolationLevel
	// Pooler says that the URL leads to PgBouncer, or another pool in transaction mode. Nothing is then kept in a session: Statement, Lock and Idle are
	// not set at the server, which ALTER ROLE … SET does, statements are not prepared under a name, connections are not counted against the server's, and Open
	// applies no migration: it refuses a database that lacks one. Default false.
	Pooler bool
	// InsecurePlaintext lets connections off the loopback interface do without TLS. Default false.
	InsecurePlaintext bool
}

func (c Config) check() error {
	var errs []error
	if c.Readers < 0 || c.Readers > 1000 {
		errs = append(errs, fmt.Errorf("config: Readers is %d, want 0..1000", c.Readers))
	}
	if c.Acquire < 0 || c.Acquire > time.Hour {
		errs = append(errs, fmt.Errorf("config: Acquire is %v, want 0..1h", c.Acquire))
	}
	if c.BusyTimeout < 0 || c.BusyTimeout > time.Hour {
		errs = append(errs, fmt.Errorf("config: BusyTimeout is %v, want 0..1h", c.BusyTimeout))
	}
	if n := len(c.CursorSecret); n > 0 && n < 32 {
		errs = append(errs, fmt.Errorf("config: CursorSecret has %d bytes, want 32 or more", n))
	}
	for i, secret := range c.CursorSecretsBefore {
		if len(secret) < 32 {
			errs = append(errs, fmt.Errorf("config: CursorSecretsBefore[%d] has %d bytes, want 32 or more", i, len(secret)))
		}
	}
	for _, f := range []struct {
		name  string
		value int64
	}{
		{"Connections", int64(c.Postgres.Connections)}, {"Replicas", int64(c.Postgres.Replicas)}, {"Acquire", int64(c.Postgres.Acquire)},
		{"Statement", int64(c.Postgres.Statement)}, {"Blocking", c.Postgres.Blocking},
		{"MinConnections", int64(c.Postgres.MinConnections)}, {"Lifetime", int64(c.Postgres.Lifetime)}, {"Unused", int64(c.Postgres.Unused)},
		{"Lock", int64(c.Postgres.Lock)}, {"Idle", int64(c.Postgres.Idle)}, {"Connect", int64(c.Postgres.Connect)},
	} {
		if f.value < 0 {
			errs = append(errs, fmt.Errorf("config: Postgres.%s is %d, want 0 (the default) or more", f.name, f.value))
		}
	}
	if least, most := c.Postgres.MinConnections, c.withDefaults().Postgres.Connections; least > most {
		errs = append(errs, fmt.Errorf("config: Postgres.MinConnections is %d, want %d or fewer, the value of Connections", least, most))
	}
	switch c.Postgres.Isolation {
	case sql.LevelDefault, sql.LevelReadCommitted, sql.LevelRepeatableRead, sql.LevelSerializable:
	default:
		errs = append(errs, fmt.Errorf("config: Postgres.Isolation is %v, want read committed, repeatable read or serializable", c.Postgres.Isolation))
	}
	return errors.Join(errs...)
}

func (c Config) withDefaults() Config {
	c.Logger = cmp.Or(c.Logger, slog.Default())
	if c.Readers == 0 {
		c.Readers = max(4, 2*runtime.GOMAXPROCS(0))
	}
	c.Acquire = cmp.Or(c.Acquire, 900*time.Millisecond)
	c.BusyTimeout = cmp.Or(c.BusyTimeout, 5*time.Second)
	p := &c.Postgres
	p.Connections = cmp.Or(p.Connections, min(max(4, 4*runtime.GOMAXPROCS(0)), 64))
	p.Lifetime = cmp.Or(p.Lifetime, 30*time.Minute)
	p.Unused = cmp.Or(p.Unused, 5*time.Minute)
	p.Replicas = cmp.Or(p.Replicas, 1)
	p.Acquire = cmp.Or(p.Acquire, 900*time.Millisecond)
	p.Statement = cmp.Or(p.Statement, 4*time.Second)
	p.Lock = cmp.Or(p.Lock, 2*time.Second)
	p.Idle = cmp.Or(p.Idle, 10*time.Second)
	p.Connect = cmp.Or(p.Connect, 3*time.Second)
	p.Blocking = cmp.Or(p.Blocking, 1_000_000)
	p.Application = cmp.Or(p.Application, filepath.Base(os.Args[0]))
	p.Isolation = cmp.Or(p.Isolation, sql.LevelSerializable)
	return c
}
