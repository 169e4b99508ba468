package store_test

import (
	"fmt"
	"testing"

	"github.com/tenon-go/tenon/data"
)

const saw = "/api/v2/products/1"

func TestAProductIsChangedInPart(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		s.Post("/api/v2/products", `{"name":"Saw","price":89.00,"discount":0.3,"stock":4}`).Status(201).Header("ETag", `"1"`).Header("Location", saw)
		for i, tt := range []struct{ body, want string }{
			{`{"stock":5}`, `{"id":1,"name":"Saw","price":89.00,"discount":0.3,"stock":5,"created_at":"<<time>>"}`},
			{`{"discount":null}`, `{"id":1,"name":"Saw","price":89.00,"discount":null,"stock":5,"created_at":"<<time>>"}`},
			{`{"name":"Tenon saw","price":99.990,"discount":0.10}`, `{"id":1,"name":"Tenon saw","price":99.990,"discount":0.10,"stock":5,"created_at":"<<time>>"}`},
		} {
			tag := fmt.Sprintf(`"%d"`, i+2)
			s.With("If-Match", fmt.Sprintf(`"%d"`, i+1)).Patch(saw, tt.body).Status(200).Header("ETag", tag).JSON(tt.want)
			s.Get(saw).Status(200).Header("ETag", tag).JSON(tt.want)
		}
		s.With("If-None-Match", `"4"`).Get(saw).Status(304).Empty()
	})
}

func TestN08SQ12AProductIsChangedAsItWasSeen(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com"))
		s.Post("/api/v2/products", `{"name":"Saw","price":2,"discount":0.5,"stock":4}`).Status(201)
		s.Patch(saw, `{"stock":7}`).Status(428).Problem("precondition-required")
		s.With("If-Match", `"2"`).Patch(saw, `{"stock":7}`).Status(412)
		s.With("If-Match", `"1"`).Patch("/api/v2/products/9", `{"stock":7}`).Status(404).Problem("product-not-found")
		for body, fault := range map[string][2]string{
			`{"stock":-1}`: {"/stock", "minimum"}, `{"stock":1000001}`: {"/stock", "maximum"}, `{"price":0}`: {"/price", "exclusiveMinimum"},
			`{"price":1.99}`: {"", "final-price"}, `{"discount":0.6}`: {"", "final-price"}, `{"price":null}`: {"/price", "null"}, `{"version":7}`: {"/version", "unknown"},
			`{"name":" \t\u00a0"}`: {"/name", "blank"},
		} {
			s.With("If-Match", `"1"`).Patch(saw, body).Status(422).Fault("body", fault[0], fault[1]).Faults(1)
		}
		// An order takes of the stock, so whoever has seen the product before has seen another one.
		s.Post("/api/v2/orders", `{"lines":[{"product_id":1,"quantity":1}]}`).Status(201)
		s.With("If-Match", `"1"`).Patch(saw, `{"stock":7}`).Status(412)
		s.With("If-Match", `"2"`).Patch(saw, `{"stock":7}`).Status(200).Header("ETag", `"3"`)
		s.Delete(saw).Status(428).Problem("precondition-required")
		s.With("If-Match", `"2"`).Delete(saw).Status(412)
		s.With("If-Match", `"3"`).Delete(saw).Status(409).Problem("product-ordered")
	})
}
