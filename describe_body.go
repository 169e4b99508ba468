package tenon

import (
	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/schema"
)

// requestBody documents the body of an operation: one schema under each of its media types.
func (d *description) requestBody(p *plan) *openapi.RequestBody {
	b := p.body
	body := &openapi.RequestBody{Required: !b.optional, Content: map[string]*openapi.MediaType{}}
	if b.raw != nil {
		body.Description = b.field.Tag.Rules.Doc
	}
	if b.form != nil {
		for _, t := range b.accepts {
			body.Content[t.media] = &openapi.MediaType{Schema: d.formSchema(b.form)}
		}
		return body
	}
	s := d.bodySchema(p)
	for _, t := range b.accepts {
		body.Content[t.media] = &openapi.MediaType{Schema: s}
	}
	return body
}

func (d *description) bodySchema(p *plan) *schema.Schema {
	switch f := p.body.field; {
	case f == nil:
		return d.set.Of(p.handler.in, schema.Input)
	case p.body.raw == nil:
		return d.set.Field(f, schema.Input)
	case p.body.raw.set != nil:
		return d.set.Raw(f)
	}
	limit := int(p.body.limit)
	return &schema.Schema{MaxLength: &limit} // of binary data the length is that in bytes
}

// formSchema describes a form as the object of its fields, each with one value or a list of values.
func (d *description) formSchema(form *formPlan) *schema.Schema {
	s := &schema.Schema{Types: []string{"object"}, Closed: true}
	for _, f := range form.fields {
		s.Properties = append(s.Properties, schema.Named{Name: f.Name, Schema: d.set.Field(f, schema.Input)})
		if f.Required {
			s.Required = append(s.Required, f.Name)
		}
	}
	return s
}
