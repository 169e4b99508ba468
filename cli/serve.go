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
	if err := p.refusal(ctx); err != nil {
		return err
	}
	limitMemory(p.input.Env)
	config := p.server().config()
	if listensOnTCP(config.Addr) {
		// A busy port is found out before anything outside the process is touched.
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp", config.Addr)
		if err != nil {
			return failed(ExitStart, fmt.Errorf("cannot listen: %w", err))
		}
		config.Listener, config.Addr = listener, ""
		defer listener.Close()
	}
	closeAll, err := p.open(ctx)
	if closeAll != nil {
		defer func() { err = errors.Join(err, closeAll()) }()
	}
	if err != nil {
		return failed(ExitStart, err)
	}
	app, err := p.compiled(ctx)
	if err != nil {
		return err
	}
	if addr := p.server().Operations; addr != "" {
		config.OperationsAddr = addr
		if config.Operations, err = ops.Handler(app, ops.Config{Level: p.server().level}); err != nil {
			return failed(ExitStart, err)
		}
	}
	defer p.reloadOnHangUp()()
	config.Ready = func(addr net.Addr) { p.announce(app, addr) }
	err = tenon.Serve(ctx, app, config)
	return failed(tenon.ExitCode(err), err)
}

// listensOnTCP reports whether an address is HOST:PORT.
func listensOnTCP(addr string) bool {
	return addr != "systemd" && !strings.HasPrefix(addr, "unix:") && !strings.HasPrefix(addr, "fd:")
}

// announce says where to look.
func (p *program) announce(app *tenon.App, addr net.Addr) {
	fmt.Fprintf(p.Stdout, "API     http://%s\n", addr)
	docs := app.Config().Docs
	for _, page := range []struct{ name, path string }{{"Docs", docs.Swagger}, {"ReDoc", docs.ReDoc}} {
		if page.path != "-" && !docs.Closed {
			fmt.Fprintf(p.Stdout, "%-7s http://%s%s\n", page.name, addr, page.path)
		}
	}
}
