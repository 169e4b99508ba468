package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/tenon-go/tenon"
)

type explainFlags struct {
	Method string   `arg:"" help:"Method of the request, such as GET."`
	Target string   `arg:"" help:"Path of the request, such as /users/7; a query is left aside."`
	Header []string `short:"H" placeholder:"NAME: VALUE" sep:"none" help:"Field of the header, where it names the version."`
	JSON   bool     `name:"json" help:"Print JSON."`
}

// explain prints what a request would meet, without running anything of it.
func (p *program) explain(ctx context.Context, flags *explainFlags) error {
	app, err := p.compiled(ctx)
	if err != nil {
		return err
	}
	request, err := flags.request(ctx)
	if err != nil {
		return failed(ExitUsage, err)
	}
	e, err := app.Explain(request)
	if err != nil {
		return err
	}
	if flags.JSON {
		err = writeJSON(p.Stdout, e)
	} else {
		err = writeExplanation(p.Stdout, e)
	}
	if err == nil && e.Pattern == "" {
		err = fmt.Errorf("no route takes %s %s", e.Method, e.Path)
	}
	return err
}

func (f *explainFlags) request(ctx context.Context) (*http.Request, error) {
	if !strings.HasPrefix(f.Target, "/") {
		return nil, errors.New("the path begins with a slash")
	}
	r, err := http.NewRequestWithContext(ctx, strings.ToUpper(f.Method), "http://localhost"+f.Target, http.NoBody)
	if err != nil {
		return nil, err
	}
	for _, field := range f.Header {
		name, value, ok := strings.Cut(field, ":")
		if !ok {
			return nil, fmt.Errorf("the field %q has no colon", field)
		}
		r.Header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	return r, nil
}

// page is a text of titles and indented lines. A title without lines is left out.
type page struct {
	strings.Builder

	head string
}

func (p *page) title(format string, args ...any) { p.head = fmt.Sprintf(format+"\n", args...) }

// line writes a line of two columns below a title.
func (p *page) line(name, format string, args ...any) {
	text := fmt.Sprintf("  %-12s %s", name, fmt.Sprintf(format, args...))
	fmt.Fprintf(p, "%s%s\n", p.head, strings.TrimRight(text, " "))
	p.head = ""
}

func writeExplanation(w io.Writer, e tenon.Explanation) error {
	p := &page{}
	p.title("%s %s", e.Method, e.Path)
	if e.Pattern == "" {
		p.line("answer", "%d %s", e.Status, http.StatusText(e.Status))
		p.line("because", "%s", e.Reason)
		if e.Allowed != nil {
			p.line("methods", "%s", strings.Join(e.Allowed, ", "))
		}
		for _, near := range e.Nearest {
			p.line("near", "%s", near)
		}
	} else {
		p.line("route", "%s", e.Pattern)
		p.line("registered", "%s", e.Site)
		for _, v := range e.Values {
			p.line("{"+v.Name+"}", "%q", v.Value)
		}
		if e.Foreign {
			p.line("handler", "mounted, or a page of the document; it is not looked into")
		}
	}
	if e.Operation != nil {
		p.operation(e.Operation)
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// operation writes the steps of a request in their order.
func (p *page) operation(o *tenon.OperationInfo) {
	p.line("operation", "%s", o.ID)
	if o.Version != "" {
		p.line("version", "%s", o.Version)
	}
	p.line("handler", "%s", o.Handler)
	p.title("Before anyone is authenticated")
	p.line("limits", "%d query pairs, %d cookies", o.Limits.QueryPairs, o.Limits.Cookies)
	p.middleware(o.BeforeAuth)
	p.title("Who may call")
	p.rule(o)
	p.title("After that")
	p.middleware(o.AfterAuth)
	p.title("What is read")
	p.input(o)
	p.title("What runs")
	for _, v := range o.Providers {
		text := v.Type + ", made by " + v.Function
		if v.Scope == "app" {
			text += " at the start"
		}
		if v.Needs != nil {
			text += ", needs " + strings.Join(v.Needs, ", ")
		}
		if v.Finishes {
			text += ", finished before the first byte"
		}
		p.line(v.Scope, "%s", text)
	}
	if o.Deadline != "" {
		p.line("deadline", "%s", o.Deadline)
	}
	p.responses(o)
	p.options(o)
}

func (p *page) middleware(list []tenon.MiddlewareInfo) {
	for _, m := range list {
		p.line("middleware", "%s (%s)", m.Name, m.Layer)
	}
}

func (p *page) rule(o *tenon.OperationInfo) {
	p.middleware(o.Auth)
	for _, s := range o.Security {
		p.line("security", "%s", s)
	}
	if o.Auth == nil && o.Security == nil {
		p.line("rule", "none: anybody")
	}
}

func (p *page) input(o *tenon.OperationInfo) {
	for _, in := range o.Parameters {
		text := in.Name + " " + in.Type
		if in.Required {
			text += ", required"
		}
		if in.Default != "" {
			text += ", default " + in.Default
		}
		p.line(in.In, "%s", text)
	}
	b := o.Body
	if b == nil {
		p.line("body", "none")
		return
	}
	text := fmt.Sprintf("%s as %s, at most %d bytes", b.Type, strings.Join(b.Media, " or "), b.Limit)
	if b.Streamed {
		text += ", read by the handler as it comes"
	}
	if o.Limits.Depth > 0 {
		text += fmt.Sprintf(", %d deep, %d items in all", o.Limits.Depth, o.Limits.Total)
	}
	p.line("body", "%s", text)
}

func (p *page) responses(o *tenon.OperationInfo) {
	p.title("What is answered")
	for _, r := range o.Responses {
		text := http.StatusText(r.Status)
		switch {
		case r.Problems != nil:
			text = strings.Join(r.Problems, ", ")
		case r.Media != nil:
			text = strings.TrimSpace(r.Type + " " + strings.Join(r.Media, " or "))
		}
		p.line(strconv.Itoa(r.Status), "%s", text)
	}
}

func (p *page) options(o *tenon.OperationInfo) {
	p.title("Options, in the order in which they are applied: the nearest wins")
	for _, opt := range o.Options {
		text := opt.Name + ": " + strings.Join(opt.Sets, "; ")
		if opt.Sets == nil {
			text = opt.Name
		}
		if opt.Overridden {
			text += " (overridden)"
		}
		p.line(opt.Layer, "%s", text)
	}
}
