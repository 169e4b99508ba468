package storetest

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/tenon-go/tenon/store"
)

func update(k *kit) {
	ctx, a := k.Context(), k.key("a")
	for _, step := range []struct {
		name, old, value string
		keep             bool
		after            string
	}{
		{"keeps an absent one absent", "nothing", "one", true, "nothing"},
		{"deletes an absent one", "nothing", "nothing", false, "nothing"},
		{"makes a value", "nothing", "one", false, "one"},
		{"keeps a value", "one", "nothing", true, "one"},
		{"writes the same", "one", "one", false, "one"},
		{"changes a value", "one", "two", false, "two"},
		{"deletes a value", "two", "nothing", false, "nothing"},
	} {
		err := k.Update(ctx, a, func(_ time.Time, old []byte) ([]byte, time.Duration, bool) {
			if !same(old, value(step.old)) {
				k.Errorf("%s: change is given %s, want %s", step.name, show(old), step.old)
			}
			return value(step.value), time.Hour, step.keep
		})
		if err != nil {
			k.Fatalf("%s: %v", step.name, err)
		}
		k.is(a, value(step.after))
	}
	k.ok(k.Set(ctx, a, []byte("one"), time.Hour))
	k.ok(k.Update(ctx, a, func(_ time.Time, old []byte) ([]byte, time.Duration, bool) { return old, time.Hour, false }))
	k.is(a, []byte("one"))
	k.ok(k.Update(ctx, a, func(time.Time, []byte) ([]byte, time.Duration, bool) { return nil, 0, false })) // a deletion has no ttl
	k.is(a, nil)
}

func updateClock(k *kit) {
	var last time.Time
	for range 5 {
		k.ok(k.Update(k.Context(), k.key("a"), func(now time.Time, _ []byte) ([]byte, time.Duration, bool) {
			if now.Before(last) {
				k.Errorf("the clock says %v after %v", now, last)
			}
			last = now
			return []byte("x"), time.Hour, false
		}))
	}
	if away := time.Since(last).Abs(); away > time.Hour {
		k.Errorf("the clock is %v off this one", away)
	}
}

func hostile(k *kit) {
	ctx := k.Context()
	names := []string{
		"", "\x00", "a\x00b", "a", "A", "a ", " a", "ä", "a\u0308", "\xff\xfe", "{}", "{a}b", "}{", "%", "_", "*", "?", "[a]", `\`, `'; --`, "\r\n", "\u202e",
		strings.Repeat("k", store.MaxKey-len(k.at)), strings.Repeat("\xf0\x9f\x94\x91", 100),
	}
	for i, name := range names {
		k.ok(k.Set(ctx, k.key(name), []byte{byte(i), 0, 0xff}, time.Hour))
	}
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = k.key(name)
	}
	got, err := k.Get(ctx, keys...)
	k.ok(err)
	for i, v := range got {
		if !same(v, []byte{byte(i), 0, 0xff}) {
			k.Errorf("the key %q holds %x", names[i], v)
		}
	}
	for i, key := range keys {
		done, err := k.CompareAndSet(ctx, key, []byte{byte(i), 0, 0xff}, []byte("41"), time.Hour)
		k.did(done, err, true)
		n, err := k.Count(ctx, key, 1, time.Hour)
		k.ok(err)
		if n != 42 {
			k.Errorf("the key %q counts to %d", names[i], n)
		}
	}
	k.ok(k.Delete(ctx, keys...))
	for _, key := range keys {
		k.is(key, nil)
	}
}

