package ratelimit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
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
// asks the store again once a second.
type Keeper struct {
	cfg    Config
	memory *store.Memory // where the store is one, which is never lost
	local  *store.Memory // what is counted while the store is lost

	lost    atomic.Int64 // when the store may be asked again, in nanoseconds; 0 is that it answers
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

func newKeeper(cfg Config) *Keeper {
	if cfg.Timeout == 0 {
		cfg.Timeout = 250 * time.Millisecond
	}
	k := &Keeper{cfg: cfg}
	if k.memory, _ = cfg.Store.(*store.Memory); k.memory != nil {
		return k
	}
	own, _ := store.NewMemory(store.Config{}) // whose zero value is right
	if cfg.Store == nil {
		k.memory = own
	} else {
		k.local = own
	}
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
// would not be counted.
func (k *Keeper) take(ctx context.Context, a *attempt) {
	a.ok, a.readings = false, a.readings[:0] // so that nobody passes whom nothing counted
	if k.memory != nil {
		a.own = true
		_ = k.memory.UpdateScratch(a.key, a.change) // which takes any key of the right length
		return
	}
	k.queued(ctx, a)
}

// keep renews the places of a request, or gives them back.
func (k *Keeper) keep(ctx context.Context, h *hold, release bool) {
	change := keep(h.rules, h.id, release)
	if k.memory == nil && k.ask(ctx, h.key, change) && !release { // a place that was taken while the store was lost is in memory
		return
	}
	_ = cmp.Or(k.memory, k.local).UpdateScratch([]byte(h.key), change)
}

// ask changes what the store keeps, and reports whether it could.
func (k *Keeper) ask(ctx context.Context, key string, change store.Change) bool {
	if k.asks(time.Now().UnixNano()) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), k.cfg.Timeout)
		err := k.cfg.Store.Update(ctx, key, change)
		cancel()
		if err == nil {
			k.answered()
			return true
		}
		k.fails(err)
	}
	return false
}

// asks reports whether to ask the store: when it is lost, one call does after each pause.
func (k *Keeper) asks(now int64) bool {
	until := k.lost.Load()
	return until == 0 || now >= until && k.lost.CompareAndSwap(until, now+int64(pause))
}

func (k *Keeper) answered() {
	if k.failed.Load() != 0 {
		k.failed.Store(0)
	}
	if k.lost.Load() != 0 && k.lost.Swap(0) != 0 {
		k.logger().Info("limits are counted in the store again", slog.Int64("alone", k.counted.alone.Load()-k.before.Load()),
			slog.Duration("after", time.Duration(time.Now().UnixNano()-k.since.Load())))
	}
}

func (k *Keeper) fails(err error) {
	now := time.Now().UnixNano()
	if k.failed.Add(1) < failing || !k.lost.CompareAndSwap(0, now+int64(pause)) {
		return
	}
	k.since.Store(now)
	k.before.Store(k.counted.alone.Load())
	k.counted.spells.Add(1)
	k.logger().Warn("limits are counted in this process alone: the store is lost", slog.String("error", err.Error()))
}

func (k *Keeper) logger() *slog.Logger {
	if k.cfg.Logger != nil {
		return k.cfg.Logger
	}
	return slog.Default()
}
