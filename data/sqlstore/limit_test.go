package sqlstore_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/sqlstore"
	"github.com/tenon-go/tenon/ratelimit"
)

func nothing(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil }

// TestN11Limits has a hundred requests at once to three replicas of a service, each with its own connections: exactly ten pass.
func TestN11Limits(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, open func() (*data.DB, *sqlstore.Store)) {
		t.Helper()
		var stores []*sqlstore.Store
		for range 3 {
			_, s := open()
			stores = append(stores, s)
		}
		for name, limit := range map[string]ratelimit.Limit{
			"sliding": {Per: "10/hour"}, "slices": {Per: "1000/hour", Cost: 100}, "fixed": {Per: "10/hour", Strategy: ratelimit.FixedWindow},
			"bucket": {Per: "10/day", Strategy: ratelimit.TokenBucket}, "joined": {Per: "20/hour; 10/day"},
		} {
			limit.Name = name // of its own in the table
			var apps []*tenon.App
			for _, s := range stores {
				k, err := ratelimit.New(ratelimit.Config{Store: s, Timeout: time.Minute})
				ok(t, err)
				app := tenon.New(tenon.Config{}, ratelimit.In(k))
				app.Get("/", nothing, limit.Option())
				ok(t, app.Compile())
				apps = append(apps, app)
			}
			if got := race(t, apps, 100); got != 10 {
				t.Errorf("%s: %d of 100 pass, want 10", name, got)
			}
		}
	})
}

// race makes n requests at once, to the apps in turn, and counts those that pass.
func race(t *testing.T, apps []*tenon.App, n int) int64 {
	t.Helper()
	var passed atomic.Int64
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			w := httptest.NewRecorder()
			apps[i%len(apps)].ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody))
			if w.Code == http.StatusNoContent {
				passed.Add(1)
			}
		})
	}
	all.Wait()
	return passed.Load()
}
