// Package storetest is the contract of store.Store as tests. Every Store passes Run; one that replicas share passes Replicas too.
package storetest

import (
	"bytes"
	"crypto/rand"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon/store"
)

// Run proves that what open makes keeps to the contract of store.Store. It calls open once; the store may hold other keys, and a call to it may
// take long enough for a hundred at once upon one key. Nothing depends upon how fast it is.
func Run(t *testing.T, open func(testing.TB) store.Store) {
	t.Helper()
	s := open(t)
	t.Run("store", func(t *testing.T) {
		t.Parallel()
		for _, p := range []struct {
			name  string
			proof func(*kit)
		}{
			{"keeps a value by key, and forgets a deleted one", set},
			{"tells an empty value from an absent one", empty},
			{"adds a value only where there is none", addAbsent},
			{"replaces only what is there", compareAndSet},
			{"counts up and down", count},
			{"refuses to count what is no counter, or beyond 64 bits", countFaults},
			{"changes a value in one step", update},
			{"gives a change a clock that does not run backwards", updateClock},
			{"keeps any byte in keys and values", hostile},
			{"keeps the largest key and value, and refuses larger ones", bounds},
			{"refuses a ttl that is not above zero", ttls},
			{"forgets what has outlived its ttl", expires},
			{"does not prolong a counter", counterExpires},
			{"takes a new ttl with a new value", renews},
			{"leaves a value as it was when its caller changes theirs", owns},
			{"does nothing for a context that has ended", ended},
			{"adds once for a hundred at once", raceAdd},
			{"replaces once for a hundred at once", raceCompareAndSet},
			{"counts a hundred at once exactly", raceCount},
			{"changes for a hundred at once exactly, from nothing on", raceUpdate},
		} {
			t.Run(p.name, func(t *testing.T) {
				t.Parallel()
				p.proof(&kit{T: t, Store: s, at: rand.Text() + ":"})
			})
		}
	})
}

// kit is a test with the store that it is about, and keys of its own.
type kit struct {
	*testing.T
	store.Store

	at string
}

func (k *kit) key(name string) string { return k.at + name }

func (k *kit) ok(err error) {
	k.Helper()
	if err != nil {
		k.Fatal(err)
	}
}

func (k *kit) is(key string, want []byte) {
	k.Helper()
	got, err := k.Get(k.Context(), key)
	k.ok(err)
	if len(got) != 1 || !same(got[0], want) {
		k.Fatalf("%.40q holds %s, want %s", key, show(got...), show(want))
	}
}

func (k *kit) did(got bool, err error, want bool) {
	k.Helper()
	k.ok(err)
	if got != want {
		k.Fatalf("reports %t, want %t", got, want)
	}
}

func (k *kit) fails(err, want error) {
	k.Helper()
	if !errors.Is(err, want) {
		k.Fatalf("error %v, want %v", err, want)
	}
}

func same(a, b []byte) bool { return (a == nil) == (b == nil) && bytes.Equal(a, b) }

func show(values ...[]byte) string {
	var b strings.Builder
	for _, v := range values {
		if v == nil {
			b.WriteString("nothing ")
			continue
		}
		b.WriteString(strings.ToValidUTF8(string(v[:min(len(v), 40)]), "?") + " ")
	}
	return strings.TrimSpace(b.String())
}

// until polls until done, for as long as a slow machine may need.
func (k *kit) until(done func() bool) {
	k.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(time.Minute); !done(); <-tick.C {
		if time.Now().After(end) {
			k.Fatal("waited for a minute in vain")
		}
	}
}

func set(k *kit) {
	ctx, a, b := k.Context(), k.key("a"), k.key("b")
	k.is(a, nil)
	k.ok(k.Set(ctx, a, []byte("one"), time.Hour))
	k.is(a, []byte("one"))
	k.ok(k.Set(ctx, a, []byte("two"), time.Hour))
	k.ok(k.Set(ctx, b, []byte("three"), time.Hour))
	got, err := k.Get(ctx, b, k.key("absent"), a, b)
	k.ok(err)
	if len(got) != 4 || !same(got[0], []byte("three")) || got[1] != nil || !same(got[2], []byte("two")) || !same(got[3], []byte("three")) {
		k.Fatalf("Get returns %s", show(got...))
	}
	k.ok(k.Delete(ctx, a, k.key("absent"), b, a))
	k.is(a, nil)
	k.is(b, nil)
	got, err = k.Get(ctx)
	k.ok(err)
	if len(got) != 0 {
		k.Fatalf("Get of no key returns %d values", len(got))
	}
	k.ok(k.Delete(ctx))
}

