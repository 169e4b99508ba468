// Package cors lets pages of other origins call a service, by the protocol of the Fetch standard. It is github.com/rs/cors, with a
// configuration that cannot be dangerous by accident.
//
//	app := tenon.New(tenon.Config{}, tenon.Use(cors.New(cors.Config{Origins: []string{"https://app.example.com"}})))
//
// As an option of the app it also holds for what no route takes: the fields that let a page read an answer are on problems, refusals and
// failures too, and a preflight is answered for every path.
package cors

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/rs/cors"
)

// Config says which pages may call a service, and how.
type Config struct {
	// Origins are those of the pages: https://app.example.com, with a port unless it is that of the scheme; http is for this machine
	// alone. "*" alone is every page, and excludes Credentials. At least one is needed.
	Origins []string
	// Methods are those that pages may use. Default GET, HEAD, POST, PUT, PATCH and DELETE.
	Methods []string
	// Headers are the fields that pages may send; "*" is any. Default Authorization, Content-Type, Idempotency-Key, If-Match and
	// If-None-Match.
	Headers []string
	// Exposed are the fields of answers that pages may read. Default Deprecation, ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, Sunset
	// and X-Request-Id.
	Exposed []string
	// Credentials lets browsers send cookies with the calls of these pages. Default false.
	Credentials bool
	// MaxAge is how long a browser may keep the answer to a preflight. Default 10 minutes.
	MaxAge time.Duration
}

// New makes the middleware. Every answer varies by Origin; a page of an origin that is not listed gets no field that would let it read
// the answer.
func New(cfg Config) (func(http.Handler) http.Handler, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	origins := slices.Clone(cfg.Origins)
	options := cors.Options{
		AllowedMethods:      or(cfg.Methods, http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete),
		AllowedHeaders:      or(cfg.Headers, "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match"),
		ExposedHeaders:      or(cfg.Exposed, exposed[:]...),
		AllowCredentials:    cfg.Credentials,
		MaxAge:              int(cmp.Or(cfg.MaxAge, 10*time.Minute) / time.Second),
		AllowPrivateNetwork: false,
	}
	if origins[0] == "*" {
		options.AllowedOrigins = origins
	} else {
		options.AllowOriginVaryRequestFunc = func(r *http.Request, origin string) (bool, []string) {
			return len(r.Header["Origin"]) == 1 && slices.Contains(origins, origin), nil
		}
	}
	return cors.New(options).Handler, nil
}

// exposed are what the framework says in fields that the Fetch standard does not let pages read by themselves.
var exposed = [...]string{"Deprecation", "ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "Sunset", "X-Request-Id"}

func or(names []string, fallback ...string) []string {
	if names == nil {
		return fallback
	}
	return slices.Clone(names)
}

func (c *Config) check() error {
	var errs []error
	if len(c.Origins) == 0 {
		errs = append(errs, errors.New("there are no Origins"))
	}
	for _, origin := range c.Origins {
		if origin == "*" {
			errs = append(errs, c.everyone())
		} else if err := checkOrigin(origin); err != nil {
			errs = append(errs, fmt.Errorf("origin %q: %w", origin, err))
		}
	}
	for _, list := range [...]struct {
		name  string
		names []string
		star  bool
	}{{"Methods", c.Methods, false}, {"Headers", c.Headers, true}, {"Exposed", c.Exposed, false}} {
		for _, name := range list.names {
			if !token(name) || name == "*" && !list.star {
				errs = append(errs, fmt.Errorf("%s has %q, want names of HTTP", list.name, name))
			}
		}
	}
	if c.MaxAge < 0 || c.MaxAge > 0 && c.MaxAge < time.Second {
		errs = append(errs, fmt.Errorf("MaxAge is %v, want a second or more, or 0 for the default", c.MaxAge))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("cors.Config: %w", err)
	}
	return nil
}

// everyone is what is wrong with the origin "*".
func (c *Config) everyone() error {
	switch {
	case c.Credentials:
		return errors.New(`origin "*" with Credentials would let every page act as its visitor; name the origins`)
	case len(c.Origins) > 1:
		return errors.New(`origin "*" is every origin, so it stands alone`)
	}
	return nil
}

// checkOrigin refuses what no browser sends, and what anybody could send.
func checkOrigin(origin string) error {
	u, err := url.Parse(origin)
	switch {
	case origin == "null":
		return errors.New("any page can have it, in a sandbox")
	case strings.Contains(origin, "*"):
		return errors.New("a pattern lets in what others may register; name each origin")
	case err != nil || u.Host == "" || u.Hostname() == "":
		return errors.New("want a scheme and a host, such as https://app.example.com")
	case u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(origin, "?#\\ "):
		return errors.New("an origin is a scheme, a host and a port, without a path")
	case origin != strings.ToLower(origin):
		return errors.New("browsers send it in lower case")
	case u.Scheme == "https" && u.Port() == "443" || u.Scheme == "http" && u.Port() == "80" || strings.HasSuffix(u.Host, ":"):
		return errors.New("browsers leave out the port of the scheme")
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())):
		return errors.New("its scheme is https; http is for this machine alone")
	}
	return nil
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

func token(name string) bool {
	for i := range len(name) {
		c := name[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return name != ""
}
