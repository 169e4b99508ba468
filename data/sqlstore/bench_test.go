package sqlstore_test

import (
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/data/sqlstore"
	"github.com/tenon-go/tenon/store"
)

// BenchmarkStore measures calls with 64 at once upon 1000 keys.
func BenchmarkStore(b *testing.B) {
	for name, dsn := range map[string]string{
		"sqlite": "sqlite:" + filepath.Join(b.TempDir(), "store.db"), "postgres": datatest.PostgresURL(b, migrations()),
	} {
		db := datatest.Open(b, dsn, data.Config{Migrations: migrations(), Postgres: data.PostgresConfig{Connections: 8, Acquire: time.Minute}})
		s, err := sqlstore.New(db, sqlstore.Config{Timeout: time.Minute})
		if err != nil {
			b.Fatal(err)
		}
		each := func(call string, f func(key string) error) {
			b.Run(name+" "+call, func(b *testing.B) {
				b.SetParallelism(32)
				b.RunParallel(func(pb *testing.PB) {
					for i := 0; pb.Next(); i++ {
						if err := f(strconv.Itoa(i % 1000)); err != nil {
							b.Error(err)
						}
					}
				})
			})
		}
		each("Get", func(key string) error {
			_, err := s.Get(b.Context(), key)
			return err
		})
		each("Count", func(key string) error {
			_, err := s.Count(b.Context(), key, 1, time.Hour)
			return err
		})
		each("Update", func(key string) error {
			return s.Update(b.Context(), key, func(_ time.Time, old []byte) ([]byte, time.Duration, bool) {
				n, err := store.Sum(old, 1)
				if err != nil {
					b.Error(err)
				}
				return strconv.AppendInt(nil, n, 10), time.Hour, false
			})
		})
	}
}
