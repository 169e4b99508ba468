// Package sqlstore is a store.Store in a table of the database, for services on several machines that have PostgreSQL and nothing else, and for several
// processes on one machine that share a file of SQLite.
//
//	values, err := sqlstore.New(db, sqlstore.Config{})
//
// Its table, of Models, is one of the service's: its command migrate makes the migration. On PostgreSQL the table may be made UNLOGGED, which
// writes less and is empty after a crash of the server.
//
// Every call is a transaction of its own. On SQLite one writes at a time: a call within a transaction that writes to the same file waits for that
// transaction in vain, so a service that does both keeps the values in a file of their own, or in a store.Memory.
package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/raw"
	"github.com/tenon-go/tenon/store"
)

// Database is a *data.DB, or what embeds one that is opened later.
type Database interface {
	data.Querier
	// Read runs f within a snapshot.
	Read(ctx context.Context, f func(ctx context.Context, v *data.View) error) error
	// Write runs f within a transaction.
	Write(ctx context.Context, f func(ctx context.Context, tx *data.Tx) error, isolation ...sql.IsolationLevel) error
	// Engine is the kind of database.
	Engine() string
}

// Config is what a Store is made with.
type Config struct {
	// Timeout bounds how long a call takes. Default: 1 second.
	Timeout time.Duration
}

// Store is a store.Store in a table. Make it with New. It is safe for concurrent use, by replicas too: the clock is the database's. What has
// outlived its ttl is deleted by later writes, some rows at a time.
type Store struct {
	db      Database
	timeout time.Duration
	texts   func() *texts
	writes  atomic.Uint64
}

var _ store.Store = (*Store)(nil)

// New makes a Store on a database with the table of Models. An error names all that is wrong.
func New(db Database, cfg Config) (*Store, error) {
	var errs []error
	if db == nil {
		errs = append(errs, errors.New("sqlstore: there is no database"))
	}
	if cfg.Timeout < 0 {
		errs = append(errs, fmt.Errorf("sqlstore: Timeout is %v, want 0 or more", cfg.Timeout))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = time.Second
	}
	return &Store{db: db, timeout: cfg.Timeout, texts: sync.OnceValue(func() *texts { return textsOf(db.Engine()) })}, nil
}

// row is a row of store_values.
type row struct {
	ID      int64  `db:"id"`
	Key     []byte `db:"key" unique:""`
	Value   []byte `db:"value"`
	Expires int64  `db:"expires_at" index:""` // microseconds since 1970, by the clock of the database
}

var values = data.NewTable[row]("store_values", "id")

// Models is the table of this package, for the command migrate of the service.
func Models() []data.Model { return []data.Model{values} }

// most is how many keys a statement names.
const most = 128

// Get implements store.Store.
func (s *Store) Get(ctx context.Context, keys ...string) ([][]byte, error) {
	if err := check(ctx, keys...); err != nil {
		return nil, err
	}
	found := make(map[string][]byte, len(keys))
	err := s.read(ctx, len(keys) <= most, func(ctx context.Context, q data.Querier) error {
		for begin := 0; begin < len(keys); begin += most {
			rows, err := data.All[pair](ctx, q, among(s.texts().get, keys[begin:min(begin+most, len(keys))]))
			if err != nil {
				return err
			}
			for _, r := range rows {
				found[string(r.Key)] = append([]byte{}, r.Value...)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	all := make([][]byte, len(keys))
	for i, key := range keys {
		all[i] = found[key]
	}
	return all, nil
}

type pair struct {
	Key   []byte `db:"key"`
	Value []byte `db:"value"`
}

// Set implements store.Store.
func (s *Store) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	if err := checkValue(ctx, key, value, ttl); err != nil {
		return err
	}
	_, err := s.exec(ctx, raw.SQL(s.texts().set, []byte(key), present(value), microseconds(ttl)))
	return err
}

// Add implements store.Store.
func (s *Store) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	if err := checkValue(ctx, key, value, ttl); err != nil {
		return false, err
	}
	return s.exec(ctx, raw.SQL(s.texts().add, []byte(key), present(value), microseconds(ttl), microseconds(ttl)))
}

// CompareAndSet implements store.Store.
func (s *Store) CompareAndSet(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	switch {
	case old == nil && value == nil:
		is, err := s.Get(ctx, key)
		return err == nil && is[0] == nil, err
	case old == nil:
		return s.Add(ctx, key, value, ttl)
	case value == nil:
		if err := check(ctx, key); err != nil {
			return false, err
		}
		return s.exec(ctx, raw.SQL(s.texts().drop, []byte(key), old))
	}
	if err := checkValue(ctx, key, value, ttl); err != nil {
		return false, err
	}
	return s.exec(ctx, raw.SQL(s.texts().swap, value, microseconds(ttl), []byte(key), old))
}

// Count implements store.Store.
func (s *Store) Count(ctx context.Context, key string, by int64, ttl time.Duration) (sum int64, err error) {
	if err := checkValue(ctx, key, nil, ttl); err != nil {
		return 0, err
	}
	life := microseconds(ttl)
	err = s.write(ctx, func(ctx context.Context, tx *data.Tx) error {
		is, err := data.One[[]byte](ctx, tx, raw.SQL(s.texts().count, []byte(key), digits(by), life, life, by, life, life, by))
		if errors.Is(err, data.ErrNoRows) {
			return fmt.Errorf("%w: a value that is no number, or a sum beyond 64 bits", store.ErrCounter)
		}
		if err == nil {
			sum, err = store.Sum(is, 0)
		}
		return err
	})
	return sum, err
}

// Delete implements store.Store.
func (s *Store) Delete(ctx context.Context, keys ...string) error {
	if err := check(ctx, keys...); err != nil || len(keys) == 0 {
		return err
	}
	return s.write(ctx, func(ctx context.Context, tx *data.Tx) error {
		for begin := 0; begin < len(keys); begin += most {
			if _, err := tx.Exec(ctx, among(s.texts().remove, keys[begin:min(begin+most, len(keys))])); err != nil {
				return err
			}
		}
		return nil
	})
}
