package store_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/examples/store"
	kept "github.com/tenon-go/tenon/store"
	"github.com/tenon-go/tenon/tenontest"
)

// hourly is a memory for which an hour passes at each look at the clock: no limit holds up a test that is about something else.
func hourly(t *testing.T) *kept.Memory {
	t.Helper()
	var looks atomic.Int64
	return memory(t, func() time.Time { return noon.Add(time.Duration(looks.Add(1)) * time.Hour) })
}

// memory is a store with a clock.
func memory(t *testing.T, now func() time.Time) *kept.Memory {
	t.Helper()
	m, err := kept.NewMemory(kept.Config{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// signUp is a sign-up from an address.
func signUp(t *testing.T, app http.Handler, path, from, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.RemoteAddr = from + ":4000"
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	return w
}

// TestAnAddressSignsUpTenTimesAnHour at two replicas and both versions together, and whatever becomes of it.
func TestAnAddressSignsUpTenTimesAnHour(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		now := noon
		shared := memory(t, func() time.Time { return now })
		var replicas []http.Handler
		for range 2 {
			app, err := store.New(store.Config{DB: db, Root: root(t), Shared: shared, Logger: tenontest.Logger(t)})
			if err != nil {
				t.Fatal(err)
			}
			replicas = append(replicas, app)
		}
		try := func(i int, from, body string) *httptest.ResponseRecorder {
			return signUp(t, replicas[i%2], [...]string{"/api/v1/users", "/api/v2/users"}[i/2%2], from, body)
		}
		if w := try(0, "203.0.113.1", newUser("Ada", "ada@example.com")); w.Code != http.StatusCreated || !strings.HasPrefix(w.Header().Get("Ratelimit"), `"sign-up";r=9;t=3600, `) {
			t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
		}
		for i := 1; i < 10; i++ {
			body, want := newUser("Eve", "ada@example.com"), http.StatusConflict
			if i%3 == 0 {
				body, want = `{"name":"Eve"}`, http.StatusUnprocessableEntity
			}
			if w := try(i, "203.0.113.1", body); w.Code != want {
				t.Errorf("try %d is answered %d, want %d: %s", i, w.Code, want, w.Body)
			}
		}
		for i := range 4 {
			w := try(i, "203.0.113.1", newUser("Eve", "eve@example.com"))
			if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "3600" || !strings.Contains(w.Body.String(), `"rate-limited"`) {
				t.Errorf("beyond the limit: %d %v %s", w.Code, w.Header(), w.Body)
			}
		}
		if w := try(0, "203.0.113.2", newUser("Eve", "eve@example.com")); w.Code != http.StatusCreated {
			t.Errorf("another address: %d %s", w.Code, w.Body)
		}
		now = now.Add(time.Hour)
		if w := try(1, "203.0.113.1", newUser("Bob", "bob@example.com")); w.Code != http.StatusCreated {
			t.Errorf("an hour later: %d %s", w.Code, w.Body)
		}
	})
}

// TestATakenAddressCostsNoHash measures memory, of which a hash takes 19 MiB. It is not parallel: what other tests take would count.
func TestATakenAddressCostsNoHash(t *testing.T) { //nolint:paralleltest // See above.
	db, err := store.Open(t.Context(), "sqlite:"+t.TempDir()+"/store.db", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	app, err := store.New(store.Config{DB: db, Root: root(t), Shared: hourly(t), Logger: tenontest.Logger(t)})
	if err != nil {
		t.Fatal(err)
	}
	taken := func(email string, want int) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if w := signUp(t, app, "/api/v2/users", "203.0.113.1", newUser("Ada", email)); w.Code != want {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		runtime.ReadMemStats(&after)
		return (after.TotalAlloc - before.TotalAlloc) >> 20
	}
	free, same := ^uint64(0), ^uint64(0)
	for i := range 5 {
		email := fmt.Sprintf("ada%d@example.com", i)
		free = min(free, taken(email, http.StatusCreated))
		same = min(same, taken(strings.ToUpper(email), http.StatusConflict))
	}
	if free < 18 || same > 2 {
		t.Errorf("an address that is free costs %d MiB, one that is taken %d MiB", free, same)
	}
}
