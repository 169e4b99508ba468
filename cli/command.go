package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/tenon-go/tenon"
)

// Command is a command of a service beside those that every service has.
type Command[C any] struct {
	// Name is what one types.
	Name string
	// Help is one line.
	Help string
	// New makes a pointer to a struct whose fields are the flags and arguments of the command, with the tags of
	// github.com/alecthomas/kong. Required, but where Commands are.
	New func() Runner[C]
	// Commands are the commands below this one, which then does nothing by itself. Default none.
	Commands []Command[C]
}

// Runner is what a command does once its flags are read.
type Runner[C any] interface {
	// Run does it. The context ends with the first SIGINT or SIGTERM. An error ends the program with ExitFailed, or with the code that Exit gave it.
	Run(ctx context.Context, s *Session[C]) error
}

// Session is what a command works with.
type Session[C any] struct {
	// Config are the settings, checked.
	Config *C
	// Stdin is where answers to questions come from; nil is nowhere.
	Stdin io.Reader
	// Stdout receives answers.
	Stdout io.Writer
	// Stderr receives logs and errors.
	Stderr io.Writer

	program *program
}

// App builds and compiles the app of the service.
func (s *Session[C]) App(ctx context.Context) (*tenon.App, error) { return s.program.compiled(ctx) }

// erase makes a command that does not know the type of the settings.
func (c Command[C]) erase(p *program, cfg *C) (*command, error) {
	if (c.New == nil) == (c.Commands == nil) {
		return nil, fmt.Errorf("cli: the command %q wants either New or Commands", c.Name)
	}
	made := &command{name: c.Name, help: c.Help}
	if c.Commands != nil {
		for _, sub := range c.Commands {
			below, err := sub.erase(p, cfg)
			if err != nil {
				return nil, err
			}
			made.commands = append(made.commands, below)
		}
		made.group()
		return made, nil
	}
	made.grammar = c.New()
	made.run = func(ctx context.Context) error {
		ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
		defer stop()
		s := &Session[C]{Config: cfg, Stdin: p.Stdin, Stdout: p.Stdout, Stderr: p.Stderr, program: p}
		return made.grammar.(Runner[C]).Run(ctx, s)
	}
	return made, nil
}

// command is one command of a program.
type command struct {
	name, help string
	grammar    any // pointer to a struct of flags and arguments
	run        func(ctx context.Context) error
	commands   []*command // those below
}

// find is the command of a path of names, each below the one before.
func find(commands []*command, path []string) *command {
	for _, c := range commands {
		switch {
		case c.name != path[0]:
		case c.commands == nil || len(path) == 1:
			return c
		default:
			return find(c.commands, path[1:])
		}
	}
	return nil
}
