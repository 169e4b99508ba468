package tenon

import (
	"encoding/json/jsontext"
	"fmt"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
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
		if b.form.parts != nil {
			body.Description = "Without its files: " + d.bounds(b.form.text)
		}
		for _, t := range b.accepts {
			body.Content[t.media] = &openapi.MediaType{Schema: d.formSchema(b.form), Encoding: b.form.encoding()}
		}
		return body
	}
	if b.codec != nil {
		body.Description = d.bounds(b.limit)
	}
	s := d.bodySchema(p)
	for _, t := range b.accepts {
		body.Content[t.media] = &openapi.MediaType{Schema: s}
	}
	return body
}

// bounds says what JSON of so many bytes may hold.
func (d *description) bounds(bytes int64) string {
	l := d.app.bodyLimits()
	return fmt.Sprintf("At most %d bytes. Arrays and objects nest at most %d deep and have at most %d items and members in all, "+
		"and a string without maxLength has at most %d bytes.", bytes, l.Depth, l.Total, l.StringBytes)
}

func (d *description) bodySchema(p *plan) *schema.Schema {
	switch f := p.body.field; {
	case f == nil:
		return d.set.Of(p.handler.in, schema.Input)
	case p.body.raw == nil:
		return d.set.Field(f, schema.Input)
	}
	return d.rawSchema(p.body)
}

// rawSchema describes a body as it is sent. One without a byte is absent.
func (d *description) rawSchema(b *bodyPlan) *schema.Schema {
	limit, least := int(b.limit), 1
	s := &schema.Schema{MaxLength: &limit} // of binary data the length is that in bytes
	if b.raw.set != nil {
		s = d.set.Raw(b.field)
	}
	if !b.optional && (s.MinLength == nil || *s.MinLength < least) {
		s.MinLength = &least
	}
	return s
}

// formSchema describes a form as the object of its fields, each with one value or a list of values.
func (d *description) formSchema(form *formPlan) *schema.Schema {
	s := &schema.Schema{Types: []string{"object"}, Closed: !form.open}
	for _, f := range form.fields {
		if u := form.uploads[f.Name]; u != nil { // the limit that holds, from wherever it comes
			limited := *f
			limited.Tag.Rules.MaxBytes = u.limit
			f = &limited
		}
		if form.parts[f.Name] != nil { // JSON, in which null may stand
			whole := *f
			whole.Source = tag.Body
			f = &whole
		}
		s.Properties = append(s.Properties, schema.Named{Name: f.Name, Schema: d.set.Field(f, schema.Input)})
		if f.Required {
			s.Required = append(s.Required, f.Name)
		}
	}
	return s
}

// encoding lists the media types of the parts of a form that are not text.
func (p *formPlan) encoding() map[string]*openapi.Encoding {
	encoding := map[string]*openapi.Encoding{}
	for _, f := range p.fields {
		switch {
		case p.parts[f.Name] != nil:
			encoding[f.Name] = &openapi.Encoding{ContentType: jsonType}
		case p.uploads[f.Name] != nil && f.Tag.Rules.Accept != nil:
			encoding[f.Name] = &openapi.Encoding{ContentType: strings.Join(f.Tag.Rules.Accept, ", ")}
		}
	}
	if len(encoding) == 0 {
		return nil
	}
	return encoding
}

// codings documents the field Content-Encoding of a body that may be compressed, unless the input has a field for it.
func codings(p *plan) []*openapi.Parameter {
	if !p.body.gzip || slices.ContainsFunc(p.params, func(f *shape.Field) bool { return strings.EqualFold(f.Name, "Content-Encoding") }) {
		return nil
	}
	s := text("")
	s.Enum = []jsontext.Value{jsontext.Value(`"gzip"`), jsontext.Value(`"identity"`)}
	return []*openapi.Parameter{{Name: "Content-Encoding", In: string(tag.Header), Description: "How the body is compressed.", Schema: s}}
}
