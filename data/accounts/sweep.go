package accounts

import (
	"context"
	"sync/atomic"

	"github.com/tenon-go/tenon/data"
)

// sweeper remembers when the tables were swept.
type sweeper struct{ next atomic.Int64 } // Unix seconds

// every is how often this process sweeps, in seconds.
const every = 60 * 60

// Sweep deletes what nothing hangs on any more: counts of tries, sessions a month after they began, and keys a month after they expired. Logins do
// it by themselves, once an hour.
func (a *Accounts) Sweep(ctx context.Context) error {
	now := a.now()
	if err := a.write(ctx, func(ctx context.Context, tx *data.Tx) error {
		_, err := attempts.Where(forget.Less(now)).Delete(ctx, tx)
		return err
	}); err != nil {
		return err
	}
	return a.write(ctx, func(ctx context.Context, tx *data.Tx) error {
		if _, err := sessions.Where(expires.Less(now.Add(-absolute))).Delete(ctx, tx); err != nil {
			return err
		}
		_, err := keys.Where(expires.Less(now.Add(-absolute))).Delete(ctx, tx)
		return err
	})
}

// sweepSometimes sweeps when it is time. Nobody's login fails for it.
func (a *Accounts) sweepSometimes(ctx context.Context) {
	now, next := a.cfg.Now().Unix(), a.sweeper.next.Load()
	if now < next || !a.sweeper.next.CompareAndSwap(next, now+every) {
		return
	}
	if err := a.Sweep(ctx); err != nil {
		a.event(ctx, "sweep_failed", "", err)
	}
}
