package tenon

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// listen opens what an address of a ServerConfig says. It is several listeners only for "systemd".
func listen(ctx context.Context, addr string) ([]net.Listener, error) {
	kind, rest, _ := strings.Cut(addr, ":")
	var opened []net.Listener
	var err error
	switch {
	case addr == "systemd":
		opened, err = inheritAll()
	case kind == "fd":
		opened, err = one(inherit(rest))
	case kind == "unix":
		opened, err = one(listenUnix(ctx, rest))
	default:
		opened, err = one(new(net.ListenConfig).Listen(ctx, "tcp", addr))
	}
	if err != nil {
		return nil, fmt.Errorf("tenon: %w", err)
	}
	return opened, nil
}

func one(l net.Listener, err error) ([]net.Listener, error) { return []net.Listener{l}, err }

// listen opens the public listeners, bounded and, with secure, speaking TLS.
func (s *serving) listen(ctx context.Context, secure *tls.Config) ([]net.Listener, error) {
	addrs := s.cfg.Addrs
	opened := []net.Listener{s.cfg.Listener}
	if s.cfg.Listener == nil {
		opened = nil
		addrs = append([]string{s.cfg.Addr}, addrs...)
	}
	for _, addr := range addrs {
		more, err := listen(ctx, addr)
		if err != nil {
			return nil, errors.Join(err, closeAll(opened))
		}
		opened = append(opened, more...)
	}
	most := min(s.cfg.Connections, max(1, (openFiles()-reservedFiles)/len(opened)))
	for i, l := range opened {
		in := bound(l, most)
		in.strict, opened[i] = secure == nil, in
		if secure != nil {
			opened[i] = tls.NewListener(shaking{opened[i], s.cfg.HandshakeTimeout}, secure)
		}
	}
	return opened, nil
}

// reservedFiles are left for what is not a connection of a client: the log, the database, calls to others.
const reservedFiles = 64

func closeAll(listeners []net.Listener) error {
	var errs []error
	for _, l := range listeners {
		if l != nil {
			errs = append(errs, l.Close())
		}
	}
	return errors.Join(errs...)
}

// inherit takes over the listening socket of a descriptor.
func inherit(number string) (net.Listener, error) {
	fd, err := strconv.ParseUint(number, 10, 16)
	if err != nil || fd < 3 {
		return nil, fmt.Errorf("listen fd:%s: want the number of a descriptor, 3 or more", number)
	}
	f := os.NewFile(uintptr(fd), "fd:"+number)
	l, err := net.FileListener(f)
	_ = f.Close() // the listener has a descriptor of its own
	if err != nil {
		return nil, fmt.Errorf("listen fd:%s: %w", number, err)
	}
	return l, nil
}

// inheritAll takes over the sockets that systemd passes on; see sd_listen_fds(3).
func inheritAll() ([]net.Listener, error) {
	n, err := strconv.Atoi(os.Getenv("LISTEN_FDS"))
	if pid := os.Getenv("LISTEN_PID"); err != nil || n < 1 || pid != strconv.Itoa(os.Getpid()) {
		return nil, fmt.Errorf("listen systemd: LISTEN_FDS is %q and LISTEN_PID is %q: no socket was passed to this process, which is %d",
			os.Getenv("LISTEN_FDS"), pid, os.Getpid())
	}
	var opened []net.Listener
	for fd := 3; fd < 3+n; fd++ {
		l, err := inherit(strconv.Itoa(fd))
		if err != nil {
			return nil, errors.Join(err, closeAll(opened))
		}
		opened = append(opened, l)
	}
	return opened, nil
}

// private refuses an address for operations that others can reach.
func private(addr string) error {
	if strings.HasPrefix(addr, "unix:") {
		return nil
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("tenon.ServerConfig: OperationsAddr is %q, want an address such as 127.0.0.1:8081 or unix:/run/ops.sock", addr)
	}
	if ip, err := netip.ParseAddr(host); host == "localhost" || err == nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("tenon.ServerConfig: OperationsAddr is %q, which others can reach; use a loopback address or a Unix socket, "+
		"or set InsecureOperations where a network keeps them away", addr)
}
