package tenon

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// explained is a text of titles and indented lines. A title without lines is left out.
type explained struct {
	strings.Builder

	head string
}

func (p *explained) title(format string, args ...any) { p.head = fmt.Sprintf(format+"\n", args...) }

// line writes a line of two columns below a title.
func (p *explained) line(name, format string, args ...any) {
	text := fmt.Sprintf("  %-12s %s", name, fmt.Sprintf(format, args...))
	fmt.Fprintf(p, "%s%s\n", p.head, strings.TrimRight(text, " "))
	p.head = ""
}

// String is the explanation as a text of several lines.
func (e Explanation) String() string {
	p := &explained{}
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
		p.operation(e.Operation, e.Callers)
	}
	p.statements(e.Ran)
	return p.String()
}

// operation writes the steps of a request in their order.
func (p *explained) operation(o *OperationInfo, callers []Judgement) {
	p.line("operation", "%s", o.ID)
	if o.Version != "" {
		p.line("version", "%s", o.Version)
	}
	p.line("handler", "%s", o.Handler)
	p.title("Before anyone is authenticated")
	p.line("limits", "%d query pairs, %d cookies", o.Limits.QueryPairs, o.Limits.Cookies)
	p.middleware(o.BeforeAuth)
	if o.Critical {
		p.line("admission", "critical: also while a server has no room for others")
	}
	p.title("Who may call")
	p.rule(o)
	for _, j := range callers {
		p.line("as "+j.Caller, "%s", strings.TrimSuffix(j.Verdict+": "+strings.Join(j.Because, "; "), ": "))
	}
	p.title("After that")
	p.middleware(o.AfterAuth)
	if o.Caching != "" {
		p.line("cache", "%s", o.Caching)
	}
	p.title("How often")
	for _, rate := range o.Rates {
		p.line("rate", "%s", rate)
	}
	if o.Uncounted != "" {
		p.line("uncounted", "%s", o.Uncounted)
	}
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
		if v.Finished != "" {
			text += ", finished " + v.Finished
		}
		p.line(v.Scope, "%s", text)
	}
	if o.Deadline != "" {
		p.line("deadline", "%s", o.Deadline)
	}
	p.responses(o)
	p.options(o)
}

func (p *explained) middleware(list []MiddlewareInfo) {
	for _, m := range list {
		p.line("middleware", "%s (%s)", m.Name, m.Layer)
	}
}

func (p *explained) rule(o *OperationInfo) {
	p.middleware(o.Auth)
	for i, way := range o.Security {
		if i == 0 {
			p.line("security", "%s", way)
		} else {
			p.line("or", "%s", way)
		}
	}
	switch {
	case o.Rule != "":
		p.line("rule", "%s", o.Rule)
	case o.Auth == nil && o.Security == nil:
		p.line("rule", "none: anybody")
	}
}

func (p *explained) input(o *OperationInfo) {
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

func (p *explained) statements(ran []StatementInfo) {
	p.title("What its requests asked of databases, with the plans of now")
	for _, st := range ran {
		p.line("statement", "%s", st.Text)
		for _, step := range st.Plan {
			p.line("", "%s", step)
		}
		if st.Reason != "" {
			p.line("no plan", "%s", st.Reason)
		}
	}
}

func (p *explained) responses(o *OperationInfo) {
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

func (p *explained) options(o *OperationInfo) {
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
