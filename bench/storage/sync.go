package storage

import (
	"bufio"
	"bytes"
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// Sync watches the calls to the system that the store makes on SQLite while orders are sent, one after the other: before each answer that acknowledges one,
// the file was synced. It wants strace.
func Sync(tb testing.TB, orders int) {
	tb.Helper()
	p := startProcess(tb, SQLite.fresh(tb))
	l := newLedger(tb, p)
	trace := filepath.Join(tb.TempDir(), "trace")
	stop := watched(tb, p.cmd.Process.Pid, trace)
	for range orders {
		if a := l.send(tb.Context(), p, l.next()); a.status != http.StatusCreated {
			tb.Errorf("an order: %s", a)
		}
	}
	stop()
	p.stop(tb)
	text, err := os.ReadFile(trace) //nolint:gosec // in a directory of our own
	if err != nil {
		tb.Fatal(err)
	}
	acknowledged, syncs, since := 0, 0, 0
	for line := range bytes.Lines(text) {
		switch {
		case bytes.Contains(line, []byte("sync(")) || bytes.Contains(line, []byte("sync resumed")):
			if bytes.HasSuffix(bytes.TrimSpace(line), []byte("= 0")) {
				syncs++
				since++
			}
		case bytes.Contains(line, []byte(`"HTTP/1.1 201 `)):
			if acknowledged++; since == 0 {
				tb.Errorf("order %d was acknowledged before anything was synced", acknowledged)
			}
			since = 0
		}
	}
	tb.Logf("sqlite: %d orders acknowledged, %d syncs, at least one before each", acknowledged, syncs)
	if acknowledged != orders {
		tb.Errorf("%d answers of %d orders were seen", acknowledged, orders)
	}
}

// watched lets strace look at a process until stop is called.
func watched(tb testing.TB, pid int, trace string) (stop func()) {
	tb.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(tb.Context()), "strace", "-f", "-s", "64", //nolint:gosec // a process of our own
		"-e", "trace=fsync,fdatasync,write", "-o", trace, "-p", strconv.Itoa(pid))
	said, err := cmd.StderrPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatalf("strace is wanted: %v", err)
	}
	lines := bufio.NewScanner(said)
	for lines.Scan() && !strings.Contains(lines.Text(), "attached") {
		tb.Logf("strace: %s", lines.Text())
	}
	return func() {
		if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
			tb.Error(err)
		}
		for lines.Scan() { // until it has let go
			continue
		}
		_ = cmd.Wait() // it was interrupted
	}
}
