package tenon

import (
	"fmt"

	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/schema"
)

// webhooks describes what the service sends by itself.
func (d *description) webhooks() {
	for _, p := range d.app.hooks {
		if d.doc.Webhooks == nil {
			d.doc.Webhooks = map[string]*openapi.PathItem{}
		}
		put(d.doc.Webhooks, p.hook, p.op.Method, d.outgoing(p))
	}
}

// callbacks describes what an operation makes the service send.
func (d *description) callbacks(op *openapi.Operation, p *plan) {
	for _, call := range p.calls {
		if op.Callbacks == nil {
			op.Callbacks = map[string]map[string]*openapi.PathItem{}
		}
		if op.Callbacks[call.hook] == nil {
			op.Callbacks[call.hook] = map[string]*openapi.PathItem{}
		}
		put(op.Callbacks[call.hook], call.to, call.op.Method, d.outgoing(call))
	}
}

func put(items map[string]*openapi.PathItem, key, method string, op *openapi.Operation) {
	if items[key] == nil {
		items[key] = &openapi.PathItem{}
	}
	items[key].Set(method, op)
}

// outgoing describes a request that the service sends: its body is one that the service writes.
func (d *description) outgoing(p *plan) *openapi.Operation {
	op := &openapi.Operation{
		Tags: p.op.Tags, Summary: p.op.Summary, Description: p.op.Description, OperationID: p.op.OperationID, Deprecated: p.op.Deprecated,
		ExternalDocs: p.op.ExternalDocs, Extensions: p.op.Extensions,
		Responses: map[string]*openapi.Response{"2XX": {Description: "It was received."}},
	}
	fault := func(err error) {
		if err != nil {
			d.app.fault(p.site, fmt.Errorf("%s: %w", p.name, err))
		}
	}
	fault(checkDocs(op.ExternalDocs))
	fault(checkExtensions(op.Extensions))
	for _, f := range p.params {
		op.Parameters = append(op.Parameters, d.parameter(f))
	}
	if p.sent != nil {
		op.RequestBody = d.sent(p)
	}
	for _, e := range p.op.Examples {
		fault(d.addSent(op, p, e))
	}
	return op
}

func (d *description) sent(p *plan) *openapi.RequestBody {
	body := &openapi.RequestBody{Required: p.sent.Required, Description: p.sent.Tag.Rules.Doc, Content: map[string]*openapi.MediaType{}}
	for _, name := range p.sent.Tag.Media {
		body.Content[name] = &openapi.MediaType{}
	}
	if p.sent.Tag.Media == nil {
		body.Content[jsonType] = &openapi.MediaType{Schema: d.set.Field(p.sent, schema.Output)}
	}
	return body
}

// addSent adds an example of what is sent.
func (d *description) addSent(op *openapi.Operation, p *plan, e BodyExample) error {
	if p.sent == nil || p.sent.Tag.Media != nil {
		return fmt.Errorf("example %q: what is sent has no JSON body", e.Name)
	}
	if err := d.app.readAnswer(p.sent.Type, e.JSON); err != nil {
		return fmt.Errorf("example %q: %w", e.Name, err)
	}
	media := op.RequestBody.Content[jsonType]
	if media.Examples == nil {
		media.Examples = map[string]*openapi.Example{}
	}
	media.Examples[e.Name] = &openapi.Example{Value: rawJSON(e.JSON)}
	return nil
}
