package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/raw"
	"github.com/tenon-go/tenon/store"
)

func check(ctx context.Context, keys ...string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return store.CheckKeys(keys...)
}

func checkValue(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	if err := check(ctx, key); err != nil {
		return err
	}
	return store.CheckValue(value, ttl)
}

// bound is the context of a call. The statements are not those of the request: they may be as many as its keys.
func (s *Store) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(data.AllowRepeats(ctx, "values of a store, one by one"), s.timeout)
}

// read runs f, which runs statements that read: one of them alone, or several that see the same.
func (s *Store) read(ctx context.Context, alone bool, f func(ctx context.Context, q data.Querier) error) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	if alone {
		return meaning(f(ctx, s.db))
	}
	return meaning(s.db.Read(ctx, func(ctx context.Context, v *data.View) error { return f(ctx, v) }))
}

// write runs statements that each keep by themselves what must hold, so that writers of one row wait for each other.
func (s *Store) write(ctx context.Context, f func(ctx context.Context, tx *data.Tx) error) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	if err := meaning(s.db.Write(ctx, f, sql.LevelReadCommitted)); err != nil {
		return err
	}
	if s.writes.Add(1)%swept == 0 {
		_, _ = s.sweep(ctx, 2*swept) // the next one will
	}
	return nil
}

// exec runs a statement about one key, and reports whether it changed anything.
func (s *Store) exec(ctx context.Context, query data.Query) (did bool, err error) {
	err = s.write(ctx, func(ctx context.Context, tx *data.Tx) error {
		n, err := tx.Exec(ctx, query)
		did = n > 0
		return err
	})
	return did && err == nil, err
}

// meaning is what an error says to whoever asked the Store.
func meaning(err error) error {
	if err == nil || errors.Is(err, store.ErrCounter) || errors.Is(err, store.ErrSize) || errors.Is(err, data.ErrNested) {
		return err
	}
	return fmt.Errorf("%w: sqlstore: %w", store.ErrUnavailable, err)
}

// among is a query of several keys: as many as a power of two, of which the last may be there several times, so that there are few statements to
// prepare.
func among(text string, keys []string) data.Query {
	n := 1
	for n < len(keys) {
		n *= 2
	}
	args := make([]any, n)
	for i := range args {
		args[i] = []byte(keys[min(i, len(keys)-1)])
	}
	return raw.SQL(text+" (?"+strings.Repeat(", ?", n-1)+")", args...)
}

// swept is after how many writes twice as many rows that have outlived their ttl are deleted: the table keeps up with what is written.
const swept = 100

// Sweep deletes all rows that have outlived their ttl. Writes do it by themselves, some rows at a time; a service that writes seldom may call it
// once a day.
func (s *Store) Sweep(ctx context.Context) error {
	for {
		n, err := s.sweep(ctx, 1000)
		if err != nil || n < 1000 {
			return err
		}
	}
}

func (s *Store) sweep(ctx context.Context, rows int) (n int64, err error) {
	err = s.db.Write(ctx, func(ctx context.Context, tx *data.Tx) (err error) {
		n, err = tx.Exec(ctx, raw.SQL(s.texts().sweep, rows))
		return err
	}, sql.LevelReadCommitted)
	return n, meaning(err)
}

// present is a value that is not NULL.
func present(value []byte) []byte {
	if value == nil {
		return []byte{}
	}
	return value
}

func digits(n int64) []byte { return strconv.AppendInt(nil, n, 10) }

// microseconds are what the database counts a ttl in.
func microseconds(ttl time.Duration) int64 { return int64((ttl-1)/time.Microsecond) + 1 }
