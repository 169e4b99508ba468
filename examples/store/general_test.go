package store_test

import (
	"math"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/examples/store"
	kept "github.com/tenon-go/tenon/store"
	"github.com/tenon-go/tenon/tenontest"
)

// from sends a request of an address.
func from(t *testing.T, app *tenon.App, address, path string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
	r.RemoteAddr = address + ":4000"
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	return w
}

// TestSD050General bounds how often an address calls all operations together: at each replica, or at all where it is counted in what they share.
func TestSD050General(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		for _, shared := range []bool{false, true} {
			memory, err := kept.NewMemory(kept.Config{})
			if err != nil {
				t.Fatal(err)
			}
			var replicas []*tenon.App
			for range 2 {
				app, err := store.New(store.Config{DB: db, Shared: opaque{memory}, Limit: "6/hour", LimitShared: shared, Logger: tenontest.Logger(t)})
				if err != nil {
					t.Fatal(err)
				}
				replicas = append(replicas, app)
			}
			passed := 0
			for i := range 20 {
				path := [...]string{"/api/v1/products", "/api/v2/products", "/api/v2/quota", "/api/v1/products?page=2"}[i/2%4]
				w := from(t, replicas[i%2], "203.0.113.1", path)
				switch w.Code {
				case http.StatusOK:
					passed++
				case http.StatusTooManyRequests:
				default:
					t.Errorf("%s is answered %d: %s", path, w.Code, w.Body)
				}
			}
			if want := map[bool]int{false: 12, true: 6}[shared]; passed != want {
				t.Errorf("shared %v: %d of 20 pass, want %d", shared, passed, want)
			}
			if got := from(t, replicas[0], "203.0.113.2", "/api/v2/products").Code; got != http.StatusOK {
				t.Errorf("another address is answered %d", got)
			}
			if got := from(t, replicas[0], "203.0.113.1", "/livez").Code; got != http.StatusOK {
				t.Errorf("who is beyond it is told %d by /livez", got)
			}
		}
	})
}

// TestGeneralIsOff has no limit but those of operations.
func TestGeneralIsOff(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		for limit, want := range map[string]bool{"": true, "0": false} {
			app, err := store.New(store.Config{DB: db, Limit: limit, Logger: tenontest.Logger(t)})
			if err != nil {
				t.Fatal(err)
			}
			if said := from(t, app, "203.0.113.1", "/api/v2/products").Header()["Ratelimit"] != nil; said != want {
				t.Errorf("with the limit %q an ordinary answer tells of one: %v, want %v", limit, said, want)
			}
		}
		if _, err := store.New(store.Config{DB: db, Limit: "often"}); err == nil {
			t.Error("a limit that cannot be read is no fault")
		}
	})
}

// opaque is a store that nobody knows to be in the process.
type opaque struct{ kept.Store }

// TestLimitsStayInTheProcess has a store that shares nothing count in memory as such, without what a server needs.
func TestLimitsStayInTheProcess(t *testing.T) { //nolint:paralleltest // testing.AllocsPerRun counts what all goroutines allocate.
	db, err := store.Open(t.Context(), "sqlite:"+t.TempDir()+"/store.db", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	memory, err := kept.NewMemory(kept.Config{})
	if err != nil {
		t.Fatal(err)
	}
	allocs := func(shared kept.Store) float64 {
		app, err := store.New(store.Config{DB: db, Shared: shared, Logger: tenontest.Logger(t)})
		if err != nil {
			t.Fatal(err)
		}
		least := math.Inf(1)
		for range 300 { // under the race detector pools forget at random
			least = min(least, testing.AllocsPerRun(1, func() { from(t, app, "203.0.113.1", "/api/v2/quota") }))
		}
		return least
	}
	if alone, given, other := allocs(nil), allocs(memory), allocs(opaque{memory}); max(alone, given)+2 > other {
		t.Errorf("a limit makes %v allocations in a memory of the store, %v in one that is given, %v in another store", alone, given, other)
	}
	for url, want := range map[string]bool{"": true, "sqlite:store.db": true, "postgres://db/store": false} {
		if store.Alone(url, "") != want || store.Alone(url, "valkey://127.0.0.1") {
			t.Errorf("%q: the store shares nothing: %v, want %v, and never with Valkey", url, !want, want)
		}
	}
}
