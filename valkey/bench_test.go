package valkey_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/tenon-go/tenon/store"
	"github.com/tenon-go/tenon/valkey/valkeytest"
)

// BenchmarkStore measures calls with 64 at once upon 1000 keys, and upon one.
func BenchmarkStore(b *testing.B) {
	s := open(b, patient(valkeytest.Start(b).URL()))
	each := func(name string, keys int, call func(ctx context.Context, key string) error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetParallelism(32)
			b.RunParallel(func(pb *testing.PB) {
				for i := 0; pb.Next(); i++ {
					if err := call(b.Context(), "limit:198.51.100."+strconv.Itoa(i%keys)); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
	get := func(ctx context.Context, key string) error {
		_, err := s.Get(ctx, key)
		return err
	}
	count := func(ctx context.Context, key string) error {
		_, err := s.Count(ctx, key, 1, time.Hour)
		return err
	}
	update := func(ctx context.Context, key string) error {
		return s.Update(ctx, key, func(_ time.Time, old []byte) ([]byte, time.Duration, bool) {
			n, err := store.Sum(old, 1)
			if err != nil {
				b.Error(err)
			}
			return strconv.AppendInt(nil, n, 10), time.Hour, false
		})
	}
	each("Get", 1000, get)
	each("Count", 1000, count)
	each("Update", 1000, update)
	each("Update of one key", 1, update)
}
