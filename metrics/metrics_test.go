package metrics_test

import (
	"context"
	"database/sql"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/metrics"
)

func newMetrics(t *testing.T, cfg metrics.Config) *metrics.Metrics {
	t.Helper()
	m, err := metrics.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func page(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	return w.Body.String()
}

func TestWhatCachesDoIsCounted(t *testing.T) {
	t.Parallel()
	m := newMetrics(t, metrics.Config{})
	for _, did := range []string{"hit", "hit", "miss", ""} {
		m.Begin()
		m.End(tenon.Observation{Method: http.MethodGet, Route: "/a", Status: http.StatusOK, Cache: did})
	}
	text := page(t, m)
	for _, want := range []string{`http_server_cache_total{result="hit",route="/a"} 2`, `http_server_cache_total{result="miss",route="/a"} 1`} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s", want)
		}
	}
	if n := strings.Count(text, "http_server_cache_total{"); n != 2 {
		t.Errorf("%d series, want 2: what is not cached counts for none", n)
	}
}

func TestMetricsOfAServer(t *testing.T) {
	t.Parallel()
	m := newMetrics(t, metrics.Config{})
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Get("/users/{id}", func(context.Context, *struct {
		ID int `path:"id"`
	}) (*tenon.NoContent, error) {
		return nil, nil
	})
	app.Get("/finds", func(ctx context.Context, _ *struct{}) (*tenon.NoContent, error) {
		tenon.Report(ctx, "data-repeats", "where")
		tenon.Statement(ctx, tenon.RanStatement{Took: time.Second})
		tenon.Statement(ctx, tenon.RanStatement{Took: time.Second})
		return nil, nil
	})
	ctx, stop := context.WithCancel(t.Context())
	ready, done := make(chan string, 1), make(chan error, 1)
	go func() {
		done <- tenon.Serve(ctx, app, tenon.ServerConfig{
			Addr: "127.0.0.1:0", Observer: m, DrainDelay: time.Nanosecond, Ready: func(a net.Addr) { ready <- a.String() },
		})
	}()
	addr := <-ready
	for _, path := range []string{"/users/1", "/users/2", "/users/x", "/finds", "/of-an-attacker/1", "/of-an-attacker/2"} {
		answer, err := http.Get("http://" + addr + path)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	text := page(t, m)
	for _, want := range []string{
		`http_server_request_duration_seconds_count{method="GET",route="/users/{id}",status="204",version=""} 2`,
		`http_server_request_duration_seconds_count{method="GET",route="/users/{id}",status="422",version=""} 1`,
		`http_server_request_duration_seconds_count{method="GET",route="none",status="404",version=""} 2`,
		`http_server_problems_total{code="not-found",status="404"} 2`,
		`http_server_problems_total{code="validation-failed",status="422"} 1`,
		`http_server_findings_total{code="data-repeats",route="/finds"} 1`,
		`http_server_requests_in_flight 0`,
		`http_server_request_statements_sum{method="GET",route="/finds"} 2`,
		`http_server_request_statements_bucket{method="GET",route="/finds",le="1"} 0`,
		`http_server_request_statement_seconds_sum{method="GET",route="/finds"} 2`,
		`http_server_request_statements_count{method="GET",route="/users/{id}"} 0`,
		`http_server_response_body_bytes_count{method="GET",route="/users/{id}"} 3`,
		`http_server_request_body_bytes_sum{method="GET",route="/users/{id}"} 0`,
		"go_goroutines ", "process_open_fds ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s", want)
		}
	}
	if strings.Contains(text, "attacker") {
		t.Error("a path of a client is a label")
	}
}

// TestSQ07PoolsAreShown asks for what a pool says of itself.
func TestSQ07PoolsAreShown(t *testing.T) {
	t.Parallel()
	m := newMetrics(t, metrics.Config{})
	stats := sql.DBStats{MaxOpenConnections: 8, InUse: 3, Idle: 2, WaitCount: 7, WaitDuration: 1500 * time.Millisecond}
	for _, name := range []string{"reads", "writes"} {
		if err := m.AddPool(name, func() sql.DBStats { return stats }); err != nil {
			t.Fatal(err)
		}
	}
	stats.InUse = 4
	text := page(t, m)
	for _, want := range []string{`db_pool_connections_in_use{pool="reads"} 4`, `db_pool_connections_idle{pool="writes"} 2`,
		`db_pool_connections_max{pool="reads"} 8`, `db_pool_waits_total{pool="reads"} 7`, `db_pool_wait_seconds_total{pool="writes"} 1.5`} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s", want)
		}
	}
	if err := m.AddPool("reads", func() sql.DBStats { return stats }); err == nil {
		t.Error("a name that is taken is no error")
	}
}

func TestMetricsKeepLabelsFew(t *testing.T) {
	t.Parallel()
	m := newMetrics(t, metrics.Config{Registry: prometheus.NewRegistry()})
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "X1", "X2", "get"} {
		for status := range 1000 {
			m.Begin()
			m.End(tenon.Observation{Method: method, Status: status, Version: "v2"})
		}
	}
	text := page(t, m)
	if n := strings.Count(text, "http_server_request_duration_seconds_count{"); n != 8*(500+2) {
		t.Errorf("%d series, want %d", n, 8*(500+2))
	}
	for _, want := range []string{`method="other"`, `status="cut"`, `status="other"`, `status="599"`, `version="v2"`} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s", want)
		}
	}
}

func TestNewSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	_, err := metrics.New(metrics.Config{Seconds: []float64{2, 1}, Bytes: []float64{1, 1}})
	for _, want := range []string{"metrics: ", "Seconds are [2 1]", "Bytes are [1 1]"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	registry := prometheus.NewRegistry()
	newMetrics(t, metrics.Config{Registry: registry})
	if _, err := metrics.New(metrics.Config{Registry: registry}); err == nil {
		t.Error("the same metrics are registered twice")
	}
}

func BenchmarkObserve(b *testing.B) {
	m, err := metrics.New(metrics.Config{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		m.Begin()
		m.End(tenon.Observation{Method: "GET", Route: "/users/{id}", Status: 200, Duration: time.Millisecond, Sent: 100})
	}
}
