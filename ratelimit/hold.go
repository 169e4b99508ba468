package ratelimit

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// hold is a place that a request has.
type hold struct {
	key   string
	rules []rule
	id    uint64
	local bool // no store is asked
	asked bool // the store may know of it
}

// holding renews the places of a request while it goes on, and gives them back.
type holding struct {
	keeper *Keeper
	ctx    context.Context //nolint:containedctx // It is that of one request, which this belongs to.
	holds  []hold

	mu    sync.Mutex // so that no place is renewed once it was given back
	ended bool
	timer *time.Timer
}

// begin renews them from now on, if there are any.
func (h *holding) begin() {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.timer = time.AfterFunc(lease/3, h.renew)
}

func (h *holding) renew() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended {
		return
	}
	for i := range h.holds {
		h.keeper.keep(h.ctx, &h.holds[i], false)
	}
	h.timer.Reset(lease / 3)
}

// end gives them back, of a request that never began too.
func (h *holding) end() {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = true
	if h.timer != nil {
		h.timer.Stop()
	}
	for i := range h.holds {
		h.keeper.keep(h.ctx, &h.holds[i], true)
	}
}

// keep renews a place, or gives it back: in the process at once, and in the store without waiting for it, in the order of the calls. So whoever asks
// next for what was given back has it. One that the store does not hear of is free when its lease ends.
func (k *Keeper) keep(ctx context.Context, h *hold, release bool) {
	a, until := &attempt{key: []byte(h.key), change: keep(h.rules, h.id, release)}, int64(0)
	_ = k.here.UpdateScratch(a.key, a.change) // it may have been taken there while the store was lost
	if release {
		until = k.now() + int64(lease)
	}
	h.asked = h.asked || !release
	if k.memory == nil && h.asked && !h.local {
		k.send(ctx, a, until)
	}
}

// send makes an attempt in the store. One that fails is made again after a pause, until a time.
func (k *Keeper) send(ctx context.Context, a *attempt, until int64) {
	joined := k.joins(a)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				k.logger().Error("the store of limits panicked", slog.Any("panic", p))
			}
		}()
		if err := k.made(ctx, a, joined); err != nil && k.now() < until {
			time.AfterFunc(pause, func() { k.send(ctx, a, until) })
		}
	}()
}
