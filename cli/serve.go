package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/ops"
)

// serve serves the API until a signal.
func (p *program) serve(ctx context.Context) (err error) {
	app, err := p.checked(ctx)
	if err != nil {
		return err
	}
	limitMemory(p.input.Env)
	// A busy port is found out before anything outside the process is touched.
	listener, err := listenOn(ctx, p.server().Addr)
	if err != nil {
		return failed(ExitStart, fmt.Errorf("cannot listen: %w", err))
	}
	if listener != nil {
		defer listener.Close()
	}
	if p.open != nil {
		closeAll, openErr := p.open(ctx)
		if closeAll != nil {
			defer func() { err = errors.Join(err, closeAll()) }()
		}
		if openErr != nil {
			return failed(ExitStart, openErr)
		}
		if app, err = p.compiled(ctx); err != nil { // of what is open now
			return err
		}
	}
	config, err := p.serving(app)
	if err != nil {
		return failed(ExitStart, err)
	}
	if listener != nil {
		config.Listener, config.Addr = listener, ""
	}
	defer p.reloadOnHangUp()()
	config.Ready = func(addr net.Addr) { p.announce(app, addr) }
	err = tenon.Serve(ctx, app, config)
	return failed(tenon.ExitCode(err), err)
}

// serving is what the settings and Build say of the server.
func (p *program) serving(app *tenon.App) (tenon.ServerConfig, error) {
	s := p.server()
	config := s.config()
	if s.Operations == "" {
		return config, nil
	}
	config.OperationsAddr = s.Operations
	inside := s.Ops
	inside.Level = s.level
	var err error
	config.Operations, err = ops.Handler(app, inside)
	return config, err
}

// listenOn listens on an address that is HOST:PORT; others are left to the server.
func listenOn(ctx context.Context, addr string) (net.Listener, error) {
	if addr == "systemd" || strings.HasPrefix(addr, "unix:") || strings.HasPrefix(addr, "fd:") {
		return nil, nil
	}
	return new(net.ListenConfig).Listen(ctx, "tcp", addr)
}

// announce says where to look.
func (p *program) announce(app *tenon.App, addr net.Addr) {
	if addr.Network() == "unix" {
		fmt.Fprintf(p.Stdout, "API     unix:%s\n", addr)
		return
	}
	base := "http://" + addr.String()
	if p.server().TLSCert != "" {
		base = "https://" + addr.String()
	}
	fmt.Fprintf(p.Stdout, "API     %s\n", base)
	docs := app.Config().Docs
	for _, page := range []struct{ name, path string }{{"Docs", docs.Swagger}, {"ReDoc", docs.ReDoc}} {
		if page.path != "-" && !docs.Closed {
			fmt.Fprintf(p.Stdout, "%-7s %s%s\n", page.name, base, page.path)
		}
	}
}
