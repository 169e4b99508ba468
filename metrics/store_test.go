package metrics_test

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tenon-go/tenon/metrics"
	"github.com/tenon-go/tenon/store"
)

func TestMetricsOfStores(t *testing.T) {
	t.Parallel()
	m := newMetrics(t, metrics.Config{Registry: prometheus.NewRegistry()})
	kept, err := store.NewMemory(store.Config{Bytes: 1000})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.AddMemory("limits", kept.Stats); err != nil {
		t.Fatal(err)
	}
	is := metrics.Breaker{}
	if err := m.AddBreaker("valkey", func() metrics.Breaker { return is }); err != nil {
		t.Fatal(err)
	}
	shows(t, m, `store_memory_entries{memory="limits"} 0`, `store_memory_bytes{memory="limits"} 0`, `store_memory_evicted_total{memory="limits"} 0`,
		`breaker_open{breaker="valkey"} 0`, `breaker_opened_total{breaker="valkey"} 0`)
	for _, key := range []string{"a", "b", "c"} {
		if err := kept.Set(t.Context(), key, make([]byte, 400), time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	is = metrics.Breaker{Open: true, Opened: 1, Failed: 5, Refused: 7}
	shows(t, m, `store_memory_entries{memory="limits"} 1`, `store_memory_evicted_total{memory="limits"} 2`, `breaker_open{breaker="valkey"} 1`,
		`breaker_opened_total{breaker="valkey"} 1`, `breaker_failed_total{breaker="valkey"} 5`, `breaker_refused_total{breaker="valkey"} 7`)
	if m.AddMemory("limits", kept.Stats) == nil || m.AddBreaker("valkey", func() metrics.Breaker { return is }) == nil {
		t.Error("a name that is taken is no error")
	}
}

func shows(t *testing.T, m *metrics.Metrics, lines ...string) {
	t.Helper()
	text := page(t, m)
	for _, want := range lines {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("there is no %s in\n%s", want, text)
		}
	}
}