func bounds(k *kit) {
	ctx, a := k.Context(), k.key("a")
	large := make([]byte, store.MaxValue+1)
	for i := range large {
		large[i] = byte(i * 7)
	}
	k.ok(k.Set(ctx, a, large[:store.MaxValue], time.Hour))
	k.is(a, large[:store.MaxValue])
	k.ok(k.Set(ctx, a, []byte("one"), time.Hour))
	set := func(v []byte) store.Change {
		return func(time.Time, []byte) ([]byte, time.Duration, bool) { return v, time.Hour, false }
	}
	calls := func(key string, v []byte) map[string]error {
		errs := map[string]error{"Set": k.Set(ctx, key, v, time.Hour), "Update": k.Update(ctx, key, set(v))}
		_, errs["Add"] = k.Add(ctx, key, v, time.Hour)
		_, errs["CompareAndSet"] = k.CompareAndSet(ctx, key, []byte("one"), v, time.Hour)
		return errs
	}
	for name, err := range calls(a, large) {
		if !errors.Is(err, store.ErrSize) {
			k.Errorf("%s of a value that is too long: %v", name, err)
		}
	}
	k.is(a, []byte("one"))
	for _, key := range []string{"", strings.Repeat("k", store.MaxKey+1)} {
		errs := calls(key, []byte("x"))
		_, errs["Count"] = k.Count(ctx, key, 1, time.Hour)
		_, errs["Get"] = k.Get(ctx, a, key)
		errs["Delete"] = k.Delete(ctx, a, key)
		for name, err := range errs {
			if !errors.Is(err, store.ErrSize) {
				k.Errorf("%s of a key of %d bytes: %v", name, len(key), err)
			}
		}
	}
	k.is(a, []byte("one"))
}

func ttls(k *kit) {
	ctx, a := k.Context(), k.key("a")
	k.ok(k.Set(ctx, a, []byte("1"), time.Hour))
	for _, ttl := range []time.Duration{0, -1, -time.Hour} {
		errs := map[string]error{
			"Set": k.Set(ctx, a, []byte("2"), ttl),
			"Update": k.Update(ctx, a, func(time.Time, []byte) ([]byte, time.Duration, bool) {
				return []byte("2"), ttl, false
			}),
		}
		_, errs["Add"] = k.Add(ctx, k.key("b"), []byte("2"), ttl)
		_, errs["CompareAndSet"] = k.CompareAndSet(ctx, a, []byte("1"), []byte("2"), ttl)
		_, errs["Count"] = k.Count(ctx, a, 1, ttl)
		for name, err := range errs {
			if !errors.Is(err, store.ErrSize) {
				k.Errorf("%s with a ttl of %v: %v", name, ttl, err)
			}
		}
	}
	k.is(a, []byte("1"))
	k.is(k.key("b"), nil)
	for _, ttl := range []time.Duration{1<<63 - 1, 100 * 365 * 24 * time.Hour} {
		k.ok(k.Set(ctx, a, []byte("long"), ttl))
		k.is(a, []byte("long"))
	}
	k.ok(k.Set(ctx, a, []byte("short"), time.Nanosecond))
	k.until(func() bool { return k.absent(a) })
}

func (k *kit) absent(key string) bool {
	got, err := k.Get(k.Context(), key)
	k.ok(err)
	return got[0] == nil
}

func expires(k *kit) {
	ctx := k.Context()
	short := 50 * time.Millisecond
	k.ok(k.Set(ctx, k.key("long"), []byte("x"), time.Hour))
	k.ok(k.Set(ctx, k.key("set"), []byte("x"), short))
	_, err := k.Add(ctx, k.key("add"), []byte("x"), short)
	k.ok(err)
	_, err = k.CompareAndSet(ctx, k.key("cas"), nil, []byte("x"), short)
	k.ok(err)
	k.ok(k.Update(ctx, k.key("update"), func(time.Time, []byte) ([]byte, time.Duration, bool) { return []byte("x"), short, false }))
	for _, name := range []string{"set", "add", "cas", "update"} {
		k.until(func() bool { return k.absent(k.key(name)) })
	}
	k.is(k.key("long"), []byte("x"))
	for _, name := range []string{"set", "add", "cas", "update"} {
		done, err := k.CompareAndSet(ctx, k.key(name), []byte("x"), []byte("y"), time.Hour)
		k.did(done, err, false)
	}
	done, err := k.Add(ctx, k.key("set"), []byte("y"), time.Hour)
	k.did(done, err, true)
	n, err := k.Count(ctx, k.key("add"), 5, time.Hour)
	k.ok(err)
	if n != 5 {
		k.Errorf("a counter where a value has ended begins at %d", n-5)
	}
	k.ok(k.Update(ctx, k.key("update"), func(_ time.Time, old []byte) ([]byte, time.Duration, bool) {
		if old != nil {
			k.Error("change is given what has outlived its ttl")
		}
		return nil, 0, true
	}))
	done, err = k.CompareAndSet(ctx, k.key("cas"), nil, []byte("y"), time.Hour)
	k.did(done, err, true)
}

