package storage

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// prompt is how long a write may take that finds no room.
const prompt = 2 * time.Second

// Full takes the room from the disk below SQLite while orders are written, and gives it back. Writes that find none are refused with 503 within two seconds,
// reads are not, and five seconds after there is room again nothing is refused. No acknowledged write is lost, and the file is whole. The disk is one in
// memory, of 16 MB, which only root may make.
func Full(tb testing.TB) {
	tb.Helper()
	dir := tb.TempDir()
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=16m"); err != nil {
		tb.Fatalf("a disk in memory cannot be made: %v", err)
	}
	tb.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			tb.Errorf("unmount: %v", err)
		}
	})
	dsn := "sqlite:" + filepath.Join(dir, "store.db")
	p := startProcess(tb, dsn)
	w := &watch{ledger: newLedger(tb, p), most: prompt}
	ctx, end := context.WithCancel(tb.Context())
	var group sync.WaitGroup
	read := &watch{}
	for i := range writers {
		if i%2 == 0 {
			group.Go(func() { w.load(ctx, p, true) })
		} else {
			group.Go(func() { read.load(ctx, p, false) }) // which knows of no outage
		}
	}
	<-time.After(again / 2)
	w.from(time.Now())
	ballast := filepath.Join(dir, "ballast")
	if err := fillDisk(ballast); err != nil {
		tb.Fatal(err)
	}
	<-time.After(healing)
	if err := os.Remove(ballast); err != nil {
		tb.Fatal(err)
	}
	<-time.After(time.Until(w.to(time.Now(), healing)))
	<-time.After(again / 2)
	end()
	group.Wait()
	p.lives(tb)
	acknowledged, sentAgain := w.ledger.settle(tb, p)
	w.ledger.balance(tb, dsn)
	p.stop(tb)
	w.tell(tb)
	read.tell(tb)
	tb.Logf("sqlite: the disk is full for %v: %d reads and %d orders answered, %d orders refused with 503 and none later than %v, "+
		"the last %v after there was room; %d sent again",
		healing, read.reads, acknowledged, w.refused, w.slowest.Round(time.Millisecond), w.latest.Round(time.Millisecond), sentAgain)
	if w.refused == 0 {
		tb.Errorf("nothing was refused: there was room")
	}
}

// fillDisk writes a file until there is no more room.
func fillDisk(name string) (err error) {
	f, err := os.Create(name) //nolint:gosec // in a directory of our own
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for size := 64 << 10; size > 0; {
		_, err := f.Write(make([]byte, size))
		switch {
		case errors.Is(err, syscall.ENOSPC):
			size /= 2
		case err != nil:
			return err
		}
	}
	return nil
}
