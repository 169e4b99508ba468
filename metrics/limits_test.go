package metrics_test

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tenon-go/tenon/metrics"
	"github.com/tenon-go/tenon/ratelimit"
)

func TestMetricsOfLimits(t *testing.T) {
	t.Parallel()
	m := newMetrics(t, metrics.Config{Registry: prometheus.NewRegistry()})
	k, err := ratelimit.New(ratelimit.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.AddLimits("api", k.Stats); err != nil {
		t.Fatal(err)
	}
	shows(t, m, `ratelimit_refused_total{limits="api"} 0`, `ratelimit_store_lost{limits="api"} 0`)
	meter, err := k.Meter("mails", "1/hour")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		_ = meter.Take(t.Context(), "ada") // the first passes
	}
	shows(t, m, `ratelimit_refused_total{limits="api"} 2`, `ratelimit_alone_total{limits="api"} 0`, `ratelimit_spells_total{limits="api"} 0`)
	lost := func() ratelimit.Stats { return ratelimit.Stats{Alone: 7, Spells: 1, Lost: true} }
	if err := m.AddLimits("other", lost); err != nil {
		t.Fatal(err)
	}
	shows(t, m, `ratelimit_alone_total{limits="other"} 7`, `ratelimit_spells_total{limits="other"} 1`, `ratelimit_store_lost{limits="other"} 1`)
	if m.AddLimits("api", k.Stats) == nil {
		t.Error("a name that is taken is no error")
	}
}
