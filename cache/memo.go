package cache

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json/v2"
	"errors"
	"fmt"
	"slices"
	"time"
)

// MemoConfig says what a Memo keeps.
type MemoConfig[K comparable, V any] struct {
	// Load finds the value of a key. What it returns with an error is not kept. Required.
	Load func(ctx context.Context, key K) (V, error)
	// TTL is how long a value is kept. Required.
	TTL time.Duration
	// Size is the most values that are kept in the process; the one that was not asked for the longest goes first. Default 128.
	Size int
	// In keeps the values in the store of a cache, as JSON, in the place of the process: replicas share them, and Tag invalidates them. JSON must hold
	// all of K and V. Default: in the process.
	In *Cache
	// Name is that of the values in the store. Required with In, and each Memo has its own there.
	Name string
	// Tags are those of the values in the store; see Cache.Invalidate. Default none.
	Tags []string
	// Now is the clock of what is kept in the process. Default time.Now.
	Now func() time.Time
}

// Memo keeps what a function returns: Get calls it only where nothing is kept, and once for all who ask for one key at a time. It is safe for
// concurrent use. A value in the process is handed to all who ask, who must not change what it refers to.
type Memo[K comparable, V any] struct {
	cfg    MemoConfig[K, V]
	recent recent[K, V]
	here   flights[K, loaded[V]]      // of what is kept in the process
	stored flights[string, loaded[V]] // of what is kept in the store
}

// loaded is what Load returned.
type loaded[V any] struct {
	value V
	err   error
}

// NewMemo makes a Memo.
func NewMemo[K comparable, V any](cfg MemoConfig[K, V]) (*Memo[K, V], error) {
	var errs []error
	if cfg.Load == nil {
		errs = append(errs, errors.New("cache.MemoConfig: Load is missing"))
	}
	if cfg.TTL <= 0 {
		errs = append(errs, fmt.Errorf("cache.MemoConfig: TTL is %v, want more than 0", cfg.TTL))
	}
	if cfg.Size < 0 {
		errs = append(errs, fmt.Errorf("cache.MemoConfig: Size is %d, want 0 or more", cfg.Size))
	}
	if cfg.In != nil && cfg.Name == "" {
		errs = append(errs, errors.New("cache.MemoConfig: Name is missing, which In needs"))
	}
	if cfg.In == nil && len(cfg.Tags) > 0 {
		errs = append(errs, errors.New("cache.MemoConfig: Tags need In"))
	}
	for _, tag := range cfg.Tags {
		errs = append(errs, checkTag(tag))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	cfg.Size = cmp.Or(cfg.Size, 128)
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.In != nil {
		cfg.In.keeper.lasts(cfg.TTL)
	}
	m := &Memo[K, V]{cfg: cfg}
	m.recent.most = cfg.Size
	return m, nil
}

// Get returns the value of a key. An error is that of Load, or of ctx; a store that cannot be asked is none.
func (m *Memo[K, V]) Get(ctx context.Context, key K) (V, error) {
	if m.cfg.In != nil {
		return m.getStored(ctx, key)
	}
	if key != key { //nolint:gocritic // it has a NaN: what is kept under it is never found again
		return m.cfg.Load(ctx, key)
	}
	kept := func() (V, bool) { return m.recent.get(key, m.cfg.Now()) }
	if v, ok := kept(); ok {
		return v, nil
	}
	return load(ctx, &m.here, key, kept, func(ctx context.Context) (V, error) { return m.cfg.Load(ctx, key) }, func(f *flight[loaded[V]], v V) {
		m.here.current(key, f, func() { m.recent.set(key, v, m.cfg.Now().Add(m.cfg.TTL)) })
	})
}

func (m *Memo[K, V]) getStored(ctx context.Context, key K) (v V, err error) {
	at, err := m.at(key)
	if err != nil {
		return v, err
	}
	keeper, tags := &m.cfg.In.keeper, append(slices.Clip(m.cfg.Tags), at, allTags)
	ended := m.stored.ended.Load()
	kept, stamp, err := keeper.get(ctx, at, tags)
	lost := err != nil
	if v, ok := decoded[V](kept, stamp); ok {
		return v, nil
	}
	flown := fmt.Sprintf("%s%s%d", at, stamp, keeper.epoch.Load())
	again := func() (v V, ok bool) {
		if m.stored.ended.Load() == ended {
			return v, false
		}
		kept, now, err := keeper.get(ctx, at, tags)
		if err != nil || !bytes.Equal(stamp, now) {
			return v, false
		}
		return decoded[V](kept, now)
	}
	return load(ctx, &m.stored, flown, again, func(ctx context.Context) (V, error) { return m.cfg.Load(ctx, key) }, func(_ *flight[loaded[V]], v V) {
		if value, err := json.Marshal(v); err == nil && !lost {
			_ = keeper.set(context.WithoutCancel(ctx), at, append(text(nil, string(stamp)), value...), m.cfg.TTL) // who asks next loads it again
		}
	})
}

// at is where the value of a key is in the store, and the tag that is its own.
func (m *Memo[K, V]) at(key K) (string, error) {
	said, err := json.Marshal(key, json.Deterministic(true))
	if err != nil {
		return "", fmt.Errorf("cache: a key of Memo %q: %w", m.cfg.Name, err)
	}
	return "memo:" + digest(texts(nil, []string{m.cfg.In.cfg.Release, m.cfg.Name, string(said)})), nil
}

// decoded is a value as the store keeps it, behind its stamp.
func decoded[V any](kept, stamp []byte) (v V, ok bool) {
	if kept == nil {
		return v, false
	}
	r := reader{b: kept}
	if string(r.bytes()) != string(stamp) || r.bad {
		return v, false
	}
	return v, json.Unmarshal(r.b, &v) == nil
}

// load makes a value, or waits for who does, who goes on when their caller leaves. What was kept meanwhile is not made again. keep keeps what a flight
// has made.
func load[K comparable, V any](
	ctx context.Context, flights *flights[K, loaded[V]], key K, kept func() (V, bool), find func(context.Context) (V, error),
	keep func(*flight[loaded[V]], V),
) (V, error) {
	f, leads := flights.join(key)
	if leads {
		defer flights.end(key, f)
		defer flights.land(f, loaded[V]{}, false)
		if v, ok := kept(); ok {
			flights.land(f, loaded[V]{v, nil}, true)
			return v, nil
		}
		v, err := find(context.WithoutCancel(ctx))
		flights.land(f, loaded[V]{v, err}, true)
		if err == nil {
			keep(f, v)
		}
		return v, err
	}
	select {
	case <-f.done:
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	}
	if f.shared {
		return f.value.value, f.value.err
	}
	return find(ctx) // who made it panicked
}

// Forget drops the value of a key: what was loaded before is not returned after it. With In it does so in the wake of the transaction, like
// Cache.Invalidate; in the process it does so at once, so call it after the commit, as in tenon.After.
func (m *Memo[K, V]) Forget(ctx context.Context, key K) error {
	if m.cfg.In == nil {
		m.here.forget(key, func() { m.recent.drop(key) })
		return nil
	}
	at, err := m.at(key)
	if err != nil {
		return err
	}
	return m.cfg.In.drop(ctx, at)
}
