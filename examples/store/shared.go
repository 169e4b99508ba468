package store

import (
	"context"
	"errors"
	"strings"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data/sqlstore"
	"github.com/tenon-go/tenon/metrics"
	"github.com/tenon-go/tenon/ratelimit"
	"github.com/tenon-go/tenon/store"
	"github.com/tenon-go/tenon/valkey"
)

// shared is what replicas share beside the rows: the counts of limits, and cached answers.
type shared struct{ counts, answers store.Store }

// late is a store that is opened when the app starts.
type late struct{ store.Store }

// newShared has both in the store given, or in what open makes once the database is there. Without either they are in the process, each in a memory of
// its own, so that answers drive out no counts.
func newShared(app *tenon.App, given store.Store, open func(*late, *database) error) (shared, error) {
	switch {
	case open != nil:
		server := &late{}
		app.Singleton(func(_ context.Context, in *struct {
			DB *database `dep:""`
		},
		) (*late, error) {
			return server, open(server, in.DB)
		})
		return shared{server, server}, nil
	case given != nil:
		return shared{given, given}, nil
	}
	counts, err := store.NewMemory(store.Config{})
	answers, err2 := store.NewMemory(store.Config{})
	return shared{counts, answers}, errors.Join(err, err2)
}

// Finish ends the connections to a server.
func (l *late) Finish(ctx context.Context, err error) error {
	if f, ok := l.Store.(tenon.Finisher); ok {
		return f.Finish(ctx, err)
	}
	return nil
}

// watch shows in the metrics what limits do, and how full the memories are.
func watch(m *metrics.Metrics, values shared, limits *ratelimit.Keeper) error {
	if m == nil {
		return nil
	}
	faults := []error{m.AddLimits("api", limits.Stats)}
	for name, values := range map[string]store.Store{"counts": values.counts, "answers": values.answers} {
		if memory, ok := values.(*store.Memory); ok {
			faults = append(faults, m.AddMemory(name, memory.Stats))
		}
	}
	return errors.Join(faults...)
}

// alone reports that nothing is shared: there is a file and no server.
func (s *Settings) alone() bool { return s.Valkey == "" && strings.HasPrefix(s.source(), "sqlite:") }

// share opens the store of small values: the server of the settings; without one the table of the database, which other replicas may use too.
func (s *Settings) share(server *late, db *database) (err error) {
	if s.Valkey != "" {
		kept, err := valkey.New(valkey.Config{URL: s.Valkey, Logger: s.Logger})
		if err != nil {
			return err
		}
		server.Store = kept
		return s.metrics.AddBreaker("valkey", func() metrics.Breaker {
			did := kept.Stats()
			return metrics.Breaker{Open: did.State != "closed", Opened: did.Opened, Failed: did.Failed, Refused: did.Refused}
		})
	}
	server.Store, err = sqlstore.New(db, sqlstore.Config{})
	return err
}
