// Package store is the reference service: users, posts, products and orders in SQLite or PostgreSQL.
//
// It shows in one program how the parts of Tenon are meant to be used: New puts the operations together, users.go,
// posts.go, products.go and orders.go each hold one resource from its input to its table, the files _list.go what can be asked of its list, and
// cmd/store is the command.
package store

import (
	"cmp"
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
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/auth/password"
	"github.com/tenon-go/tenon/cache"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/health"
	"github.com/tenon-go/tenon/metrics"
	"github.com/tenon-go/tenon/middleware"
	"github.com/tenon-go/tenon/middleware/compress"
	"github.com/tenon-go/tenon/middleware/cors"
	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/ops"
	"github.com/tenon-go/tenon/ratelimit"
	"github.com/tenon-go/tenon/store"
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
	// Root is the key of which those of tokens are made. Replicas share it. Default: random, so that tokens end with the process.
	Root auth.Root
	// RootPrevious are root keys of which the tokens still count, such as those before Root. Default none.
	RootPrevious []auth.Root
	// Logger receives what the service notices. Default slog.Default().
	Logger *slog.Logger
	// Now is the clock. Default time.Now.
	Now func() time.Time
	// Admission bounds how many requests are worked on at once. Default: no bound.
	Admission middleware.AdmissionConfig
	// Origins are those of the pages that may call the service, such as https://shop.example.com. Default none.
	Origins []string
	// Shared keeps the counts of limits, and cached answers. Replicas share it. Default: the memory of the process.
	Shared store.Store
	// Limit is how often a caller may call the API, and who is nobody by address, such as 60000/minute; "0" is as often as they like. Default 60000/minute.
	Limit string
	// LimitShared has Limit count in Shared, for all replicas together, which asks it at each request. Default: each replica counts by itself.
	LimitShared bool
	// Ops receives what is for the listener for operations alone. Default none.
	Ops *ops.Config
}

// Open opens a database and brings its tables up to date: "sqlite:" and a file, which it makes if it is not there, or
// "postgres://…". The secret seals the cursors of lists: replicas share it, and without one cursors end with the process. The caller
// closes the database.
func Open(ctx context.Context, url string, cursorSecret []byte) (*data.DB, error) {
	return data.Open(ctx, url, data.Config{Migrations: Migrations(), Models: models(), CursorSecret: cursorSecret})
}

// New makes the service. It is ready to serve: every fault of its operations is in the error.
func New(cfg Config) (*tenon.App, error) {
	if cfg.DB == nil {
		return nil, errors.New("store: Config.DB is missing")
	}
	p, err := usual()
	if err != nil {
		return nil, err
	}
	return build(cfg, p)
}

