package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tenon-go/tenon/ratelimit"
)

// AddLimits shows what limits do, whose name is a label: how many requests they refused, how many they counted without their store, how often that was
// lost, and whether it is now. stats is the method Stats of their ratelimit.Keeper, and is asked whenever the metrics are. A name that is taken is an
// error.
func (m *Metrics) AddLimits(name string, stats func() ratelimit.Stats) error {
	label := prometheus.Labels{"limits": name}
	counter := func(of, help string, value func(ratelimit.Stats) int64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "ratelimit_" + of, Help: help, ConstLabels: label},
			func() float64 { return float64(value(stats())) })
	}
	return m.add("limits "+name,
		counter("refused_total", "Requests that were beyond a limit.", func(s ratelimit.Stats) int64 { return s.Refused }),
		counter("alone_total", "Decisions that were made without the store.", func(s ratelimit.Stats) int64 { return s.Alone }),
		counter("spells_total", "How often the store was lost.", func(s ratelimit.Stats) int64 { return s.Spells }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ratelimit_store_lost", Help: "1 while the store is lost.", ConstLabels: label}, func() float64 {
			if stats().Lost {
				return 1
			}
			return 0
		}))
}