func empty(k *kit) {
	ctx := k.Context()
	k.ok(k.Set(ctx, k.key("a"), []byte{}, time.Hour))
	k.is(k.key("a"), []byte{})
	k.ok(k.Set(ctx, k.key("b"), nil, time.Hour))
	k.is(k.key("b"), []byte{})
	done, err := k.Add(ctx, k.key("b"), []byte("x"), time.Hour)
	k.did(done, err, false)
	done, err = k.Add(ctx, k.key("c"), nil, time.Hour)
	k.did(done, err, true)
	k.is(k.key("c"), []byte{})
	done, err = k.CompareAndSet(ctx, k.key("c"), nil, []byte("x"), time.Hour)
	k.did(done, err, false)
	done, err = k.CompareAndSet(ctx, k.key("c"), []byte{}, []byte("x"), time.Hour)
	k.did(done, err, true)
	done, err = k.CompareAndSet(ctx, k.key("d"), []byte{}, []byte("x"), time.Hour)
	k.did(done, err, false)
	k.ok(k.Update(ctx, k.key("a"), func(_ time.Time, old []byte) ([]byte, time.Duration, bool) {
		if old == nil {
			k.Error("Update of an empty value is given nil")
		}
		return []byte{}, time.Hour, false
	}))
	k.is(k.key("a"), []byte{})
}

func addAbsent(k *kit) {
	ctx, a := k.Context(), k.key("a")
	done, err := k.Add(ctx, a, []byte("one"), time.Hour)
	k.did(done, err, true)
	done, err = k.Add(ctx, a, []byte("two"), time.Hour)
	k.did(done, err, false)
	k.is(a, []byte("one"))
	k.ok(k.Delete(ctx, a))
	done, err = k.Add(ctx, a, []byte("two"), time.Hour)
	k.did(done, err, true)
	k.is(a, []byte("two"))
}

func compareAndSet(k *kit) {
	ctx, a := k.Context(), k.key("a")
	for _, step := range []struct {
		old, value string
		want       bool
		after      string
	}{
		{"nothing", "nothing", true, "nothing"},
		{"one", "two", false, "nothing"},
		{"nothing", "one", true, "one"},
		{"nothing", "two", false, "one"},
		{"One", "two", false, "one"},
		{"one ", "two", false, "one"},
		{"one", "one", true, "one"},
		{"one", "two", true, "two"},
		{"one", "nothing", false, "two"},
		{"two", "nothing", true, "nothing"},
	} {
		done, err := k.CompareAndSet(ctx, a, value(step.old), value(step.value), time.Hour)
		k.did(done, err, step.want)
		k.is(a, value(step.after))
	}
	k.ok(k.Set(ctx, a, []byte("one"), time.Hour))
	done, err := k.CompareAndSet(ctx, a, []byte("one"), nil, 0) // a deletion has no ttl
	k.did(done, err, true)
}

func value(name string) []byte {
	if name == "nothing" {
		return nil
	}
	return []byte(name)
}

func count(k *kit) {
	ctx, a := k.Context(), k.key("a")
	for _, step := range []struct{ by, want int64 }{
		{1, 1}, {0, 1}, {41, 42}, {-50, -8}, {8, 0}, {math.MaxInt64, math.MaxInt64}, {-math.MaxInt64, 0}, {-1, -1}, {math.MinInt64 + 1, math.MinInt64},
		{math.MaxInt64, -1}, {8, 7},
	} {
		got, err := k.Count(ctx, a, step.by, time.Hour)
		k.ok(err)
		if got != step.want {
			k.Fatalf("Count by %d returns %d, want %d", step.by, got, step.want)
		}
	}
	k.is(a, []byte("7"))
	k.ok(k.Set(ctx, a, []byte("-12"), time.Hour))
	got, err := k.Count(ctx, a, 2, time.Hour)
	k.ok(err)
	if got != -10 {
		k.Fatalf("Count upon -12 by 2 returns %d", got)
	}
	got, err = k.Count(ctx, k.key("zero"), 0, time.Hour)
	k.ok(err)
	if got != 0 {
		k.Fatalf("Count of an absent one by 0 returns %d", got)
	}
	k.is(k.key("zero"), []byte("0"))
}

func countFaults(k *kit) {
	ctx, a := k.Context(), k.key("a")
	for _, old := range []string{"", " ", "x", "1x", " 1", "1 ", "+1", "01", "-0", "-", "1.0", "1e3", "0x1", "\x00", "9223372036854775808", "１"} {
		k.ok(k.Set(ctx, a, []byte(old), time.Hour))
		_, err := k.Count(ctx, a, 1, time.Hour)
		if !errors.Is(err, store.ErrCounter) {
			k.Errorf("Count upon %q: %v, want %v", old, err, store.ErrCounter)
		}
		k.is(a, []byte(old))
	}
	for _, step := range []struct {
		old string
		by  int64
	}{{"9223372036854775807", 1}, {"1", math.MaxInt64}, {"-9223372036854775808", -1}, {"-1", math.MinInt64}} {
		k.ok(k.Set(ctx, a, []byte(step.old), time.Hour))
		_, err := k.Count(ctx, a, step.by, time.Hour)
		k.fails(err, store.ErrCounter)
		k.is(a, []byte(step.old))
	}
}
