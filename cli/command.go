package cli

import (
	"context"
	"io"

	"github.com/tenon-go/tenon"
)

// Command is a command of a service beside those that every service has.
type Command[C any] struct {
	// Name is what one types.
	Name string
	// Help is one line.
	Help string
	// New makes a pointer to a struct whose fields are the flags and arguments of the command, with the tags of
	// github.com/alecthomas/kong.
	New func() Runner[C]
}

// Runner is what a command does once its flags are read.
type Runner[C any] interface {
	// Run does it. The context ends with the first SIGINT or SIGTERM. An error ends the program with ExitFailed.
	Run(ctx context.Context, s *Session[C]) error
}

// Session is what a command works with.
type Session[C any] struct {
	// Config are the settings, checked.
	Config *C
	// Stdout receives answers.
	Stdout io.Writer
	// Stderr receives logs and errors.
	Stderr io.Writer

	program *program
}

// App builds and compiles the app of the service.
func (s *Session[C]) App(ctx context.Context) (*tenon.App, error) { return s.program.compiled(ctx) }

// erase makes a command that does not know the type of the settings.
func (c Command[C]) erase(p *program, cfg *C) *command {
	runner := c.New()
	return &command{name: c.Name, help: c.Help, grammar: runner, run: func(ctx context.Context) error {
		return runner.Run(ctx, &Session[C]{Config: cfg, Stdout: p.Stdout, Stderr: p.Stderr, program: p})
	}}
}

// command is one command of a program.
type command struct {
	name, help string
	grammar    any // pointer to a struct of flags and arguments
	run        func(ctx context.Context) error
}
