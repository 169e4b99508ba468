package health

import (
	"context"
	"encoding/json/v2"
	"net/http"
	"net/url"
)

// Report runs the checks, unless that was done just now, and says all about them. The error is that of ctx.
func (h *Health) Report(ctx context.Context) (Report, error) {
	report, err := h.checks.report(ctx)
	report.App = h.app.Ready()
	report.Ready = report.Ready && report.App
	return report, err
}

// Details answers with the Report as JSON: 200 when it is ready, 503 otherwise. With ?tag=NAME, once or several times, it is that of the checks that
// have one of these tags; 404 is that none has, and 400 that the query cannot be read. It is for the listener for operations: errors may name hosts and tables.
func (h *Health) Details() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		query, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			http.Error(w, "The query cannot be read.", http.StatusBadRequest)
			return
		}
		report, err := h.Report(r.Context())
		if err != nil {
			return // nobody waits for it
		}
		tags := query["tag"]
		report = report.tagged(tags)
		if tags != nil && len(report.Checks) == 0 {
			http.Error(w, "No check has that tag.", http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if !report.Ready {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.MarshalWrite(w, report)
	})
}
