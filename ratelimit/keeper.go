package ratelimit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/store"
)

// Config says where limits count. The zero value counts in the process.
type Config struct {
	// Store keeps the counts, the same for all replicas that are given it. Two services in one store want a store.Prefix each: the same limit at the
	// same route counts them together. Default: memory of the process.
	Store store.Store
	// Timeout is the longest that a request waits for the store. Default 250 ms.
	Timeout time.Duration
	// Logger is told when the store is lost and when it is back. Default slog.Default().
	Logger *slog.Logger
}

// Keeper counts for the limits of an app. It is safe for concurrent use.
//
// While the store cannot be asked, or does not answer in time, the limits hold for this process alone: it counts from nothing, in its own memory, and
// asks the store again once a second, for one request, which waits for it.
type Keeper struct {
	cfg    Config
	memory *store.Memory // where the store is one, which is never lost
	local  *store.Memory // what is counted while the store is lost
	here   *store.Memory // whichever there is
	prefix string        // of keys in memory

	began   time.Time
	lost    atomic.Int64 // when the store may be asked again, as now has it; 0 is that it answers
	since   atomic.Int64
	failed  atomic.Int64 // calls in a row
	before  atomic.Int64 // decisions that were made without it when it was lost
	counted stats
	queues  queues
}

type stats struct{ refused, alone, spells atomic.Int64 }

// Stats is what a Keeper did since it was made.
type Stats struct {
	// Refused is how many requests were beyond a limit.
	Refused int64
	// Alone is how many decisions were made without the store, because it was lost.
	Alone int64
	// Spells is how often the store was lost.
	Spells int64
	// Lost reports whether it is lost now.
	Lost bool
}

// New makes a Keeper, for In.
func New(cfg Config) (*Keeper, error) {
	if cfg.Timeout < 0 {
		return nil, fmt.Errorf("ratelimit: Config.Timeout is %v, want 0 (250 ms) or more", cfg.Timeout)
	}
	return newKeeper(cfg), nil
}

// maxPrefix is the longest prefix of a memory beside which every key has room.
const maxPrefix = 64

func newKeeper(cfg Config) *Keeper {
	if cfg.Timeout == 0 {
		cfg.Timeout = 250 * time.Millisecond
	}
	k := &Keeper{cfg: cfg, began: time.Now()}
	if in, prefix := store.InProcess(cfg.Store); in != nil && len(prefix) <= maxPrefix {
		k.memory, k.here, k.prefix = in, in, prefix
		return k
	}
	own, _ := store.NewMemory(store.Config{}) // whose zero value is right
	if cfg.Store == nil {
		k.memory = own
	} else {
		k.local = own
	}
	k.here = own
	return k
}

// In has the limits of the app count with a Keeper. Stand it at the app; in a group it counts for the operations in it.
func In(k *Keeper) tenon.Option {
	return func(o *tenon.Operation) {
		if k == nil {
			o.Fault(errors.New("ratelimit.In has no Keeper"))
			return
		}
		o.Part[limits]().keeper = k
	}
}

// Stats says what the Keeper did.
func (k *Keeper) Stats() Stats {
	return Stats{Refused: k.counted.refused.Load(), Alone: k.counted.alone.Load(), Spells: k.counted.spells.Load(), Lost: k.lost.Load() != 0}
}

const (
	pause   = time.Second // until a store that is lost is asked again
	failing = 3           // calls in a row that make it lost
)

// take makes an attempt at its key, in the store or, where that fails, in memory. A client that leaves does not end it: else who leaves at once
// would not be counted. An error is that of a call that the store itself has nothing to do with, for those who say so.
func (k *Keeper) take(ctx context.Context, a *attempt) error {
	a.ok, a.asked, a.readings = false, false, a.readings[:0] // so that nobody passes whom nothing counted
	behind := false
	if k.memory == nil && !a.local {
		err := k.made(ctx, a, k.joins(a))
		if err == nil || a.strict && !errors.Is(err, store.ErrUnavailable) && !outage(err) {
			return err
		}
		k.counted.alone.Add(1)
		behind = errors.Is(err, store.ErrContended)
	}
	a.own = true
	err := k.here.UpdateScratch(a.key, a.change) // which takes any key of the right length
	if behind && a.ok && a.cost > 0 {
		k.owe(ctx, a)
	}
	return err
}

// owe has the store told later of what was taken here because others always came first there. Places are told of when they are renewed.
func (k *Keeper) owe(ctx context.Context, a *attempt) {
	for i := range a.rules {
		if a.rules[i].holds {
			return
		}
	}
	later := &attempt{rules: a.rules, cost: a.cost, key: slices.Clone(a.key)}
	later.change = later.run
	k.send(context.WithoutCancel(ctx), later, k.now()+int64(lease))
}

// joins has an attempt wait for its turn at the store, unless that is lost.
func (k *Keeper) joins(a *attempt) bool {
	if k.lost.Load() != 0 {
		return false
	}
	k.queues.join(string(a.key), a)
	return true
}

// made makes an attempt in the store: when its turn comes, or by itself, where it is the one that tries a store that is lost.
func (k *Keeper) made(ctx context.Context, a *attempt, joined bool) error {
	if joined {
		return k.queued(ctx, a)
	}
	now, until := k.now(), k.lost.Load()
	if until != 0 && (now < until || !k.lost.CompareAndSwap(until, now+int64(pause))) {
		return store.ErrUnavailable
	}
	return k.ask(ctx, string(a.key), together([]*attempt{a}))
}

// ask changes what the store keeps.
func (k *Keeper) ask(ctx context.Context, key string, change store.Change) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), k.cfg.Timeout)
	defer cancel()
	err := k.cfg.Store.Update(ctx, key, change)
	switch {
	case err == nil:
		k.answered()
	case outage(err):
		k.fails(err)
	}
	return err
}

// outage reports whether an error says that the store cannot be asked, and not that one call was wrong.
func outage(err error) bool {
	return !errors.Is(err, store.ErrContended) && (errors.Is(err, store.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded))
}

func (k *Keeper) answered() {
	if k.failed.Load() != 0 {
		k.failed.Store(0)
	}
	if k.lost.Load() != 0 && k.lost.Swap(0) != 0 {
		k.logger().Info("limits are counted in the store again", slog.Int64("alone", k.counted.alone.Load()-k.before.Load()),
			slog.Duration("after", time.Duration(k.now()-k.since.Load())))
	}
}

func (k *Keeper) fails(err error) {
	now := k.now()
	if k.failed.Add(1) < failing || !k.lost.CompareAndSwap(0, now+int64(pause)) {
		return
	}
	k.since.Store(now)
	k.before.Store(k.counted.alone.Load())
	k.counted.spells.Add(1)
	k.logger().Warn("limits are counted in this process alone: the store is lost", slog.String("error", err.Error()))
}

// now is how long there is a Keeper, which no clock that is put back changes.
func (k *Keeper) now() int64 { return int64(time.Since(k.began)) }

func (k *Keeper) logger() *slog.Logger {
	if k.cfg.Logger != nil {
		return k.cfg.Logger
	}
	return slog.Default()
}
