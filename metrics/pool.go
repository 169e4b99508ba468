package metrics

import (
	"database/sql"

	"github.com/prometheus/client_golang/prometheus"
)

// AddPool shows the connections of a pool, whose name is a label: those in use and idle, the most that there may be, and how often and how long somebody
// waited for one. stats is asked whenever the metrics are; it may return the zero value. A name that is taken is an error.
func (m *Metrics) AddPool(name string, stats func() sql.DBStats) error {
	label := prometheus.Labels{"pool": name}
	gauge := func(of, help string, value func(sql.DBStats) float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "db_pool_" + of, Help: help, ConstLabels: label},
			func() float64 { return value(stats()) })
	}
	counter := func(of, help string, value func(sql.DBStats) float64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "db_pool_" + of, Help: help, ConstLabels: label},
			func() float64 { return value(stats()) })
	}
	return m.add("pool "+name,
		gauge("connections_in_use", "Connections that work.", func(s sql.DBStats) float64 { return float64(s.InUse) }),
		gauge("connections_idle", "Connections that wait for work.", func(s sql.DBStats) float64 { return float64(s.Idle) }),
		gauge("connections_max", "The most connections that there may be.", func(s sql.DBStats) float64 { return float64(s.MaxOpenConnections) }),
		counter("waits_total", "How often somebody waited for a connection.", func(s sql.DBStats) float64 { return float64(s.WaitCount) }),
		counter("wait_seconds_total", "How long somebody waited for a connection.", func(s sql.DBStats) float64 { return s.WaitDuration.Seconds() }))
}
