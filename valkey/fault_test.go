package valkey_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tenon-go/tenon/store"
	"github.com/tenon-go/tenon/valkey"
	"github.com/tenon-go/tenon/valkey/valkeytest"
)

// calls are one of each kind, which fail together.
func calls(ctx context.Context, s store.Store) map[string]error {
	errs := map[string]error{
		"Set":    s.Set(ctx, "a", []byte("1"), time.Hour),
		"Delete": s.Delete(ctx, "a", "b"),
		"Update": s.Update(ctx, "a", func(time.Time, []byte) ([]byte, time.Duration, bool) { return []byte("1"), time.Hour, false }),
	}
	_, errs["Get"] = s.Get(ctx, "a")
	_, errs["Get of two"] = s.Get(ctx, "a", "b")
	_, errs["Add"] = s.Add(ctx, "b", []byte("1"), time.Hour)
	_, errs["CompareAndSet"] = s.CompareAndSet(ctx, "b", []byte("1"), nil, 0)
	_, errs["Count"] = s.Count(ctx, "a", 1, time.Hour)
	return errs
}

// lost sends calls, all of which must be ErrUnavailable, until the server is given up.
func lost(t *testing.T, s *valkey.Store) {
	t.Helper()
	for s.Stats().State != "open" {
		for name, err := range calls(t.Context(), s) {
			if !errors.Is(err, store.ErrUnavailable) {
				t.Fatalf("%s: %v, want %v", name, err, store.ErrUnavailable)
			}
		}
	}
	if n := s.Stats(); n.Opened < 1 || n.Failed < 5 {
		t.Errorf("%+v", n)
	}
}

// back waits until the server is asked again, and wants all calls answered then.
func back(t *testing.T, s *valkey.Store) {
	t.Helper()
	until(t, func() bool { return s.Ping(t.Context()) == nil })
	if n := s.Stats(); n.State != "closed" || n.Refused == 0 {
		t.Errorf("%+v", n)
	}
}

// until polls until done, for as long as a slow machine may need.
func until(t *testing.T, done func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(time.Minute); !done(); <-tick.C {
		if time.Now().After(end) {
			t.Fatal("waited for a minute in vain")
		}
	}
}

func answered(t *testing.T, s *valkey.Store) {
	t.Helper()
	for name, err := range calls(t.Context(), s) {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// quick gives a server up soon where it does not answer, and has patience where it does.
func quick(url string) valkey.Config {
	return valkey.Config{URL: url, Timeout: 2 * time.Second}
}

func TestKilled(t *testing.T) {
	t.Parallel()
	server, log := valkeytest.Start(t), &locked{}
	cfg := quick(server.URL())
	cfg.Logger = slog.New(slog.NewTextHandler(log, nil))
	s := open(t, cfg)
	answered(t, s)
	server.Kill(t)
	lost(t, s)
	server.Start(t)
	back(t, s)
	if got, err := s.Get(t.Context(), "a"); err != nil || got[0] != nil {
		t.Errorf("a server that is empty tells %s, %v", got, err)
	}
	answered(t, s)
	if text := log.String(); strings.Count(text, "does not answer") != 1 || strings.Count(text, "answers again") != 1 {
		t.Errorf("the log says:\n%s", text)
	}
}

func TestNotYetThere(t *testing.T) {
	t.Parallel()
	server := valkeytest.Start(t)
	server.Kill(t)
	s := open(t, quick(server.URL()))
	lost(t, s)
	server.Start(t)
	back(t, s)
	answered(t, s)
}

// A server that hangs is given up after the time of a call, whether a connection stands or must be made.
func TestHung(t *testing.T) {
	t.Parallel()
	for name, connected := range map[string]bool{"connected": true, "not connected": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := valkeytest.Start(t)
			s := open(t, valkey.Config{URL: server.URL()})
			until(t, func() bool { return !connected || s.Ping(t.Context()) == nil }) // a slow machine may need longer than a call has
			server.Signal(t, syscall.SIGSTOP)
			lost(t, s)
			server.Signal(t, syscall.SIGCONT)
			back(t, s)
		})
	}
}

