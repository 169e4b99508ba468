package judge_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data/accounts"
	"github.com/tenon-go/tenon/examples/store"
	"github.com/tenon-go/tenon/fastapi"
)

func storeApp(t *testing.T) *tenon.App {
	t.Helper()
	db, err := store.Open(context.Background(), "sqlite:"+filepath.Join(t.TempDir(), "store.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := store.FillDemo(context.Background(), db); err != nil { // an order needs a user and products
		t.Fatal(err)
	}
	if _, _, err := store.MakeAdmin(context.Background(), db, store.Admin{Email: storeAdmin, Password: tenon.NewSecret(storePassword)}); err != nil {
		t.Fatal(err)
	}
	app, err := store.New(store.Config{DB: db, Logger: slog.New(slog.DiscardHandler), Limit: "0"})
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// storeAdmin is who may call everything.
const storeAdmin, storePassword = "judge@example.com", "a password that is known"

// byAdmin has requests to the store come from its admin, but for those that may end a session: they come from a user, who signs in again then.
func byAdmin(t *testing.T, app http.Handler) http.Handler {
	t.Helper()
	const user = "user@example.com"
	join := fmt.Sprintf(`{"name":"User","email":%q,"age":30,"password":%q}`, user, storePassword)
	if w := postAs(t, app, "/api/v2/users", join, "192.0.2.1:7"); w.Code != http.StatusCreated {
		t.Fatalf("signing up: %d %s", w.Code, w.Body)
	}
	admin := signIn(t, app, storeAdmin, "192.0.2.1:7")
	var mu sync.Mutex
	own, times := "", 0
	var signUps atomic.Uint32
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/users") {
			r.RemoteAddr = fmt.Sprintf("[2001:db8:0:%x::1]:7", signUps.Add(1)) // sign-ups are limited by address
		}
		if !strings.Contains(r.URL.Path, "/auth/") {
			r.Header.Set("Authorization", "Bearer "+admin)
			app.ServeHTTP(w, r)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if own == "" || !signedIn(t, app, own) {
			times++
			own = signIn(t, app, user, fmt.Sprintf("[2001:db8:%x::1]:7", times)) // attempts are limited by address
		}
		r.Header.Set("Authorization", "Bearer "+own)
		app.ServeHTTP(w, r)
	})
}

func signedIn(t *testing.T, app http.Handler, token string) bool {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v2/auth/sessions", http.NoBody)
	r.Header.Set("Authorization", "Bearer "+token)
	app.ServeHTTP(w, r)
	return w.Code == http.StatusOK
}

// signIn is an access token.
func signIn(t *testing.T, app http.Handler, email, address string) string {
	t.Helper()
	w := postAs(t, app, "/api/v2/auth/login", fmt.Sprintf(`{"email":%q,"password":%q}`, email, storePassword), address)
	var token accounts.Token
	if err := json.Unmarshal(w.Body.Bytes(), &token); err != nil || w.Code != http.StatusOK {
		t.Fatalf("signing in: %d %s, %v", w.Code, w.Body, err)
	}
	return token.AccessToken
}

func postAs(t *testing.T, app http.Handler, path, body, address string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.RemoteAddr = address
	app.ServeHTTP(w, r)
	return w
}

type (
	label struct {
		Name  string            `json:"name" minLength:"1" maxLength:"20"`
		Color string            `json:"color" enum:"red,green"`
		Size  tenon.Opt[int]    `json:"size" minimum:"1" maximum:"9"`
		Tags  map[string]string `json:"tags"`
	}
	labelV1 struct {
		Title string `json:"title" maxLength:"40" pattern:"^[a-z]*$"`
	}
	putLabel struct {
		ID    string `path:"id"`
		Count int    `query:"count" default:"1" maximum:"7"`
		Label label  `body:""`
	}
)

// versionedApp has two versions, each with a document of its own: what the older one takes is raised to what the newer one means.
func versionedApp() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Labels", Version: "1.0.0", Logger: slog.New(slog.DiscardHandler)})
	g := app.Versions("/api", tenon.Versions{By: tenon.ByHeader("API-Version"), Default: "-", List: []tenon.Version{
		{Name: "v1"},
		{Name: "v2", Changes: []tenon.VersionChange{{
			Doc: "A label has a colour.",
			Migrations: []tenon.Migration{
				tenon.Upgrade(func(_ context.Context, l *labelV1) (*label, error) {
					return &label{Name: "a", Color: "red", Tags: map[string]string{"title": l.Title}}, nil
				}),
				tenon.Downgrade(func(_ context.Context, l *label) (*labelV1, error) { return &labelV1{l.Tags["title"]}, nil }),
			},
		}}},
	}})
	g.Put("/labels/{id}", keepLabel)
	return app
}

// fastapiApp writes its errors as FastAPI does, which changes nothing of what it takes.
func fastapiApp() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Labels", Version: "1.0.0", Errors: fastapi.Errors(), Logger: slog.New(slog.DiscardHandler)})
	app.Put("/labels/{id}", keepLabel)
	return app
}

func keepLabel(_ context.Context, in *putLabel) (*label, error) { return &in.Label, nil }
