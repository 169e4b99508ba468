package middleware

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/tenon-go/tenon/internal/record"
)

// HTTPSConfig describes HTTPS.
type HTTPSConfig struct {
	// Host is where clients are sent, with a port unless that is 443: api.example.com. It is needed: the host that a client asks for is
	// not to be trusted with where clients go.
	Host string
}

// HTTPS sends requests that came over plain HTTP to the same path of the configured host over HTTPS, with 308, which keeps method and
// body. Behind a proxy it needs Forwarded, which learns what the client asked with.
func HTTPS(cfg HTTPSConfig) (Middleware, error) {
	name, ok := cfg.Host, true
	if i := strings.LastIndexByte(name, ':'); i >= 0 && !strings.Contains(name[i:], "]") {
		port := name[i:]
		name, ok = name[:i], portOf(port) && !strings.Contains(port, "_")
	}
	if !ok || !hostname(name) {
		return nil, named("HTTPSConfig", []error{
			fmt.Errorf("Host is %q, want a host such as api.example.com, with a port at most", cfg.Host), //nolint:staticcheck // the field
		})
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if record.SchemeOf(r) == "https" {
				next.ServeHTTP(w, r)
				return
			}
			target := r.URL.EscapedPath()
			if !strings.HasPrefix(target, "/") {
				target = "/"
			}
			if rec := record.From(r.Context()); rec != nil {
				target = rec.Prefix + target
			}
			if r.URL.RawQuery != "" {
				target += "?" + r.URL.RawQuery
			}
			h := w.Header()
			h.Set("Location", "https://"+cfg.Host+target)
			h.Set("Content-Length", "0")
			w.WriteHeader(http.StatusPermanentRedirect)
		})
	}, nil
}
