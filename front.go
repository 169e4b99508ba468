package tenon

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/middleware"
)

// front is what Serve puts before an app, from the outside in: where the request comes from, what it is called, and its line in the
// access log. open are the streams of the server.
func front(next http.Handler, cfg ServerConfig, logger *slog.Logger, open *streams) (http.Handler, error) {
	forwarded, errForwarded := middleware.Forwarded(cfg.Forwarded)
	identified, errID := middleware.RequestID(middleware.RequestIDConfig{})
	logged, errLog := middleware.AccessLog(middleware.AccessLogConfig{Logger: logger})
	if err := errors.Join(errForwarded, errID, errLog); err != nil {
		return nil, err
	}
	known := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		record.From(r.Context()).Streams = open
		next.ServeHTTP(w, r)
	})
	return forwarded(identified(logged(known))), nil
}
