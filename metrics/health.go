package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tenon-go/tenon/health"
)

// AddHealth shows what the checks of readiness say, by name: health_check_up, which is 1 or 0, and how long each took; and health_ready of all together.
// They run when the metrics are asked, unless they did just now (health.Config.Cache), for 5 s at most. A second one is an error.
func (m *Metrics) AddHealth(h *health.Health) error {
	return m.add("health", &checks{
		health:  h,
		ready:   prometheus.NewDesc("health_ready", "Whether the app and all checks are ready.", nil, nil),
		up:      prometheus.NewDesc("health_check_up", "Whether a check found nothing wrong.", []string{"check"}, nil),
		seconds: prometheus.NewDesc("health_check_seconds", "How long a check took.", []string{"check"}, nil),
	})
}

// checks asks for the report of a service.
type checks struct {
	health             *health.Health
	ready, up, seconds *prometheus.Desc
}

// Describe names what Collect tells.
func (c *checks) Describe(to chan<- *prometheus.Desc) {
	to <- c.ready
	to <- c.up
	to <- c.seconds
}

// Collect asks. Nothing is told where no report came in time.
func (c *checks) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	report, err := c.health.Report(ctx)
	if err != nil {
		return
	}
	to <- prometheus.MustNewConstMetric(c.ready, prometheus.GaugeValue, number(report.Ready))
	for _, one := range report.Checks {
		to <- prometheus.MustNewConstMetric(c.up, prometheus.GaugeValue, number(one.Error == ""), one.Name)
		to <- prometheus.MustNewConstMetric(c.seconds, prometheus.GaugeValue, one.Seconds, one.Name)
	}
}

// number is 1 for what is so.
func number(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
