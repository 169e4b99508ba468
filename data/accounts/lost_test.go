package accounts_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/accounts"
	"github.com/tenon-go/tenon/data/datatest"
)

// TestALostDatabaseClosesAccounts: who was seen in the last seconds goes on, where nothing is changed and no role is asked for. Everything else is a 503.
func TestALostDatabaseClosesAccounts(t *testing.T) {
	t.Parallel()
	server := datatest.StartPostgres(t)
	db := datatest.Open(t, server.URL("postgres"), data.Config{Migrations: migrations()})
	start := time.Now()
	var ahead time.Duration
	s := newService(t, db, newShared(t), func(cfg *accounts.Config) { cfg.Now = func() time.Time { return start.Add(ahead) } })
	s.add("eve@example.com", "admin")
	in := s.signIn("eve@example.com")
	eve := s.as(in.AccessToken)
	eve.Get("/v1/me").Status(http.StatusOK)
	server.Kill(t)
	eve.Get("/v1/me").Status(http.StatusOK)
	closed := func() {
		t.Helper()
		for what, status := range map[string]int{
			"a change":          eve.Post("/v1/me", "").Code,
			"what wants a role": eve.Get("/v1/admin").Code,
			"a login":           s.login("eve@example.com", phrase).Code,
			"a wrong password":  s.login("eve@example.com", another).Code,
			"a refresh":         s.refresh(in.RefreshToken).Code,
		} {
			if status != http.StatusServiceUnavailable {
				t.Errorf("%s is answered %d, want 503", what, status)
			}
		}
	}
	closed()
	ahead = 5 * time.Second
	eve.Get("/v1/me").Status(http.StatusServiceUnavailable)
	closed()
	server.Start(t)
	for end := time.Now().Add(time.Minute); eve.Get("/v1/me").Code != http.StatusOK; {
		if time.Now().After(end) {
			t.Fatal("it is not back after a minute")
		}
	}
	if in := s.token(s.refresh(in.RefreshToken)); in.AccessToken == "" {
		t.Error("the session is gone")
	}
}
