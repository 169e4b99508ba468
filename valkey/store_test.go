package valkey_test

import (
	"testing"
	"time"

	"github.com/tenon-go/tenon/store"
	"github.com/tenon-go/tenon/store/storetest"
	"github.com/tenon-go/tenon/valkey"
	"github.com/tenon-go/tenon/valkey/valkeytest"
)

// patient is a Config for tests of what is exact, not of what is quick.
func patient(url string) valkey.Config {
	return valkey.Config{URL: url, Dial: time.Minute, Timeout: time.Minute}
}

func open(tb testing.TB, cfg valkey.Config) *valkey.Store {
	tb.Helper()
	s, err := valkey.New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func TestStore(t *testing.T) {
	t.Parallel()
	contract(t, patient(valkeytest.Start(t).URL()))
}

func TestCluster(t *testing.T) {
	t.Parallel()
	cfg := patient(valkeytest.StartCluster(t).URL())
	cfg.Cluster = true
	contract(t, cfg)
}

func TestSentinel(t *testing.T) {
	t.Parallel()
	s := valkeytest.StartSentinels(t)
	cfg := patient(s.URL())
	cfg.Sentinel.Primary = s.Name()
	contract(t, cfg)
}

func contract(t *testing.T, cfg valkey.Config) {
	t.Helper()
	storetest.Run(t, func(tb testing.TB) store.Store {
		tb.Helper()
		return open(tb, cfg)
	})
	storetest.Replicas(t, open(t, cfg), open(t, cfg))
}
