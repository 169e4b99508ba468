package store

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/metrics"
	"github.com/tenon-go/tenon/store"
)

// TestAnswersDriveOutNoCounts holds that in the memory of the process each has its own, which limits and caches know for one, on a server both the same.
func TestAnswersDriveOutNoCounts(t *testing.T) {
	t.Parallel()
	m, err := metrics.New(metrics.Config{})
	if err != nil {
		t.Fatal(err)
	}
	server := Settings{Valkey: "valkey://127.0.0.1:1", metrics: m}
	for name, tt := range map[string]struct {
		open     func(*late, *database) error
		together bool
	}{
		"alone": {nil, false}, "Valkey": {server.share, true},
	} {
		values, err := newShared(tenon.New(tenon.Config{}), nil, tt.open)
		if err != nil {
			t.Fatal(err)
		}
		if got := values.counts == values.answers; got != tt.together {
			t.Errorf("%s: together is %t", name, got)
		}
		if _, ok := values.counts.(*store.Memory); ok == tt.together {
			t.Errorf("%s: a memory is %t", name, ok)
		}
		if late, ok := values.counts.(*late); ok {
			if err := server.share(late, nil); err != nil {
				t.Error(err)
			}
			shows(t, m, `breaker_open{breaker="valkey"} 0`)
			if err := late.Finish(t.Context(), nil); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestMetricsShowLimitsAndMemories builds the service with metrics.
func TestMetricsShowLimitsAndMemories(t *testing.T) {
	t.Parallel()
	m, err := metrics.New(metrics.Config{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := usual()
	if err != nil {
		t.Fatal(err)
	}
	p.metrics = m
	if _, err := build(Config{DB: datatest.SQLite(t, Migrations())}, p); err != nil {
		t.Fatal(err)
	}
	shows(t, m, `ratelimit_refused_total{limits="api"} 0`, `store_memory_entries{memory="counts"} 0`, `store_memory_entries{memory="answers"} 0`)
}

func shows(t *testing.T, m *metrics.Metrics, lines ...string) {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	for _, line := range lines {
		if !strings.Contains(w.Body.String(), line) {
			t.Errorf("the metrics lack %s:\n%s", line, w.Body)
		}
	}
}
