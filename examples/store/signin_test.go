package store_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/accounts"
	"github.com/tenon-go/tenon/examples/store"
	"github.com/tenon-go/tenon/tenontest"
)

const login = "/api/v2/auth/login"

// challenge says how to sign in.
const challenge = `Bearer realm="api", ApiKey realm="api", header="X-API-Key"`

// credentials are the body of a login.
func credentials(email, password string) string {
	return fmt.Sprintf(`{"email":%q,"password":%q}`, email, password)
}

// token signs in, and returns the field Authorization.
func token(s *tenontest.Server, email, password string) string {
	return "Bearer " + s.Post(login, credentials(email, password)).Status(200).Into[accounts.Token]().AccessToken
}

// told is an answer without what differs each time.
func told(r *tenontest.Response) string {
	before, _, _ := bytes.Cut(r.Body, []byte(`"instance"`))
	return fmt.Sprint(r.Code, r.Headers.Get("WWW-Authenticate"), string(before))
}

func TestSD060LoginAnswersAToken(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := checking(t, db)
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201)
		for _, v := range []string{"/api/v1", "/api/v2"} {
			s.Post(v+"/auth/login", credentials("ADA@example.com", password)).Status(200).Header("Cache-Control", "no-store").
				JSON(`{"access_token":"<<string>>","token_type":"bearer","expires_in":600,"refresh_token":"<<string>>"}`)
			form := "grant_type=password&username=Ada%40example.com&password=" + strings.ReplaceAll(password, " ", "+")
			s.With("Content-Type", "application/x-www-form-urlencoded").Post(v+"/auth/token", form).Status(200).Header("Cache-Control", "no-store").
				JSON(`{"access_token":"<<string>>","token_type":"bearer","expires_in":600,"refresh_token":"<<string>>"}`)
		}
		s.With("Authorization", token(s, "ada@example.com", password)).Get("/api/v2/users/me").Status(200).At("/email", `"ada@example.com"`)
		s.Post(login+"?email=ada@example.com&password=x", nil).Status(422)
		s.With("Content-Type", "application/x-www-form-urlencoded").Post("/api/v2/auth/token", "grant_type=client_credentials&username=a&password=b").Status(400).
			Problem("oauth-refused")
		if n := len(s.Get("/.well-known/jwks.json").Status(200).Into[map[string][]map[string]string]()["keys"]); n != 1 {
			t.Errorf("%d public keys, want 1", n)
		}
	})
}

func TestSD060NobodyLearnsWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := checking(t, db)
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201)
		s.Post("/api/v2/users", newUser("Bob", "bob@example.com")).Status(201)
		run(t, db, data.SQL(`UPDATE users SET active = FALSE WHERE id = 2`))
		want := told(s.Post(login, credentials("ada@example.com", "wrong horse battery")).Status(401).Problem("wrong-credentials").Header("WWW-Authenticate", `Bearer realm="api"`))
		for _, body := range []string{credentials("eve@example.com", password), credentials("nobody", "x"), credentials("bob@example.com", password), credentials("' OR 1=1 --", "x")} {
			if got := told(s.Post(login, body)); got != want {
				t.Errorf("%s: %s, want %s", body, got, want)
			}
		}
	})
}

// TestSD064HashesOfOthersAreReplacedAtLogin signs in with a hash that another program made.
func TestSD064HashesOfOthersAreReplacedAtLogin(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := checking(t, db)
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201)
		old, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
		if err != nil {
			t.Fatal(err)
		}
		run(t, db, data.SQL(`UPDATE users SET password_hash = ?`, string(old)))
		s.Post(login, credentials("ada@example.com", password+"!")).Status(401)
		if got := hashes(t, db)[0]; got != string(old) {
			t.Errorf("a wrong password changes the hash")
		}
		for range 2 {
			s.Post(login, credentials("ada@example.com", password)).Status(200)
			if got := hashes(t, db)[0]; !strings.HasPrefix(got, "$argon2id$") {
				t.Errorf("the hash is %.10s…", got)
			}
		}
	})
}

func TestSD021TokensThatDoNotCount(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := checking(t, db)
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201)
		good := token(s, "ada@example.com", password)
		const me = "/api/v2/users/me"
		s.With("Authorization", strings.Replace(good, "Bearer", "bEARER", 1)).Get(me).Status(200)
		s.Get(me).Status(401).Header("WWW-Authenticate", challenge)
		for _, bad := range []string{good + "x", "Bearer x.y.z", signed(t, 7, "admin"), strings.Replace(good, ".", "", 1)} {
			s.With("Authorization", bad).Get(me).Status(401).Problem("unauthorized").Header("WWW-Authenticate", `Bearer realm="api", error="invalid_token"`)
		}
		s.With("Authorization", signed(t, 1, "admin")).Get("/api/v2/users").Status(403).Problem("forbidden") // the table says user
	})
}

