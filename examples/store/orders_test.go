package store_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/tenontest"
)

// shop is a service with two users and three products: 1 costs 16.9915 and there are 5, 2 costs 24.50 and there is 1, 3 costs
// 99999999999.9999 and there are 1000000.
func shop(t *testing.T, db *data.DB) *tenontest.Server {
	t.Helper()
	s := serve(t, db)
	for _, name := range []string{"ada", "bob"} {
		s.Post("/api/v2/users", newUser(name, name+"@example.com")).Status(201)
	}
	for _, product := range []string{
		`{"name":"Chisel","price":19.99,"discount":0.15,"stock":5}`, `{"name":"Mallet","price":24.50,"stock":1}`,
		`{"name":"Bridge","price":99999999999.9999,"stock":1000000}`,
	} {
		s.Post("/api/v2/products", product).Status(201)
	}
	return s
}

func stock(t *testing.T, s *tenontest.Server, want ...int) {
	t.Helper()
	for i, n := range want {
		s.Get(fmt.Sprintf("/api/v2/products/%d", i+1)).Status(200).At("/stock", strconv.Itoa(n))
	}
}

func TestAnOrderTakesItsLinesOrNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := shop(t, db)
		const want = `{"id":1,"user_id":1,"status":"open","total":58.48,"created_at":"2026-03-01T12:00:00.123456Z","lines":[` +
			`{"product_id":2,"quantity":1,"unit_price":24.50},{"product_id":1,"quantity":2,"unit_price":16.99}]}`
		s.Post("/api/v2/orders", `{"lines":[{"product_id":2,"quantity":1},{"product_id":1,"quantity":2}]}`).Status(201).
			Header("Location", "/api/v2/orders/1").JSON(want)
		s.Get("/api/v2/orders/1").Status(200).JSON(want)
		stock(t, s, 3, 0)
		s.Post("/api/v2/orders", `{"lines":[{"product_id":2,"quantity":1},{"product_id":1,"quantity":2}]}`).Status(409).
			Problem("out-of-stock").At("/line", "0").At("/product_id", "2")
		as(t, s, 2, "user").Post("/api/v2/orders", `{"lines":[{"product_id":3,"quantity":1},{"product_id":1,"quantity":4}]}`).Status(409).
			Problem("out-of-stock").At("/line", "1").At("/product_id", "1")
		stock(t, s, 3, 0, 1000000)
		s.Get("/api/v2/orders").At("/total", "1")
		s.Post("/api/v2/products", `{"name":"Pencil","price":1.20,"stock":9}`).Status(201)
		s.Post("/api/v2/products", `{"name":"Rule","price":3,"stock":9}`).Status(201)
		s.Post("/api/v2/orders", `{"lines":[{"product_id":5,"quantity":1},{"product_id":4,"quantity":2},{"product_id":3,"quantity":1},{"product_id":1,"quantity":1}]}`).
			Status(201).At("/lines/1", `{"product_id":4,"quantity":2,"unit_price":1.20}`)
		// A price changes for orders to come.
		s.With("If-Match", `*`).Patch("/api/v2/products/1", `{"price":100}`).Status(200)
		s.Get("/api/v2/orders/1").Status(200).JSON(want)
	})
}

func TestSD083SumsOfManyDigitsAreExact(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := shop(t, db)
		s.Post("/api/v2/orders", `{"lines":[{"product_id":3,"quantity":999}]}`).Status(201).At("/total", "99900000000000.00").
			At("/lines/0/unit_price", "100000000000.00")
		s.Post("/api/v2/orders", `{"lines":[{"product_id":1,"quantity":3}]}`).Status(201).At("/total", "50.97")
		s.Get("/api/v2/orders?total[gt]=50.97&fields=total").Status(200).At("/items", `[{"total":99900000000000.00}]`)
		s.Get("/api/v2/orders?order=total&fields=total").Status(200).At("/items", `[{"total":50.97},{"total":99900000000000.00}]`)
	})
}

