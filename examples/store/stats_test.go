package store_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/examples/store"
	kept "github.com/tenon-go/tenon/store"
	"github.com/tenon-go/tenon/tenontest"
)

// replicas are two services on one database, who share what they keep, and the second of their clock.
func replicas(t *testing.T, db *data.DB) (here, there *tenontest.Server, second *atomic.Int64) {
	t.Helper()
	second = &atomic.Int64{}
	now := func() time.Time { return noon.Add(time.Duration(second.Load()) * time.Second) }
	shared, err := kept.NewMemory(kept.Config{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	key := root(t)
	serve := func() *tenontest.Server {
		app, err := store.NewTrusting(store.Config{DB: db, Root: key, Logger: tenontest.Logger(t), Now: now, Shared: shared})
		if err != nil {
			t.Fatal(err)
		}
		return as(t, tenontest.New(t, app), 1, "admin")
	}
	return serve(), serve(), second
}

const statsPath = "/api/v1/stats"

// TestSD121Stats is the guide's /data: what is answered is kept for 300 seconds, also where rows change past the service.
func TestSD121Stats(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		here, there, second := replicas(t, db)
		here.Post("/api/v1/products", `{"name":"Chisel","price":19.99,"stock":5}`).Status(201)
		first := here.Get(statsPath).Status(200).JSON(`{"products":1,"in_stock":1,"items":5}`).
			Header("Cache-Control", "public, max-age=300").Header("Age", "").Header("Cache-Status", "tenon; fwd=miss; stored")
		run(t, db, data.SQL(`UPDATE products SET stock = 0`))
		second.Store(299)
		tag := first.Headers.Get("ETag")
		there.Get(statsPath).Status(200).JSON(`{"products":1,"in_stock":1,"items":5}`).Header("Age", "299").
			Header("ETag", tag).Header("Cache-Status", "tenon; hit; ttl=1")
		here.With("If-None-Match", tag).Get(statsPath).Status(304).Header("ETag", tag)
		second.Store(300)
		there.Get(statsPath).Status(200).JSON(`{"products":1,"in_stock":0,"items":0}`)
	})
}

// TestSD124StatsChangeWithTheStock, on every replica, before whoever changed it is answered.
func TestSD124StatsChangeWithTheStock(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		here, there, _ := replicas(t, db)
		here.Post("/api/v2/users", newUser("ada", "ada@example.com")).Status(201)
		expect := func(want string) {
			t.Helper()
			for _, s := range []*tenontest.Server{there, here} {
				s.Get(statsPath).Status(200).JSON(want)
			}
			if how := here.Get(statsPath).Headers.Get("Cache-Status"); !strings.HasPrefix(how, "tenon; hit") {
				t.Errorf("%s", how)
			}
		}
		expect(`{"products":0,"in_stock":0,"items":0}`)
		here.Post("/api/v2/products", `{"name":"Chisel","price":19.99,"stock":5}`).Status(201)
		expect(`{"products":1,"in_stock":1,"items":5}`)
		there.Post("/api/v2/orders", `{"lines":[{"product_id":1,"quantity":2}]}`).Status(201)
		expect(`{"products":1,"in_stock":1,"items":3}`)
		there.Post("/api/v2/orders/1/cancel", "").Status(200)
		expect(`{"products":1,"in_stock":1,"items":5}`)
		here.With("If-Match", "*").Patch("/api/v2/products/1", `{"stock":0}`).Status(200)
		expect(`{"products":1,"in_stock":0,"items":0}`)
		there.Post("/api/v2/products", `{"name":"Mallet","price":24.5,"stock":1}`).Status(201)
		here.With("If-Match", "*").Delete("/api/v2/products/2").Status(204)
		expect(`{"products":1,"in_stock":0,"items":0}`)
	})
}