// TestNobodyWaitsForTheTry holds that no call waits for what finds out whether a server answers again.
func TestNobodyWaitsForTheTry(t *testing.T) {
	t.Parallel()
	server := valkeytest.Start(t)
	s := open(t, valkey.Config{URL: server.URL(), Timeout: 500 * time.Millisecond})
	until(t, func() bool { return s.Ping(t.Context()) == nil })
	server.Signal(t, syscall.SIGSTOP)
	lost(t, s)
	tries := s.Stats().Failed
	until(t, func() bool {
		if _, err := s.Get(t.Context(), "a"); !errors.Is(err, store.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a call waits: %v", err)
		}
		return s.Stats().Failed > tries || t.Failed()
	})
	server.Signal(t, syscall.SIGCONT)
	back(t, s)
}

// What a full server refuses says nothing about whether it can be asked.
func TestFull(t *testing.T) {
	t.Parallel()
	server := valkeytest.Start(t)
	s := open(t, quick(server.URL()))
	if err := s.Set(t.Context(), "kept", []byte("x"), time.Hour); err != nil {
		t.Fatal(err)
	}
	server.Do(t, "CONFIG", "SET", "maxmemory", "1")
	for range 3 {
		for name, err := range calls(t.Context(), s) {
			switch name {
			case "Get", "Get of two", "Delete", "CompareAndSet": // which here finds nothing to replace
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
			default:
				if !errors.Is(err, store.ErrUnavailable) {
					t.Errorf("%s: %v, want %v", name, err, store.ErrUnavailable)
				}
			}
		}
	}
	if got, err := s.Get(t.Context(), "kept"); err != nil || string(got[0]) != "x" {
		t.Errorf("%s, %v", got, err)
	}
	if n := s.Stats(); n.Opened != 0 || n.Failed != 0 {
		t.Errorf("%+v", n)
	}
	server.Do(t, "CONFIG", "SET", "maxmemory", "0")
	answered(t, s)
}

// Callers who do not wait give no server up.
func TestImpatientCallers(t *testing.T) {
	t.Parallel()
	server := valkeytest.Start(t)
	s := open(t, patient(server.URL()))
	answered(t, s)
	server.Signal(t, syscall.SIGSTOP)
	for range 20 {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		for name, err := range calls(ctx, s) {
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: %v", name, err)
			}
		}
		cancel()
	}
	if n := s.Stats(); n.Failed != 0 || n.Refused != 0 || n.State != "closed" {
		t.Errorf("%+v", n)
	}
	server.Signal(t, syscall.SIGCONT)
	answered(t, s)
}

// When a primary is lost, the sentinels make another, which is asked from then on.
func TestFailover(t *testing.T) {
	t.Parallel()
	sentinels := valkeytest.StartSentinels(t)
	cfg := quick(sentinels.URL())
	cfg.Sentinel.Primary = sentinels.Name()
	s := open(t, cfg)
	answered(t, s)
	sentinels.Primary.Kill(t)
	lost(t, s)
	until(t, func() bool {
		err := s.Set(t.Context(), "a", []byte("1"), time.Hour)
		if err != nil && !errors.Is(err, store.ErrUnavailable) {
			t.Fatal(err)
		}
		return err == nil
	})
	answered(t, s)
}

func TestClosed(t *testing.T) {
	t.Parallel()
	for _, asked := range []bool{true, false} {
		s, err := valkey.New(quick(valkeytest.Start(t).URL()))
		if err != nil {
			t.Fatal(err)
		}
		if asked {
			answered(t, s)
		}
		if err := s.Finish(t.Context(), nil); err != nil {
			t.Error(err)
		}
		lost(t, s)
	}
}

type locked struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// An update that others always come before is told from a server that is lost.
func TestContended(t *testing.T) {
	t.Parallel()
	server := valkeytest.Start(t)
	s, other := open(t, valkey.Config{URL: server.URL(), Dial: time.Minute, Timeout: time.Second}), open(t, patient(server.URL()))
	answered(t, s)
	n := 0
	err := s.Update(t.Context(), "a", func(time.Time, []byte) ([]byte, time.Duration, bool) {
		n++
		if err := other.Set(t.Context(), "a", []byte(strconv.Itoa(n)), time.Hour); err != nil {
			t.Error(err)
		}
		return []byte("mine"), time.Hour, false
	})
	if !errors.Is(err, store.ErrContended) || !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("after %d tries: %v", n, err)
	}
	if of := s.Stats(); of.State != "closed" {
		t.Errorf("the server is given up: %+v", of)
	}
}
