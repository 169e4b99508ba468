package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/auth/command"
	"github.com/tenon-go/tenon/check"
	"github.com/tenon-go/tenon/cli"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/accounts"
	"github.com/tenon-go/tenon/data/migrate"
	"github.com/tenon-go/tenon/data/sqlstore"
	"github.com/tenon-go/tenon/metrics"
)

// Settings are what an operator can say of the service.
type Settings struct {
	cli.Server
	cli.CORS

	// Data is the directory of the database, where that is a file.
	Data string `default:"store-data" placeholder:"DIR" doc:"Directory of the file store.db, the database unless there is --db; made if it is missing."`
	// DB is the URL of the database.
	DB string `placeholder:"URL" doc:"The database, such as postgres://store@db.example.com/store or sqlite:store.db; default the file in --data."`
	// Valkey is the URL of what replicas share beside the database.
	Valkey string `placeholder:"URL" doc:"Valkey or Redis, for what replicas share beside the rows. Default: a table of PostgreSQL, else memory."`
	// Limit is how often a caller may call the API.
	Limit string `default:"60000/minute" placeholder:"RATE" doc:"Most calls of a caller, or an address without one; per replica, with Valkey in all. 0: none."`
	// Pool and Replicas bound the connections to PostgreSQL.
	Pool     int `default:"0" minimum:"0" maximum:"1000" doc:"Most connections to PostgreSQL; 0 is four for each processor."`
	Replicas int `default:"1" minimum:"1" maximum:"1000" doc:"Processes that use the database, each with as many connections; too many refuse the start."`
	// CursorSecret seals the cursors of lists.
	CursorSecret tenon.Secret `doc:"Seals the cursors of lists, 32 random characters or more, the same for all replicas. Default: made of the root key."`
	// RootKey is the key of which those of tokens and cursors are made.
	RootKey auth.Root `doc:"Key of which those of tokens and cursors are made, as keygen prints it, one for all replicas; development keeps it in --data."`
	// RootKeyPrevious are root keys that count, and make nothing new.
	RootKeyPrevious []auth.Root `doc:"Root keys whose tokens and cursors still count, with commas between them: those before a change, or the next one."`
	// AdminEmail and AdminPassword are those of the first admin.
	AdminEmail    string       `placeholder:"ADDRESS" default:"admin@example.com" doc:"Address of the admin of the first start, and of createadmin."`
	AdminPassword tenon.Secret `doc:"Password of that admin, 16 to 128 characters, none that is guessed first. Default: random, and printed once."`
	// Demo fills demo rows at the start.
	Demo bool `development:"true" doc:"Add demo users, posts, products and orders that are not there yet when it starts."`

	metrics *metrics.Metrics
}

// Validate checks what no tag says.
func (s *Settings) Validate() error { return s.admin().check() }

// Service is the program.
func Service() cli.Service[Settings] {
	settings := &Settings{} // those of the run, once the app is built
	return cli.Service[Settings]{
		Name:        "store",
		Description: "The reference service of Tenon.",
		Build: func(_ context.Context, s *Settings) (*tenon.App, error) {
			settings = s
			m, err := metrics.New(metrics.Config{})
			if err != nil {
				return nil, err
			}
			s.metrics, s.Serving.Observer, s.Ops.Metrics = m, m, m.Handler()
			p, err := usual()
			if err != nil {
				return nil, err
			}
			p.metrics = m
			if p.open = s.open; !s.alone() {
				p.share = s.share
			}
			return build(Config{
				Logger: s.Logger, Admission: s.Admission(), Origins: s.CORSOrigins, Ops: &s.Ops, Limit: s.Limit, LimitShared: s.Valkey != "",
			}, p)
		},
		Commands: []cli.Command[Settings]{
			migrate.Command(func(s *Settings) migrate.Config {
				return migrate.Config{
					Source: s.source(), Data: data.Config{Migrations: Migrations()}, Models: models(), Dir: "examples/store/migrations",
				}
			}),
			command.Keygen[Settings](), command.Access[Settings](), command.Calibrate[Settings](), createAdminCommand(),
		},
		Checks: []check.Check{migrate.CheckIndexes(models(), searched()), {
			Code: "S001", Title: "There is no root key, of which those of tokens are made.", Severity: check.Error,
			Fix: "Give the service a key of its own, as keygen prints it, by STORE_ROOT_KEY_FILE or STORE_ROOT_KEY.",
			Find: func(subject *check.Subject) []check.Place {
				if !subject.Production || !settings.RootKey.IsZero() {
					return nil
				}
				return []check.Place{{Where: "root_key"}}
			},
		}},
	}
}

