package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/check"
	"github.com/tenon-go/tenon/internal/settings"
)

// program is a service without its types, for one run.
type program struct {
	Process

	name, description, version string
	config                     any // pointer to the struct of settings
	build                      func(ctx context.Context) (*tenon.App, error)
	commands                   []*command // the service's own
	checks                     []check.Check

	schema   *settings.Schema
	settings []settings.Setting
	input    settings.Input
}

// exit is an error that ends the program with a code.
type exit struct {
	error

	code int
}

// Unwrap is the error below.
func (e exit) Unwrap() error { return e.error }

// failed gives an error the code that the program ends with.
func failed(code int, err error) error {
	if err == nil {
		return nil
	}
	return exit{err, code}
}

func (p *program) run(ctx context.Context) int {
	return p.ended(p.main(ctx))
}

// ended prints an error and is its exit code.
func (p *program) ended(err error) int {
	if err == nil {
		return ExitOK
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintf(p.Stderr, "%s: %s\n", p.name, line)
	}
	if e, ok := errors.AsType[exit](err); ok {
		return e.code
	}
	return ExitFailed
}

func (p *program) main(ctx context.Context) error {
	if p.name == "" || strings.Trim(p.name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return failed(ExitUsage, fmt.Errorf("cli: the service is named %q, want lower-case letters, digits and dashes", p.name))
	}
	schema, err := settings.Of(p.config, strings.ToUpper(strings.ReplaceAll(p.name, "-", "_"))+"_")
	if err != nil {
		return failed(ExitUsage, fmt.Errorf("cli: %w", err))
	}
	if _, ok := p.config.(embedsServer); !ok {
		return failed(ExitUsage, fmt.Errorf("cli: %T does not embed cli.Server", p.config))
	}
	p.schema = schema
	command, flags, err := p.parse()
	if err != nil || command == nil {
		return failed(ExitUsage, err)
	}
	p.input = settings.Input{Flags: flags, Env: environment(p.Env)}
	if err := p.load(); err != nil {
		return failed(ExitUsage, err)
	}
	defer p.server().flush()
	return command.run(ctx)
}

// environment is the variables by name; of two with one name the last counts, as for the process itself.
func environment(list []string) map[string]string {
	env := make(map[string]string, len(list))
	for _, variable := range list {
		name, value, _ := strings.Cut(variable, "=")
		env[name] = value
	}
	return env
}

// load reads the settings into the struct of the service.
func (p *program) load() error {
	p.input.File = p.input.Env[p.prefix()+"CONFIG"]
	if names := p.input.Flags["config"]; names != nil {
		p.input.File = names[len(names)-1]
	}
	loaded, err := p.schema.Load(p.config, p.input)
	p.settings = loaded
	if err != nil {
		return err
	}
	return p.server().prepare(p.Stderr)
}

// prefix begins the variables of the program.
func (p *program) prefix() string { return strings.ToUpper(strings.ReplaceAll(p.name, "-", "_")) + "_" }

// server is the part of the settings that every service has.
func (p *program) server() *Server { return p.config.(embedsServer).server() }

// embedsServer is what settings are that embed Server.
type embedsServer interface{ server() *Server }

// compiled builds the app; every fault of its operations is in the error.
func (p *program) compiled(ctx context.Context) (*tenon.App, error) {
	app, err := p.build(ctx)
	if err == nil && app == nil {
		err = errors.New("cli: Build returned no app")
	}
	if err == nil {
		err = app.Compile()
	}
	if err != nil {
		return nil, failed(ExitStart, err)
	}
	return app, nil
}
