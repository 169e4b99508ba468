package tenon

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"

	"github.com/tenon-go/tenon/internal/bind"
	"github.com/tenon-go/tenon/internal/codec"
	"github.com/tenon-go/tenon/internal/form"
	"github.com/tenon-go/tenon/internal/media"
	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/problem"
)

// FormLimits bound what a form may hold. The zero value of a field is its default; a negative one is refused at start.
type FormLimits struct {
	// Parts is the most parts of a multipart form. Default 20, or as many as the form declares fields and items.
	Parts int
	// PartHeaders is the most header lines of a part. Default 20.
	PartHeaders int
	// PartHeaderBytes is the most bytes of the header of a part. Default 8 KiB.
	PartHeaderBytes int
	// NameBytes is the most bytes of the name of a part's field. Default 256.
	NameBytes int
	// FileBytes is the most bytes of a file whose field declares no maxBytes. Default 10 MiB.
	FileBytes int64
	// MemoryBytes is the most bytes of a file that are held in memory, and all files of a form have 16 times as many there; what is more goes
	// to a temporary file, one for each form. Default 64 KiB.
	MemoryBytes int64
}

func (l FormLimits) withDefaults(declared int) FormLimits {
	l.Parts = cmp.Or(l.Parts, max(20, declared))
	l.PartHeaders = cmp.Or(l.PartHeaders, 20)
	l.PartHeaderBytes = cmp.Or(l.PartHeaderBytes, 8<<10)
	l.NameBytes = cmp.Or(l.NameBytes, 256)
	l.FileBytes = cmp.Or(l.FileBytes, 10<<20)
	l.MemoryBytes = cmp.Or(l.MemoryBytes, 64<<10)
	return l
}

// formPlan fills the fields of an input that are tagged form.
type formPlan struct {
	fields  []*shape.Field
	bind    *bind.Form
	uploads map[string]*uploadPlan // by the name of the field
	scans   []scan                 // of files that have come whole
	parts   map[string]*codec.Plan // the same, of what is JSON
	limits  FormLimits
	text    int64 // the most bytes of all values that are no files
	open    bool  // fields that are not declared are passed over
}

func (a *App) planForm(p *plan, in *shape.Type, fields []*shape.Field) []error {
	if p.body != nil {
		return []error{fmt.Errorf("type %s: field %s: a form is the body, and there is another one", in.Go, fields[0].GoName)}
	}
	b, err := a.newBody(p, in)
	if err != nil {
		return []error{err}
	}
	b.text, b.optional = true, true
	declared := 0
	for _, f := range fields {
		b.optional = b.optional && !f.Required
		declared += most(f, 1)
	}
	plan, faults := bind.CompileForm(in, a.formats, bind.FormLimits{Pairs: a.cfg.Limits.QueryPairs, FieldBytes: a.cfg.Limits.StringBytes})
	b.form = &formPlan{fields: fields, bind: plan, limits: a.cfg.Limits.Form.withDefaults(declared), text: b.limit, open: in.AdditionalProperties}
	b.form.scans = p.op.scans
	faults = slices.Concat(faults, b.form.planUploads(), a.planParts(b.form))
	if b.form.uploads == nil && b.form.parts == nil {
		b.accepts = []accepted{{media: formType}, {media: multipartType}}
		return faults
	}
	b.accepts = []accepted{{media: multipartType}}
	if b.form.uploads == nil {
		return faults
	}
	b.form.text = cmp.Or(a.cfg.Limits.Body, defaultBody) // BodyLimit is for the files too
	b.limit = cmp.Or(p.op.BodyLimit, b.form.total())
	return faults
}

// most is how many values a field may have; of a list without maxItems it is open.
func most(f *shape.Field, open int) int {
	switch {
	case f.Type.Plain().Kind != shape.Slice:
		return 1
	case f.Tag.Rules.MaxItems != nil:
		return *f.Tag.Rules.MaxItems
	}
	return open
}

// read fills an input from a form. A form without a byte is one without fields. Files are not received for a request that is refused
// by its parameters.
func (p *formPlan) read(ctx context.Context, body incoming, ex *exchange, v reflect.Value, empty bool) error {
	if p.uploads != nil && ex.faults.Len() > 0 {
		return nil
	}
	filling := p.bind.Begin(body.r, v, &ex.faults)
	if empty {
		return filling.Finish()
	}
	err := p.fill(ctx, body, ex, filling)
	if err != nil {
		return err
	}
	return filling.Finish()
}

func (p *formPlan) fill(ctx context.Context, body incoming, ex *exchange, filling *bind.Filling) error {
	contentType := body.r.Header["Content-Type"][0]
	if essence, _, _ := media.Essence(contentType); essence != multipartType {
		text, err := body.all(ex.in)
		ex.in = text
		if err != nil {
			return err
		}
		return filling.URLEncoded(string(text))
	}
	boundary := media.Parameter(contentType, "boundary")
	if !form.IsBoundary(boundary) {
		return message.Unreadable(message.FormSyntax, "body", message.Boundary.With())
	}
	open := body.bounded
	if p.uploads != nil {
		open = func() (io.Reader, error) { return body.paced(paceIdle) }
	}
	from, err := open()
	if err != nil {
		return err
	}
	return p.multipart(ctx, ex, filling, from, boundary)
}

// multipart reads a form part by part.
func (p *formPlan) multipart(ctx context.Context, ex *exchange, filling *bind.Filling, body io.Reader, boundary string) error {
	parts := form.NewReader(body, boundary, form.Limits{
		Parts: p.limits.Parts, Headers: p.limits.PartHeaders, HeaderBytes: p.limits.PartHeaderBytes, NameBytes: p.limits.NameBytes,
	})
	left := p.text
	for {
		part, err := parts.Next()
		if errors.Is(err, io.EOF) || ex.faults.Full() {
			return nil
		}
		if err != nil {
			return err
		}
		field, known := filling.Field(part.Name)
		switch {
		case !known:
			filling.Unknown(part.Name)
		case field.Files():
			err = p.file(ctx, ex, field, part)
		case p.parts[part.Name] != nil:
			left, err = p.json(ctx, ex, field, part, left)
		default:
			left, err = value(field, part, left)
		}
		if err != nil {
			return err
		}
	}
}

// value reads a part that is text; left is how many bytes all such parts may still have.
func value(field bind.Field, part *form.Part, left int64) (int64, error) {
	if part.File {
		field.Fault(message.FileNotValue.With())
		return left, nil
	}
	if part.ContentType != "" {
		essence, charset, ok := media.Essence(part.ContentType)
		if !ok || essence != "text/plain" || charset != "" && charset != "utf-8" && charset != "us-ascii" {
			field.Fault(message.MediaTypeText.With())
			return left, nil
		}
	}
	text, err := io.ReadAll(io.LimitReader(part, min(left, int64(field.Bytes()))+1)) // a byte more than is allowed: then it is a fault
	left -= int64(len(text))
	if err == nil && left < 0 {
		err = problem.New(problem.CodeContentTooLarge, "")
	}
	if err != nil {
		return left, err
	}
	return left, field.Text(string(text))
}
