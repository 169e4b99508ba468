package store_test

import (
	"context"
	"encoding/binary"
	"strconv"
	"testing"
	"time"

	"github.com/tenon-go/tenon/store"
)

// BenchmarkMemory measures what a limiter and a cache do for one request, upon 1000 keys.
func BenchmarkMemory(b *testing.B) {
	m := memory(b, store.Config{})
	keys := make([]string, 1000)
	for i := range keys {
		keys[i] = "limit:GET /users/{id}:198.51.100." + strconv.Itoa(i)
	}
	var s store.Store = m
	each := func(name string, call func(ctx context.Context, key string) error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for i := 0; pb.Next(); i++ {
					if err := call(b.Context(), keys[i%len(keys)]); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
	each("Update", func(ctx context.Context, key string) error { return s.Update(ctx, key, refill) })
	each("Get", func(ctx context.Context, key string) error {
		_, err := s.Get(ctx, key)
		return err
	})
	each("Count", func(ctx context.Context, key string) error {
		_, err := s.Count(ctx, key+"n", 1, time.Hour)
		return err
	})
	each("Set", func(ctx context.Context, key string) error { return s.Set(ctx, key, []byte("value"), time.Hour) })
}

// refill is a change as a limiter makes it: a time in, a time out.
func refill(now time.Time, old []byte) ([]byte, time.Duration, bool) {
	next := now.UnixNano()
	if len(old) == 8 {
		next = max(next, int64(binary.BigEndian.Uint64(old))) + int64(time.Millisecond)
	}
	return binary.BigEndian.AppendUint64(nil, uint64(next)), time.Minute, false
}
