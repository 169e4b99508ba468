package store_test

import (
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/examples/store"
)

func TestTheFirstAdminIsMadeOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := checking(t, db)
		email, drawn, err := store.FirstAdmin(t.Context(), db, store.Admin{})
		if err != nil || email != "admin@example.com" || len(drawn) < 20 {
			t.Fatalf("%q, a password of %d bytes, %v", email, len(drawn), err)
		}
		s.With("Authorization", token(s, email, drawn)).Get("/api/v2/users").Status(200).At("/total", "1")
		for _, other := range []store.Admin{{}, {Email: "eve@example.com"}} {
			if email, drawn, err := store.FirstAdmin(t.Context(), db, other); email != "" || drawn != "" || err != nil {
				t.Errorf("a second one: %q, %v", email, err)
			}
		}
	})
}

func TestNobodyBecomesAdminBySigningUpFirst(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := checking(t, db)
		s.Post("/api/v2/users", newUser("Eve", "admin@example.com")).Status(201)
		if email, _, err := store.FirstAdmin(t.Context(), db, store.Admin{}); err == nil {
			t.Errorf("%s is an admin", email)
		}
		as(t, s, 1, "admin").Get("/api/v2/users").Status(403)
		eve := s.With("Authorization", token(s, "admin@example.com", password))
		eve.Get("/api/v2/users").Status(403)
		// By the command it is meant; the password is another one then, and nobody who had the old one is signed in.
		email, drawn, err := store.MakeAdmin(t.Context(), db, store.Admin{Email: "Admin@example.com", Password: tenon.NewSecret("a password of one's own")})
		if err != nil || drawn != "" {
			t.Fatal(email, err)
		}
		eve.Get("/api/v2/users").Status(401)
		s.Post(login, credentials("admin@example.com", password)).Status(401)
		s.With("Authorization", token(s, email, "a password of one's own")).Get("/api/v2/users").Status(200).At("/total", "1")
		if email, drawn, err = store.MakeAdmin(t.Context(), db, store.Admin{Email: "second@example.com"}); err != nil {
			t.Fatal(err)
		}
		s.With("Authorization", token(s, email, drawn)).Get("/api/v2/users").Status(200).At("/total", "2")
	})
}
