package store_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/accounts"
	"github.com/tenon-go/tenon/examples/store"
	"github.com/tenon-go/tenon/tenontest"
)

// meanwhile is a body before which something happens: it is read once the guard has let the caller in.
type meanwhile struct {
	io.Reader

	happens func()
}

func (m *meanwhile) Read(b []byte) (int, error) {
	if m.happens != nil {
		m.happens()
		m.happens = nil
	}
	return m.Reader.Read(b)
}

// twoAdmins is a service with the admins 1 and 2, the user 3, and what each shows.
func twoAdmins(t *testing.T, db *data.DB) (s *tenontest.Server, app http.Handler, shows []string) {
	t.Helper()
	built, err := store.New(store.Config{DB: db, Root: root(t), Logger: tenontest.Logger(t)})
	if err != nil {
		t.Fatal(err)
	}
	s = tenontest.New(t, built)
	for _, email := range []string{"ada@example.com", "eve@example.com"} {
		if _, _, err := store.MakeAdmin(t.Context(), db, store.Admin{Email: email, Password: tenon.NewSecret(password)}); err != nil {
			t.Fatal(err)
		}
	}
	s.Post("/api/v2/users", newUser("Bob", "bob@example.com")).Status(201).At("/id", "3")
	for _, email := range []string{"ada@example.com", "eve@example.com", "bob@example.com"} {
		shows = append(shows, token(s, email, password))
	}
	return s, built, shows
}

// TestSD074ACallerWhoIsNoAdminAnyMoreAtTheCommitIsRefused has one admin lose the role, or the account, between the guard of their request and its transaction.
func TestSD074ACallerWhoIsNoAdminAnyMoreAtTheCommitIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s, app, shows := twoAdmins(t, db)
		ada := s.With("Authorization", shows[0])
		demoted := func() { ada.Put("/api/v2/users/2/access", `{"role":"user","active":true}`).Status(200) }
		keptOut := func() { ada.Put("/api/v2/users/2/access", `{"role":"admin","active":false}`).Status(200) }
		signedOut := func() { s.With("Authorization", shows[1]).Post("/api/v2/auth/logout", nil).Status(204) }
		deleted := func() { ada.Delete("/api/v2/users/2").Status(204) }
		const product = `{"name":"Saw","price":2}`
		for _, tt := range []struct {
			name, method, path, body string
			happens                  func()
			want                     int
		}{
			{"demoted, and demotes the other", "PUT", "/api/v2/users/1/access", `{"role":"user","active":true}`, demoted, 403},
			{"demoted, and makes another admin", "PUT", "/api/v2/users/3/access", `{"role":"admin","active":true}`, demoted, 403},
			{"demoted, and changes another user", "PATCH", "/api/v2/users/3", `{"name":"Eve"}`, demoted, 403},
			{"demoted, and adds a product", "POST", "/api/v2/products", product, demoted, 403},
			{"demoted, and changes a product", "PATCH", "/api/v2/products/1", `{"stock":9}`, demoted, 403},
			{"demoted, and changes the post of another", "PATCH", "/api/v2/posts/1", `{"title":"Eve"}`, demoted, 403},
			{"demoted, and changes themselves", "PATCH", "/api/v2/users/me", `{"name":"Eve"}`, demoted, 200},
			{"kept out, and demotes the other", "PUT", "/api/v2/users/1/access", `{"role":"user","active":true}`, keptOut, 401},
			{"kept out, and changes themselves", "PATCH", "/api/v2/users/me", `{"name":"Ada"}`, keptOut, 401},
			{"signed out, and adds a product", "POST", "/api/v2/products", product, signedOut, 401},
			{"deleted, and demotes the other", "PUT", "/api/v2/users/1/access", `{"role":"user","active":true}`, deleted, 401},
		} {
			if tt.name == "demoted, and demotes the other" {
				ada.Post("/api/v2/products", product).Status(201)
				ada.Post("/api/v2/posts", `{"title":"Mine","body":""}`).Status(201)
			}
			r := httptest.NewRequestWithContext(t.Context(), tt.method, tt.path, &meanwhile{strings.NewReader(tt.body), tt.happens})
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", shows[1])
			r.Header.Set("If-Match", "*")
			w := httptest.NewRecorder()
			app.ServeHTTP(w, r)
			if w.Code != tt.want || w.Code == 401 && w.Header().Get("WWW-Authenticate") == "" {
				t.Errorf("%s: answered %d, want %d: %s", tt.name, w.Code, tt.want, w.Body)
			}
			if tt.want != 200 {
				ada.Get("/api/v2/users/1/access").Status(200).JSON(`{"role":"admin","active":true}`)
				ada.Get("/api/v2/users/3/access").Status(200).JSON(`{"role":"user","active":true}`)
				ada.Get("/api/v2/users/3").Status(200).At("/name", `"Bob"`)
				ada.Get("/api/v2/products").At("/total", "1").At("/items/0/stock", "0")
				ada.Get("/api/v2/posts/1").At("/title", `"Mine"`)
			}
			if tt.name != "deleted, and demotes the other" {
				ada.Put("/api/v2/users/2/access", `{"role":"admin","active":true}`).Status(200)
				shows[1] = token(s, "eve@example.com", password)
			}
		}
	})
}

