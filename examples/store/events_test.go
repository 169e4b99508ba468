package store_test

import (
	"bytes"
	"log/slog"
	"regexp"
	"slices"
	"testing"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/examples/store"
	"github.com/tenon-go/tenon/tenontest"
)

// TestWhatBecomesOfUsersIsAnEvent in the words of OWASP: who did what to whom, once it is committed.
func TestWhatBecomesOfUsersIsAnEvent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		var log bytes.Buffer
		app, err := store.New(store.Config{DB: db, Root: root(t), Logger: slog.New(slog.NewTextHandler(&locked{w: &log}, nil))})
		if err != nil {
			t.Fatal(err)
		}
		s := tenontest.New(t, app)
		email, drawn, err := store.FirstAdmin(t.Context(), db, store.Admin{})
		if err != nil {
			t.Fatal(err)
		}
		admin := s.With("Authorization", token(s, email, drawn))
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201).At("/id", "2")
		const access = "/api/v2/users/2/access"
		admin.Put(access, `{"role":"editor","active":true}`).Status(200)
		admin.Put(access, `{"role":"editor","active":true}`).Status(200) // nothing new
		admin.Put(access, `{"role":"guest","active":false}`).Status(200)
		admin.Put(access, `{"role":"guest","active":true}`).Status(200)
		admin.Put("/api/v2/users/1/access", `{"role":"user","active":true}`).Status(409)
		admin.Delete("/api/v2/users/2").Status(204)
		admin.Delete("/api/v2/users/2").Status(404)
		var got []string
		for _, m := range regexp.MustCompile(`level=(\w+) msg=accounts event=((?:user|privilege)\w+ subject=\d+) request_id=\S+( .*)?`).FindAllStringSubmatch(log.String(), -1) {
			got = append(got, m[1]+" "+m[2]+m[3])
		}
		want := []string{
			"INFO user_created subject=2",
			"WARN privilege_permissions_changed subject=2 by=1 from=user to=editor",
			"WARN privilege_permissions_changed subject=2 by=1 from=editor to=guest",
			"WARN user_archived subject=2 by=1",
			"INFO user_updated subject=2 by=1 active=true",
			"WARN user_deleted subject=2 by=1",
		}
		if !slices.Equal(got, want) {
			t.Errorf("the events are %q, want %q", got, want)
		}
	})
}
