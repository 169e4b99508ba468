package tenon

import (
	"cmp"
	"context"

	"github.com/tenon-go/tenon/internal/bind"
	"github.com/tenon-go/tenon/internal/codec"
	"github.com/tenon-go/tenon/internal/form"
	"github.com/tenon-go/tenon/internal/media"
	"github.com/tenon-go/tenon/internal/message"
)

// planParts compiles the fields of a form that have no text form: each is a part in JSON (RFC 7578, section 4.4).
func (a *App) planParts(p *formPlan) []error {
	var faults []error
	for _, f := range p.fields {
		if !bind.IsPart(f.Type) {
			continue
		}
		if p.parts == nil {
			p.parts = map[string]*codec.Plan{}
		}
		plan, errs := a.compiler().Compile(f.Type, f.Tag.Rules)
		p.parts[f.Name] = plan
		faults = append(faults, errs...)
	}
	return faults
}

// json reads a part in JSON, as a body of it is read; left is how many bytes all parts but files may still have. A script sends such a
// part as a blob, which then has a file name.
func (p *formPlan) json(ctx context.Context, ex *exchange, field bind.Field, part *form.Part, left int64) (int64, error) {
	essence, charset, ok := media.Essence(cmp.Or(part.ContentType, jsonType))
	if !ok || essence != jsonType || charset != "" && charset != "utf-8" {
		field.Fault(message.MediaTypeJSON.With())
		return left, nil
	}
	text, err := readAll(part, -1, ex.in[:0], left)
	ex.in = text
	if err != nil {
		return left, err
	}
	left -= int64(len(text))
	v, first := field.Part()
	if !first {
		return left, nil
	}
	ex.faults.Push(part.Name)
	defer ex.faults.Pop()
	return left, p.parts[part.Name].Decode(ctx, text, v, &ex.faults)
}
