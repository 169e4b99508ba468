package store_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/examples/store"
	"github.com/tenon-go/tenon/tenontest"
)

// outcast is somebody whom one replica puts out.
type outcast struct {
	name string
	key  bool                                           // what they show is an API key
	put  func(self, admin *tenontest.Server, id string) // by which request, of theirs or of an admin
}

// TestSD073WhoIsOutAtEveryGuardedOperation puts people out at one replica and shows what they have, which the other replica has just taken, to each operation
// that is not for everybody: refused at once where something is changed or a role is asked for, and everywhere after five seconds. The replica that
// did it refuses at once everywhere, and API keys are refused at once by both.
func TestSD073WhoIsOutAtEveryGuardedOperation(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		var ahead atomic.Int64
		replica := func() *tenon.App {
			app, err := store.New(store.Config{
				DB: db, Root: root(t), Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) },
			})
			if err != nil {
				t.Fatal(err)
			}
			return app
		}
		one, two := replica(), replica()
		here, there := tenontest.New(t, one), tenontest.New(t, two)
		email, drawn, err := store.FirstAdmin(t.Context(), db, store.Admin{})
		if err != nil {
			t.Fatal(err)
		}
		admin := here.With("Authorization", token(here, email, drawn))
		keepOut := func(_, admin *tenontest.Server, id string) {
			admin.Put("/api/v2/users/"+id+"/access", `{"role":"admin","active":false}`).Status(200)
		}
		removed := func(_, admin *tenontest.Server, id string) { admin.Delete("/api/v2/users/" + id).Status(204) }
		requests := 0
		for i, out := range []outcast{
			{name: "a session that was ended", put: func(c, _ *tenontest.Server, _ string) { c.Post("/api/v2/auth/logout", nil).Status(204) }},
			{name: "all sessions that were ended", put: func(c, _ *tenontest.Server, _ string) { c.Delete("/api/v2/auth/sessions").Status(204) }},
			{name: "a user who is kept out", put: keepOut},
			{name: "a user who was deleted", put: removed},
			{name: "the key of a user who is kept out", key: true, put: keepOut},
			{name: "the key of a user who was deleted", key: true, put: removed},
			{name: "a key that was ended", key: true, put: func(c, _ *tenontest.Server, _ string) {
				for _, key := range c.Get("/api/v2/auth/keys").Status(200).Into[struct {
					Items []struct {
						ID string `json:"id"`
					} `json:"items"`
				}]().Items {
					c.Delete("/api/v2/auth/keys/" + key.ID).Status(204)
				}
			}},
		} {
			address := fmt.Sprintf("out%d@example.com", i)
			id := strconv.FormatInt(here.Post("/api/v2/users", newUser("Out", address)).Status(201).Into[struct {
				ID int64 `json:"id"`
			}]().ID, 10)
			admin.Put("/api/v2/users/"+id+"/access", `{"role":"admin","active":true}`).Status(200)
			field, value := "Authorization", token(there, address, password)
			session := here.With(field, value)
			if out.key {
				field, value = "X-API-Key", session.Post("/api/v2/auth/keys", `{"name":"x","scopes":["products:write"]}`).Status(201).Into[struct {
					Key string `json:"key"`
				}]().Key
			}
			for _, s := range []*tenontest.Server{here, there} { // both remember whom they have just seen
				s.With(field, value).Get("/api/v2/users/me").Status(200)
			}
			out.put(session, admin, id)

			show := func(app *tenon.App, row auth.AccessRow, when string) {
				t.Helper()
				method, path, _ := strings.Cut(row.Operation, " ")
				r := httptest.NewRequestWithContext(t.Context(), method, strings.ReplaceAll(path, "{id}", "1"), nil)
				r.Header.Set(field, value)
				w := httptest.NewRecorder()
				app.ServeHTTP(w, r)
				requests++
				if w.Code != http.StatusUnauthorized || w.Header().Get("WWW-Authenticate") == "" {
					t.Errorf("%s, %s: %s answers %d: %s", out.name, when, row.Operation, w.Code, w.Body)
				}
			}
			guarded, atOnce := 0, 0
			rows := auth.Matrix(two).Rows
			for _, row := range rows {
				if row.Verdicts[0] != auth.Anonymous { // the first column is nobody
					continue
				}
				guarded++
				show(one, row, "at the replica that did it")
				if method, _, _ := strings.Cut(row.Operation, " "); out.key || method != http.MethodGet || row.Verdicts[1] == auth.Denied { // the second is without a role
					atOnce++
					show(two, row, "at once")
				}
			}
			if guarded < 40 || atOnce < 30 {
				t.Errorf("%d operations are guarded, and %d refuse at once", guarded, atOnce)
			}
			ahead.Add(int64(5 * time.Second))
			for _, row := range rows {
				if row.Verdicts[0] == auth.Anonymous {
					show(two, row, "after five seconds")
				}
			}
		}
		t.Logf("%d requests", requests)
	})
}
