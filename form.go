package tenon

import (
	"fmt"
	"net/http"
	"reflect"

	"github.com/tenon-go/tenon/internal/bind"
	"github.com/tenon-go/tenon/internal/shape"
)

// formPlan fills the fields of an input that are tagged form.
type formPlan struct {
	fields []*shape.Field
	bind   *bind.Form
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
	b.accepts = []accepted{{media: formType}}
	for _, f := range fields {
		b.optional = b.optional && !f.Required
	}
	plan, faults := bind.CompileForm(in, a.formats, bind.FormLimits{Pairs: a.cfg.Limits.QueryPairs, FieldBytes: a.cfg.Limits.StringBytes})
	b.form = &formPlan{fields: fields, bind: plan}
	return faults
}

// read fills an input from a form. A form without a byte is one without fields.
func (p *formPlan) read(r *http.Request, ex *exchange, limit int64, v reflect.Value, empty bool) error {
	filling := p.bind.Begin(r, v, &ex.faults)
	if empty {
		return filling.Finish()
	}
	body, err := readAll(r.Body, r.ContentLength, ex.in, limit)
	ex.in = body
	if err != nil {
		return err
	}
	if err := filling.URLEncoded(string(body)); err != nil {
		return err
	}
	return filling.Finish()
}
