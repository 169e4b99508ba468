package middleware

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"

	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/problem"
)

// ErrMisdirected answers a request for a host that the service is not. Name it with tenon.Fails where TrustedHosts is used.
var ErrMisdirected = problem.Define(http.StatusMisdirectedRequest, "misdirected-request", "The service does not answer for this host.")

// TrustedHostsConfig describes TrustedHosts.
type TrustedHostsConfig struct {
	// Hosts are the names that the service answers for, without a port: api.example.com, 127.0.0.1, [::1], or *.example.com, where the
	// star is one label. At least one is needed.
	Hosts []string
}

// TrustedHosts answers 421 to requests for other hosts than those that are listed, so that no link, cache or mail is made of a host that
// a client invents. Who may do what must not follow from the host: any client can name one that is listed. Probes that ask an address
// need that address in the list.
func TrustedHosts(cfg TrustedHostsConfig) (Middleware, error) {
	exact, below := map[string]bool{}, map[string]bool{}
	var errs []error
	if len(cfg.Hosts) == 0 {
		errs = append(errs, errors.New("there are no Hosts, want the names that the service answers for"))
	}
	for _, host := range cfg.Hosts {
		parent, wild := strings.CutPrefix(host, "*.")
		switch {
		case !hostname(parent):
			errs = append(errs, fmt.Errorf("host %q: want a name without scheme, port or path, with a star as its first label at most", host))
		case wild:
			below[strings.ToLower(parent)] = true
		default:
			exact[strings.ToLower(host)] = true
		}
	}
	if len(errs) > 0 {
		return nil, named("TrustedHostsConfig", errs)
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			host := bare(record.HostOf(r))
			_, parent, _ := strings.Cut(host, ".")
			if exact[host] || parent != "" && host[0] != '.' && below[parent] {
				next.ServeHTTP(w, r)
				return
			}
			problem.Write(w, r, ErrMisdirected)
		})
	}, nil
}

// hostname reports whether a text is a name of labels, an IPv4 address, or an IPv6 address in brackets.
func hostname(text string) bool {
	if inside, ok := strings.CutPrefix(text, "["); ok {
		address, err := netip.ParseAddr(strings.TrimSuffix(inside, "]"))
		return err == nil && address.Is6() && strings.HasSuffix(inside, "]")
	}
	if text == "" || len(text) > 253 {
		return false
	}
	for label := range strings.SplitSeq(text, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
		for i := range len(label) {
			if c := label[i]; !letter(c) && !digit(c) && c != '-' && c != '_' {
				return false
			}
		}
	}
	return true
}

// bare is a host in lower case without its port and the dot at its end.
func bare(host string) string {
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.Contains(host[i:], "]") {
		host = host[:i]
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}
