package tenon

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/tenon-go/tenon/internal/encode"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/openapi"
)

// outgoing is a request that the service sends, as the document describes it.
type outgoing struct {
	name, expression, method, site string
	typ                            reflect.Type
	opts                           []Option
}

// Webhook describes in the document a request that the service sends to whoever has signed up for it, by means that the document need
// not say. M is what is sent: JSON or, when its fields are tagged header, query and body, those parts. Options may say the summary,
// description, tags, id, examples and extensions. Webhook sends nothing.
func (a *App) Webhook[M any](name, method string, opts ...Option) {
	a.open(caller())
	a.webhooks = append(a.webhooks, &outgoing{name: name, method: method, site: caller(), typ: reflect.TypeFor[M](), opts: opts})
}

// Callback describes in the document a request that an operation makes the service send later, to a URL that the request or the answer
// holds: expression is a runtime expression of OpenAPI (section 4.8.20.4), such as "{$request.body#/callbackUrl}", and names what the
// operation has. M and opts are as for Webhook. Callback sends nothing.
func Callback[M any](name, expression, method string, opts ...Option) Option {
	o := &outgoing{name: name, expression: expression, method: method, site: caller(), typ: reflect.TypeFor[M](), opts: opts}
	return func(op *Operation) { op.callbacks = append(op.callbacks, o) }
}

// planWebhooks works out what the document says of webhooks.
func (a *App) planWebhooks() {
	seen := map[string]string{}
	for _, o := range a.webhooks {
		key := o.method + " " + o.name
		if seen[key] != "" {
			a.fault(o.site, fmt.Errorf("webhook %s: %s is described at %s too", o.name, o.method, seen[key]))
			continue
		}
		seen[key] = o.site
		a.hooks = append(a.hooks, a.planOutgoing(o, "webhook "+o.name, nil))
	}
}

// planCallbacks works out what the document says of the callbacks of an operation.
func (a *App) planCallbacks(p *plan) {
	for _, o := range p.op.callbacks {
		of := "callback " + o.name + " of " + p.name
		if err := p.checkExpression(o.expression); err != nil {
			a.fault(o.site, fmt.Errorf("%s: %w", of, err))
		}
		call := a.planOutgoing(o, of, p)
		call.to = o.expression
		p.calls = append(p.calls, call)
	}
}

// planOutgoing makes a plan that is there for the document alone.
func (a *App) planOutgoing(o *outgoing, name string, of *plan) *plan {
	op := &Operation{Method: o.method, Path: "/" + o.name}
	p := &plan{op: op, name: name, site: o.site, hook: o.name}
	if of != nil {
		op.Path, p.version = of.op.Path+op.Path, of.version
	}
	op.apply(o.opts)
	faults := op.faults
	if o.name == "" || strings.Trim(o.name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") != "" {
		faults = append(faults, errors.New("its name is not of letters, digits and . _ -"))
	}
	if !new(openapi.PathItem).Set(o.method, nil) {
		faults = append(faults, fmt.Errorf("OpenAPI 3.1 cannot describe the method %q", o.method))
	}
	if op.runs() {
		faults = append(faults, errors.New("an option has no effect: what is sent has a summary, a description, tags, an id, examples and extensions"))
	}
	for _, err := range append(faults, a.planSent(p, o.typ)...) {
		a.fault(o.site, fmt.Errorf("%s: %w", name, err))
	}
	return p
}

// runs reports whether an operation says more than words for the document.
func (o *Operation) runs() bool {
	answers := o.Status != 0 || len(o.Fails)+len(o.ResponseDescriptions)+len(o.callbacks) > 0 || o.Hidden
	for _, e := range o.Examples {
		answers = answers || e.Status != 0
	}
	return answers || len(o.said)+len(o.BeforeAuth)+len(o.Auth)+len(o.AfterAuth)+len(o.Defaults) > 0 || o.AllowUnknownQuery
}

// planSent reads the type of what is sent.
func (a *App) planSent(p *plan, typ reflect.Type) []error {
	t, faults := a.shapes.Read(typ)
	if len(faults) > 0 {
		return faults
	}
	p.in = t
	if t.Kind != shape.Struct || len(t.Fields) > 0 && !t.IsInput() {
		p.sent = &shape.Field{Source: tag.Body, Type: t, Required: true}
		_, faults := encode.Compile(t)
		return faults
	}
	for _, f := range t.Fields {
		switch f.Source {
		case tag.Header, tag.Query:
			p.params = append(p.params, f)
		case tag.Body:
			p.sent = f
			if f.Tag.Media == nil {
				_, errs := encode.Compile(f.Type)
				faults = append(faults, errs...)
			}
		default:
			faults = append(faults, fmt.Errorf("type %s: field %s: what is sent has header, query and body, not %s", t.Go, f.GoName, f.Source))
		}
	}
	return faults
}
