package valkey

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/valkey-io/valkey-go"
)

// Config says where the server is, and how long to wait for it.
type Config struct {
	// URL is "valkey://user:password@host:port/0", or "valkeys://" for TLS; "redis://" and "rediss://" are the same. User, password, port (6379)
	// and the number of the database may be left out. Several hosts are separated by commas: nodes of a cluster, or sentinels. Off the
	// loopback interface it must ask for TLS. Required.
	URL string
	// Cluster says that the hosts are nodes of a cluster, and any of them tells the others. Default: one server.
	Cluster bool
	// Sentinel says that the hosts are sentinels, and what they tell of. Default: they are not.
	Sentinel Sentinel
	// TLS is used where the URL asks for it. Default: the roots of the system, and the name of the host.
	TLS *tls.Config
	// InsecurePlaintext lets commands, values and the password pass other networks than the loopback interface unencrypted. Default: refused.
	InsecurePlaintext bool
	// Dial bounds how long making a connection takes. Default: 500 ms.
	Dial time.Duration
	// Timeout bounds how long a call takes, the tries of an Update together. Default: 100 ms.
	Timeout time.Duration
	// Logger is told when the server is given up, and when it is back. Default: slog.Default().
	Logger *slog.Logger
}

// Sentinel says what sentinels are asked for.
type Sentinel struct {
	// Primary is the name that the sentinels watch a primary under.
	Primary string
	// Username and Password are those that the sentinels themselves want. Default: none.
	Username, Password string
}

// options are the client's. The error names all that is wrong, and never the URL, which may hold a password.
func (c Config) options() (valkey.ClientOption, error) {
	var errs []error
	fault := func(format string, args ...any) { errs = append(errs, fmt.Errorf("valkey: "+format, args...)) }
	if c.Dial < 0 {
		fault("Dial is %v, want 0 or more", c.Dial)
	}
	if c.Timeout < 0 {
		fault("Timeout is %v, want 0 or more", c.Timeout)
	}
	if c.Cluster && c.Sentinel.Primary != "" {
		fault("both Cluster and Sentinel are set; a cluster has no sentinels")
	}
	if c.Sentinel.Primary == "" && c.Sentinel.Username+c.Sentinel.Password != "" {
		fault("Sentinel has credentials, but no Primary")
	}
	at, hosts, err := split(c.URL)
	if err != nil {
		return valkey.ClientOption{}, errors.Join(append(errs, err)...)
	}
	secure := at.Scheme == "valkeys" || at.Scheme == "rediss"
	if !secure && !c.InsecurePlaintext {
		for _, host := range hosts {
			if !loopback(host) {
				fault("the URL of %s asks for no TLS, and it is not on the loopback interface; want valkeys://", host)
			}
		}
	}
	if !secure && c.TLS != nil {
		fault("TLS is set, but the URL does not ask for it; want valkeys://")
	}
	if len(hosts) > 1 && !c.Cluster && c.Sentinel.Primary == "" {
		fault("the URL has %d hosts, and neither Cluster nor Sentinel is set", len(hosts))
	}
	db := 0
	if path := strings.TrimPrefix(at.Path, "/"); path != "" {
		if db, err = strconv.Atoi(path); err != nil || db < 0 {
			fault("the path of the URL is no number of a database")
		}
	}
	if c.Cluster && db != 0 {
		fault("a cluster has only the database 0")
	}
	if at.RawQuery != "" || at.Fragment != "" {
		fault("the URL has a query or a fragment, which say nothing here")
	}
	password, _ := at.User.Password()
	return valkey.ClientOption{
		InitAddress: hosts, Username: at.User.Username(), Password: password, SelectDB: db, ForceSingleClient: !c.Cluster && c.Sentinel.Primary == "",
		ClientName: "tenon", TLSConfig: c.tls(secure), DialCtxFn: c.dial,
		Sentinel: valkey.SentinelOption{
			MasterSet: c.Sentinel.Primary, Username: c.Sentinel.Username, Password: c.Sentinel.Password, TLSConfig: c.tls(secure),
			TopologyRefreshInterval: 5 * time.Second,
		},
		// A retry would come after the call was given up. A connection that says nothing for a second is given up.
		DisableRetry: true, DisableCache: true, ConnWriteTimeout: max(time.Second, c.Timeout), Dialer: net.Dialer{Timeout: c.Dial},
	}, errors.Join(errs...)
}

// split takes a URL with one or several hosts apart.
func split(text string) (*url.URL, []string, error) {
	scheme, rest, found := strings.Cut(text, "://")
	switch scheme {
	case "valkey", "valkeys", "redis", "rediss":
	default:
		found = false
	}
	if !found {
		return nil, nil, errors.New(`valkey: the URL does not begin with "valkey://" or "valkeys://"`)
	}
	authority, path := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority, path = rest[:i], rest[i:]
	}
	user := ""
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		user, authority = authority[:i+1], authority[i+1:]
	}
	var hosts []string
	for host := range strings.SplitSeq(authority, ",") {
		u, err := url.Parse(scheme + "://" + host)
		if err != nil || u.Hostname() == "" || u.User != nil {
			return nil, nil, errors.New("valkey: the URL does not name its hosts as host:port, separated by commas")
		}
		port := u.Port()
		if port == "" {
			port = "6379"
		}
		hosts = append(hosts, net.JoinHostPort(u.Hostname(), port))
	}
	u, err := url.Parse(scheme + "://" + user + hosts[0] + path)
	if err != nil {
		return nil, nil, errors.New("valkey: the URL cannot be read; are user and password escaped?")
	}
	return u, hosts, nil
}

// tls is the configuration of connections, nil for none.
func (c Config) tls(secure bool) *tls.Config {
	if !secure {
		return nil
	}
	if c.TLS == nil {
		return &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return c.TLS.Clone()
}

// dial connects within the bound of its own, as the call that needs the connection first may have less time. Other nodes are told by the first:
// none is spoken to in plain text elsewhere either.
func (c Config) dial(ctx context.Context, addr string, dialer *net.Dialer, secure *tls.Config) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.Dial)
	defer cancel()
	if secure != nil {
		return (&tls.Dialer{NetDialer: dialer, Config: secure}).DialContext(ctx, "tcp", addr)
	}
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	if !c.InsecurePlaintext && !loopback(conn.RemoteAddr().String()) {
		return nil, errors.Join(fmt.Errorf("%s is not on the loopback interface, and the URL asks for no TLS", addr), conn.Close())
	}
	return conn, nil
}

func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}
