// Package metrics counts requests for Prometheus.
//
//	m, err := metrics.New(metrics.Config{})
//	operations, err := ops.Handler(app, ops.Config{Metrics: m.Handler()})
//	tenon.Serve(ctx, app, tenon.ServerConfig{Observer: m, Operations: operations})
//
// Labels are what the program declares: methods of HTTP, route patterns, statuses, versions and codes of problems. Nothing that
// a client can choose freely becomes a label, so nobody can fill the memory with them.
package metrics

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/tenon-go/tenon"
)

// Config says what is counted. The zero value is useful.
type Config struct {
	// Registry holds the metrics; add your own to it. Default: a new one, with those of the process and of the Go runtime.
	Registry *prometheus.Registry
	// Seconds are the buckets of durations, ascending. Default 0.001 to 30, in steps of 2 to 2.5.
	Seconds []float64
	// Bytes are the buckets of body sizes, ascending. Default 256 to 16 MiB, in steps of 4.
	Bytes []float64
}

// Metrics is a tenon.Observer.
type Metrics struct {
	registry       *prometheus.Registry
	duration       *prometheus.HistogramVec
	received, sent *prometheus.HistogramVec
	refused, found *prometheus.CounterVec
	cached         *prometheus.CounterVec
	asked, asking  *prometheus.HistogramVec
	inFlight       prometheus.Gauge
	known          sync.Map // of series, by labels: finding them again is cheaper than hashing all labels thrice
}

// labels tell series apart; series are those of one set of labels.
type (
	labels struct{ method, route, status, version string }
	series struct{ duration, received, sent, asked, asking prometheus.Observer }
)

var _ tenon.Observer = (*Metrics)(nil)

// New registers the metrics.
func New(cfg Config) (*Metrics, error) {
	var errs []error
	for name, buckets := range map[string][]float64{"Seconds": cfg.Seconds, "Bytes": cfg.Bytes} {
		if !slices.IsSorted(buckets) || len(slices.Compact(slices.Clone(buckets))) != len(buckets) {
			errs = append(errs, fmt.Errorf("metrics: %s are %v, want each above the one before it", name, buckets))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if cfg.Seconds == nil {
		cfg.Seconds = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}
	}
	if cfg.Bytes == nil {
		cfg.Bytes = prometheus.ExponentialBuckets(256, 4, 9)
	}
	m := newMetrics(cfg)
	all := []prometheus.Collector{m.duration, m.received, m.sent, m.refused, m.found, m.cached, m.asked, m.asking, m.inFlight}
	if m.registry == nil {
		m.registry = prometheus.NewRegistry()
		all = append(all, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	}
	for _, c := range all {
		errs = append(errs, m.registry.Register(c))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	return m, nil
}

func newMetrics(cfg Config) *Metrics {
	size := func(name, help string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: cfg.Bytes}, []string{"method", "route"})
	}
	return &Metrics{
		registry: cfg.Registry,
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_server_request_duration_seconds", Help: "From the header of a request to the end of its answer.", Buckets: cfg.Seconds,
		}, []string{"method", "route", "status", "version"}),
		received: size("http_server_request_body_bytes", "What was read of the bodies of requests."),
		sent:     size("http_server_response_body_bytes", "What was written of the bodies of answers."),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "http_server_problems_total", Help: "Requests that were answered with a problem, by its code.",
		}, []string{"code", "status"}),
		found: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "http_server_findings_total", Help: "Requests that showed something wrong with the program, by its code.",
		}, []string{"code", "route"}),
		cached: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "http_server_cache_total", Help: "Requests to operations whose answers are kept, by what the cache did.",
		}, []string{"result", "route"}),
		asked: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_server_request_statements", Help: "Statements of a database that a request ran, where it ran any.",
			Buckets: []float64{1, 2, 3, 4, 6, 10, 20, 50, 100},
		}, []string{"method", "route"}),
		asking: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_server_request_statement_seconds", Help: "What the statements of a request took together, where it ran any.", Buckets: cfg.Seconds,
		}, []string{"method", "route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "http_server_requests_in_flight", Help: "Requests that are not answered yet."}),
	}
}

// Registry is where the metrics are registered.
func (m *Metrics) Registry() *prometheus.Registry { return m.registry }

// Handler shows the metrics to Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})
}

// Begin counts a request in.
func (m *Metrics) Begin() { m.inFlight.Inc() }

// End counts a request out.
func (m *Metrics) End(seen tenon.Observation) {
	m.inFlight.Dec()
	s := m.series(labels{known(seen.Method), cmp.Or(seen.Route, "none"), status(seen.Status), seen.Version})
	s.duration.Observe(seen.Duration.Seconds())
	s.received.Observe(float64(seen.Received))
	s.sent.Observe(float64(seen.Sent))
	if seen.Problem != "" {
		m.refused.WithLabelValues(seen.Problem, strconv.Itoa(seen.Status)).Inc()
	}
	if seen.Statements > 0 {
		s.asked.Observe(float64(seen.Statements))
		s.asking.Observe(seen.StatementTime.Seconds())
	}
	if seen.Cache != "" {
		m.cached.WithLabelValues(seen.Cache, cmp.Or(seen.Route, "none")).Inc()
	}
	if seen.Finding != "" {
		m.found.WithLabelValues(seen.Finding, cmp.Or(seen.Route, "none")).Inc()
	}
}

func (m *Metrics) series(l labels) *series {
	if s, ok := m.known.Load(l); ok {
		return s.(*series)
	}
	s, _ := m.known.LoadOrStore(l, &series{
		m.duration.WithLabelValues(l.method, l.route, l.status, l.version),
		m.received.WithLabelValues(l.method, l.route),
		m.sent.WithLabelValues(l.method, l.route),
		m.asked.WithLabelValues(l.method, l.route),
		m.asking.WithLabelValues(l.method, l.route),
	})
	return s.(*series)
}

// known keeps methods that a client makes up out of the labels.
func known(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// status is the label of a status of HTTP (RFC 9110, section 15).
func status(code int) string {
	switch {
	case code == 0:
		return "cut" // the connection was
	case code < 100 || code > 599:
		return "other"
	}
	return strconv.Itoa(code)
}
