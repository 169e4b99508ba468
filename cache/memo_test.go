package cache_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon/cache"
	"github.com/tenon-go/tenon/store"
)

// prices are found by keys of two parts.
type sku struct {
	Name string `json:"name"`
	Size int    `json:"size"`
}

type price struct {
	Cents int64 `json:"cents"`
}

// loads finds prices, a new one each time.
type loads struct {
	n    atomic.Int64
	fail atomic.Bool
}

func (l *loads) load(context.Context, sku) (price, error) {
	n := l.n.Add(1)
	if l.fail.Load() {
		return price{}, errors.New("no price today")
	}
	return price{n}, nil
}

func newMemo[K comparable, V any](t testing.TB, cfg cache.MemoConfig[K, V]) *cache.Memo[K, V] {
	t.Helper()
	m, err := cache.NewMemo(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// kinds are a Memo in the process and one in a store.
func kinds(t *testing.T, test func(t *testing.T, at *clock, of func(cache.MemoConfig[sku, price]) *cache.Memo[sku, price])) {
	t.Helper()
	for _, shared := range []bool{false, true} {
		name := map[bool]string{false: "in the process", true: "in a store"}[shared]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := newClock()
			kept := newCache(t, cache.Config{Now: at.now})
			test(t, at, func(cfg cache.MemoConfig[sku, price]) *cache.Memo[sku, price] {
				cfg.Now = at.now
				if shared {
					cfg.In, cfg.Name = kept, "prices"
				}
				return newMemo(t, cfg)
			})
		})
	}
}

func TestSD120MemoKeepsValuesByTypedKeys(t *testing.T) {
	t.Parallel()
	kinds(t, func(t *testing.T, at *clock, of func(cache.MemoConfig[sku, price]) *cache.Memo[sku, price]) {
		t.Helper()
		l := &loads{}
		m := of(cache.MemoConfig[sku, price]{Load: l.load, TTL: time.Minute})
		expect := func(key sku, want int64) {
			t.Helper()
			if got, err := m.Get(t.Context(), key); err != nil || got.Cents != want {
				t.Errorf("%v: %v, %v, want %d", key, got, err, want)
			}
		}
		expect(sku{"oak", 1}, 1)
		expect(sku{"oak", 2}, 2)
		expect(sku{"oak", 1}, 1)
		at.move(59 * time.Second)
		expect(sku{"oak", 1}, 1)
		at.move(time.Second)
		expect(sku{"oak", 1}, 3)
		if err := m.Forget(t.Context(), sku{"oak", 1}); err != nil {
			t.Fatal(err)
		}
		expect(sku{"oak", 1}, 4)
		l.fail.Store(true)
		for range 2 {
			if _, err := m.Get(t.Context(), sku{"ash", 1}); err == nil {
				t.Error("no error")
			}
		}
		if l.n.Load() != 6 {
			t.Errorf("an error is kept: %d loads", l.n.Load())
		}
		l.fail.Store(false)
		expect(sku{"ash", 1}, 7)
	})
}

func TestSD120MemoIsBounded(t *testing.T) {
	t.Parallel()
	n := 0
	m := newMemo(t, cache.MemoConfig[int, int]{Load: func(_ context.Context, key int) (int, error) { n++; return key, nil }, TTL: time.Hour})
	for key := range 128 {
		_, _ = m.Get(t.Context(), key)
	}
	_, _ = m.Get(t.Context(), 0)   // asked for last
	_, _ = m.Get(t.Context(), 128) // drives out 1
	n = 0
	for _, key := range []int{0, 2, 127, 128} {
		_, _ = m.Get(t.Context(), key)
	}
	if n != 0 {
		t.Errorf("%d of what was asked for last is gone", n)
	}
	if _, _ = m.Get(t.Context(), 1); n != 1 {
		t.Error("what was not asked for the longest is kept")
	}
}

func TestSD120MemoLoadsOnceForAll(t *testing.T) {
	t.Parallel()
	for _, shared := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var n atomic.Int64
			cfg := cache.MemoConfig[string, int]{TTL: time.Hour, Load: func(ctx context.Context, _ string) (int, error) {
				time.Sleep(time.Second) //nolint:forbidigo // in the time of the test
				return int(n.Add(1)), ctx.Err()
			}}
			if shared {
				cfg.In, cfg.Name = newCache(t, cache.Config{}), "numbers"
			}
			m := newMemo(t, cfg)
			first, leave := context.WithCancel(t.Context())
			var all sync.WaitGroup
			all.Go(func() { _, _ = m.Get(first, "a") })
			synctest.Wait()
			for range 99 {
				all.Go(func() {
					if got, err := m.Get(t.Context(), "a"); got != 1 || err != nil {
						t.Errorf("%d, %v", got, err)
					}
				})
			}
			short, end := context.WithTimeout(t.Context(), time.Millisecond)
			defer end()
			if _, err := m.Get(short, "a"); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("who leaves waits: %v", err)
			}
			leave()
			all.Wait()
			if n.Load() != 1 {
				t.Errorf("loaded %d times", n.Load())
			}
		})
	}
}

