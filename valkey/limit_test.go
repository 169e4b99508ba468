package valkey_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/ratelimit"
	"github.com/tenon-go/tenon/valkey"
	"github.com/tenon-go/tenon/valkey/valkeytest"
)

func nothing(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil }

// limits are one of each kind of which ten of a hundred requests pass.
func limits() map[string]ratelimit.Limit {
	return map[string]ratelimit.Limit{
		"sliding": {Per: "10/hour"}, "slices": {Per: "1000/hour", Cost: 100}, "fixed": {Per: "10/hour", Strategy: ratelimit.FixedWindow},
		"bucket": {Per: "10/day", Strategy: ratelimit.TokenBucket}, "joined": {Per: "20/hour; 10/day"},
	}
}

// service is three replicas of one, each with its own connections, and what they count by.
type service struct {
	apps    []*tenon.App
	keepers []*ratelimit.Keeper
}

func newService(t *testing.T, cfg valkey.Config, routes map[string]ratelimit.Limit) *service {
	t.Helper()
	s := &service{}
	for range 3 {
		k, err := ratelimit.New(ratelimit.Config{Store: open(t, cfg), Timeout: time.Minute, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		app := tenon.New(tenon.Config{}, ratelimit.In(k))
		for name, limit := range routes {
			limit.Name = name // of its own in the server
			app.Get("/"+name, nothing, limit.Option())
		}
		if err := app.Compile(); err != nil {
			t.Fatal(err)
		}
		s.apps, s.keepers = append(s.apps, app), append(s.keepers, k)
	}
	return s
}

// hundred is how many of a hundred requests at once to all replicas pass. The others are refused, and none fails.
func (s *service) hundred(t *testing.T, route string) int64 {
	t.Helper()
	var passed atomic.Int64
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			w := httptest.NewRecorder()
			s.apps[i%len(s.apps)].ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/"+route, http.NoBody))
			switch w.Code {
			case http.StatusNoContent:
				passed.Add(1)
			case http.StatusTooManyRequests:
			default:
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	all.Wait()
	return passed.Load()
}

// exact has a hundred requests at once at each kind of limit: exactly ten pass.
func exact(t *testing.T, cfg valkey.Config) {
	t.Helper()
	s := newService(t, cfg, limits())
	for name := range limits() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := s.hundred(t, name); got != 10 {
				t.Errorf("%d of 100 pass, want 10", got)
			}
		})
	}
}

// TestN11Limits has a hundred requests at once to three replicas of a service: exactly ten pass.
func TestN11Limits(t *testing.T) {
	t.Parallel()
	exact(t, patient(valkeytest.Start(t).URL()))
}

// TestN11LimitsOfACluster is the same where a cluster counts.
func TestN11LimitsOfACluster(t *testing.T) {
	t.Parallel()
	cfg := patient(valkeytest.StartCluster(t).URL())
	cfg.Cluster = true
	exact(t, cfg)
}

// TestN11LimitsOverAFailover kills the primary under load. No request fails, and none is let through uncounted: the limit holds in the primary, in the one
// that is made after it, to which not all may have come, and for each replica of the service by itself between the two. Then it is exact again.
func TestN11LimitsOverAFailover(t *testing.T) {
	t.Parallel()
	sentinels := valkeytest.StartSentinels(t)
	cfg := patient(sentinels.URL())
	cfg.Sentinel.Primary = sentinels.Name()
	const most = 10 + 10 + 3*10
	s := newService(t, cfg, map[string]ratelimit.Limit{"during": {Per: "10/hour"}, "after": {Per: "10/hour"}})
	passed := s.hundred(t, "during")
	if passed != 10 {
		t.Errorf("%d of 100 pass before, want 10", passed)
	}
	sentinels.Primary.Kill(t)
	until(t, func() bool {
		passed += s.hundred(t, "during")
		for _, k := range s.keepers {
			if is := k.Stats(); is.Spells == 0 || is.Lost {
				return false
			}
		}
		return strings.Contains(sentinels.Replica.Do(t, "INFO", "replication"), "role:master")
	})
	if passed > most {
		t.Errorf("%d pass over the failover, want %d at most", passed, most)
	}
	if got := s.hundred(t, "after"); got != 10 {
		t.Errorf("%d of 100 pass after it, want 10", got)
	}
}
