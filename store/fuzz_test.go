package store_test

import (
	"bytes"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/tenon-go/tenon/store"
)

// FuzzStamp reads what may have been kept as a stamp: where no tag has a generation, nothing but the stamp of no tags is fresh.
func FuzzStamp(f *testing.F) {
	m := memory(f, store.Config{})
	stamp, err := store.Tags{Store: m}.Stamp(f.Context(), "a", "another")
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{nil, stamp, stamp[:20], stamp[1:], {0}, {0xff, 0xff, 0xff}, bytes.Repeat([]byte{0xfc, 3}, 300)} {
		f.Add(seed)
	}
	tags := store.Tags{Store: memory(f, store.Config{})}
	f.Fuzz(func(t *testing.T, stamp []byte) {
		fresh, err := tags.Fresh(t.Context(), stamp)
		if err != nil || fresh != (len(stamp) == 0) {
			t.Errorf("fresh %t, %v", fresh, err)
		}
	})
}

// FuzzMemory runs calls, each of three bytes, against a Memory and a map, and wants the same of both.
func FuzzMemory(f *testing.F) {
	f.Add([]byte("\x00\x01\x02\x01\x01\x03\x02\x02\x05\x03\x01\x00\x04\x01\x09\x05\x01\x09"))
	f.Add([]byte("\x03\x00\x01\x03\x00\x01\x06\x00\x05\x03\x00\x01\x01\x00\x01\x04\x00\x01\x02\x00\x00"))
	f.Fuzz(func(t *testing.T, script []byte) {
		now := time.Unix(1e9, 0)
		m := memory(t, store.Config{Now: func() time.Time { return now }})
		model := map[string]kept{}
		for ; len(script) >= 3; script = script[3:] {
			key, n, ttl := strconv.Itoa(int(script[1]%4)), script[2], time.Duration(script[2]%8+1)*time.Second
			was, there := model[key]
			if there = there && was.ends.After(now); !there {
				was = kept{}
				delete(model, key)
			}
			next := kept{strconv.AppendInt(nil, int64(n%5), 10), now.Add(ttl)}
			switch script[0] % 7 {
			case 0:
				ok(t, m.Set(t.Context(), key, next.value, ttl))
				model[key] = next
			case 1:
				done, err := m.Add(t.Context(), key, next.value, ttl)
				if err != nil || done == there {
					t.Fatalf("Add: %t, %v", done, err)
				}
				if done {
					model[key] = next
				}
			case 2:
				old := strconv.AppendInt(nil, int64(n/5%5), 10)
				done, err := m.CompareAndSet(t.Context(), key, old, next.value, ttl)
				if err != nil || done != (there && bytes.Equal(was.value, old)) {
					t.Fatalf("CompareAndSet: %t, %v", done, err)
				}
				if done {
					model[key] = next
				}
			case 3:
				sum, err := m.Count(t.Context(), key, int64(n), ttl)
				want, wantErr := store.Sum(was.value, int64(n))
				if sum != want || !errors.Is(err, wantErr) {
					t.Fatalf("Count: %d, %v, want %d, %v", sum, err, want, wantErr)
				}
				if there {
					next.ends = was.ends
				}
				model[key] = kept{strconv.AppendInt(nil, sum, 10), next.ends}
			case 4:
				ok(t, m.Delete(t.Context(), key))
				delete(model, key)
			case 5:
				ok(t, m.Update(t.Context(), key, func(at time.Time, old []byte) ([]byte, time.Duration, bool) {
					if !at.Equal(now) || !bytes.Equal(old, was.value) {
						t.Errorf("change is given %v, %q, want %v, %q", at, old, now, was.value)
					}
					return next.value, ttl, n%3 == 0
				}))
				if n%3 != 0 {
					model[key] = next
				}
			case 6:
				now = now.Add(time.Duration(n) * 50 * time.Millisecond)
			}
		}
		for i := range 4 {
			key := strconv.Itoa(i)
			want := model[key]
			got, err := m.Get(t.Context(), key)
			if ok := want.ends.After(now); err != nil || ok != (got[0] != nil) || ok && !bytes.Equal(got[0], want.value) {
				t.Errorf("%s holds %q, %v, want %q", key, got[0], err, want.value)
			}
		}
	})
}

// kept is what the map keeps.
type kept struct {
	value []byte
	ends  time.Time
}
