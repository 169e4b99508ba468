package store_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/examples/store"
	kept "github.com/tenon-go/tenon/store"
	"github.com/tenon-go/tenon/tenontest"
)

// TestSD050Quota is the operation of the guide that ten requests a minute pass, in two replicas and both versions.
func TestSD050Quota(t *testing.T) {
	t.Parallel()
	db, err := store.Open(t.Context(), "sqlite:"+t.TempDir()+"/store.db", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	now := noon
	memory, err := kept.NewMemory(kept.Config{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	var replicas []http.Handler
	for range 2 {
		app, err := store.New(store.Config{DB: db, Shared: memory, Logger: tenontest.Logger(t)})
		if err != nil {
			t.Fatal(err)
		}
		replicas = append(replicas, app)
	}
	passes := func(n int, address string) (passed int) {
		for i := range n {
			path := [...]string{"/api/v1/quota", "/api/v2/quota"}[i/2%2]
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
			r.RemoteAddr = address + ":4000"
			r.Header.Set("X-Forwarded-For", "198.51.100.7")
			w := httptest.NewRecorder()
			replicas[i%2].ServeHTTP(w, r)
			if w.Header().Get("Ratelimit") == "" || (w.Code == http.StatusTooManyRequests) != (w.Header().Get("Retry-After") == "60") {
				t.Errorf("call %d is answered %d with %v", i, w.Code, w.Header())
			}
			if w.Code == http.StatusOK {
				passed++
			}
		}
		return passed
	}
	for _, address := range []string{"203.0.113.1", "203.0.113.2"} {
		if got := passes(14, address); got != 10 {
			t.Errorf("%d of 14 from %s pass, want 10", got, address)
		}
	}
	now = now.Add(time.Minute)
	if got := passes(14, "203.0.113.1"); got != 10 {
		t.Errorf("%d of 14 pass a minute later, want 10", got)
	}
}

// TestSD052Quota holds both answers against the document.
func TestSD052Quota(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := nobody(checking(t, db))
		for range 10 {
			s.Get("/api/v2/quota").Status(http.StatusOK).JSON(`{"limit":10,"seconds":60}`)
		}
		s.Get("/api/v2/quota").Status(http.StatusTooManyRequests).Problem("rate-limited").At("/limit", `"10/minute per address"`)
	})
}
