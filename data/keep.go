package data

import (
	"context"
	"database/sql"
	"sync"
	"time"
)

// keeper keeps connections open. The zero value keeps none.
type keeper struct {
	stop context.CancelFunc
	done sync.WaitGroup
}

// end stops it. None is made any more when it returns.
func (k *keeper) end() {
	if k.stop != nil {
		k.stop()
	}
	k.done.Wait()
}

// keep opens the connections that are kept open, and sees to them until the database is closed.
func (db *DB) keep(ctx context.Context, cfg Config) error {
	least, every := db.engine.least(cfg)
	if least == 0 {
		return nil
	}
	if err := db.hold(ctx, least); err != nil {
		return err
	}
	ctx, db.keeping.stop = context.WithCancel(context.WithoutCancel(ctx))
	db.keeping.done.Go(func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				_ = db.hold(ctx, least) // what cannot be opened now is tried again
			}
		}
	})
	return nil
}

// hold takes so many connections at once, but for those that somebody has, and gives them back: those that were not there or are dead are made, and none has
// been unused for long.
func (db *DB) hold(ctx context.Context, least int) error {
	var held []*sql.Conn
	defer func() {
		for _, conn := range held {
			_ = conn.Close() // it goes back
		}
	}()
	for range least - db.writer.Stats().InUse {
		conn, err := db.acquire(ctx, db.writer)
		if err != nil {
			return err
		}
		held = append(held, conn)
	}
	return nil
}
