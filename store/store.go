// Package store keeps small values by key until a time passes: counters of limits, cached answers, what several replicas share. A Store is
// the seam; Memory is one in the process, and others keep theirs in a database or a server. What is kept here may be lost at any moment, by
// eviction or a restart, so nothing stands on it that must be true.
package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Store keeps values by key. Keys are 1 to MaxKey bytes of any kind, values at most MaxValue bytes; a ttl is above zero, and what has outlived
// it is absent. What is finer than a millisecond in a ttl may be rounded up. Each call is atomic, a Get and a Delete for each key by itself,
// and safe for concurrent use, by other replicas too where they share the store. A value that is handed over or returned is never changed by
// either side. An error is about the call: ErrUnavailable where the store could not be asked in time, ErrSize where a key or value has another
// size, or the context's where that had ended before the store was asked. Package storetest proves an implementation.
type Store interface {
	// Get returns the values of keys in their order; nil is absent, and an empty value is not nil.
	Get(ctx context.Context, keys ...string) ([][]byte, error)
	// Set keeps a value, whatever was there. A nil value is kept as an empty one, here and by Add.
	Set(ctx context.Context, key string, value []byte, ttl time.Duration) error
	// Add keeps a value where there is none, and reports whether it did.
	Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error)
	// CompareAndSet replaces old by value where old is what is there, and reports whether it did; a nil old is an absent one, and a nil value
	// deletes.
	CompareAndSet(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error)
	// Count adds by, which may be negative, to the counter at key, and returns the sum. A counter that is absent begins at 0 and lives for ttl from
	// then on; adding to it does not prolong it. A counter is kept as its decimal digits, of which Set and Update may make one too. Another
	// value there, or a sum beyond an int64, is ErrCounter.
	Count(ctx context.Context, key string, by int64, ttl time.Duration) (int64, error)
	// Update replaces the value at key by what change makes of it, in one step that no other call comes between. Change may run several times,
	// at once never for one key in one process, and calls no store.
	Update(ctx context.Context, key string, change Change) error
	// Delete removes keys; absent ones are no error.
	Delete(ctx context.Context, keys ...string) error
}

// Change makes a value of the one at a key, nil where there is none. Now is the time of the store's own clock, the same for all replicas. It
// returns the value and how long it lives; a nil value deletes, and keep leaves what is there as it is. Neither old nor anything of it may
// be kept or changed, but value may be old itself.
type Change func(now time.Time, old []byte) (value []byte, ttl time.Duration, keep bool)

// Bounds of what a Store takes, in bytes.
const (
	MaxKey   = 512
	MaxValue = 8 << 20
)

// What a Store answers, found by errors.Is.
var (
	// ErrUnavailable is that the store could not be asked, or did not answer in time. Whether the call took effect is not known.
	ErrUnavailable = errors.New("store: unavailable")
	// ErrContended is an ErrUnavailable of an Update before which others came, again and again, until its time was over. The store itself is well.
	ErrContended = fmt.Errorf("%w: others changed the value each time", ErrUnavailable)
	// ErrSize is a key or value of another size than a Store takes, or a ttl that is not above zero. Nothing took effect.
	ErrSize = errors.New("store: key, value or ttl out of bounds")
	// ErrCounter is a Count of what is no counter, or beyond an int64. Nothing took effect.
	ErrCounter = errors.New("store: not a counter")
)
