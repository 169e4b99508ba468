package middleware

import (
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"
)

const (
	maxLines  = 1 << 20  // bytes of lines that are kept
	manyLines = 32 << 10 // bytes that are written without waiting for more
	lineDelay = 10 * time.Millisecond
)

// lines keeps lines of a log until a goroutine of its own has written them. Who adds a line never waits for the writer.
type lines struct {
	to io.Writer

	mu      sync.Mutex
	kept    []byte
	spare   []byte
	dropped int
	timer   *time.Timer
	due     bool // the timer runs
	now     bool // it runs without a delay
	writing bool
	waiting []chan struct{} // closed when nothing is kept
}

// Write keeps one line, and has it written at once.
func (l *lines) Write(line []byte) (int, error) {
	l.add(line, 0)
	return len(line), nil
}

// add keeps one line, or counts it as dropped. It is written within a time.
func (l *lines) add(line []byte, within time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.kept)+len(line) > maxLines {
		l.dropped++
	} else {
		l.kept = append(l.kept, line...)
	}
	if len(l.kept) >= manyLines || l.dropped > 0 {
		within = 0
	}
	l.schedule(within)
}

// flush writes what is kept, and waits for it.
func (l *lines) flush(wait time.Duration) bool {
	l.mu.Lock()
	done := make(chan struct{})
	l.waiting = append(l.waiting, done)
	l.schedule(0)
	l.mu.Unlock()
	patience := time.NewTimer(wait)
	defer patience.Stop()
	select {
	case <-done:
		return true
	case <-patience.C:
		return false
	}
}

// schedule has the lines written after a delay at the latest; whoever writes goes on until nothing is kept.
func (l *lines) schedule(delay time.Duration) {
	if l.writing || l.due && (l.now || delay > 0) {
		return
	}
	l.due, l.now = true, delay == 0
	if l.timer == nil {
		l.timer = time.AfterFunc(delay, l.write)
		return
	}
	l.timer.Reset(delay)
}

// write writes until nothing is kept.
func (l *lines) write() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.due, l.now = false, false
	if l.writing {
		return
	}
	l.writing = true
	for len(l.kept) > 0 || l.dropped > 0 {
		batch := l.kept
		if l.dropped > 0 {
			batch = fmt.Appendf(batch, `{"time":%q,"level":%q,"msg":"lines of the log were dropped","lines":%d}`+"\n",
				time.Now().UTC().Format(time.RFC3339Nano), slog.LevelWarn, l.dropped)
		}
		l.kept, l.spare, l.dropped = l.spare[:0], nil, 0
		l.mu.Unlock()
		_, _ = l.to.Write(batch) // there is nobody to tell
		l.mu.Lock()
		l.spare = batch[:0]
	}
	l.writing = false
	for _, done := range l.waiting {
		close(done)
	}
	l.waiting = nil
}