// open opens the database when the service starts, and finds or makes the root key and the first admin.
func (s *Settings) open(ctx context.Context) (opened, error) {
	root, notice, err := s.root()
	if err != nil {
		return opened{}, err
	}
	roots := append([]auth.Root{root}, s.RootKeyPrevious...)
	db, err := s.database(ctx, roots...)
	if err != nil {
		return opened{}, err
	}
	durable, err := db.Durable(ctx)
	s.Notices = append(append(s.Notices, "Data    "+durable), notice...)
	if err == nil {
		err = errors.Join(
			s.metrics.AddPool("writes", func() sql.DBStats { writes, _ := db.Stats(); return writes }),
			s.metrics.AddPool("reads", func() sql.DBStats { _, reads := db.Stats(); return reads }))
	}
	if err == nil {
		err = s.firstAdmin(ctx, db)
	}
	if err == nil && s.Demo {
		err = FillDemo(ctx, db)
	}
	if err != nil {
		return opened{}, errors.Join(err, db.Close())
	}
	return opened{db, roots}, nil
}

// database opens it. Cursors are sealed by the secret of the settings, or by the first root key; those of the other root keys still open.
func (s *Settings) database(ctx context.Context, roots ...auth.Root) (db *data.DB, err error) {
	cfg := data.Config{
		Migrations: Migrations(), Models: models(), Logger: s.Logger, Postgres: data.PostgresConfig{Connections: s.Pool, Replicas: s.Replicas},
	}
	err = s.CursorSecret.Use(func(secret []byte) (err error) {
		var secrets [][]byte
		if len(secret) > 0 {
			secrets = append(secrets, secret)
		}
		for _, root := range roots {
			secrets = append(secrets, root.Derive("store cursors 1", 32))
		}
		if len(secrets) > 0 {
			cfg.CursorSecret, cfg.CursorSecretsBefore = secrets[0], secrets[1:]
		}
		db, err = data.Open(ctx, s.source(), cfg)
		return err
	})
	return db, err
}

// root is the key that the settings have. That of development lies in the directory of the data.
func (s *Settings) root() (root auth.Root, notices []string, err error) {
	if !s.RootKey.IsZero() {
		return s.RootKey, nil, nil
	}
	if !s.Development {
		return auth.Root{}, nil, errors.New("store: there is no root key") // S001 says so before
	}
	if err := os.MkdirAll(s.Data, 0o700); err != nil {
		return auth.Root{}, nil, err
	}
	root, notice, err := auth.DevelopmentRoot(s.Data)
	return root, []string{"Key     " + notice}, err
}

func (s *Settings) firstAdmin(ctx context.Context, db *data.DB) error {
	email, password, err := FirstAdmin(ctx, db, s.admin())
	if email != "" {
		s.Notices = append(s.Notices, "Admin   "+email+credentials(password))
	}
	return err
}

func (s *Settings) admin() Admin { return Admin{Email: s.AdminEmail, Password: s.AdminPassword} }

// credentials says what the password of an admin is, where it was drawn.
func credentials(password string) string {
	if password == "" {
		return ", with the password of the settings"
	}
	return ", password " + password + " (shown this once)"
}

// source names the database.
func (s *Settings) source() string { return cmp.Or(s.DB, "sqlite:"+filepath.Join(s.Data, "store.db")) }

// searched is what the lists can be filtered, ordered and searched by. No index finds the text of a search: each row of the table is read. A service with many
// rows makes indexes of trigrams on PostgreSQL.
func searched() data.Indexes {
	const small = "a store has few enough of them"
	return data.Indexes{
		Offered: []data.Offer{
			userTable.Offers(userID, userName, userEmail, userAge, userCreatedAt),
			userTable.OffersOrder(userKeys{}.Keys()), userTable.OffersText(userName, userEmail),
			productTable.Offers(productID, productName, productPrice, productDiscount, productStock, productCreatedAt),
			productTable.OffersOrder(productKeys{}.Keys()), productTable.OffersText(productName),
			postTable.Offers(postID, postUserID, postTitle, postCreatedAt),
			postTable.OffersOrder(postKeys{}.Keys()), postTable.OffersText(postTitle, postBody),
			orderTable.Offers(orderID, orderUserID, orderStatus, orderTotal, orderCreatedAt),
			orderTable.OffersOrder(orderKeys{}.Keys()), orderTable.OffersText(orderRequestKey),
		},
		Scans: map[string]string{
			"users.name": small, "users.email": small, "products.name": small, "posts.title": small, "posts.body": small, "orders.request_key": small,
		},
	}
}

// models are the tables, for the command migrate.
func models() []data.Model {
	return slices.Concat([]data.Model{userTable, productTable, postTable, orderTable, lineTable}, accounts.Models(), sqlstore.Models())
}
