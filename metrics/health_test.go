package metrics_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/health"
	"github.com/tenon-go/tenon/metrics"
	"github.com/tenon-go/tenon/tenontest"
)

func TestAS09MetricsSayHowChecksStand(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	h, err := health.New(app, health.Config{Checks: []health.Check{
		{Name: "database", Ping: func(context.Context) error { return nil }},
		{Name: "mail", Ping: func(context.Context) error { return errors.New("it does not answer") }},
	}})
	if err != nil {
		t.Fatal(err)
	}
	m, err := metrics.New(metrics.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.AddHealth(h); err != nil {
		t.Fatal(err)
	}
	if err := m.AddHealth(h); err == nil {
		t.Error("a second one is no error")
	}
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	for _, line := range []string{"health_ready 0\n", `health_check_up{check="database"} 1`, `health_check_up{check="mail"} 0`, `health_check_seconds{check="mail"} `} {
		if !strings.Contains(w.Body.String(), line) {
			t.Errorf("the metrics lack %s", line)
		}
	}
}
