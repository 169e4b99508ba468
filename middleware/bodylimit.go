package middleware

import (
	"cmp"
	"fmt"
	"net/http"

	"github.com/tenon-go/tenon/problem"
)

// BodyLimitConfig describes BodyLimit.
type BodyLimitConfig struct {
	// Bytes is the most that a body may have; one of exactly this size passes. Default 1 MiB.
	Bytes int64
}

// BodyLimit bounds the bodies of requests to handlers that do not do it themselves; the operations of an app do. A length that is
// announced and too large is refused at once with 413; another body fails with a *http.MaxBytesError where it is read.
func BodyLimit(cfg BodyLimitConfig) (Middleware, error) {
	if cfg.Bytes < 0 {
		return nil, named("BodyLimitConfig", []error{
			fmt.Errorf("Bytes is %d, want 1 or more, or 0 for the default", cfg.Bytes), //nolint:staticcheck // the field
		})
	}
	limit := cmp.Or(cfg.Bytes, 1<<20)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.ContentLength > limit {
				w.Header().Set("Connection", "close") // nobody reads what is on its way
				problem.Write(w, r, problem.New(problem.CodeContentTooLarge, ""))
				return
			}
			if r.Body != nil && r.Body != http.NoBody {
				r.Body = http.MaxBytesReader(w, r.Body, limit)
			}
			next.ServeHTTP(w, r)
		})
	}, nil
}
