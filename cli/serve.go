package cli

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os/signal"
	"syscall"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/ops"
)

// serve serves the API until a signal.
func (p *program) serve(ctx context.Context) error {
	app, err := p.checked(ctx)
	if err != nil {
		return err
	}
	limitMemory(p.input.Env)
	config, err := p.serving(app)
	if err != nil {
		return failed(ExitStart, err)
	}
	if s := p.server(); s.DrainDelay > config.DrainDelay {
		s.Logger.Warn("the delay of the drain is half of it, which is less than drain_delay", slog.Duration("drain_delay", s.DrainDelay),
			slog.Duration("drain", s.Drain), slog.Duration("delay", config.DrainDelay))
	}
	signal.Ignore(syscall.SIGPIPE) // whoever reads the log may leave
	defer signal.Reset(syscall.SIGPIPE)
	defer p.reloadOnHangUp()()
	config.Ready = func(addr net.Addr) {
		p.announce(app, addr)
		for _, line := range p.server().Notices {
			fmt.Fprintln(p.Stdout, line)
		}
	}
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
