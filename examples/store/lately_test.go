package store_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/accounts"
	"github.com/tenon-go/tenon/examples/store"
	"github.com/tenon-go/tenon/tenontest"
)

// TestAdminsHaveJustSignedIn who delete users, or change what they may do; a refresh is no login.
func TestAdminsHaveJustSignedIn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		var ago atomic.Int64
		app, err := store.New(store.Config{
			DB: db, Root: root(t), Logger: tenontest.Logger(t), Now: func() time.Time { return time.Now().Add(-time.Duration(ago.Load())) },
		})
		if err != nil {
			t.Fatal(err)
		}
		s := tenontest.New(t, app)
		email, drawn, err := store.FirstAdmin(t.Context(), db, store.Admin{})
		if err != nil {
			t.Fatal(err)
		}
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201).At("/id", "2")
		ago.Store(int64(6 * time.Minute)) // when the login was
		tokens := s.Post(login, credentials(email, drawn)).Status(200).Into[accounts.Token]()
		ago.Store(0)
		refreshed := s.Post("/api/v2/auth/refresh", `{"refresh_token":"`+tokens.RefreshToken+`"}`).Status(200).Into[accounts.Token]()
		for _, access := range []string{tokens.AccessToken, refreshed.AccessToken} {
			admin := s.With("Authorization", "Bearer "+access)
			admin.Get("/api/v2/users").Status(200)
			admin.Get("/api/v2/users/2/access").Status(200)
			for _, refused := range []*tenontest.Response{admin.Delete("/api/v2/users/2"), admin.Put("/api/v2/users/2/access", `{"role":"editor","active":true}`)} {
				refused.Status(401).Problem("signed-in-too-long-ago").
					Header("WWW-Authenticate", `Bearer realm="api", error="insufficient_user_authentication", max_age="300"`)
			}
		}
		admin := s.With("Authorization", token(s, email, drawn))
		admin.Put("/api/v2/users/2/access", `{"role":"editor","active":true}`).Status(200)
		admin.Delete("/api/v2/users/2").Status(204)
	})
}
