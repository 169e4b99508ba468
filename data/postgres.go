package data

import (
	"cmp"
	"context"
	"crypto/tls"
	"database/sql"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgres is the engine of PostgreSQL. What a database must have that speaks its protocol stands in docs/data.md.
type postgres struct {
	url       *pgx.ConnConfig
	isolation sql.IsolationLevel
	pooler    bool
	numbered  numbered
	piped     bool // what begins and ends a transaction may be sent with a statement: the URL may say otherwise
}

func newPostgres(url string) (*postgres, error) {
	c, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, errors.New("the URL of the PostgreSQL database cannot be read, want postgres://user:password@host:port/name?sslmode=verify-full")
	}
	return &postgres{url: c}, nil
}

func (p *postgres) open(ctx context.Context, cfg Config) (writer, readers *sql.DB, err error) {
	if err := p.secure(cfg.Postgres); err != nil {
		return nil, nil, err
	}
	p.isolation, p.pooler = cfg.Postgres.Isolation, cfg.Postgres.Pooler
	if err := p.migrate(ctx, cfg); err != nil {
		return nil, nil, err
	}
	c := p.config(cfg.Postgres)
	p.piped = c.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement && c.StatementCacheCapacity > 0
	db := sql.OpenDB(sessions{
		Connector: stdlib.GetConnector(*c, stdlib.OptionAfterConnect(inUTC)), life: cfg.Postgres.Lifetime, piped: p.piped, shared: p.pooler,
	})
	db.SetMaxOpenConns(cfg.Postgres.Connections)
	db.SetMaxIdleConns(cfg.Postgres.Connections)
	db.SetConnMaxLifetime(cfg.Postgres.Lifetime)
	db.SetConnMaxIdleTime(cfg.Postgres.Unused)
	if err := p.counted(ctx, db, cfg); err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return db, db, nil
}

// secure refuses connections that somebody between could read.
func (p *postgres) secure(cfg PostgresConfig) error {
	if cfg.InsecurePlaintext {
		return nil
	}
	plain := func(host string, with *tls.Config) bool { return with == nil && !isLocal(host) }
	bad := plain(p.url.Host, p.url.TLSConfig)
	for _, f := range p.url.Fallbacks {
		bad = bad || plain(f.Host, f.TLSConfig)
	}
	if bad {
		return errors.New("the connection to PostgreSQL leaves this machine without TLS: " +
			"add sslmode=verify-full (or require) to its URL, or set InsecurePlaintext")
	}
	return nil
}

// isLocal reports whether a host is a socket in the file system or a loopback address.
func isLocal(host string) bool {
	if strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") || host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// config is that of one connection.
func (p *postgres) config(cfg PostgresConfig) *pgx.ConnConfig {
	c := p.url.Copy()
	c.ConnectTimeout = cfg.Connect
	for name, value := range settings(cfg) {
		if c.RuntimeParams[name] == "" { // the URL may say it
			c.RuntimeParams[name] = value
		}
	}
	c.DialFunc = dialer(patienceOf(cmp.Or(c.RuntimeParams["statement_timeout"], ms(cfg.Statement))))
	if cfg.Pooler && c.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement { // the URL may say another
		c.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	}
	// A statement whose context ends is ended at the server, and its connection goes on; one that does not answer even so is cut.
	c.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: conn, DeadlineDelay: time.Second}
	}
	return c
}

// settings are those of a session at the server. A pool in transaction mode knows the first two, and refuses others.
func settings(cfg PostgresConfig) map[string]string {
	all := map[string]string{"application_name": cfg.Application, "TimeZone": "UTC"}
	if !cfg.Pooler {
		all["statement_timeout"], all["lock_timeout"], all["idle_in_transaction_session_timeout"] = ms(cfg.Statement), ms(cfg.Lock), ms(cfg.Idle)
	}
	return all
}

// ms is a time in milliseconds, in which a server counts.
func ms(d time.Duration) string { return strconv.FormatInt(max(1, d.Milliseconds()), 10) }

// inUTC makes the times of a connection those of UTC, whatever the zone of the process is.
func inUTC(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC}})
	return nil
}

func (p *postgres) writing() *sql.TxOptions { return &sql.TxOptions{Isolation: p.isolation} }

func (p *postgres) reading() *sql.TxOptions {
	return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
}

func (p *postgres) single() func(*sql.Conn) queryer {
	if !p.piped {
		return nil
	}
	return func(conn *sql.Conn) queryer { return singleConn{conn} }
}

func (p *postgres) text(sql string) string { return p.numbered.text(sql) }

func (p *postgres) flavor() sqlbuilder.Flavor { return sqlbuilder.PostgreSQL }

func (p *postgres) name() string { return "postgres" }

func (p *postgres) like() string { return "ILIKE" }

func (p *postgres) least(cfg Config) (connections int, every time.Duration) {
	return cfg.Postgres.MinConnections, max(cfg.Postgres.Unused/2, time.Millisecond)
}

func (p *postgres) patience(cfg Config) (writing, reading time.Duration) {
	return cfg.Postgres.Acquire, cfg.Postgres.Acquire
}

func (p *postgres) probe() Query { return SQL("SELECT 1") }

func (p *postgres) checkpoint(context.Context, *sql.DB) error { return nil }
