package store

import (
	"context"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data/sqlstore"
	"github.com/tenon-go/tenon/store"
	"github.com/tenon-go/tenon/valkey"
)

// shared is what replicas share beside the rows: the counts of limits, and cached answers. It may be opened when the app starts.
type shared struct{ store.Store }

// newShared is the store of small values of an app: the one given, or that which open makes once the database is there, or the memory of the
// process.
func newShared(app *tenon.App, given store.Store, open func(*shared, *database) error) (*shared, error) {
	if open == nil && given == nil {
		memory, err := store.NewMemory(store.Config{})
		return &shared{memory}, err
	}
	values := &shared{given}
	if open == nil {
		return values, nil
	}
	app.Singleton(func(_ context.Context, in *struct {
		DB *database `dep:""`
	},
	) (*shared, error) {
		return values, open(values, in.DB)
	})
	return values, nil
}

// Finish ends the connections to a server.
func (s *shared) Finish(ctx context.Context, err error) error {
	if f, ok := s.Store.(tenon.Finisher); ok {
		return f.Finish(ctx, err)
	}
	return nil
}

// share opens the store of small values: the server of the settings; without one the table of a PostgreSQL database, which other replicas may
// use too, and beside a file the memory of the process.
func (s *Settings) share(values *shared, db *database) (err error) {
	switch {
	case s.Valkey != "":
		values.Store, err = valkey.New(valkey.Config{URL: s.Valkey, Logger: s.Logger})
	case db.Engine() == "postgres":
		values.Store, err = sqlstore.New(db, sqlstore.Config{})
	default:
		values.Store, err = store.NewMemory(store.Config{})
	}
	return err
}
