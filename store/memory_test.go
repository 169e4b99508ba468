package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenon-go/tenon/store"
	"github.com/tenon-go/tenon/store/storetest"
)

func memory(tb testing.TB, cfg store.Config) *store.Memory {
	tb.Helper()
	m, err := store.NewMemory(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func TestMemory(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(tb testing.TB) store.Store {
		tb.Helper()
		return memory(tb, store.Config{})
	})
}

func TestMemoryConfig(t *testing.T) {
	t.Parallel()
	_, err := store.NewMemory(store.Config{Bytes: -1})
	if err == nil || err.Error() != "store: Bytes is -1, want 0 or more" {
		t.Error(err)
	}
}

func TestMemoryClock(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	m := memory(t, store.Config{Now: func() time.Time { return now }})
	ok(t, m.Set(t.Context(), "a", []byte("x"), time.Minute))
	if n, err := m.Count(t.Context(), "n", 1, time.Minute); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	now = now.Add(time.Minute - 1)
	if !has(t, m, "a") {
		t.Error("a value is gone before its ttl has passed")
	}
	if n, err := m.Count(t.Context(), "n", 1, time.Minute); n != 2 || err != nil {
		t.Error(n, err)
	}
	now = now.Add(1)
	if has(t, m, "a") {
		t.Error("a value is there when its ttl has passed")
	}
	if n, err := m.Count(t.Context(), "n", 1, time.Minute); n != 1 || err != nil {
		t.Error("a counter is there when the ttl of its first count has passed:", n, err)
	}
	ok(t, m.Update(t.Context(), "a", func(at time.Time, _ []byte) ([]byte, time.Duration, bool) {
		if !at.Equal(now) {
			t.Errorf("change is given %v, want %v", at, now)
		}
		return nil, 0, true
	}))
}

func TestMemoryBound(t *testing.T) {
	t.Parallel()
	for _, bound := range []int64{1, 10_000, 1 << 20} {
		m := memory(t, store.Config{Bytes: bound})
		for i := range 20_000 {
			ok(t, m.Set(t.Context(), fmt.Sprint("key", i), make([]byte, i%700), time.Hour))
			if i%3 == 0 {
				has(t, m, fmt.Sprint("key", i/2))
			}
		}
		s := m.Stats()
		if s.Bytes > bound || s.Entries == 0 && bound > 1000 || s.Evicted != int64(20_000-s.Entries) {
			t.Errorf("bound %d: %+v", bound, s)
		}
	}
}

func TestMemoryForgetsAllOfAValue(t *testing.T) {
	t.Parallel()
	m := memory(t, store.Config{})
	for i := range 100 {
		key := strconv.Itoa(i % 10)
		ok(t, m.Set(t.Context(), key, make([]byte, i*13), time.Hour))
		has(t, m, key)
	}
	for i := range 10 {
		ok(t, m.Delete(t.Context(), strconv.Itoa(i)))
	}
	if s := m.Stats(); s != (store.Stats{}) {
		t.Errorf("an empty store says %+v", s)
	}
}

func TestMemoryHoldsNothingLarger(t *testing.T) {
	t.Parallel()
	m := memory(t, store.Config{})
	page := strings.Repeat("key", 1<<20)
	ok(t, m.Set(t.Context(), page[:3], []byte(page)[:10], time.Hour))
	if got, err := m.Get(t.Context(), "key"); err != nil || cap(got[0]) > 100 {
		t.Errorf("the value holds on to %d bytes: %v", cap(got[0]), err)
	}
}

// The counter that each request of a flood is counted on stays, however often the flood uses its other keys; and keys that are used once do not
// drive out one that was used twice.
func TestMemoryFlood(t *testing.T) {
	t.Parallel()
	for _, uses := range []int{1, 5} {
		m := memory(t, store.Config{Bytes: 100_000})
		count := func(key string) int64 {
			n, err := m.Count(t.Context(), key, 1, time.Hour)
			ok(t, err)
			return n
		}
		count("victim")
		count("victim")
		for i := range 10_000 {
			for range uses {
				count("flood" + strconv.Itoa(i))
			}
			if n := count("attacker"); n != int64(i)+1 {
				t.Fatalf("the attacker's counter stands at %d after %d requests", n, i+1)
			}
		}
		if n := count("victim"); uses == 1 && n != 3 {
			t.Errorf("a counter that was used twice stands at %d after a flood, want 3", n)
		}
		if m.Stats().Evicted == 0 {
			t.Error("the flood was too small to drive out anything")
		}
	}
}

func TestMemoryScratch(t *testing.T) {
	t.Parallel()
	m := memory(t, store.Config{})
	key := []byte("key")
	grow := func(_ time.Time, old []byte) ([]byte, time.Duration, bool) {
		for i := range old {
			old[i]++
		}
		return append(old, 'a'), time.Hour, false
	}
	for range 40 {
		ok(t, m.UpdateScratch(key, grow))
	}
	copy(key, "its") // the caller's own again
	ok(t, m.UpdateScratch(key, grow))
	got, err := m.Get(t.Context(), "key")
	if err != nil || len(got[0]) != 40 || got[0][0] != 'a'+39 || got[0][39] != 'a' {
		t.Errorf("after 40 changes the value is %q, %v", got, err)
	}
	for _, bad := range [][]byte{nil, make([]byte, store.MaxKey+1)} {
		if err := m.UpdateScratch(bad, grow); !errors.Is(err, store.ErrSize) {
			t.Errorf("a key of %d bytes: %v", len(bad), err)
		}
	}
	none := func(time.Time, []byte) ([]byte, time.Duration, bool) { return nil, 0, false }
	ok(t, m.UpdateScratch(key, none))
	ok(t, m.UpdateScratch([]byte("key"), none))
	if s := m.Stats(); s != (store.Stats{}) {
		t.Errorf("an empty store says %+v", s)
	}
}

// A change that panics leaves nothing locked.
func TestMemoryPanics(t *testing.T) {
	t.Parallel()
	m := memory(t, store.Config{Bytes: 1 << 16}) // one shard
	change := func(time.Time, []byte) ([]byte, time.Duration, bool) { panic("no") }
	for _, call := range []func() error{
		func() error { return m.Update(t.Context(), "a", change) }, func() error { return m.UpdateScratch([]byte("a"), change) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic is lost")
				}
			}()
			_ = call()
		}()
		ok(t, m.Set(t.Context(), "a", nil, time.Hour))
	}
}

