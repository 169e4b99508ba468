package cli

import (
	"cmp"
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/tenon-go/tenon"
)

// builtin are the commands that every service has.
func (p *program) builtin() []*command {
	of := func(name, help string, grammar any, run func(ctx context.Context) error) *command {
		return &command{name: name, help: help, grammar: grammar, run: run}
	}
	routes, openapi, explain, check, config := &routesFlags{}, &openapiFlags{}, &explainFlags{}, &checkFlags{}, &configFlags{}
	return []*command{
		of("serve", "Serve the API until a signal stops it.", &struct{}{}, p.serve),
		of("routes", "List the operations.", routes, func(ctx context.Context) error { return p.routes(ctx, routes) }),
		of("openapi", "Print the OpenAPI document.", openapi, func(ctx context.Context) error { return p.openapi(ctx, openapi) }),
		of("explain", "Tell what a request would meet, without running anything.", explain, func(ctx context.Context) error { return p.explain(ctx, explain) }),
		of("check", "Look for what is wrong with the service and its settings.", check, func(ctx context.Context) error { return p.check(ctx, check) }),
		of("config", "Print the settings that hold, and where each comes from.", config, func(context.Context) error { return p.showConfig(config) }),
		of("version", "Print the version of the program.", &struct{}{}, func(context.Context) error { return p.showVersion() }),
	}
}

type routesFlags struct {
	JSON bool `help:"Print JSON, with all that is known of each operation." name:"json"`
}

// routes lists the operations.
func (p *program) routes(ctx context.Context, flags *routesFlags) error {
	app, err := p.compiled(ctx)
	if err != nil {
		return err
	}
	operations := app.Operations()
	if flags.JSON {
		return writeJSON(p.Stdout, operations)
	}
	return table(p.Stdout, []string{"METHOD", "PATH", "VERSION", "OPERATION"}, func(row func(cells ...string)) {
		for _, o := range operations {
			row(o.Method, o.Path, cmp.Or(o.Version, "-"), notes(o))
		}
	})
}

func notes(o tenon.OperationInfo) string {
	text := o.ID
	if o.Deprecated {
		text += " (deprecated)"
	}
	if o.Hidden {
		text += " (hidden)"
	}
	if o.Critical {
		text += " (critical)"
	}
	if o.Rates != nil {
		text += " (" + strings.Join(o.Rates, "; ") + ")"
	}
	return text
}

type openapiFlags struct {
	Version string `help:"Version of the API, such as v1 (the newest)." placeholder:"NAME" name:"version"`
	YAML    bool   `help:"Print YAML." name:"yaml"`
}

// openapi prints the document.
func (p *program) openapi(ctx context.Context, flags *openapiFlags) error {
	app, err := p.compiled(ctx)
	if err != nil {
		return err
	}
	document := app.OpenAPI()
	if flags.Version != "" {
		if document = app.Document(flags.Version); document == nil {
			return failed(ExitUsage, fmt.Errorf("there is no version %q of the API", flags.Version))
		}
	}
	write := document.JSON
	if flags.YAML {
		write = document.YAML
	}
	text, err := write()
	if err != nil {
		return err
	}
	_, err = p.Stdout.Write(text)
	return err
}

// writeJSON writes a value for programs.
func writeJSON(w io.Writer, v any) error {
	if err := json.MarshalWrite(w, v, jsontext.WithIndent("  ")); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// table writes rows in columns, without spaces at the ends of lines.
func table(w io.Writer, head []string, rows func(row func(cells ...string))) error {
	var b strings.Builder
	columns := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	row := func(cells ...string) { fmt.Fprintln(columns, strings.Join(cells, "\t")) }
	row(head...)
	rows(row)
	if err := columns.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(b.String()) {
		if _, err := io.WriteString(w, strings.TrimRight(line, " \n")+"\n"); err != nil {
			return err
		}
	}
	return nil
}