// OpenAPI describes a version of the service without a database; "" is the newest.
func OpenAPI(version string) (*openapi.Document, error) {
	p, err := usual()
	if err != nil {
		return nil, err
	}
	app, err := build(Config{}, p)
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

// opened is what is there when the app has started.
type opened struct {
	db    *data.DB
	roots []auth.Root // the first makes tokens; zero is a random one
}

// parts are what an app is made of beside its Config.
type parts struct {
	metrics *metrics.Metrics                      // nil is none
	open    func(context.Context) (opened, error) // when it starts; nil is what Config has, and the caller closes the database
	share   func(*late, *database) error          // then; nil with open
	hasher  *password.Hasher
	tokens  *auth.Tokens[auth.Access] // that count, whatever the table says; nil are those of the accounts
	still   still                     // with tokens; nil is that of the accounts
}

// still judges a caller once more within a transaction, as accounts.Still does.
type still func(ctx context.Context, tx *data.Tx, p *auth.Principal) error

// usual are the parts of an app that is no test.
func usual() (parts, error) {
	hasher, err := password.New(password.Config{})
	return parts{hasher: hasher}, err
}

// build puts the app together.
func build(cfg Config, p parts) (*tenon.App, error) {
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

	keys, set := auth.LateKeys[auth.Access]()
	db, err := start(app, cfg, p.open, set)
	if err != nil {
		return nil, err
	}
	acc, err := newAccounts(db, cfg, keys, p.hasher)
	if err != nil {
		return nil, err
	}

	values, err := newShared(app, cfg.Shared, p.share)
	if err != nil {
		return nil, err
	}
	limits, err := ratelimit.New(ratelimit.Config{Store: values.counts, Logger: cfg.Logger})
	if err != nil {
		return nil, err
	}
	answers, err := cache.New(cache.Config{Store: values.answers, Prefix: "store:", Now: cfg.Now, Logger: cfg.Logger})
	if err != nil {
		return nil, err
	}

	// One form for what looks alike: é is one code point, whichever way it was typed.
	app.Transform("nfc", norm.NFC.String)

	// The transaction of a request, for what asks for it. In it the caller is who the guard let in, or it ends at once.
	stands := p.still
	if stands == nil {
		stands = acc.Still
	}
	// region: tx
	app.Provide(func(ctx context.Context, in *byUser) (*data.Tx, error) {
		tx, err := db.Tx(ctx, nil)
		if err != nil {
			return nil, err
		}
		if err := stands(ctx, tx, in.Caller); err != nil {
			return nil, errors.Join(err, tx.Finish(ctx, err))
		}
		return tx, nil
	})
	// endregion: tx

	if err := errors.Join(ready(app, db, cfg), watch(p.metrics, values, limits)); err != nil {
		return nil, err
	}
	app.Get("/.well-known/jwks.json", auth.JWKS(keys), auth.Public("others verify our tokens"), tenon.Tags("auth"),
		tenon.Summary("Get the public keys"), tenon.Description("The keys that verify the tokens of this service (RFC 7517)."))

	bearer := auth.Bearer(cmp.Or(p.tokens, acc.Tokens()), auth.BearerConfig{ //nolint:gosec // It says where tokens are made; there is none in it.
		TokenURL: "/api/v2/auth/token", Description: "POST /auth/login makes a token for an e-mail address and a password. It counts for ten minutes.",
	})
	key := auth.APIKey(auth.APIKeyConfig{Verify: acc.VerifyKey, Description: "POST /auth/keys makes a key for a program."})
	rules := []tenon.Option{tenon.Fails(data.ErrUnavailable, data.ErrUnknown), auth.Required(bearer, key), roles(), ratelimit.In(limits), cache.Use(answers)}
	api := app.Versions("/api/{version}", versions(), append(rules, general(cfg)...)...)
	acc.Routes(api.Group("/auth"))
	(&users{db: db, now: cfg.Now, acc: acc, still: stands}).routes(api)
	(&posts{db: db, now: cfg.Now}).routes(api)
	feed := newFeed(rand.Text()[:8])
	(&products{db: db, now: cfg.Now, feed: feed, still: stands}).routes(api)
	(&orders{db: db, now: cfg.Now, feed: feed}).routes(api)
	quotaRoutes(api)
	(&stats{db}).routes(api)
	return app, app.Compile()
}

// ready adds liveness, which asks nothing, and readiness, which is that of the database.
func ready(app *tenon.App, db *database, cfg Config) error {
	ping := func(ctx context.Context) error { return db.Ping(ctx) }
	checks, err := health.New(app, health.Config{Checks: []health.Check{{Name: "database", Ping: ping}}})
	if err == nil && cfg.Ops != nil {
		cfg.Ops.Readiness = checks.Details()
	}
	return err
}

// general is the limit for all operations together.
func general(cfg Config) []tenon.Option {
	if cfg.Limit == "0" {
		return nil
	}
	return []tenon.Option{ratelimit.Shared("general", ratelimit.Limit{
		Per: cmp.Or(cfg.Limit, "60000/minute"), By: ratelimit.Caller(), Local: !cfg.LimitShared,
	})}
}

// start is the database and the keys of tokens: of the Config, or opened when the app starts.
func start(app *tenon.App, cfg Config, open func(context.Context) (opened, error), set func(auth.Keys[auth.Access])) (*database, error) {
	db := &database{cfg.DB}
	if open == nil {
		return db, derive(set, append([]auth.Root{cfg.Root}, cfg.RootPrevious...))
	}
	app.Singleton(func(ctx context.Context, _ *struct{}) (*database, error) {
		o, err := open(ctx)
		if err != nil {
			return nil, err
		}
		if err := derive(set, o.roots); err != nil {
			return nil, errors.Join(err, o.db.Close())
		}
		db.DB = o.db
		return db, nil
	})
	return db, nil
}

// derive makes the keys of tokens.
func derive(set func(auth.Keys[auth.Access]), roots []auth.Root) (err error) {
	newest := roots[0]
	if newest.IsZero() {
		if newest, err = auth.ParseRoot(auth.GenerateRoot()); err != nil {
			return err
		}
	}
	keys, err := auth.DeriveKeys[auth.Access](newest, roots[1:]...)
	if err == nil {
		set(keys)
	}
	return err
}

// instant is a time as it is stored: in UTC and in whole microseconds, so that it reads back as the same on every database.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
