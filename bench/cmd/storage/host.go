package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
)

// host runs a figure outside of a test.
type host struct {
	testing.TB // nil: what is not below is not used

	ctx context.Context //nolint:containedctx // it is what Context returns

	mu     sync.Mutex
	failed bool
	ends   []func()
}

// stopped is the panic of a figure that cannot go on.
type stopped struct{}

// measured runs a figure and reports whether it holds.
func measured(ctx context.Context, f func(testing.TB)) bool {
	h := &host{ctx: ctx}
	defer h.end()
	func() {
		defer func() {
			if p := recover(); p != nil && p != any(stopped{}) {
				panic(p)
			}
		}()
		f(h)
	}()
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.failed
}

func (h *host) end() {
	for _, end := range slices.Backward(h.ends) {
		end()
	}
}

func (h *host) Helper()                  {}
func (h *host) Context() context.Context { return h.ctx }
func (h *host) Cleanup(end func())       { h.ends = append(h.ends, end) }

func (h *host) TempDir() string {
	dir, err := os.MkdirTemp("", "storage-")
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { _ = os.RemoveAll(dir) }) // what is left lies in the temporary directory
	return dir
}

func (h *host) Logf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

func (h *host) Errorf(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failed = true
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}

func (h *host) Error(args ...any) { h.Errorf("%s", fmt.Sprint(args...)) }
func (h *host) Fatal(args ...any) { h.Errorf("%s", fmt.Sprint(args...)); panic(stopped{}) }
func (h *host) Fatalf(format string, args ...any) {
	h.Errorf(format, args...)
	panic(stopped{})
}
