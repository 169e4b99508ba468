package tenon

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/tenon-go/tenon/middleware"
)

// ServerConfig says how an app is served. The zero value of a field is its default; a negative one is refused.
type ServerConfig struct {
	// Addr is where to listen: "host:port" for TCP; "unix:/run/api.sock" for a Unix socket, whose file has mode 0660; "fd:3" for an
	// inherited descriptor; "systemd" for those that systemd passes on. Default "127.0.0.1:8080".
	Addr string
	// Addrs are further addresses to listen on, each as Addr. Default none.
	Addrs []string
	// Listener takes the place of Addr. Serve closes it. Default none.
	Listener net.Listener
	// Ready is called once, with the first address, when the server accepts connections. Default none.
	Ready func(addr net.Addr)
	// Logger receives one line for each request and the server's own errors. Default: the app's.
	Logger *slog.Logger
	// Forwarded names the proxies in front, whose word on where a request comes from counts. Default none.
	Forwarded middleware.ForwardedConfig
	// Observer is told of every request. Default none.
	Observer Observer
	// SecureHeaders are the header fields that keep browsers safe. Default: those of an API; without PublicURL no
	// Strict-Transport-Security.
	SecureHeaders middleware.SecureHeadersConfig
	// OmitSecureHeaders leaves them to something in front, or to the app. Default false.
	OmitSecureHeaders bool
	// TLS makes the server speak HTTPS, and HTTP/2 with it. Default: neither.
	TLS TLSConfig

	// Operations is served on a listener of its own, which package ops makes a handler for. It answers until the last request of the
	// public listeners is done. Default none.
	Operations http.Handler
	// OperationsAddr is where Operations is served, in the form of Addr, but for "systemd". Addresses that others can reach are refused, and so are
	// descriptors, of which nobody knows that. Default "127.0.0.1:8081".
	OperationsAddr string
	// InsecureOperations lets OperationsAddr be one that others can reach. What is served there says much of the process and can
	// slow it down; nobody is asked who they are. Default false.
	InsecureOperations bool

	// HandshakeTimeout is the most time for the handshake of TLS. Default 10 s.
	HandshakeTimeout time.Duration
	// ReadHeaderTimeout is the most time for the header of a request. Default 5 s.
	ReadHeaderTimeout time.Duration
	// ReadTimeout is the most time for a whole request: the header, and 15 s for its body by default. Default 20 s.
	ReadTimeout time.Duration
	// WriteTimeout is the most time from the end of the header to the end of the answer. Default 30 s more than ReadTimeout, which is 50 s, and at
	// least that: operations have 30 s from the end of their body. The answer of one whose Deadline is longer may take 30 s more than that; that of
	// one without a deadline, as with NoDeadline, 30 s from when its handler has ended. Files and streams have a minute for each piece instead.
	WriteTimeout time.Duration
	// IdleTimeout is how long a connection may wait for its next request. Default 75 s.
	IdleTimeout time.Duration
	// HeaderBytes is the most bytes of a header, with the request line. Default 16 KiB.
	HeaderBytes int
	// HeaderCount is the most header values. Default 100.
	HeaderCount int
	// Connections is the most connections that a listener has open; others wait in the queue of the kernel. There are fewer where the
	// process may not open so many files: 64 are left for other uses. Default 10,000.
	Connections int
	// OmitDate leaves the header field Date out of answers, where something in front writes it. There never is a field Server.
	// Default false.
	OmitDate bool

	// DrainDelay is how long the server goes on when it is to stop, so that balancers notice that it is not ready any more. It is
	// part of Drain, and left out after SIGINT, which comes from a person. Default 3 s, or half of Drain where that is less.
	DrainDelay time.Duration
	// Drain is the most time from the signal to the end, DrainDelay included. A fifth of it, 5 s at most, is left for what Singleton made.
	// Default 25 s.
	Drain time.Duration
}

