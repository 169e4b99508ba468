package data_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
)

// filledUp is what came of a database that got no more room and then got some.
type filledUp struct {
	written, refused int
}

// fillUp writes rows until there is no room, reads, and writes again once there is. Each write that is refused must be ErrUnavailable, and nothing of it may be there.
func fillUp(ctx context.Context, db *data.DB, narrow, widen func() error) (out filledUp, err error) {
	row := userRow{Name: strings.Repeat("n", 2000), Age: 1}
	write := func() error {
		row.Email = fmt.Sprint(out.written, " ", out.refused)
		begin := time.Now()
		err := db.Write(ctx, func(ctx context.Context, tx *data.Tx) error {
			_, err := users.Insert(ctx, tx, row)
			return err
		})
		if took := time.Since(begin); took > 2*time.Second {
			return fmt.Errorf("a write took %v: %w", took, err)
		}
		return err
	}
	for range 3 {
		if err := write(); err != nil {
			return out, fmt.Errorf("before: %w", err)
		}
		out.written++
	}
	if err := narrow(); err != nil {
		return out, err
	}
	for out.refused < 5 {
		switch err := write(); {
		case err == nil:
			out.written++
		case errors.Is(err, data.ErrUnavailable):
			out.refused++
		default:
			return out, fmt.Errorf("without room: %w", err)
		}
		if out.written > 10_000 {
			return out, errors.New("there is always room")
		}
		if err := holds(ctx, db, out.written); err != nil {
			return out, fmt.Errorf("without room: %w", err)
		}
	}
	if err := widen(); err != nil {
		return out, err
	}
	if err := write(); err != nil {
		return out, fmt.Errorf("with room again: %w", err)
	}
	out.written++
	return out, holds(ctx, db, out.written)
}

// holds reads how many rows there are, and whether the file is whole.
func holds(ctx context.Context, db *data.DB, rows int) error {
	return db.Read(ctx, func(ctx context.Context, v *data.View) error {
		n, err := users.Where().Count(ctx, v)
		if err != nil {
			return err
		}
		whole, err := data.One[string](ctx, v, data.SQL("PRAGMA integrity_check"))
		if err == nil && (whole != "ok" || n != int64(rows)) {
			err = fmt.Errorf("there are %d rows, want %d; integrity: %s", n, rows, whole)
		}
		return err
	})
}

// TestNoMorePages bounds the pages of a database: writes are refused, reads go on, and it writes again when it may be larger.
func TestNoMorePages(t *testing.T) {
	t.Parallel()
	db := open(t)
	bound := func(q data.Query) func() error {
		return func() error {
			return db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
				_, err := data.One[int64](ctx, tx, q)
				return err
			})
		}
	}
	out, err := fillUp(t.Context(), db, bound(data.SQL("PRAGMA max_page_count = 60")), bound(data.SQL("PRAGMA max_page_count = 100000")))
	if err != nil {
		t.Errorf("%+v, %v", out, err)
	}
}

// fillFile is what a process does whose files may not grow: the log of the database cannot be written. It prints what came of it.
func fillFile(file string) error {
	db, err := data.Open(context.Background(), "sqlite:"+file, data.Config{})
	if err != nil {
		return err
	}
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		return err
	}
	limit := func(most uint64) func() error {
		return func() error {
			return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: most, Max: before.Max})
		}
	}
	out, err := fillUp(context.Background(), db, limit(200_000), limit(before.Cur))
	fmt.Fprintf(os.Stdout, "%+v\n", out)
	return errors.Join(err, db.Close())
}

// TestFilesThatMayNotGrow does the same where the operating system refuses to write.
func TestFilesThatMayNotGrow(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "full.db")
	openFile(t, file)
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	child.Env = append(os.Environ(), "DATA_TEST_FULL="+file)
	var out, faults bytes.Buffer
	child.Stdout, child.Stderr = &out, &faults
	if err := child.Run(); err != nil {
		t.Errorf("%v: %s%s", err, out.String(), faults.String())
	}
	t.Log(out.String())
}
