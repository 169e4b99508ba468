package storetest

import (
	"crypto/rand"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenon-go/tenon/store"
)

// Replicas proves that two stores are two ways to the same values: what races through both is as exact as through one.
func Replicas(t *testing.T, a, b store.Store) {
	t.Helper()
	t.Run("replicas", func(t *testing.T) {
		t.Parallel()
		k := &kit{T: t, Store: a, at: rand.Text() + ":"}
		k.ok(a.Set(t.Context(), k.key("a"), []byte("x"), time.Hour))
		(&kit{T: t, Store: b, at: k.at}).is(k.key("a"), []byte("x"))
		for range 5 {
			k.at = rand.Text() + ":"
			race(k, 100, func(i int) { k.increase([]store.Store{a, b}[i%2], k.key("u")) })
			k.is(k.key("u"), []byte("100"))
		}
	})
}

func race(k *kit, n int, call func(i int)) {
	var wg sync.WaitGroup
	begin := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-begin
			call(i)
		})
	}
	close(begin)
	wg.Wait()
	if k.Failed() {
		k.FailNow()
	}
}

func (k *kit) increase(s store.Store, key string) {
	err := s.Update(k.Context(), key, func(_ time.Time, old []byte) ([]byte, time.Duration, bool) {
		n, err := store.Sum(old, 1)
		if err != nil {
			k.Error(err)
		}
		return strconv.AppendInt(nil, n, 10), time.Hour, false
	})
	if err != nil {
		k.Error(err)
	}
}

func raceAdd(k *kit) {
	var added atomic.Int64
	race(k, 100, func(i int) {
		done, err := k.Add(k.Context(), k.key("a"), []byte{byte(i)}, time.Hour)
		if err != nil {
			k.Error(err)
		}
		if done {
			added.Add(1)
		}
	})
	if added.Load() != 1 {
		k.Errorf("%d calls added a value", added.Load())
	}
}

func raceCompareAndSet(k *kit) {
	k.ok(k.Set(k.Context(), k.key("a"), []byte("old"), time.Hour))
	var winner atomic.Int64
	var done atomic.Int64
	race(k, 100, func(i int) {
		ok, err := k.CompareAndSet(k.Context(), k.key("a"), []byte("old"), []byte(strconv.Itoa(i)), time.Hour)
		if err != nil {
			k.Error(err)
		}
		if ok {
			done.Add(1)
			winner.Store(int64(i))
		}
	})
	if done.Load() != 1 {
		k.Fatalf("%d calls replaced the value", done.Load())
	}
	k.is(k.key("a"), strconv.AppendInt(nil, winner.Load(), 10))
}

func raceCount(k *kit) {
	sums := make([]int64, 100)
	race(k, len(sums), func(i int) {
		n, err := k.Count(k.Context(), k.key("a"), 1, time.Hour)
		if err != nil {
			k.Error(err)
		}
		sums[i] = n
	})
	slices.Sort(sums)
	for i, n := range sums {
		if n != int64(i)+1 {
			k.Fatalf("the sums are %v", sums)
		}
	}
}

func raceUpdate(k *kit) {
	race(k, 100, func(int) { k.increase(k.Store, k.key("a")) })
	k.is(k.key("a"), []byte("100"))
}
