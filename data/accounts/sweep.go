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

// batch is how many rows of a table are deleted at once: nobody waits long for them.
const batch = 200

// Sweep deletes what nothing hangs on any more: counts of tries when their day is over, sessions and keys a month after they expired. Logins do it by
// themselves, some rows at a time and once an hour.
func (a *Accounts) Sweep(ctx context.Context) error {
	for {
		if more, err := a.sweep(ctx); err != nil || !more {
			return err
		}
	}
}

// sweep deletes some rows of each table, and reports whether there may be more. What is counted meanwhile is looked at again, and stays.
func (a *Accounts) sweep(ctx context.Context) (more bool, err error) {
	now := a.now()
	past := now.Add(-absolute)
	err = a.write(ctx, func(ctx context.Context, tx *data.Tx) error {
		more = false
		for _, some := range []data.Query{
			data.SQL(`DELETE FROM account_attempts WHERE forget_at < ? AND id IN
				(SELECT id FROM account_attempts WHERE forget_at < ? ORDER BY forget_at LIMIT ?)`, now, now, batch),
			data.SQL(`DELETE FROM account_sessions WHERE id IN
				(SELECT id FROM account_sessions WHERE expires_at < ? ORDER BY expires_at LIMIT ?)`, past, batch),
			data.SQL(`DELETE FROM account_keys WHERE id IN (SELECT id FROM account_keys WHERE expires_at < ? ORDER BY expires_at LIMIT ?)`, past, batch),
		} {
			n, err := tx.Exec(ctx, some)
			if err != nil {
				return err
			}
			more = more || n == batch
		}
		return nil
	})
	return more, err
}

// sweepSometimes deletes some rows when it is time, and others with the next try if there are more. Nobody's login fails for it.
func (a *Accounts) sweepSometimes(ctx context.Context) {
	now, next := a.cfg.Now().Unix(), a.sweeper.next.Load()
	if now < next || !a.sweeper.next.CompareAndSwap(next, now+every) {
		return
	}
	more, err := a.sweep(ctx)
	if err != nil {
		a.event(ctx, "sweep_failed", "", err)
	}
	if more {
		a.sweeper.next.Store(now)
	}
}
