// Package cli makes the command line of a service: its own binary serves the API, prints its routes and its document, explains what
// a request would meet, checks itself, and shows its settings.
//
//	func main() { cli.Main(store.Service()) }
//
// A service says how its app is built from its settings, which are one struct. The settings come from flags, from the environment
// and from a file of JSON; all that is wrong with them is told at once.
package cli

import (
	"context"
	"io"
	"os"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/check"
)

// The exit codes of a service. A signal that stops the service is a success.
const (
	// ExitOK says that all went well.
	ExitOK = 0
	// ExitFailed says that something failed while it ran, or that a check found something.
	ExitFailed = 1
	// ExitUsage says that the command line or a setting is wrong; nothing was done.
	ExitUsage = 2
	// ExitStart says that the service could not start: its app does not compile, an address is in use, a database cannot be opened.
	ExitStart = 3
)

// Exit gives an error the code that the program ends with when a command returns it. It returns nil for nil.
func Exit(code int, err error) error { return failed(code, err) }

// Service is a program. C is the struct of its settings; it embeds Server.
type Service[C any] struct {
	// Name is that of the program; the variables of its settings begin with it. Required.
	Name string
	// Description is one sentence for the help. Default none.
	Description string
	// Version is that of the program. Default: what the build says.
	Version string
	// Build puts the app together, once in a run of the program. It opens nothing, since the commands that describe the app build it too:
	// what has to be opened is a Singleton of the app, which is made when the app starts and finished when it stops. Required.
	Build func(ctx context.Context, cfg *C) (*tenon.App, error)
	// Commands are the program's own. Default none.
	Commands []Command[C]
	// Checks are made beside those of package check. Default none.
	Checks []check.Check
}

// Process is what a program gets from whoever starts it.
type Process struct {
	// Args are the arguments after the name of the program.
	Args []string
	// Env is the environment, as os.Environ returns it.
	Env []string
	// Stdin is where answers to questions come from. Default: nowhere.
	Stdin io.Reader
	// Stdout receives answers.
	Stdout io.Writer
	// Stderr receives logs and errors.
	Stderr io.Writer
}

// Main runs the service as a program and ends the process with an exit code.
func Main[C any](s Service[C]) {
	os.Exit(s.Run(context.Background(), Process{Args: os.Args[1:], Env: os.Environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}))
}

// Run runs the service in this process and returns the exit code. It reads nothing of the process but p and the files that p names.
func (s Service[C]) Run(ctx context.Context, p Process) int {
	cfg := new(C)
	prog := &program{
		Process: p, name: s.Name, description: s.Description, version: s.Version, config: cfg, checks: s.Checks,
		build: func(ctx context.Context) (*tenon.App, error) { return s.Build(ctx, cfg) },
	}
	for _, c := range s.Commands {
		made, err := c.erase(prog, cfg)
		if err != nil {
			return prog.ended(failed(ExitUsage, err))
		}
		prog.commands = append(prog.commands, made)
	}
	return prog.run(ctx)
}