// TestMemoForgetsWhatIsBeingLoaded: what was loaded before Forget is not returned after it.
func TestMemoForgetsWhatIsBeingLoaded(t *testing.T) {
	t.Parallel()
	for _, shared := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var is atomic.Int64
			cfg := cache.MemoConfig[string, int64]{TTL: time.Hour, Load: func(context.Context, string) (int64, error) {
				found := is.Load()
				time.Sleep(time.Second) //nolint:forbidigo // in the time of the test
				return found, nil
			}}
			if shared {
				cfg.In, cfg.Name = newCache(t, cache.Config{}), "numbers"
			}
			m := newMemo(t, cfg)
			var all sync.WaitGroup
			all.Go(func() { _, _ = m.Get(t.Context(), "a") })
			time.Sleep(500 * time.Millisecond) //nolint:forbidigo // in the time of the test
			is.Store(1)
			if err := m.Forget(t.Context(), "a"); err != nil {
				t.Fatal(err)
			}
			if got, _ := m.Get(t.Context(), "a"); got != 1 {
				t.Errorf("it joins who began before: %d", got)
			}
			all.Wait()
			if got, _ := m.Get(t.Context(), "a"); got != 1 {
				t.Errorf("what was begun before is kept: %d", got)
			}
		})
	}
}

func TestMemoIsSharedAndInvalidated(t *testing.T) {
	t.Parallel()
	memory, err := store.NewMemory(store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	here, there := newCache(t, cache.Config{Store: memory}), newCache(t, cache.Config{Store: memory})
	l := &loads{}
	cfg := cache.MemoConfig[sku, price]{Load: l.load, TTL: time.Hour, Name: "prices", Tags: []string{"prices"}}
	cfg.In = here
	a := newMemo(t, cfg)
	cfg.In = there
	b := newMemo(t, cfg)
	cfg.Name = "others"
	c := newMemo(t, cfg)
	for i, m := range []*cache.Memo[sku, price]{a, b, c, a} {
		want := []int64{1, 1, 2, 1}[i]
		if got, err := m.Get(t.Context(), sku{"oak", 1}); err != nil || got.Cents != want {
			t.Errorf("%d: %v %v", i, got, err)
		}
	}
	if err := there.Invalidate(t.Context(), "prices"); err != nil {
		t.Fatal(err)
	}
	if got, _ := a.Get(t.Context(), sku{"oak", 1}); got.Cents != 3 {
		t.Errorf("%v after its tag was invalidated", got)
	}
}

// slowSet is a store whose first Set waits.
type slowSet struct {
	store.Store

	began        atomic.Bool
	begins, goes chan struct{}
}

func (s *slowSet) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	if !s.began.Swap(true) {
		close(s.begins)
		<-s.goes
	}
	return s.Store.Set(ctx, key, value, ttl)
}

// TestMemoWaitsForNoOther asks for a value while the store takes its time to keep another.
func TestMemoWaitsForNoOther(t *testing.T) {
	t.Parallel()
	memory, err := store.NewMemory(store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	s, l := &slowSet{Store: memory, begins: make(chan struct{}), goes: make(chan struct{})}, &loads{}
	m := newMemo(t, cache.MemoConfig[sku, price]{Load: l.load, TTL: time.Hour, Name: "prices", In: newCache(t, cache.Config{Store: s, Timeout: time.Hour})})
	first, other := make(chan error, 1), make(chan error, 1)
	go func() {
		_, err := m.Get(t.Context(), sku{"oak", 1})
		first <- err
	}()
	<-s.begins
	go func() {
		_, err := m.Get(t.Context(), sku{"ash", 1})
		other <- err
	}()
	select {
	case err := <-other:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it waits for the store to keep another value")
	}
	close(s.goes)
	if err := <-first; err != nil {
		t.Error(err)
	}
}

func TestMemoWithoutAStore(t *testing.T) {
	t.Parallel()
	f, l := newFlaky(t), &loads{}
	f.lost.Store(true)
	m := newMemo(t, cache.MemoConfig[sku, price]{Load: l.load, TTL: time.Hour, Name: "prices", In: newCache(t, cache.Config{Store: f})})
	for want := range int64(3) {
		if got, err := m.Get(t.Context(), sku{"oak", 1}); err != nil || got.Cents != want+1 {
			t.Errorf("%v, %v", got, err)
		}
	}
}

// TestAKeyThatIsNotItself: nothing is ever found under a NaN, so nothing may be kept there.
func TestAKeyThatIsNotItself(t *testing.T) {
	t.Parallel()
	n := 0
	m := newMemo(t, cache.MemoConfig[float64, int]{Load: func(context.Context, float64) (int, error) { n++; return n, nil }, TTL: time.Hour, Size: 1})
	for want := range 3 {
		if got, err := m.Get(t.Context(), math.NaN()); got != want+1 || err != nil {
			t.Errorf("%d, %v", got, err)
		}
	}
}

func TestMemoIsChecked(t *testing.T) {
	t.Parallel()
	load := func(context.Context, int) (int, error) { return 0, nil }
	for want, cfg := range map[string]cache.MemoConfig[int, int]{
		"Load is missing":               {TTL: 1},
		"TTL is 0s, want more than 0":   {Load: load},
		"Size is -1":                    {Load: load, TTL: 1, Size: -1},
		"Name is missing, which In nee": {Load: load, TTL: 1, In: newCache(t, cache.Config{})},
		"Tags need In":                  {Load: load, TTL: 1, Tags: []string{"a"}},
		`the tag ""`:                    {Load: load, TTL: 1, In: newCache(t, cache.Config{}), Name: "a", Tags: []string{""}},
	} {
		if _, err := cache.NewMemo(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
