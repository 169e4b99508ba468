package tenon

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/tenon-go/tenon/internal/reply"
	"github.com/tenon-go/tenon/internal/validate"
)

// Redirect is an answer that sends the client elsewhere. It is made by a Route or an Origin alone, never of free text, so that
// nothing a client says can name the host it is sent to. As an output its status is 303 (See Other), unless Status says 301,
// 302, 307 or 308; as an outcome its tag says it.
type Redirect struct {
	location string
	err      error
	in       func(from *url.URL) string // the location in the version of a request; nil is the same
}

// Location is where the client is sent; "" when that could not be written, which is answered with 500.
func (r *Redirect) Location() string { return r.location }

// Route is a registered operation as a place to go to. The methods that register operations return it, and what makes a URL of it
// is the operation's own input, so a link that lacks a wildcard does not compile. The zero value leads nowhere.
type Route[I any] struct {
	entry *entry
}

// URL is the path and query of the operation for an input; what comes from headers, cookies or the body means nothing here. It
// needs an app that is compiled.
func (r Route[I]) URL(in I) (string, error) { return r.entry.url(&in) }

// Redirect sends the client to the operation with an input. An input that the operation cannot have, such as an empty path value, is
// answered with 500 and logged.
func (r Route[I]) Redirect(in I) *Redirect {
	location, err := r.entry.url(&in)
	return &Redirect{location: location, err: err, in: r.entry.inVersion(location)}
}

// link is what a Route writes. The first of the copies of an app that is compiled makes it, of the newest version.
type link struct {
	made   sync.Once
	target *reply.Target
	err    error // why there is none

	since, until int // the versions that have it, by index
}

func (e *entry) url(in any) (string, error) {
	switch {
	case e == nil:
		return "", errors.New("tenon: the route is a zero value")
	case e.link.target == nil:
		return "", cmp.Or(e.link.err, fmt.Errorf("tenon: %s %s: the app is not compiled", e.method, e.path))
	}
	location, err := e.link.target.URL(in)
	if err != nil {
		return "", fmt.Errorf("tenon: %s %s: %w", e.method, e.path, err)
	}
	return location, nil
}

// Origin is another site that clients may be sent to. The zero value leads nowhere.
type Origin struct {
	url *url.URL
}

// Origin declares another site that clients may be sent to, such as https://login.example.com. It is a scheme and a host, with a
// port if need be; anything else, and http to another host than this machine, is a fault of Compile.
func (a *App) Origin(text string) Origin {
	a.open(caller())
	u, err := url.Parse(text)
	switch {
	case err != nil:
	case u.Host == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(text, "?#\\"):
		err = errors.New("it is a scheme and a host alone, such as https://login.example.com")
	case !isPublicHost(u.Host):
		err = errors.New("its host is a name of letters, digits and hyphens, others in their xn-- form, or an IP address, with a port of 1 to 65535 if need be")
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		err = errors.New("its scheme is https; http is for this machine alone")
	}
	if err != nil {
		a.fault(caller(), fmt.Errorf("origin %q: %w", text, err))
		return Origin{}
	}
	return Origin{u}
}

// isPublicHost reports whether a host, with or without a port, is one that every client reads alike: WHATWG URL takes a name whose last
// label is a number for an IPv4 address, in whatever base.
func isPublicHost(text string) bool {
	u := url.URL{Host: text}
	host, port := u.Hostname(), u.Port()
	if n, err := strconv.ParseUint(port, 10, 16); strings.HasSuffix(text, ":") || port != "" && (err != nil || n == 0 || port[0] == '0') {
		return false
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Zone() == "" && ip.Is6() == strings.HasPrefix(text, "[")
	}
	last := strings.ToLower(host[strings.LastIndexByte(host, '.')+1:])
	number := last != "" && strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x") && strings.Trim(last[2:], "0123456789abcdef") == ""
	return !number && !strings.HasPrefix(text, "[") && validate.Builtin()["hostname"].Check(host)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Redirect sends the client to a path of the origin, which begins with a slash, with a query.
func (o Origin) Redirect(path string, query url.Values) *Redirect {
	switch {
	case o.url == nil:
		return &Redirect{err: errors.New("tenon: the origin is a zero value")}
	case !strings.HasPrefix(path, "/"):
		return &Redirect{err: fmt.Errorf("tenon: the path %q of a redirect does not begin with /", path)}
	}
	u := *o.url
	u.Path, u.RawQuery = path, query.Encode()
	return &Redirect{location: u.String()}
}

func openRedirect(out any, _ []string) (reply.Sender, error) {
	r, _ := out.(*Redirect)
	if r.err != nil || r.location == "" {
		return nil, fmt.Errorf("redirect: %w", cmp.Or(r.err, errors.New("it was not made by a route or an origin")))
	}
	return redirection{r}, nil
}

// redirection sends a Location.
type redirection struct{ to *Redirect }

// Send answers with Location and no body. Where the path names the version, it is that of the request.
func (r redirection) Send(w http.ResponseWriter, request *http.Request, status int) error {
	location := r.to.location
	if r.to.in != nil {
		location = r.to.in(request.URL)
	}
	w.Header()["Location"] = []string{reply.Public(prefixOf(request), location)}
	w.Header()["Content-Length"] = []string{"0"}
	w.WriteHeader(status)
	return nil
}

// Close has nothing to free.
func (redirection) Close() error { return nil }
