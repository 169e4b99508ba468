package valkey_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/ratelimit"
	"github.com/tenon-go/tenon/valkey/valkeytest"
)

func nothing(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil }

// TestN11Limits has a hundred requests at once to three replicas of a service, each with its own connections: exactly ten pass.
func TestN11Limits(t *testing.T) {
	t.Parallel()
	server := valkeytest.Start(t)
	for name, limit := range map[string]ratelimit.Limit{
		"sliding": {Per: "10/hour"}, "slices": {Per: "1000/hour", Cost: 100}, "fixed": {Per: "10/hour", Strategy: ratelimit.FixedWindow},
		"bucket": {Per: "10/day", Strategy: ratelimit.TokenBucket}, "joined": {Per: "20/hour; 10/day"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			limit.Name = name // of its own in the server
			var apps []*tenon.App
			for range 3 {
				k, err := ratelimit.New(ratelimit.Config{Store: open(t, patient(server.URL())), Timeout: time.Minute})
				if err != nil {
					t.Fatal(err)
				}
				app := tenon.New(tenon.Config{}, ratelimit.In(k))
				app.Get("/", nothing, limit.Option())
				if err := app.Compile(); err != nil {
					t.Fatal(err)
				}
				apps = append(apps, app)
			}
			var passed atomic.Int64
			var all sync.WaitGroup
			for i := range 100 {
				all.Go(func() {
					w := httptest.NewRecorder()
					apps[i%len(apps)].ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody))
					if w.Code == http.StatusNoContent {
						passed.Add(1)
					}
				})
			}
			all.Wait()
			if got := passed.Load(); got != 10 {
				t.Errorf("%d of 100 pass, want 10", got)
			}
		})
	}
}
