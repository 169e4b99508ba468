package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/check"
	"github.com/tenon-go/tenon/internal/nearest"
	"github.com/tenon-go/tenon/internal/settings"
)

type checkFlags struct {
	FailOn string `name:"fail-on" enum:"error,warning" default:"error" help:"Least severity that ends with exit code 1: error or warning (${default})."`
	JSON   bool   `name:"json" help:"Print JSON."`
}

// check prints what the checks find.
func (p *program) check(ctx context.Context, flags *checkFlags) error {
	_, found := p.findings(ctx)
	var err error
	if flags.JSON {
		err = writeJSON(p.Stdout, append([]check.Finding{}, found...))
	} else {
		err = writeFindings(p.Stdout, found)
	}
	for _, f := range found {
		if err == nil && (f.Severity == check.Error || flags.FailOn == string(check.Warning)) {
			err = errors.New("the checks found something")
		}
	}
	return err
}

// findings builds the app and makes all checks.
func (p *program) findings(ctx context.Context) (*tenon.App, []check.Finding) {
	app, err := p.compiled(ctx)
	s := p.subject()
	if s.App, s.Err = app, err; err == nil {
		s.Operations = app.Operations()
	}
	return app, check.Run(s, append(check.Builtin(), p.checks...))
}

// checked is the app, unless the checks say something against a start.
func (p *program) checked(ctx context.Context) (*tenon.App, error) {
	app, found := p.findings(ctx)
	var errs []error
	for _, f := range found {
		if f.Severity == check.Error {
			errs = append(errs, fmt.Errorf("%s: %s: %s", f.Code, f.Where, f.What))
		}
	}
	return app, failed(ExitStart, errors.Join(errs...))
}

// subject is what the settings and the process say.
func (p *program) subject() *check.Subject {
	server := p.server()
	s := &check.Subject{
		Server: server.config(), PublicURL: server.PublicURL, Production: !server.Development, Debug: server.LogLevel < 0,
		Mistyped: p.mistyped(), OpenFiles: openFiles(), Now: time.Now(),
	}
	s.Server.OperationsAddr = server.Operations
	if server.TLSKey != "" {
		s.SecretKeys = append(s.SecretKeys, server.TLSKey)
	}
	for _, set := range p.settings {
		switch {
		case set.File != "":
			s.SecretKeys = append(s.SecretKeys, set.File)
		case set.Placeholder == "DIR" && set.Value != "":
			s.Dirs = append(s.Dirs, set.Value)
		case set.Development && set.Given():
			s.Developing = append(s.Developing, set.Key)
		}
		if set.Weak() {
			s.Weak = append(s.Weak, set.Key)
		}
	}
	s.Reused = p.reused()
	return s
}

// reused finds secrets that have the value of an earlier one.
func (p *program) reused() map[string]string {
	found := map[string]string{}
	for i, set := range p.settings {
		for _, other := range p.settings[:i] {
			if set.Secret && other.Secret && set.Given() && set.Same(other) {
				found[set.Key] = other.Key
			}
		}
	}
	return found
}

// mistyped finds variables that begin like those of the settings and look like one of them.
func (p *program) mistyped() map[string]string {
	names := []string{p.prefix() + "CONFIG"}
	for _, f := range p.schema.Fields {
		names = append(names, f.Env)
	}
	found := map[string]string{}
	for name := range p.input.Env {
		rest, ok := strings.CutPrefix(name, p.prefix())
		if !ok || isSetting(name, p.schema) || name == names[0] {
			continue
		}
		for _, known := range names {
			if nearest.Word(rest, []string{strings.TrimPrefix(known, p.prefix())}) != "" {
				found[name] = known
				break
			}
		}
	}
	return found
}

func isSetting(name string, schema *settings.Schema) bool {
	for _, f := range schema.Fields {
		if name == f.Env || f.Secret && name == f.Env+"_FILE" {
			return true
		}
	}
	return false
}

func writeFindings(w io.Writer, found []check.Finding) error {
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintf(&b, "%s %-7s %s\n", f.Code, f.Severity, f.Where)
		fmt.Fprintf(&b, "     %s\n     Fix: %s\n", f.What, f.Fix)
	}
	if found == nil {
		b.WriteString("Nothing found.\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
