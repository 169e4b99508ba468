package openapi

import (
	"cmp"
	"net/textproto"
	"slices"
	"strconv"
	"strings"

	"github.com/tenon-go/tenon/schema"
)

func resolve(d *Document, b *RequestBody) *RequestBody {
	if b == nil || b.Ref == "" || d.Components == nil {
		return b
	}
	return d.Components.RequestBodies[strings.TrimPrefix(b.Ref, "#/components/requestBodies/")]
}

func (d *Document) response(r *Response) *Response {
	if r == nil || r.Ref == "" || d.Components == nil {
		return r
	}
	return d.Components.Responses[strings.TrimPrefix(r.Ref, "#/components/responses/")]
}

func (d *Document) parameter(p *Parameter) *Parameter {
	if p.Ref == "" || d.Components == nil {
		return p
	}
	return d.Components.Parameters[strings.TrimPrefix(p.Ref, "#/components/parameters/")]
}

// parametersOf are the parameters by source and name. That of the path is its place, for a client sends no name.
func (d *Document) parametersOf(op *operation) map[string]*Parameter {
	all := map[string]*Parameter{}
	for _, p := range slices.Concat(op.shared, op.Parameters) {
		if p = d.parameter(p); p == nil {
			continue
		}
		name := p.Name
		switch p.In {
		case "path":
			name = strconv.Itoa(1 + slices.Index(op.wildcard, "{"+name+"}"))
		case "header":
			name = textproto.CanonicalMIMEHeaderKey(name)
		}
		all[p.In+" "+name] = p
	}
	return all
}

func (d *differ) parameters(was, is *operation) {
	before, after := d.before.parametersOf(was), d.after.parametersOf(is)
	for _, name := range names(before, after) {
		d.within(name, func() { d.parameter(before[name], after[name]) })
	}
}

func (d *differ) parameter(was, is *Parameter) {
	switch {
	case is == nil:
		d.add(true, "it is gone")
		return
	case was == nil && is.Required:
		d.add(true, "it is new and required")
		return
	case was == nil:
		d.add(false, "it is new")
		return
	}
	d.required(was.Required, is.Required)
	d.deprecated(was.Deprecated, is.Deprecated)
	if a, b := style(was), style(is); a != b {
		d.add(true, "it is written as %s, was %s", b, a)
	}
	d.schema(schema.Input, was.Schema, is.Schema)
}

func (d *differ) required(was, is bool) {
	if was != is {
		d.add(is, "required is %t, was %t", is, was)
	}
}

// style names how a parameter is written, with the defaults of OpenAPI (section 4.8.12.2).
func style(p *Parameter) string {
	fallback := "simple"
	if p.In == "query" || p.In == "cookie" {
		fallback = "form"
	}
	name := cmp.Or(p.Style, fallback)
	explode := name == "form"
	if p.Explode != nil {
		explode = *p.Explode
	}
	if explode {
		return name + ", exploded"
	}
	return name
}

func (d *differ) body(was, is *RequestBody) {
	d.within("body", func() {
		switch {
		case was == nil && is == nil:
		case is == nil:
			d.add(true, "it is gone")
		case was == nil:
			d.add(is.Required, "it is new; required is %t", is.Required)
		default:
			d.required(was.Required, is.Required)
			d.content(schema.Input, was.Content, is.Content)
		}
	})
}

func (d *differ) content(way schema.Direction, was, is map[string]*MediaType) {
	for _, name := range names(was, is) {
		a, b := was[name], is[name]
		switch {
		case b == nil:
			d.add(true, "the media type %s is gone", name)
		case a == nil:
			d.add(false, "the media type %s is new", name)
		case len(is) == 1:
			d.schema(way, a.Schema, b.Schema)
		default:
			d.within(name, func() { d.schema(way, a.Schema, b.Schema) })
		}
	}
}
