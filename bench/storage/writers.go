package storage

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/examples/store"
)

// Writers lets writers read a row of SQLite and then write what they read, half of them through one connection to the file and half through another, as
// two processes do. None may be told that the database is busy, and no write may be lost.
func Writers(tb testing.TB, each int) {
	tb.Helper()
	dsn := SQLite.fresh(tb)
	var handles [2]*data.DB
	for i := range handles {
		db, err := data.Open(tb.Context(), dsn, data.Config{Migrations: store.Migrations()})
		if err != nil {
			tb.Fatal(err)
		}
		defer db.Close()
		handles[i] = db
	}
	stock := data.SQL("SELECT stock FROM products WHERE id = 1")
	err := handles[0].Write(tb.Context(), func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, data.SQL("INSERT INTO products (id, name, price, stock, created_at) VALUES (1, 'Saw', '1', 0, ?)", time.Now()))
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	begin := time.Now()
	var group sync.WaitGroup
	for i := range writers {
		db := handles[i%len(handles)]
		group.Go(func() {
			for range each {
				err := db.Write(tb.Context(), func(ctx context.Context, tx *data.Tx) error {
					n, err := data.One[int](ctx, tx, stock)
					if err != nil {
						return err
					}
					_, err = tx.Exec(ctx, data.SQL("UPDATE products SET stock = ? WHERE id = 1", n+1))
					return err
				})
				if err != nil {
					tb.Errorf("a writer is refused: %v", err)
					return
				}
			}
		})
	}
	group.Wait()
	took := time.Since(begin)
	var n int
	err = handles[0].Read(tb.Context(), func(ctx context.Context, v *data.View) (err error) {
		n, err = data.One[int](ctx, v, stock)
		return err
	})
	if err != nil || n != writers*each {
		tb.Errorf("%d, %v; want %d writes", n, err, writers*each)
	}
	tb.Logf("sqlite: %d writers read and then write, %d times in %v", writers, n, took.Round(time.Millisecond))
}
