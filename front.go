package tenon

import (
	"net/http"

	"github.com/tenon-go/tenon/internal/admit"
	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/middleware"
)

// front is what Serve puts before an app, from the outside in: where the request comes from, what it is called, its line in the access
// log, and the header fields that keep browsers safe. gate bounds what is worked on, and open are the streams of the server.
func front(next http.Handler, cfg ServerConfig, gate *admit.Gate, open *streams) http.Handler {
	known := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := record.From(r.Context())
		rec.Streams, rec.Gate = open, gate
		next.ServeHTTP(w, r)
	})
	h := http.Handler(known)
	if !cfg.OmitSecureHeaders {
		secured, _ := middleware.SecureHeaders(cfg.SecureHeaders)
		h = secured(h)
	}
	logged, _ := middleware.AccessLog(middleware.AccessLogConfig{Logger: cfg.Logger})
	forwarded, _ := middleware.Forwarded(cfg.Forwarded)
	return forwarded(middleware.RequestID(logged(h)))
}