func (c ServerConfig) withDefaults() ServerConfig {
	c.Addr = cmp.Or(c.Addr, "127.0.0.1:8080")
	c.OperationsAddr = cmp.Or(c.OperationsAddr, "127.0.0.1:8081")
	c.HandshakeTimeout = cmp.Or(c.HandshakeTimeout, 10*time.Second)
	c.ReadHeaderTimeout = cmp.Or(c.ReadHeaderTimeout, 5*time.Second)
	c.ReadTimeout = cmp.Or(c.ReadTimeout, 20*time.Second)
	c.WriteTimeout = cmp.Or(c.WriteTimeout, c.ReadTimeout+defaultDeadline)
	c.IdleTimeout = cmp.Or(c.IdleTimeout, 75*time.Second)
	c.HeaderBytes = cmp.Or(c.HeaderBytes, 16<<10)
	c.HeaderCount = cmp.Or(c.HeaderCount, 100)
	c.Connections = cmp.Or(c.Connections, 10_000)
	c.Drain = cmp.Or(c.Drain, 25*time.Second)
	c.DrainDelay = cmp.Or(c.DrainDelay, min(3*time.Second, c.Drain/2))
	return c
}

// Check returns all that is wrong with a configuration, as Serve does; but it opens nothing, so that an address that is in use or a file
// that is missing is no fault to it.
func (c ServerConfig) Check() error {
	var errs []error
	for _, f := range []struct {
		name  string
		value int64
	}{
		{"HandshakeTimeout", int64(c.HandshakeTimeout)}, {"ReadHeaderTimeout", int64(c.ReadHeaderTimeout)}, {"ReadTimeout", int64(c.ReadTimeout)},
		{"WriteTimeout", int64(c.WriteTimeout)}, {"IdleTimeout", int64(c.IdleTimeout)},
		{"HeaderBytes", int64(c.HeaderBytes)}, {"HeaderCount", int64(c.HeaderCount)}, {"Connections", int64(c.Connections)},
		{"DrainDelay", int64(c.DrainDelay)}, {"Drain", int64(c.Drain)},
	} {
		if f.value < 0 {
			errs = append(errs, fmt.Errorf("tenon.ServerConfig: %s is %d, want 0 (the default) or more", f.name, f.value))
		}
	}
	if has := forRequests(c.withDefaults().Drain); c.DrainDelay > 0 && c.DrainDelay >= has {
		errs = append(errs, fmt.Errorf("tenon.ServerConfig: DrainDelay is %v, want less than %v, which is what requests have of Drain", c.DrainDelay, has))
	}
	if least := c.withDefaults().ReadTimeout + defaultDeadline; c.WriteTimeout > 0 && c.WriteTimeout < least {
		errs = append(errs, fmt.Errorf("tenon.ServerConfig: WriteTimeout is %v, want %v or more: operations have %v from the end of their body",
			c.WriteTimeout, least, defaultDeadline))
	}
	if c.Listener != nil && c.Addr != "" {
		errs = append(errs, errors.New("tenon.ServerConfig: Listener and Addr are both set; Addrs are further addresses"))
	}
	if c.Operations == nil && (c.OperationsAddr != "" || c.InsecureOperations) {
		errs = append(errs, errors.New("tenon.ServerConfig: OperationsAddr and InsecureOperations are for Operations, which is nil"))
	}
	switch {
	case c.Operations != nil && c.OperationsAddr == "systemd":
		errs = append(errs, errors.New(`tenon.ServerConfig: OperationsAddr is "systemd", which may be several; want one address, such as 127.0.0.1:8081`))
	case c.Operations != nil && !c.InsecureOperations:
		errs = append(errs, private(c.withDefaults().OperationsAddr))
	}
	_, errForwarded := middleware.Forwarded(c.Forwarded)
	_, errSecure := middleware.SecureHeaders(c.SecureHeaders)
	return errors.Join(append(errs, errForwarded, errSecure, c.TLS.check())...)
}
