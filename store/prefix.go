package store

import (
	"context"
	"time"
)

// Prefixed is a Store that is a part of another. Make it with Prefix.
type Prefixed struct {
	store  Store
	prefix string
}

// Prefix is the part of a Store whose keys begin with prefix, so that several users of one store do not meet. The bound of a key is as much
// shorter.
func Prefix(s Store, prefix string) Prefixed { return Prefixed{s, prefix} }

// InProcess returns the Memory that a Store is, or is a part of, and what begins its keys there; nil is another kind of Store. It is for who need
// not be prepared for a Memory to be slow or lost, as limits and caches are for others.
func InProcess(s Store) (in *Memory, prefix string) {
	for {
		switch is := s.(type) {
		case *Memory:
			return is, prefix
		case Prefixed:
			s, prefix = is.store, is.prefix+prefix
		default:
			return nil, ""
		}
	}
}

// key is the key in the store; of an empty one too, so that it is refused.
func (p Prefixed) key(key string) string {
	if key == "" {
		return ""
	}
	return p.prefix + key
}

func (p Prefixed) keys(keys []string) []string {
	all := make([]string, len(keys))
	for i, key := range keys {
		all[i] = p.key(key)
	}
	return all
}

// Get implements Store.
func (p Prefixed) Get(ctx context.Context, keys ...string) ([][]byte, error) {
	return p.store.Get(ctx, p.keys(keys)...)
}

// Set implements Store.
func (p Prefixed) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	return p.store.Set(ctx, p.key(key), value, ttl)
}

// Add implements Store.
func (p Prefixed) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	return p.store.Add(ctx, p.key(key), value, ttl)
}

// CompareAndSet implements Store.
func (p Prefixed) CompareAndSet(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	return p.store.CompareAndSet(ctx, p.key(key), old, value, ttl)
}

// Count implements Store.
func (p Prefixed) Count(ctx context.Context, key string, by int64, ttl time.Duration) (int64, error) {
	return p.store.Count(ctx, p.key(key), by, ttl)
}

// Update implements Store.
func (p Prefixed) Update(ctx context.Context, key string, change Change) error {
	return p.store.Update(ctx, p.key(key), change)
}

// Delete implements Store.
func (p Prefixed) Delete(ctx context.Context, keys ...string) error {
	return p.store.Delete(ctx, p.keys(keys)...)
}
