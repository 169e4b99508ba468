package middleware

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/tenon-go/tenon/internal/answer"
)

// SecureHeadersConfig describes SecureHeaders.
type SecureHeadersConfig struct {
	// PublicURL is where clients reach the service, such as https://api.example.com. With https, browsers are told to use nothing else
	// for a year, for the host and those below it; http is for this machine alone. Default: not known, nothing is told.
	PublicURL string
	// ContentSecurityPolicy is for answers that say none. Default: nothing is loaded, framed or submitted.
	ContentSecurityPolicy string
	// CacheControl is for answers that say none. Default "no-store", and "no-cache" for those with an ETag or Last-Modified.
	CacheControl string
}

// apiPolicy lets a document that a browser makes of an answer do nothing.
const apiPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// SecureHeaders sets the header fields that keep browsers from making more of an answer than it is: a Content-Security-Policy,
// X-Content-Type-Options, Referrer-Policy, Cross-Origin-Resource-Policy, Cache-Control, and Strict-Transport-Security behind https.
// What an answer says itself stays, as do the policies of the pages of the document.
func SecureHeaders(cfg SecureHeadersConfig) (Middleware, error) {
	secure, err := isSecure(cfg.PublicURL)
	var errs []error
	if err != nil {
		errs = append(errs, fmt.Errorf("PublicURL %q: %w", cfg.PublicURL, err))
	}
	for _, f := range [...]struct{ name, value string }{{"ContentSecurityPolicy", cfg.ContentSecurityPolicy}, {"CacheControl", cfg.CacheControl}} {
		if strings.ContainsFunc(f.value, func(c rune) bool { return c < ' ' || c > '~' }) {
			errs = append(errs, fmt.Errorf("%s has characters that a header field cannot have", f.name))
		}
	}
	if len(errs) > 0 {
		return nil, named("SecureHeadersConfig", errs)
	}
	policy := apiPolicy
	if cfg.ContentSecurityPolicy != "" {
		policy = cfg.ContentSecurityPolicy
	}
	set := []field{
		{"Content-Security-Policy", policy}, {"X-Content-Type-Options", "nosniff"}, {"Referrer-Policy", "no-referrer"},
		{"Cross-Origin-Resource-Policy", "same-origin"},
	}
	if secure {
		set = append(set, field{"Strict-Transport-Security", "max-age=31536000; includeSubDomains"})
	}
	before := defaults(set, cfg.CacheControl)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if own, ok := w.(*answer.Writer); ok && own.Before == nil {
				own.Before = before
				next.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(&answer.Writer{ResponseWriter: w, Before: before}, r)
		})
	}, nil
}

// field is a header field with its one value.
type field struct{ name, value string }

// in sets the field in a header that lacks it, in a place of its own: what a middleware writes there is in no other answer.
func (f field) in(h http.Header, place []string) {
	if _, ok := h[f.name]; !ok {
		place[0] = f.value
		h[f.name] = place
	}
}

// defaults sets fields that an answer lacks.
func defaults(set []field, caching string) func(http.Header, int) {
	plain := field{"Cache-Control", cmp.Or(caching, "no-store")}
	tagged := field{"Cache-Control", cmp.Or(caching, "no-cache")}
	return func(h http.Header, _ int) {
		places := make([]string, len(set)+1)
		for i, f := range set {
			f.in(h, places[i:i+1:i+1])
		}
		last := plain
		if h["Etag"] != nil || h["Last-Modified"] != nil {
			last = tagged
		}
		last.in(h, places[len(set):])
	}
}

// isSecure reads the URL of a service.
func isSecure(text string) (bool, error) {
	if text == "" {
		return false, nil
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return false, errors.New("want a scheme and a host, such as https://api.example.com")
	case u.Scheme == "https":
		return true, nil
	case u.Scheme == "http" && loopback(u.Hostname()):
		return false, nil
	}
	return false, errors.New("want https; http is for this machine alone")
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