// TestSD073WhatAUserMayDoHoldsAtOnce changes a user who has a token.
func TestSD073WhatAUserMayDoHoldsAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := checking(t, db)
		email, drawn, err := store.FirstAdmin(t.Context(), db, store.Admin{})
		if err != nil {
			t.Fatal(err)
		}
		admin := s.With("Authorization", token(s, email, drawn))
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201).At("/id", "2")
		ada := s.With("Authorization", token(s, "ada@example.com", password))
		const access = "/api/v2/users/2/access"
		ada.Get("/api/v2/users").Status(403)
		ada.Put("/api/v2/users/2/access", `{"role":"admin","active":true}`).Status(403)
		admin.Get(access).Status(200).JSON(`{"role":"user","active":true}`)
		admin.Put(access, `{"role":"admin","active":true}`).Status(200).JSON(`{"role":"admin","active":true}`)
		ada.Get("/api/v2/users").Status(200)
		admin.Put(access, `{"role":"guest","active":true}`).Status(200)
		ada.Get("/api/v2/users").Status(403)
		ada.Post("/api/v2/posts", `{"title":"a","body":""}`).Status(403)
		ada.Get("/api/v2/posts").Status(200)
		admin.Put(access, `{"role":"user","active":false}`).Status(200)
		ada.Get("/api/v2/users").Status(401)
		admin.Put(access, `{"role":"user","active":true}`).Status(200)
		ada.Get("/api/v2/users").Status(401) // what ended stays so
		ada = s.With("Authorization", token(s, "ada@example.com", password))
		ada.Get("/api/v2/users").Status(403)
		admin.Delete("/api/v2/users/2").Status(204)
		ada.Get("/api/v2/users").Status(401)
		for _, body := range []string{`{"role":"root","active":true}`, `{"role":"user"}`, `{"role":"user","active":"no"}`, `{"role":null,"active":true}`} {
			admin.Put("/api/v2/users/9/access", body).Status(422)
		}
		admin.Get("/api/v2/users/9/access").Status(404).Problem("user-not-found")
		admin.Put("/api/v2/users/9/access", `{"role":"user","active":true}`).Status(404).Problem("user-not-found")
	})
}

// TestSD074TheLastAdminStaysWhoeverAsks has a caller who is no admin in the table, whom the service under test believes; the service itself refuses them
// before: see TestSD074ACallerWhoIsNoAdminAnyMoreAtTheCommitIsRefused.
func TestSD074TheLastAdminStaysWhoeverAsks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		for _, name := range []string{"ada", "bob", "eve"} {
			s.Post("/api/v2/users", newUser(name, name+"@example.com")).Status(201)
		}
		run(t, db, data.SQL(`UPDATE users SET role = 'admin' WHERE id < 3`))
		s.Delete("/api/v2/users/1").Status(409).Problem("yourself")
		s.Put("/api/v2/users/1/access", `{"role":"user","active":true}`).Status(409).Problem("yourself")
		s.Delete("/api/v2/users/9").Status(404).Problem("user-not-found")
		s.Delete("/api/v2/users/3").Status(204)
		s.Delete("/api/v2/users/2").Status(204)
		other := as(t, s, 2, "admin")
		other.Delete("/api/v2/users/1").Status(409).Problem("last-admin")
		other.Put("/api/v2/users/1/access", `{"role":"editor","active":true}`).Status(409).Problem("last-admin")
		other.Put("/api/v2/users/1/access", `{"role":"admin","active":false}`).Status(409).Problem("last-admin")
		other.Put("/api/v2/users/1/access", `{"role":"admin","active":true}`).Status(200)
		s.Get("/api/v2/users").At("/total", "1")
	})
}

func TestSD023AUserChangesThemselves(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := checking(t, db)
		s.Post("/api/v1/users", newUser("Ada", "ada@example.com")).Status(201)
		s.Post("/api/v1/users", newUser("Bob", "bob@example.com")).Status(201)
		ada := as(t, s, 1, "user")
		ada.Get("/api/v1/users/me").Status(200).Header("ETag", `"1"`).JSON(`{"id":1,"name":"Ada","email":"ada@example.com","age":36,"created_at":"<<time>>"}`)
		ada.Patch("/api/v1/users/me", `{"age":37}`).Status(428)
		ada = ada.With("If-Match", `"1"`)
		ada.Patch("/api/v1/users/me", `{"email":"bob@example.com"}`).Status(409).Problem("email-taken")
		ada.Patch("/api/v1/users/me", `{"role":"admin"}`).Status(422).Fault("body", "/role", "unknown")
		ada.Patch("/api/v1/users/me", `{"active":false,"id":2}`).Status(422).Faults(2)
		ada.Patch("/api/v1/users/me", `{"age":37}`).Status(200).Header("ETag", `"2"`).At("/age", "37")
		ada.Patch("/api/v1/users/me", `{"age":38}`).Status(412)
		s.Post("/api/v1/users", strings.Replace(newUser("Eve", "eve@example.com"), "{", `{"active":true,`, 1)).Status(422).Fault("body", "/active", "unknown")
		run(t, db, data.SQL(`DELETE FROM users WHERE id = 2`))
		as(t, s, 2, "user").Get("/api/v1/users/me").Status(401)
	})
}

// TestSD075ListsAreFilteredByTheRuleOfTheirRows counts, searches and pages what is not the caller's.
func TestSD075ListsAreFilteredByTheRuleOfTheirRows(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := checking(t, db)
		refill(t, db)
		ada := as(t, s, 1, "user")
		for _, query := range []string{"", "?page=1", "?user_id[in]=1,2", "?id[ne]=9", "?order=-total"} {
			ada.Get("/api/v2/orders"+query).Status(200).At("/total", "1").At("/items/0/id", "1")
		}
		ada.Get("/api/v2/orders?user_id[eq]=2").Status(200).At("/total", "0")
		ada.Get("/api/v2/orders?cursor=&size=1").Status(200).At("/items/0/id", "1")
		next := as(t, s, 2, "user").Get("/api/v2/orders?cursor=&size=1").Status(200)
		next.At("/items/0/id", "2")
		run(t, db, data.SQL(`INSERT INTO users (id, name, email, age, password_hash, created_at, role) VALUES (3, 'Eve', 'eve@example.com', 36, '-', ?, 'admin')`, noon))
		eve := as(t, s, 3, "user")
		eve.Get("/api/v2/orders").Status(200).At("/total", "2")
		eve.Get("/api/v2/orders/2").Status(200)
	})
}