func counterExpires(k *kit) {
	last := int64(0)
	k.until(func() bool {
		n, err := k.Count(k.Context(), k.key("a"), 1, 500*time.Millisecond) // longer than a machine stalls between two
		k.ok(err)
		if n != last+1 && n != 1 {
			k.Fatalf("Count returns %d after %d", n, last)
		}
		began := last > 0 && n == 1
		last = n
		return began
	})
}

func renews(k *kit) {
	ctx, short := k.Context(), 50*time.Millisecond
	hour := func(_ time.Time, old []byte) ([]byte, time.Duration, bool) { return old, time.Hour, false }
	for _, again := range []func(key string){
		func(key string) { k.ok(k.Set(ctx, key, []byte("x"), time.Hour)) },
		func(key string) { k.ok(k.Update(ctx, key, hour)) },
		func(key string) {
			_, err := k.CompareAndSet(ctx, key, []byte("x"), []byte("x"), time.Hour)
			k.ok(err)
		},
	} {
		key, witness := k.key("a"), k.key("witness")
		k.until(func() bool { // a slow store may forget it before it is taken up again
			k.ok(k.Set(ctx, key, []byte("x"), short))
			k.ok(k.Set(ctx, witness, []byte("x"), short))
			again(key)
			return !k.absent(key)
		})
		k.until(func() bool { return k.absent(witness) })
		k.is(key, []byte("x"))
	}
}

func owns(k *kit) {
	ctx, a := k.Context(), k.key("a")
	k.ok(k.Set(ctx, a, []byte("one"), time.Hour))
	got, err := k.Get(ctx, a)
	k.ok(err)
	k.ok(k.Set(ctx, a, []byte("two"), time.Hour))
	_, err = k.Count(ctx, k.key("n"), 7, time.Hour)
	k.ok(err)
	n, err := k.Get(ctx, k.key("n"))
	k.ok(err)
	_, err = k.Count(ctx, k.key("n"), 1, time.Hour)
	k.ok(err)
	if string(got[0]) != "one" || string(n[0]) != "7" {
		k.Errorf("values that were returned are now %s", show(got[0], n[0]))
	}
}

func ended(k *kit) {
	a := k.key("a")
	k.ok(k.Set(k.Context(), a, []byte("1"), time.Hour))
	ctx, cancel := context.WithCancel(k.Context())
	cancel()
	errs := map[string]error{
		"Set":    k.Set(ctx, a, []byte("2"), time.Hour),
		"Delete": k.Delete(ctx, a),
		"Update": k.Update(ctx, a, func(time.Time, []byte) ([]byte, time.Duration, bool) { return []byte("2"), time.Hour, false }),
	}
	_, errs["Get"] = k.Get(ctx, a)
	_, errs["Add"] = k.Add(ctx, k.key("b"), []byte("2"), time.Hour)
	_, errs["CompareAndSet"] = k.CompareAndSet(ctx, a, []byte("1"), []byte("2"), time.Hour)
	_, errs["Count"] = k.Count(ctx, a, 1, time.Hour)
	for name, err := range errs {
		if !errors.Is(err, context.Canceled) {
			k.Errorf("%s: %v", name, err)
		}
	}
	k.is(a, []byte("1"))
	k.is(k.key("b"), nil)
}
