// Command store is the reference service as one program.
//
//	store serve --addr 127.0.0.1:8080 --data DIR    serve the API; --demo fills demo rows first
//	store openapi --version v1                      print the OpenAPI document of a version, or of the newest
//
// The environment may say STORE_ADDR and STORE_DATA. Everything that the process keeps lies in DIR. The exit code is 0 after
// a stop by a signal, 1 when something failed and 2 for a command line that cannot be read.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"

	"github.com/alecthomas/kong"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/examples/store"
)

// commands is the command line.
type commands struct {
	Serve   serve   `cmd:"" help:"Serve the API until a signal stops it."`
	OpenAPI openAPI `cmd:"" name:"openapi" help:"Print the OpenAPI document."`
}

// output is where a command writes: answers to out, logs and errors to err.
type output struct{ out, err io.Writer }

func main() { os.Exit(run(os.Args[1:], output{os.Stdout, os.Stderr})) }

// helped ends the parser after it has printed its help.
type helped struct{}

func run(args []string, o output) (code int) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(helped); !ok {
				panic(r)
			}
		}
	}()
	parser, err := kong.New(&commands{}, kong.Name("store"), kong.Description("The reference service of Tenon."),
		kong.Writers(o.out, o.err), kong.Exit(func(int) { panic(helped{}) }))
	if err != nil {
		fmt.Fprintf(o.err, "store: %v\n", err)
		return 1
	}
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(o.err, "store: %v (see store --help)\n", err)
		return 2
	}
	if err := command.Run(o); err != nil {
		fmt.Fprintf(o.err, "store: %v\n", err)
		return 1
	}
	return 0
}

// serve is the command serve.
type serve struct {
	Addr string `env:"STORE_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to listen on (${default})."`
	Data string `env:"STORE_DATA" default:"store-data" placeholder:"DIR" help:"Directory of the database; made if it is missing (${default})."`
	Demo bool   `help:"Add demo users and products that are not there yet."`
	Log  string `enum:"text,json" default:"text" help:"Form of the log on the standard error: text or json."`
}

// Run serves until a signal.
func (c *serve) Run(o output) (err error) {
	ctx := context.Background()
	logger := slog.New(slog.NewTextHandler(o.err, nil))
	if c.Log == "json" {
		logger = slog.New(slog.NewJSONHandler(o.err, nil))
	}
	// A busy port is found out before the database is touched.
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("cannot listen: %w", err)
	}
	defer listener.Close()
	db, err := store.Open(ctx, c.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if c.Demo {
		if err := store.FillDemo(ctx, db); err != nil {
			return err
		}
	}
	app, err := store.New(store.Config{DB: db, Logger: logger})
	if err != nil {
		return err
	}
	return tenon.Serve(ctx, app, tenon.ServerConfig{Listener: listener, Ready: func(addr net.Addr) {
		fmt.Fprintf(o.out, "API     http://%[1]s/api/v2\nDocs    http://%[1]s/docs\nReDoc   http://%[1]s/redoc\n", addr)
	}})
}

// openAPI is the command openapi.
type openAPI struct {
	Version string `placeholder:"NAME" help:"Version of the API, such as v1 (the newest)."`
}

// Run prints the document.
func (c openAPI) Run(o output) error {
	document, err := store.OpenAPI(c.Version)
	if err != nil {
		return err
	}
	text, err := document.JSON()
	if err != nil {
		return err
	}
	_, err = o.out.Write(text)
	return err
}
