// Package store is the reference service: users, posts, products and orders in SQLite or PostgreSQL.
//
// It shows in one program how the parts of Tenon are meant to be used: New puts the operations together, users.go,
// posts.go, products.go and orders.go each hold one resource from its input to its table, the files _list.go what can be asked of its list, and
// cmd/store is the command.
package store

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/health"
	"github.com/tenon-go/tenon/middleware"
	"github.com/tenon-go/tenon/middleware/compress"
	"github.com/tenon-go/tenon/middleware/cors"
	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/ops"
)

//go:embed migrations/*/*.sql
var migrations embed.FS

// Migrations are the tables: the folders sqlite and postgres, each with the same numbers.
func Migrations() fs.FS {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the name above is not one of the embedded
	}
	return files
}

// Config is what the service needs.
type Config struct {
	// DB is a database made by Open. Required.
	DB *data.DB
	// Logger receives what the service notices. Default slog.Default().
	Logger *slog.Logger
	// Now is the clock. Default time.Now.
	Now func() time.Time
	// Admission bounds how many requests are worked on at once. Default: no bound.
	Admission middleware.AdmissionConfig
	// Origins are those of the pages that may call the service, such as https://shop.example.com. Default none.
	Origins []string
	// Ops receives what is for the listener for operations alone. Default none.
	Ops *ops.Config
}

// Open opens a database and brings its tables up to date: "sqlite:" and a file, which it makes if it is not there, or
// "postgres://…". The secret seals the cursors of lists: replicas share it, and without one cursors end with the process. The caller
// closes the database.
func Open(ctx context.Context, url string, cursorSecret []byte) (*data.DB, error) {
	return data.Open(ctx, url, data.Config{Migrations: Migrations(), CursorSecret: cursorSecret})
}

// New makes the service. It is ready to serve: every fault of its operations is in the error.
func New(cfg Config) (*tenon.App, error) {
	if cfg.DB == nil {
		return nil, errors.New("store: Config.DB is missing")
	}
	return build(cfg, nil, newHasher())
}

// OpenAPI describes a version of the service without a database; "" is the newest.
func OpenAPI(version string) (*openapi.Document, error) {
	app, err := build(Config{}, nil, newHasher())
	if err != nil {
		return nil, err
	}
	if version == "" {
		return app.OpenAPI(), nil
	}
	if document := app.Document(version); document != nil {
		return document, nil
	}
	return nil, fmt.Errorf("store: there is no version %q", version)
}

// database is that of the service. It may be opened when the app starts: to build and to describe an app opens nothing.
type database struct{ *data.DB }

// build puts the app together. open opens the database when it starts; nil is that it is cfg.DB, which the caller closes.
func build(cfg Config, open func(context.Context) (*data.DB, error), hashing *hasher) (*tenon.App, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	options := []tenon.Option{tenon.Default("size", "10"), tenon.Use(compress.New(compress.Config{}))}
	if len(cfg.Origins) > 0 {
		options = append(options, tenon.Use(cors.New(cors.Config{Origins: cfg.Origins})))
	}
	app := tenon.New(tenon.Config{
		Title:       "User API",
		Version:     "1.0.0",
		Description: "API for managing users and products",
		Logger:      cfg.Logger,
		Admission:   cfg.Admission,
	}, options...)

	db := &database{cfg.DB}
	if open != nil {
		app.Singleton(func(ctx context.Context, _ *struct{}) (_ *database, err error) {
			db.DB, err = open(ctx)
			return db, err
		})
	}

	// One form for what looks alike: é is one code point, whichever way it was typed.
	app.Transform("nfc", norm.NFC.String)

	// The transaction of a request, for what asks for it.
	app.Provide(func(ctx context.Context, in *struct{}) (*data.Tx, error) { return db.Tx(ctx, in) })

	// Liveness asks nothing; readiness is that of the database.
	ping := func(ctx context.Context) error { return db.Ping(ctx) }
	checks, err := health.New(app, health.Config{Checks: []health.Check{{Name: "database", Ping: ping}}})
	if err != nil {
		return nil, err
	}
	if cfg.Ops != nil {
		cfg.Ops.Readiness = checks.Details()
	}

	api := app.Versions("/api/{version}", versions(), tenon.Fails(data.ErrUnavailable))
	(&users{db: db, now: cfg.Now, hasher: hashing}).routes(api)
	(&posts{db: db, now: cfg.Now}).routes(api)
	feed := newFeed(rand.Text()[:8])
	(&products{db: db, now: cfg.Now, feed: feed}).routes(api)
	(&orders{db: db, now: cfg.Now, feed: feed}).routes(api)
	return app, app.Compile()
}

// instant is a time as it is stored: in UTC and in whole microseconds, so that it reads back as the same on every database.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
