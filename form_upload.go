package tenon

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/tenon-go/tenon/internal/bind"
	"github.com/tenon-go/tenon/internal/form"
	"github.com/tenon-go/tenon/internal/media"
	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/problem"
)

// uploadPlan is what a field says of its files.
type uploadPlan struct {
	accepter *form.Accepter
	refused  problem.Fault // what is said of a file of another type
	limit    int64
	pixels   int64 // of an image; 0 is as many as it likes
	count    int   // how many files there may be
}

// planUploads works out what the fields say of files.
func (p *formPlan) planUploads() (faults []error) {
	for _, f := range p.fields {
		plain := f.Type.Plain()
		if plain.Kind != shape.Upload && (plain.Kind != shape.Slice || plain.Elem.Kind != shape.Upload) {
			continue
		}
		if p.uploads == nil {
			p.uploads = map[string]*uploadPlan{}
		}
		r := f.Tag.Rules
		if r.MaxPixels > 0 && !form.Measurable(r.Accept) {
			faults = append(faults, fmt.Errorf("field %s: maxPixels wants accept with image/png, image/jpeg, image/gif or image/webp alone", f.GoName))
		}
		u := &uploadPlan{accepter: form.NewAccepter(r.Accept), limit: p.limits.FileBytes, pixels: r.MaxPixels, count: most(f, p.limits.Parts)}
		if r.MaxBytes > 0 {
			u.limit = r.MaxBytes
		}
		u.refused = message.Accept.With(r.Accept)
		p.uploads[f.Name] = u
	}
	return faults
}

// total is the most bytes that a form with files can have: its values, its files, and the headers and boundaries around them.
func (p *formPlan) total() int64 {
	total := p.text + int64(p.limits.Parts+1)*int64(p.limits.PartHeaderBytes+form.MaxBoundary+16)
	for _, u := range p.uploads {
		total += int64(min(u.count, p.limits.Parts)) * u.limit
	}
	return total
}

// file keeps a part that is a file. The control of a page that was left empty sends one without a name and a byte: it is absent.
func (p *formPlan) file(ctx context.Context, ex *exchange, field bind.Field, part *form.Part) error {
	plan := p.uploads[part.Name]
	name, ok := form.FileName(part.FileName)
	if !ok {
		field.Fault(message.FileName.With(form.MaxFileName))
		return nil
	}
	contentType := ""
	if part.ContentType != "" {
		if contentType, _, ok = media.Essence(part.ContentType); !ok {
			field.Fault(message.MediaTypeSyntax.With())
			return nil
		}
	}
	if ex.faults.Len() > 0 {
		field.Pass() // the request is refused
		return nil
	}
	head, err := form.Head(part)
	switch {
	case err != nil:
		return err
	case len(head) == 0 && part.File && part.FileName == "":
		return nil
	case !plan.accepter.Accepts(contentType, form.Sniff(head), name):
		field.Fault(plan.refused)
		return nil
	}
	if ex.files == nil {
		ex.files = form.NewFiles(p.limits.MemoryBytes)
	}
	kept, err := ex.files.Keep(head, part, plan.limit)
	switch {
	case errors.Is(err, form.ErrTooLarge):
		fault := message.MaxBytes.With(plan.limit).At("/" + problem.EscapeToken(part.Name))
		return problem.New(problem.CodeContentTooLarge, "").WithFaults(message.In("body", fault))
	case errors.Is(err, form.ErrStorage):
		return message.Problem(message.NoRoomForFiles).Wrap(err)
	case err != nil:
		return err
	}
	return p.judge(ctx, field, plan, uploadOf(name, contentType, kept))
}

// judge looks at a file that has come whole, and hands it on when nothing is wrong with it.
func (p *formPlan) judge(ctx context.Context, field bind.Field, plan *uploadPlan, u Upload) error {
	if plan.pixels > 0 {
		u.Width, u.Height = form.Measure(u.Open(), u.Sniffed)
		switch {
		case u.Width == 0:
			field.Fault(plan.refused)
			return nil
		case int64(u.Width) > plan.pixels/int64(u.Height):
			field.Fault(message.MaxPixels.With(plan.pixels))
			return nil
		}
	}
	for _, scan := range p.scans {
		err := scan(ctx, u)
		if fault, ok := errors.AsType[problem.Fault](err); ok {
			field.Fault(message.Or(fault, message.Invalid))
			return nil
		}
		if err != nil {
			return err
		}
	}
	field.File(reflect.ValueOf(u))
	return nil
}
