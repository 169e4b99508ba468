package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Of a rolling restart.
const (
	replicas    = 2
	probeEvery  = 200 * time.Millisecond
	rollWorkers = 20
)

// roll restarts two replicas behind nginx in turn. nginx has a replica in its list for as long as that says that it is ready, and
// repeats nothing. At least so many requests are sent meanwhile.
func roll(ctx context.Context, restarts int, least int64) (err error) {
	dir, err := os.MkdirTemp("", "attack")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &balancer{dir: dir}
	var running []*server
	for range replicas {
		s, err := start(ctx, patience{})
		if err != nil {
			return err
		}
		running = append(running, s)
		b.behind = append(b.behind, s.addr)
	}
	if err := b.start(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.stop()) }()
	g := ask(ctx, "http://"+b.addr, rollWorkers, 40*time.Millisecond, true)
	for n := range restarts {
		i := n % replicas
		if running[i], err = b.restart(ctx, running[i], i); err != nil {
			return err
		}
	}
	for g.sent.Load() < least && ctx.Err() == nil {
		<-time.After(probeEvery)
	}
	sent, failed, first := g.stop()
	fmt.Printf("%d restarts of %d replicas: %d of %d requests failed\n", restarts, replicas, failed, sent)
	if failed > 0 {
		err = fmt.Errorf("%d requests failed, first: %s", failed, first)
	}
	for _, s := range running {
		err = errors.Join(err, s.stop())
	}
	return err
}

// balancer is nginx with a configuration of its own.
type balancer struct {
	dir, addr string
	behind    []string
	cmd       *exec.Cmd
}

func (b *balancer) write() error {
	var list strings.Builder
	for _, addr := range b.behind {
		if addr != "" {
			fmt.Fprintf(&list, "server %s;", addr)
		}
	}
	return os.WriteFile(filepath.Join(b.dir, "nginx.conf"), fmt.Appendf(nil, `
daemon off; pid %[1]s/pid; error_log %[1]s/error.log; worker_processes 1;
events { worker_connections 1024; }
http {
	access_log off;
	client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
	upstream api { %[3]s keepalive 32; }
	server {
		listen %[2]s;
		location / { proxy_pass http://api; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_next_upstream off; }
	}
}`, b.dir, b.addr, list.String()), 0o600)
}

func (b *balancer) start(ctx context.Context) error {
	free, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	b.addr = free.Addr().String()
	if err := errors.Join(free.Close(), b.write()); err != nil {
		return err
	}
	b.cmd = exec.CommandContext(ctx, "nginx", "-p", b.dir, "-c", filepath.Join(b.dir, "nginx.conf"))
	b.cmd.Stderr = os.Stderr
	if err := b.cmd.Start(); err != nil {
		return err
	}
	return waitFor(ctx, "http://"+b.addr+"/readyz", http.StatusOK)
}

func (b *balancer) stop() error {
	return errors.Join(b.cmd.Process.Signal(syscall.SIGQUIT), b.cmd.Wait())
}

func (b *balancer) reload() error {
	return errors.Join(b.write(), b.cmd.Process.Signal(syscall.SIGHUP))
}

// restart replaces a replica: it is asked to stop, taken out when it says that it is not ready, and the next is let in when it is.
func (b *balancer) restart(ctx context.Context, old *server, i int) (*server, error) {
	stopped := make(chan error, 1)
	go func() { stopped <- old.stop() }()
	if err := waitFor(ctx, "http://"+old.addr+"/readyz", http.StatusServiceUnavailable); err != nil {
		return nil, err
	}
	b.behind[i] = ""
	if err := b.reload(); err != nil {
		return nil, err
	}
	if err := <-stopped; err != nil {
		return nil, err
	}
	next, err := start(ctx, patience{})
	if err != nil {
		return nil, err
	}
	if err := waitFor(ctx, "http://"+next.addr+"/readyz", http.StatusOK); err != nil {
		return nil, err
	}
	b.behind[i] = next.addr
	return next, b.reload()
}

// waitFor asks until the status is the one.
func waitFor(ctx context.Context, url string, status int) error {
	client := &http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for range 100 {
		if _, got, err := fetch(ctx, client, http.MethodGet, url, ""); err == nil && got == status {
			return nil
		}
		<-time.After(probeEvery)
	}
	return fmt.Errorf("%s did not become %d", url, status)
}
