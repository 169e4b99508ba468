package middleware

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/internal/record"
)

// ForwardedConfig describes Forwarded: which proxies stand in front, and which header fields they write. The zero value trusts nobody.
type ForwardedConfig struct {
	// TrustedProxies are the addresses of the proxies. A range that holds every address is refused. Default none: no header field says
	// where a request comes from.
	TrustedProxies []netip.Prefix
	// UnixSocket trusts whoever connects over a Unix socket. Default false.
	UnixSocket bool
	// Standard reads the field Forwarded (RFC 7239) in the place of X-Forwarded-For, X-Forwarded-Proto and X-Forwarded-Host, which are
	// then ignored. Default false.
	Standard bool
	// Host takes the host from X-Forwarded-Host, or from the host of Forwarded. Set it only when the proxies write that themselves: many
	// pass on what a client sends. Default false.
	Host bool
	// Prefix takes the path that the proxies took off from X-Forwarded-Prefix. Set it only when the proxies write that themselves.
	// Default false.
	Prefix bool
}

// check is what is wrong with a configuration.
func (c *ForwardedConfig) check() error {
	var errs []error
	for _, p := range c.TrustedProxies {
		switch {
		case !p.IsValid():
			errs = append(errs, errors.New("TrustedProxies has an invalid range"))
		case tooWide(p):
			errs = append(errs, fmt.Errorf("TrustedProxies has %v, which is too many addresses to be proxies; want /8 or narrower, /7 for IPv6", p))
		}
	}
	nobody := len(c.TrustedProxies) == 0 && !c.UnixSocket
	if nobody && (c.Standard || c.Host || c.Prefix) {
		errs = append(errs, errors.New("there are no TrustedProxies, so nobody writes what Standard, Host and Prefix read"))
	}
	return named("ForwardedConfig", errs)
}

// unmapped is a range as addresses of peers are written: IPv4 within IPv6 is IPv4.
func unmapped(p netip.Prefix) netip.Prefix {
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked()
}

// tooWide reports whether a range holds more than the widest private one, 10.0.0.0/8 or fc00::/7.
func tooWide(p netip.Prefix) bool {
	p = unmapped(p)
	return p.Bits() < 7 || p.Addr().Is4() && p.Bits() < 8
}

// named joins the faults of a configuration.
func named(config string, errs []error) error {
	if len(errs) == 0 {
		return nil
	}
	return fmt.Errorf("middleware.%s: %w", config, errors.Join(errs...))
}

// Forwarded works out where a request comes from when proxies stand in front: it walks the addresses that they wrote from the right,
// as long as each is that of a trusted proxy; the first that is not is the client. The scheme, the host and the prefix are those that the
// outermost of these proxies wrote. What cannot be read says nothing: the client is then the last proxy that is known.
//
// Locations, links, redirects and the pages of the document carry the prefix. RequestID takes the id of a trusted peer.
func Forwarded(cfg ForwardedConfig) (Middleware, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	cfg.TrustedProxies = slices.Clone(cfg.TrustedProxies)
	for i, p := range cfg.TrustedProxies {
		cfg.TrustedProxies[i] = unmapped(p)
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r, rec := record.Of(r)
			cfg.learn(rec, r)
			next.ServeHTTP(w, r)
		})
	}, nil
}

// learn writes down what trusted proxies say of a request.
func (c *ForwardedConfig) learn(rec *record.Record, r *http.Request) {
	if rec.Client.IsValid() {
		rec.Trusted = c.trusts(rec.Client)
	} else {
		rec.Trusted = c.UnixSocket && unix(r.RemoteAddr)
	}
	if !rec.Trusted {
		return
	}
	said := chain{fields: r.Header, hops: 1}
	if c.Standard {
		c.walk(rec, &said, eachForwarded(r.Header["Forwarded"]))
	} else {
		c.walk(rec, &said, eachFor(r.Header["X-Forwarded-For"]))
		said.proto = said.fromRight("X-Forwarded-Proto")
		said.host = said.fromRight("X-Forwarded-Host")
	}
	rec.Scheme = scheme(said.proto)
	if c.Host && plainHost(said.host) {
		rec.Host = said.host
	}
	if c.Prefix {
		rec.Prefix = prefix(said.fromRight("X-Forwarded-Prefix"))
	}
}

// unix reports whether a remote address is that of a Unix socket, which net names by the path of the client's end, if it has one.
func unix(address string) bool { return address == "" || address[0] == '@' || address[0] == '/' }

func (c *ForwardedConfig) trusts(address netip.Addr) bool {
	for _, p := range c.TrustedProxies {
		if p.Contains(address) {
			return true
		}
	}
	return false
}

// chain is what was read of the proxies so far.
type chain struct {
	fields      http.Header
	hops        int // proxies that are trusted: the peer, and those in front of it
	proto, host string
}

// hop is what one proxy says of who came to it.
type hop struct {
	from        netip.Addr // the zero value is not known
	proto, host string
}

// walk goes from the peer outwards.
func (c *ForwardedConfig) walk(rec *record.Record, said *chain, outwards func(yield func(hop) bool)) {
	for h := range outwards {
		said.proto, said.host = h.proto, h.host
		if !h.from.IsValid() {
			return
		}
		rec.Client = h.from
		if !c.trusts(h.from) {
			return
		}
		said.hops++
	}
}

// fromRight is the value of a field that the outermost trusted proxy wrote, when each of them added one. Proxies that pass on what they
// got leave fewer values; then the first is meant.
func (s *chain) fromRight(field string) string {
	value, left := "", s.hops
	for v := range backwards(s.fields[field]) {
		value = v
		if left--; left == 0 {
			break
		}
	}
	return value
}

// backwards goes through the values of lists from the right, line by line.
func backwards(lines []string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, line := range slices.Backward(lines) {
			for more := true; more; {
				i := strings.LastIndexByte(line, ',')
				value := strings.Trim(line[i+1:], " \t")
				if more = i >= 0; more {
					line = line[:i]
				}
				if value != "" && !yield(value) {
					return
				}
			}
		}
	}
}

// eachFor reads X-Forwarded-For.
func eachFor(lines []string) func(yield func(hop) bool) {
	return func(yield func(hop) bool) {
		for value := range backwards(lines) {
			if !yield(hop{from: node(value, false)}) {
				return
			}
		}
	}
}
