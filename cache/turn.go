package cache

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// turns bounds how many requests run an operation at once.
type turns chan struct{}

// turn is the right to run it.
type turn struct {
	of   turns
	once sync.Once
}

// take waits for a turn; nil is that there was none in time.
func (t turns) take(ctx context.Context, wait time.Duration) *turn {
	if one := t.now(); one != nil {
		return one
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case t <- struct{}{}:
		return &turn{of: t}
	case <-timer.C:
	case <-ctx.Done():
	}
	return nil
}

// now takes a turn without waiting.
func (t turns) now() *turn {
	select {
	case t <- struct{}{}:
		return &turn{of: t}
	default:
		return nil
	}
}

func (t *turn) leave() { t.once.Do(func() { <-t.of }) }

// answered gives the turn to others while a client takes its answer. What was answered because the time was over still runs.
func (t *turn) answered(status int) {
	if status != http.StatusGatewayTimeout {
		t.leave()
	}
}