// TestSD074AKeyWhoseOwnerIsNoAdminAnyMoreAtTheCommitIsRefused is the same for a program.
func TestSD074AKeyWhoseOwnerIsNoAdminAnyMoreAtTheCommitIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s, app, shows := twoAdmins(t, db)
		ada, eve := s.With("Authorization", shows[0]), s.With("Authorization", shows[1])
		wish := func() accounts.CreatedKey {
			return eve.Post("/api/v2/auth/keys", `{"name":"stock","scopes":["products:write"]}`).Status(201).Into[accounts.CreatedKey]()
		}
		add := func(key string, happens func()) int {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v2/products", &meanwhile{strings.NewReader(`{"name":"Saw","price":2}`), happens})
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("X-Api-Key", key)
			w := httptest.NewRecorder()
			app.ServeHTTP(w, r)
			return w.Code
		}
		one, two := wish(), wish()
		if got := add(one.Key, nil); got != 201 {
			t.Errorf("a key that counts: %d", got)
		}
		if got := add(one.Key, func() { eve.Delete("/api/v2/auth/keys/" + one.ID).Status(204) }); got != 401 {
			t.Errorf("a key that ends: %d", got)
		}
		if got := add(two.Key, func() { ada.Put("/api/v2/users/2/access", `{"role":"user","active":true}`).Status(200) }); got != 403 {
			t.Errorf("a key whose owner is demoted: %d", got)
		}
		ada.Get("/api/v2/products").At("/total", "1")
	})
}

// TestSD074OfTwoAdminsWhoRemoveEachOtherOneStays sends both requests at once, again and again: one is done, and the other is refused as what its caller is by
// then, nobody (401) or no admin (403).
func TestSD074OfTwoAdminsWhoRemoveEachOtherOneStays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s, app, shows := twoAdmins(t, db)
		const rounds = 10
		for round := range rounds {
			deleting := round == rounds-1 // whose sessions end with them
			codes := make([]int, 2)
			var both sync.WaitGroup
			for i := range 2 {
				other := []string{"2", "1"}[i]
				r := httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/api/v2/users/"+other+"/access", strings.NewReader(`{"role":"user","active":true}`))
				if deleting {
					r = httptest.NewRequestWithContext(t.Context(), http.MethodDelete, "/api/v2/users/"+other, http.NoBody)
				}
				r.Header.Set("Content-Type", "application/json")
				r.Header.Set("Authorization", shows[i])
				both.Go(func() {
					w := httptest.NewRecorder()
					app.ServeHTTP(w, r)
					codes[i] = w.Code
				})
			}
			both.Wait()
			done, lost := 0, 1
			if codes[0] >= 300 {
				done, lost = 1, 0
			}
			want := 403
			if deleting {
				want = 401
			}
			if codes[done] >= 300 || codes[lost] != want {
				t.Fatalf("round %d: the answers are %v", round, codes)
			}
			s.With("Authorization", shows[done]).Get("/api/v2/users").Status(200)
			run(t, db, data.SQL(`UPDATE users SET role = 'admin' WHERE id < 3`))
		}
	})
}
