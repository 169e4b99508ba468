package store_test

import (
	"context"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/accounts"
	"github.com/tenon-go/tenon/examples/store"
)

// TestSD072AKeyKeepsTheProductsAndNothingElse makes an API key as an admin, and calls with it.
func TestSD072AKeyKeepsTheProductsAndNothingElse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := checking(t, db)
		email, drawn, err := store.FirstAdmin(t.Context(), db, store.Admin{})
		if err != nil {
			t.Fatal(err)
		}
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201)
		const wish = `{"name":"stock","scopes":["products:write"]}`
		s.With("Authorization", token(s, "ada@example.com", password)).Post("/api/v2/auth/keys", wish).Status(403).Problem("scope-refused").
			Fault("body", "/scopes/0", "scope")
		admin := s.With("Authorization", token(s, email, drawn))
		made := admin.Post("/api/v2/auth/keys", wish).Status(201).Header("Cache-Control", "no-store").Into[accounts.CreatedKey]()
		key := s.With("X-API-Key", made.Key)
		const product = `{"name":"Chisel","price":24.99,"stock":3}`
		key.Post("/api/v2/products", product).Status(201)
		key.With("If-Match", "*").Patch("/api/v2/products/1", `{"stock":4}`).Status(200).At("/stock", "4")
		key.Get("/api/v2/users/me").Status(200).At("/email", `"`+email+`"`)
		key.With("If-Match", "*").Patch("/api/v2/users/me", `{"email":"eve@example.com"}`).Status(403).Problem("forbidden")
		for _, path := range []string{"/api/v2/users", "/api/v2/auth/sessions", "/api/v2/auth/keys"} {
			key.Get(path).Status(403)
		}
		key.Post("/api/v2/posts", `{"title":"a","body":""}`).Status(403)
		admin.Get("/api/v2/auth/keys").Status(200).At("/total", "1").At("/items/0/name", `"stock"`)
		admin.Delete("/api/v2/auth/keys/" + made.ID).Status(204)
		key.Post("/api/v2/products", product).Status(401)
	})
}

// TestSD066WhoIsDeletedHasNoSessionsAndKeys looks at the tables after an admin was deleted by another.
func TestSD066WhoIsDeletedHasNoSessionsAndKeys(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := checking(t, db)
		email, drawn, err := store.FirstAdmin(t.Context(), db, store.Admin{})
		if err != nil {
			t.Fatal(err)
		}
		other, _, err := store.MakeAdmin(t.Context(), db, store.Admin{Email: "eve@example.com", Password: tenon.NewSecret(password)})
		if err != nil {
			t.Fatal(err)
		}
		eve := s.With("Authorization", token(s, other, password))
		key := eve.Post("/api/v2/auth/keys", `{"name":"stock","scopes":["products:write"]}`).Status(201).Into[accounts.CreatedKey]().Key
		eve.Get("/api/v2/users/me").Status(200)
		s.With("Authorization", token(s, email, drawn)).Delete("/api/v2/users/2").Status(204)
		eve.Get("/api/v2/users/me").Status(401) // not after a while: this process knows
		s.With("X-API-Key", key).Get("/api/v2/users/me").Status(401)
		err = db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
			n, err := data.One[int64](ctx, v, data.SQL(`SELECT (SELECT COUNT(*) FROM account_sessions WHERE subject = '2' AND ended_at IS NULL)
				+ (SELECT COUNT(*) FROM account_keys WHERE subject = '2' AND ended_at IS NULL)`))
			if n != 0 {
				t.Errorf("%d sessions and keys of nobody go on", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
