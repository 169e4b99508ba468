package openapi

import "github.com/tenon-go/tenon/schema"

// outgoing compares requests that the service sends: webhooks by name, and callbacks by name and expression. Whoever takes them is the
// client, so each direction is turned: what is sent may only vary less, and of what is answered the service may only take more.
func (d *differ) outgoing(was, is map[string]*PathItem, name string) {
	before, after := d.deliveries(was[name]), d.deliveries(is[name])
	for _, method := range names(before, after) {
		a, b := before[method], after[method]
		switch {
		case b == nil:
			d.add(true, "%s is no longer sent", method)
		case a == nil:
			d.add(false, "%s is new", method)
		default:
			d.delivery(a, b)
		}
	}
}

func (d *differ) deliveries(item *PathItem) map[string]*operation {
	all := map[string]*operation{}
	if item == nil {
		return all
	}
	for method, op := range item.Operations() {
		all[method] = &operation{Operation: op, shared: item.Parameters}
	}
	return all
}

func (d *differ) webhooks() {
	for _, name := range names(d.before.Webhooks, d.after.Webhooks) {
		d.path = "webhook " + name
		d.outgoing(d.before.Webhooks, d.after.Webhooks, name)
	}
}

func (d *differ) callbacks(was, is *Operation) {
	for _, name := range names(was.Callbacks, is.Callbacks) {
		before, after := was.Callbacks[name], is.Callbacks[name]
		for _, expression := range names(before, after) {
			d.within("callback "+name+" "+expression, func() { d.outgoing(before, after, expression) })
		}
	}
}

func (d *differ) delivery(was, is *operation) {
	d.named(was, is)
	before, after := d.before.parametersOf(was), d.after.parametersOf(is)
	for _, name := range names(before, after) {
		d.within(name, func() {
			a, b := before[name], after[name]
			switch {
			case b == nil:
				d.add(true, "it is gone")
			case a == nil:
				d.add(false, "it is new")
			default:
				d.always(a.Required, b.Required)
				d.schema(schema.Output, a.Schema, b.Schema)
			}
		})
	}
	d.within("body", func() {
		a, b := resolve(d.before, was.RequestBody), resolve(d.after, is.RequestBody)
		switch {
		case a == nil && b == nil:
		case b == nil:
			d.add(true, "it is gone")
		case a == nil:
			d.add(false, "it is new")
		default:
			d.always(a.Required, b.Required)
			d.content(schema.Output, a.Content, b.Content)
		}
	})
	for _, status := range names(was.Responses, is.Responses) {
		d.within(status, func() {
			a, b := d.before.response(was.Responses[status]), d.after.response(is.Responses[status])
			switch {
			case b == nil:
				d.add(true, "the answer is not taken any more")
			case a == nil:
				d.add(false, "the answer is taken")
			default:
				d.content(schema.Input, a.Content, b.Content)
			}
		})
	}
}

// always compares whether something is always sent.
func (d *differ) always(was, is bool) {
	if was != is {
		d.add(was, "required is %t, was %t", is, was)
	}
}