// Many callers upon few keys and little room: what is counted stays within the bound, and a value belongs to its key.
func TestMemoryConcurrent(t *testing.T) {
	t.Parallel()
	m := memory(t, store.Config{Bytes: 200_000})
	ctx := t.Context()
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 3000 {
				key := strconv.Itoa((i*7 + g) % 900)
				value := bytes.Repeat([]byte(key+" "), 1+i%50)
				switch i % 4 {
				case 0:
					ok(t, m.Set(ctx, key, value, time.Hour))
				case 1:
					got, err := m.Get(ctx, key)
					if err != nil {
						t.Error(err)
						return
					}
					if got[0] != nil && !bytes.HasPrefix(got[0], []byte(key+" ")) {
						t.Errorf("%s holds %s", key, got[0])
					}
				case 2:
					_, err := m.CompareAndSet(ctx, key, value, nil, time.Hour)
					ok(t, err)
				case 3:
					_, err := m.Count(ctx, "n"+key, 1, time.Hour)
					ok(t, err)
				}
			}
		})
	}
	wg.Wait()
	if s := m.Stats(); s.Bytes > 200_000 || s.Evicted == 0 {
		t.Errorf("%+v", s)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func has(t *testing.T, s store.Store, key string) bool {
	t.Helper()
	got, err := s.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return got[0] != nil
}