func TestBadOrdersAreRefusedWithTheRule(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := shop(t, db)
		line := func(product, quantity string) string {
			return `{"lines":[{"product_id":1,"quantity":1},{"product_id":` + product + `,"quantity":` + quantity + `}]}`
		}
		for body, fault := range map[string][2]string{
			line("9", "1"): {"/lines/1/product_id", "unknown-product"}, line("1", "1"): {"/lines/1/product_id", "duplicate"},
			line("2", "0"): {"/lines/1/quantity", "minimum"}, line("2", "-1"): {"/lines/1/quantity", "minimum"}, line("2", "1001"): {"/lines/1/quantity", "maximum"},
			line("2", "1.5"): {"/lines/1/quantity", "type"}, line("0", "1"): {"/lines/1/product_id", "minimum"},
			`{"user_id":2,"lines":[{"product_id":1,"quantity":1}]}`: {"/user_id", "unknown"},
			`{"lines":[]}`: {"/lines", "minItems"},
			`{"lines":[` + strings.TrimSuffix(strings.Repeat(`{"product_id":1,"quantity":1},`, 101), ",") + `]}`: {"/lines", "maxItems"},
			`{"lines":[{"product_id":1,"quantity":1,"unit_price":0}]}`:                                           {"/lines/0/unit_price", "unknown"},
		} {
			s.Post("/api/v2/orders", body).Status(422).Fault("body", fault[0], fault[1]).Faults(1)
		}
		stock(t, s, 5, 1)
		s.Get("/api/v2/orders").At("/total", "0")
	})
}

func TestACancelledOrderGivesBackOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := shop(t, db)
		s.Post("/api/v2/orders", `{"lines":[{"product_id":2,"quantity":1},{"product_id":1,"quantity":2}]}`).Status(201)
		as(t, s, 2, "user").Post("/api/v2/orders", `{"lines":[{"product_id":1,"quantity":1}]}`).Status(201)
		stock(t, s, 2, 0)
		s.Post("/api/v2/orders/1/cancel", "").Status(200).At("/status", `"cancelled"`).At("/lines/1/quantity", "2")
		stock(t, s, 5-1, 1)
		s.Post("/api/v2/orders/1/cancel", "").Status(409).Problem("order-cancelled")
		s.Post("/api/v2/orders/9/cancel", "").Status(404).Problem("order-not-found")
		s.Get("/api/v2/orders/9").Status(404).Problem("order-not-found")
		stock(t, s, 5-1, 1)
		as(t, s, 9, "admin").Delete("/api/v2/users/1").Status(409).Problem("user-in-use") // orders are kept
	})
}

func TestAnOrderMayBeSentAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := shop(t, db)
		const order = `{"lines":[{"product_id":2,"quantity":1},{"product_id":1,"quantity":2}]}`
		keyed := s.With("Idempotency-Key", "k1")
		first := keyed.Post("/api/v2/orders", order).Status(201)
		keyed.Post("/api/v2/orders", order).Status(201).Header("Location", first.Headers.Get("Location")).JSON(string(first.Body))
		stock(t, s, 3, 0)
		for _, other := range []string{
			strings.Replace(order, `"quantity":2`, `"quantity":1`, 1),
			`{"lines":[{"product_id":1,"quantity":2}]}`,
		} {
			keyed.Post("/api/v2/orders", other).Status(409).Problem("idempotency-key-used")
		}
		// The key of another user is another key.
		as(t, keyed, 2, "user").Post("/api/v2/orders", `{"lines":[{"product_id":1,"quantity":1}]}`).Status(201).At("/id", "2")
		as(t, s, 2, "user").Get("/api/v2/orders?search=K1").At("/total", "1")
		s.With("Idempotency-Key", strings.Repeat("k", 101)).Post("/api/v2/orders", order).Status(422).Fault("header", "/Idempotency-Key", "maxLength")
		s.Get("/api/v2/orders?search=K1").At("/total", "2")
	})
}
