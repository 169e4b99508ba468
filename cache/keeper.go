package cache

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tenon-go/tenon/store"
)

// keeper asks the store. One that failed is left alone for a while, so that nobody waits for what is not there.
type keeper struct {
	store   store.Store
	timeout time.Duration // 0: it is in the process
	pause   time.Duration
	now     func() time.Time
	logger  *slog.Logger

	lost  atomic.Bool
	retry atomic.Int64 // when a lost store is asked again, in nanoseconds
	epoch atomic.Int64 // of invalidations by this process

	ttl    atomic.Int64 // of generations
	renews atomic.Int64 // when that of allTags is renewed, in nanoseconds

	owes atomic.Bool // something
	mu   sync.Mutex
	owed map[string]int64 // tags that the store was not told of, and the epoch
}

// errLost is that the store failed a moment ago, and is left alone.
var errLost = errors.New("cache: the store is lost")

func (k *keeper) open(cfg Config) {
	k.store = store.Prefix(cfg.Store, cfg.Prefix)
	k.lasts(0)
	if in, _ := store.InProcess(cfg.Store); in == nil {
		k.timeout = cfg.Timeout
	}
	k.pause, k.now, k.logger = cfg.Pause, cfg.Now, cfg.Logger
}

// ask calls the store, if it is there.
func (k *keeper) ask(ctx context.Context, f func(context.Context) error) error {
	if k.lost.Load() {
		at, now := k.retry.Load(), k.now().UnixNano()
		if now < at || !k.retry.CompareAndSwap(at, now+int64(k.pause)) {
			return errLost
		}
	}
	asked := ctx
	if k.timeout > 0 {
		var cancel context.CancelFunc
		asked, cancel = context.WithTimeout(ctx, k.timeout)
		defer cancel()
	}
	err := f(asked)
	switch {
	case err == nil:
		if k.lost.Load() && k.lost.CompareAndSwap(true, false) {
			k.logger.LogAttrs(context.WithoutCancel(ctx), slog.LevelInfo, "the store of the cache is back")
		}
	case errors.Is(err, store.ErrSize) || ctx.Err() != nil: // which says nothing of the store
	default:
		k.retry.Store(k.now().Add(k.pause).UnixNano())
		if k.lost.CompareAndSwap(false, true) {
			k.logger.LogAttrs(context.WithoutCancel(ctx), slog.LevelWarn, "the store of the cache is lost", slog.String("error", err.Error()))
		}
	}
	return err
}

// lasts says that something is kept for ttl. All generations live much longer than anything is kept, as each may be of anything.
func (k *keeper) lasts(ttl time.Duration) {
	ttl = max(24*time.Hour, 4*min(ttl, 2*longest))
	for old := k.ttl.Load(); old < int64(ttl); old = k.ttl.Load() {
		if k.ttl.CompareAndSwap(old, int64(ttl)) {
			k.renews.Store(0)
		}
	}
}

func (k *keeper) tags() store.Tags {
	return store.Tags{Store: k.store, TTL: time.Duration(k.ttl.Load())}
}

// stamp is that of tags. The generation that all of them have is renewed when half of its time is over: its end would be that of all that is kept.
func (k *keeper) stamp(ctx context.Context, tags []string) ([]byte, error) {
	all := k.tags()
	if at, now := k.renews.Load(), k.now().UnixNano(); now >= at && k.renews.CompareAndSwap(at, now+int64(all.TTL/2)) {
		if err := all.Renew(ctx, allTags); err != nil {
			k.renews.Store(0)
			return nil, err
		}
	}
	return all.Stamp(ctx, tags...)
}

// get finds what is kept under a key, and the stamp that it must have. An error is that nobody can tell.
func (k *keeper) get(ctx context.Context, key string, tags []string) (value, stamp []byte, err error) {
	if err := k.pay(ctx, tags); err != nil {
		return nil, nil, err
	}
	err = k.ask(ctx, func(ctx context.Context) error {
		if len(tags) > 0 {
			if stamp, err = k.stamp(ctx, tags); err != nil {
				return err
			}
		}
		values, err := k.store.Get(ctx, key)
		if err == nil {
			value = values[0]
		}
		return err
	})
	return value, stamp, err
}

func (k *keeper) set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	return k.ask(ctx, func(ctx context.Context) error { return k.store.Set(ctx, key, value, ttl) })
}

// mostOwed is how many tags are remembered that the store was not told of. Beyond it, nothing with a tag is served until it was.
const mostOwed = 4096

// allTags is a tag that all have who have any.
const allTags = "*"

// invalidate ends what is kept under tags. Where the store cannot be told, it is owed that.
func (k *keeper) invalidate(ctx context.Context, tags []string) error {
	if len(tags) == 0 {
		return nil
	}
	epoch := k.epoch.Add(1)
	ctx = context.WithoutCancel(ctx) // what was written stays so when the client leaves
	err := k.ask(ctx, func(ctx context.Context) error { return k.tags().Invalidate(ctx, tags...) })
	if err == nil {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.owed == nil {
		k.owed = map[string]int64{}
	}
	for _, tag := range tags {
		if len(k.owed) >= mostOwed {
			tag = allTags
		}
		k.owed[tag] = epoch
	}
	k.owes.Store(true)
	return err
}

// pay tells the store what it was not told before. An error is that something is owed still of these tags.
func (k *keeper) pay(ctx context.Context, tags []string) error {
	if !k.owes.Load() {
		return nil
	}
	k.mu.Lock()
	owed := maps.Clone(k.owed)
	k.mu.Unlock()
	err := k.ask(ctx, func(ctx context.Context) error { return k.tags().Invalidate(ctx, slices.Collect(maps.Keys(owed))...) })
	k.mu.Lock()
	defer k.mu.Unlock()
	if err == nil {
		for tag, epoch := range owed {
			if k.owed[tag] == epoch { // and not owed once more since
				delete(k.owed, tag)
			}
		}
		k.owes.Store(len(k.owed) > 0)
	}
	for _, tag := range tags {
		if _, owes := k.owed[tag]; owes {
			return errOwed
		}
	}
	return nil
}

// errOwed is that the store may hold what was invalidated.
var errOwed = errors.New("cache: the store was not told of an invalidation")
