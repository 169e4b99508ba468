package tenon

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/tenon-go/tenon/internal/admit"
	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/middleware"
)

// front is what Serve puts before an app, from the outside in: where the request comes from, what it is called, its line in the access
// log, and the header fields that keep browsers safe. open are the streams of the server.
func front(next http.Handler, cfg ServerConfig, logger *slog.Logger, open *streams) (http.Handler, error) {
	forwarded, errForwarded := middleware.Forwarded(cfg.Forwarded)
	identified, errID := middleware.RequestID(middleware.RequestIDConfig{})
	logged, errLog := middleware.AccessLog(middleware.AccessLogConfig{Logger: logger})
	secured, errSecure := middleware.SecureHeaders(cfg.SecureHeaders)
	if cfg.OmitSecureHeaders {
		secured = func(next http.Handler) http.Handler { return next }
	}
	gate, errGate := cfg.gate()
	if err := errors.Join(errForwarded, errID, errLog, errSecure, errGate); err != nil {
		return nil, err
	}
	known := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := record.From(r.Context())
		rec.Streams, rec.Gate = open, gate
		next.ServeHTTP(w, r)
	})
	return forwarded(identified(logged(secured(known)))), nil
}

// gate is what bounds how much is worked on; nil is no bound.
func (c ServerConfig) gate() (*admit.Gate, error) {
	limits := c.Admission
	if limits.Critical != nil {
		return nil, errors.New("tenon.ServerConfig: Admission.Critical is for other handlers; an operation says tenon.Critical()")
	}
	gate, err := admit.Open(admit.Limits{Requests: limits.Requests, Queue: limits.Queue, Patience: limits.Patience, Streams: limits.Streams})
	if err != nil {
		return nil, fmt.Errorf("tenon.ServerConfig: Admission: %w", err)
	}
	if limits.Requests == 0 {
		return nil, nil
	}
	return gate, nil
}
