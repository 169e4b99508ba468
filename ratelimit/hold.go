package ratelimit

import (
	"context"
	"sync"
	"time"
)

// hold is a place that a request has.
type hold struct {
	key   string
	rules []rule
	id    uint64
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
	h.keeper.release(h.ctx, h.holds)
}

// release gives places back. One that the store does not hear of is free when its lease ends.
func (k *Keeper) release(ctx context.Context, holds []hold) {
	for i := range holds {
		k.keep(ctx, &holds[i], true)
	}
}
