package metrics

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tenon-go/tenon/store"
)

// AddMemory shows how full a store.Memory is, whose name is a label: entries and bytes, and how many it forgot within their ttl to make room. stats is
// its method Stats, and is asked whenever the metrics are. A name that is taken is an error.
func (m *Metrics) AddMemory(name string, stats func() store.Stats) error {
	label := prometheus.Labels{"memory": name}
	return m.add("memory "+name,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "store_memory_entries", Help: "Entries that are kept.", ConstLabels: label},
			func() float64 { return float64(stats().Entries) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "store_memory_bytes", Help: "Bytes that the entries take.", ConstLabels: label},
			func() float64 { return float64(stats().Bytes) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "store_memory_evicted_total", Help: "Entries that were forgotten within their ttl, to make room.", ConstLabels: label,
		}, func() float64 { return float64(stats().Evicted) }))
}

// Breaker is how something did that calls go to, and that is given up while it does not answer: for module valkey, what Store.Stats tells.
type Breaker struct {
	// Open is that it is given up now, or tried again.
	Open bool
	// Opened is how often it was given up; Failed how many calls were not answered, and Refused how many were not made since it was given up.
	Opened, Failed, Refused int64
}

// AddBreaker shows a Breaker, whose name is a label:
//
//	err := m.AddBreaker("valkey", func() metrics.Breaker {
//		s := kept.Stats()
//		return metrics.Breaker{Open: s.State != "closed", Opened: s.Opened, Failed: s.Failed, Refused: s.Refused}
//	})
//
// It is asked whenever the metrics are. A name that is taken is an error.
func (m *Metrics) AddBreaker(name string, stats func() Breaker) error {
	label := prometheus.Labels{"breaker": name}
	counter := func(of, help string, value func(Breaker) int64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "breaker_" + of, Help: help, ConstLabels: label},
			func() float64 { return float64(value(stats())) })
	}
	return m.add("breaker "+name,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "breaker_open", Help: "1 while it is given up.", ConstLabels: label}, func() float64 {
			if stats().Open {
				return 1
			}
			return 0
		}),
		counter("opened_total", "How often it was given up.", func(b Breaker) int64 { return b.Opened }),
		counter("failed_total", "Calls that were not answered.", func(b Breaker) int64 { return b.Failed }),
		counter("refused_total", "Calls that were not made, since it was given up.", func(b Breaker) int64 { return b.Refused }))
}

// add registers collectors, or tells whose could not be.
func (m *Metrics) add(whose string, all ...prometheus.Collector) error {
	for _, c := range all {
		if err := m.registry.Register(c); err != nil {
			return fmt.Errorf("metrics: %s: %w", whose, err)
		}
	}
	return nil
}
