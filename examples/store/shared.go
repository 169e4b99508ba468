package store

import (
	"context"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data/sqlstore"
	"github.com/tenon-go/tenon/store"
	"github.com/tenon-go/tenon/valkey"
)

// shared is what replicas share beside the rows: the counts of limits, and cached answers. On a server or in a database they lie together; in the
// memory of the process each has a room of its own, so that answers drive out no counts.
type shared struct{ counts, answers *late }

// late is a store that may be opened when the app starts.
type late struct{ store.Store }

// newShared is the store of small values of an app: the one given, or that which open makes once the database is there, or the memory of the
// process.
func newShared(app *tenon.App, given store.Store, open func(*shared, *database) error) (*shared, error) {
	values := &shared{&late{given}, &late{given}}
	switch {
	case open != nil:
		app.Singleton(func(_ context.Context, in *struct {
			DB *database `dep:""`
		},
		) (*shared, error) {
			return values, open(values, in.DB)
		})
	case given == nil:
		return values, values.remember()
	}
	return values, nil
}

// lie has both in one store.
func (s *shared) lie(in store.Store, err error) error {
	s.counts.Store, s.answers.Store = in, in
	return err
}

// remember has each in a memory of its own.
func (s *shared) remember() error {
	for _, l := range []*late{s.counts, s.answers} {
		memory, err := store.NewMemory(store.Config{})
		if err != nil {
			return err
		}
		l.Store = memory
	}
	return nil
}

// Finish ends the connections to a server.
func (s *shared) Finish(ctx context.Context, err error) error {
	if f, ok := s.counts.Store.(tenon.Finisher); ok {
		return f.Finish(ctx, err)
	}
	return nil
}

// share opens the store of small values: the server of the settings; without one the table of a PostgreSQL database, which other replicas may
// use too, and beside a file the memory of the process.
func (s *Settings) share(values *shared, db *database) error {
	switch {
	case s.Valkey != "":
		server, err := valkey.New(valkey.Config{URL: s.Valkey, Logger: s.Logger})
		return values.lie(server, err)
	case db.Engine() == "postgres":
		table, err := sqlstore.New(db, sqlstore.Config{})
		return values.lie(table, err)
	}
	return values.remember()
}
