package storage

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/examples/store"
)

// Conflicts lets pairs of transactions on PostgreSQL meet, so that the server ends one of each: pairs that lock two rows crosswise (40P01), and
// pairs of which each reads what the other writes (40001). At least 99 of 100 writers succeed, since they run again; who does not is told
// that the database is unavailable, and no other error. What is written is what running one after the other would have left.
func Conflicts(tb testing.TB, pairs int) {
	tb.Helper()
	db, err := data.Open(tb.Context(), Postgres.fresh(tb), data.Config{Migrations: store.Migrations()})
	if err != nil {
		tb.Fatal(err)
	}
	defer db.Close()
	for _, kind := range []struct {
		name string
		run  func(ctx context.Context, tx *data.Tx, own, other int, both func()) error
	}{{"that lock crosswise", crosswise}, {"that each read what the other writes", skewed}} {
		c := &meeting{db: db}
		c.rows(tb, pairs)
		begin := time.Now()
		c.meet(tb, pairs, kind.run)
		tb.Logf("postgres: %d pairs %s: %d of %d succeed, %d runs, in %v", pairs, kind.name, c.done.Load(), 2*pairs, c.runs.Load(),
			time.Since(begin).Round(time.Millisecond))
		if c.done.Load()*100 < int64(2*pairs)*99 {
			tb.Errorf("%d of %d succeed, want 99 of 100", c.done.Load(), 2*pairs)
		}
		if c.runs.Load() == int64(2*pairs) {
			tb.Errorf("nobody ran again: no pair met")
		}
		c.balance(tb, int64(2*pairs)-c.done.Load())
	}
}

// meeting is of many pairs.
type meeting struct {
	db         *data.DB
	done, runs atomic.Int64
}

// rows makes two rows for each pair, with a stock of 0.
func (c *meeting) rows(tb testing.TB, pairs int) {
	tb.Helper()
	filled(tb, c.db, data.SQL("DELETE FROM products"), data.SQL(`INSERT INTO products (id, name, price, stock, created_at) OVERRIDING SYSTEM VALUE
		SELECT i, 'Saw', 1, 0, now() FROM generate_series(0, ?) AS i`, 2*pairs-1))
}

// meet runs the pairs, a few of them at once.
func (c *meeting) meet(tb testing.TB, pairs int, run func(context.Context, *data.Tx, int, int, func()) error) {
	tb.Helper()
	const atOnce = 2 // pairs, since each waits in a connection for the other
	var group sync.WaitGroup
	turn := make(chan struct{}, atOnce)
	for pair := range pairs {
		turn <- struct{}{}
		var two sync.WaitGroup
		var both sync.WaitGroup
		both.Add(2)
		for i := range 2 {
			two.Go(func() {
				first := sync.OnceFunc(func() { both.Done(); both.Wait() }) // they meet once
				err := c.db.Write(tb.Context(), func(ctx context.Context, tx *data.Tx) error {
					c.runs.Add(1)
					return run(ctx, tx, 2*pair+i, 2*pair+1-i, first)
				})
				switch {
				case err == nil:
					c.done.Add(1)
				case !errors.Is(err, data.ErrUnavailable):
					tb.Errorf("a writer is told %v", err)
				}
			})
		}
		group.Go(func() {
			two.Wait()
			<-turn
		})
	}
	group.Wait()
}

// crosswise changes two rows, which the other changes in the other order.
func crosswise(ctx context.Context, tx *data.Tx, own, other int, both func()) error {
	if _, err := tx.Exec(ctx, data.SQL("UPDATE products SET stock = stock + 1 WHERE id = ?", own)); err != nil {
		return err
	}
	both()
	_, err := tx.Exec(ctx, data.SQL("UPDATE products SET stock = stock + 1 WHERE id = ?", other))
	return err
}

// skewed reads both rows, and sets its own to one more than they hold together.
func skewed(ctx context.Context, tx *data.Tx, own, other int, both func()) error {
	sum, err := data.One[int](ctx, tx, data.SQL("SELECT stock + (SELECT stock FROM products WHERE id = ?) FROM products WHERE id = ?", other, own))
	if err != nil {
		return err
	}
	both()
	_, err = tx.Exec(ctx, data.SQL("UPDATE products SET stock = ? WHERE id = ?", sum+1, own))
	return err
}

// balance holds that each pair left what two that run one after the other leave, both rows at 2, or one at 1 and the other at 2, but for pairs of
// which one failed.
func (c *meeting) balance(tb testing.TB, failed int64) {
	tb.Helper()
	var wrong int64
	err := c.db.Read(tb.Context(), func(ctx context.Context, v *data.View) (err error) {
		wrong, err = data.One[int64](ctx, v, data.SQL(`SELECT COUNT(*) FROM products a JOIN products b ON b.id = a.id + 1
			WHERE a.id % 2 = 0 AND (a.stock, b.stock) NOT IN ((2, 2), (1, 2), (2, 1))`))
		return err
	})
	if err != nil || wrong > failed {
		tb.Errorf("%d pairs left what no order of the two leaves: %v", wrong, err)
	}
}
