// Package valkey is a store.Store on Valkey or Redis: one server, one behind sentinels, or a cluster. Every call ends within Config.Timeout,
// whatever the server does, and where it does not answer, calls are refused at once until it is tried again.
package valkey

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"github.com/valkey-io/valkey-go"

	"github.com/tenon-go/tenon/store"
)

// Store is a store.Store on Valkey or Redis. Make one with New and end it with Close. It is safe for concurrent use.
//
// What the server refuses, because it is full, loads its data or is no primary, is store.ErrUnavailable too. Keys are used as they are;
// use store.Prefix where others use the server.
type Store struct {
	line  *line
	locks locks
}

var _ store.Store = (*Store)(nil)

// New makes a Store. It does not wait for the server, which may come later. An error names all that is wrong with the configuration.
func New(cfg Config) (*Store, error) {
	options, err := cfg.withDefaults().options()
	if err != nil {
		return nil, err
	}
	return &Store{line: newLine(cfg.withDefaults(), options), locks: newLocks()}, nil
}

func (c Config) withDefaults() Config {
	if c.Dial == 0 {
		c.Dial = 500 * time.Millisecond
	}
	if c.Timeout == 0 {
		c.Timeout = 100 * time.Millisecond
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c
}

// Ping reports whether the server answers.
func (s *Store) Ping(ctx context.Context) error {
	_, err := s.line.do(ctx, ping)
	return err
}

// Finish closes the Store when the app stops of which it is a tenon.Singleton.
func (s *Store) Finish(context.Context, error) error { return s.Close() }

// Close ends the connections. Calls after it are store.ErrUnavailable.
func (s *Store) Close() error {
	s.line.close()
	return nil
}

// Get implements store.Store. Keys of a cluster are asked for node by node.
func (s *Store) Get(ctx context.Context, keys ...string) ([][]byte, error) {
	if err := check(ctx, keys...); err != nil || len(keys) == 0 {
		return nil, err
	}
	keys = slices.Clone(keys)
	got, err := s.line.do(ctx, func(ctx context.Context, c valkey.Client) answers {
		if len(keys) == 1 {
			return one(c.Do(ctx, c.B().Get().Key(keys[0]).Build()))
		}
		commands := make(valkey.Commands, len(keys))
		for i, key := range keys {
			commands[i] = c.B().Get().Key(key).Build()
		}
		return c.DoMulti(ctx, commands...)
	})
	if err != nil {
		return nil, err
	}
	values := make([][]byte, len(keys))
	for i := range got {
		if values[i], err = bytesOf(got[i].ToMessage()); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// Set implements store.Store.
func (s *Store) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	if err := checkValue(ctx, key, value, ttl); err != nil {
		return err
	}
	_, err := s.line.do(ctx, func(ctx context.Context, c valkey.Client) answers {
		return one(c.Do(ctx, c.B().Set().Key(key).Value(valkey.BinaryString(value)).PxMilliseconds(milliseconds(ttl)).Build()))
	})
	return err
}

// Add implements store.Store.
func (s *Store) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	if err := checkValue(ctx, key, value, ttl); err != nil {
		return false, err
	}
	got, err := s.line.do(ctx, func(ctx context.Context, c valkey.Client) answers {
		return one(c.Do(ctx, c.B().Set().Key(key).Value(valkey.BinaryString(value)).Nx().PxMilliseconds(milliseconds(ttl)).Build()))
	})
	if err != nil {
		return false, err
	}
	return !valkey.IsValkeyNil(got[0].Error()), nil
}

// CompareAndSet implements store.Store.
func (s *Store) CompareAndSet(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	if value == nil {
		ttl = time.Hour // of nothing
	}
	if err := checkValue(ctx, key, value, ttl); err != nil {
		return false, err
	}
	swapped, _, err := s.swap(ctx, key, old, value, ttl, false)
	return swapped, err
}

// Count implements store.Store.
func (s *Store) Count(ctx context.Context, key string, by int64, ttl time.Duration) (int64, error) {
	if err := checkValue(ctx, key, nil, ttl); err != nil {
		return 0, err
	}
	got, err := s.line.do(ctx, func(ctx context.Context, c valkey.Client) answers {
		return one(count.Exec(ctx, c, []string{key}, []string{strconv.FormatInt(by, 10), strconv.FormatInt(milliseconds(ttl), 10)}))
	})
	if err != nil {
		return 0, err
	}
	text, err := got[0].ToString()
	if err != nil {
		return 0, unavailable(err)
	}
	return strconv.ParseInt(text, 10, 64)
}

// Update implements store.Store. It asks for value and time, and writes where the value is still there; where it is not, it is told what is, and
// changes that. Updates of one key by this process wait for each other. One that others come before until its time is over is store.ErrContended.
func (s *Store) Update(ctx context.Context, key string, change store.Change) error {
	if err := check(ctx, key); err != nil {
		return err
	}
	bound, cancel := context.WithTimeout(ctx, s.line.cfg.Timeout)
	defer cancel()
	unlock, err := s.locks.lock(bound, key)
	if err != nil {
		return unavailable(err)
	}
	defer unlock()
	is, err := s.read(bound, key)
	tries := 0
	for ; err == nil; tries++ {
		value, ttl, keep := change(is.now, is.value)
		if keep || value == nil && is.value == nil {
			return nil
		}
		if value == nil {
			ttl = time.Hour // of nothing
		}
		if err := store.CheckValue(value, ttl); err != nil {
			return err
		}
		var swapped bool
		if swapped, is, err = s.swap(bound, key, is.value, value, ttl, true); swapped {
			return nil
		}
	}
	if tries > 1 && bound.Err() != nil { // the server answered, and told of another value
		return fmt.Errorf("%w: %w", store.ErrContended, err)
	}
	return err
}

// Delete implements store.Store.
func (s *Store) Delete(ctx context.Context, keys ...string) error {
	if err := check(ctx, keys...); err != nil || len(keys) == 0 {
		return err
	}
	keys = slices.Clone(keys)
	_, err := s.line.do(ctx, func(ctx context.Context, c valkey.Client) answers {
		commands := make(valkey.Commands, len(keys))
		for i, key := range keys {
			commands[i] = c.B().Unlink().Key(key).Build()
		}
		return c.DoMulti(ctx, commands...)
	})
	return err
}

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

// milliseconds are what the server counts a ttl in.
func milliseconds(ttl time.Duration) int64 {
	return int64((ttl-1)/time.Millisecond) + 1
}
