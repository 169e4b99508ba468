package store

import (
	"context"
	"fmt"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data/sqlstore"
	"github.com/tenon-go/tenon/store"
	"github.com/tenon-go/tenon/valkey"
)

// shared is what replicas share beside the rows: the counts of limits, and cached answers. It may be opened when the app starts.
type shared struct{ store.Store }

// newShared is the store of small values of an app: the one given, or that which open makes once the database is there, or the memory of the
// process.
func newShared(app *tenon.App, given store.Store, open func(*database) (store.Store, error)) (*shared, error) {
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
	) (_ *shared, err error) {
		values.Store, err = open(in.DB)
		return values, err
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
func (s *Settings) share(db *database) (store.Store, error) {
	switch {
	case s.Valkey != "":
		v, err := valkey.New(valkey.Config{URL: s.Valkey, Logger: s.Logger})
		if err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
		return v, nil
	case db.Engine() == "postgres":
		return sqlstore.New(db, sqlstore.Config{})
	default:
		return store.NewMemory(store.Config{})
	}
}
