package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"path/filepath"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth/command"
	"github.com/tenon-go/tenon/check"
	"github.com/tenon-go/tenon/cli"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/migrate"
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
	// CursorSecret seals the cursors of lists.
	CursorSecret tenon.Secret `doc:"Seals the cursors of lists, 32 random characters or more, the same for all replicas. Default: random, for this process."`
	// Demo fills demo rows at the start.
	Demo bool `development:"true" doc:"Add demo users, posts, products and orders that are not there yet when it starts."`

	metrics *metrics.Metrics
}

// Service is the program.
func Service() cli.Service[Settings] {
	return cli.Service[Settings]{
		Name:        "store",
		Description: "The reference service of Tenon.",
		Build: func(_ context.Context, s *Settings) (*tenon.App, error) {
			m, err := metrics.New(metrics.Config{})
			if err != nil {
				return nil, err
			}
			s.metrics, s.Serving.Observer, s.Ops.Metrics = m, m, m.Handler()
			return build(Config{Logger: s.Logger, Admission: s.Admission(), Origins: s.CORSOrigins, Ops: &s.Ops}, s.open, newHasher())
		},
		Checks: []check.Check{migrate.CheckIndexes(models(), data.Indexes{Offered: offered()})},
		Commands: []cli.Command[Settings]{migrate.Command(func(s *Settings) migrate.Config {
			return migrate.Config{
				Source: s.source(), Data: data.Config{Migrations: Migrations()}, Models: models(), Dir: "examples/store/migrations",
			}
		}), command.Keygen[Settings](), command.Access[Settings]()},
	}
}

// open opens the database when the service starts.
func (s *Settings) open(ctx context.Context) (db *data.DB, err error) {
	err = s.CursorSecret.Use(func(secret []byte) (err error) {
		db, err = data.Open(ctx, s.source(), data.Config{Migrations: Migrations(), CursorSecret: secret, Logger: s.Logger})
		return err
	})
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		s.metrics.AddPool("writes", func() sql.DBStats { writes, _ := db.Stats(); return writes }),
		s.metrics.AddPool("reads", func() sql.DBStats { _, reads := db.Stats(); return reads }))
	if err == nil && s.Demo {
		err = FillDemo(ctx, db)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// source names the database.
func (s *Settings) source() string { return cmp.Or(s.DB, "sqlite:"+filepath.Join(s.Data, "store.db")) }

// offered are the columns by which the lists can be filtered and ordered.
func offered() []data.Offer {
	return []data.Offer{
		userTable.Offers(userID, userName, userEmail, userAge, userCreatedAt),
		productTable.Offers(productID, productName, productPrice, productDiscount, productStock, productCreatedAt),
		postTable.Offers(postID, postUserID, postTitle, postCreatedAt),
		orderTable.Offers(orderID, orderUserID, orderStatus, orderTotal, orderCreatedAt),
	}
}

// models are the tables, for the command migrate.
func models() []data.Model {
	return []data.Model{userTable, productTable, postTable, orderTable, lineTable}
}
