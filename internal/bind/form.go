package bind

import (
	"cmp"
	"fmt"
	"net/http"
	"reflect"
	"unicode/utf8"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

// FormLimits bound what a form may hold.
type FormLimits struct {
	Pairs      int // name=value pairs of a form in application/x-www-form-urlencoded; default 100
	FieldBytes int // bytes of a value whose field declares no maxLength; default 64 KiB
}

// Form fills the fields of an input that come from a form. It is read-only and safe for concurrent use.
type Form struct {
	fields table
	pairs  int
	open   bool // fields that it does not have are passed over
}

// CompileForm makes the plan for the fields of t that come from a form; others are left alone. They are scalars and slices of
// scalars, as in a query, files (shape.Upload) and slices of files, and values without a text form (IsPart), which the caller reads. Fields that t
// does not have are faults, unless it allows them (shape.Type.AdditionalProperties).
func CompileForm(t *shape.Type, formats validate.Formats, lim FormLimits) (*Form, []error) {
	c := &compiler{input: t, formats: formats}
	var fields []*param
	for _, f := range t.Fields {
		if f.Source != tag.Form {
			continue
		}
		if IsPart(f.Type) {
			fields = append(fields, c.part(f))
			continue
		}
		q := c.param(f)
		q.bytes = cmp.Or(lim.FieldBytes, 64<<10)
		if f.Tag.Rules.MaxLength != nil {
			q.bytes = max(q.bytes, utf8.UTFMax**f.Tag.Rules.MaxLength)
		}
		fields = append(fields, q)
	}
	return &Form{fields: newTable(fields), pairs: cmp.Or(lim.Pairs, 100), open: t.AdditionalProperties}, c.errs
}

// IsPart reports whether a field of a form is a part with a form of its own, such as JSON: its type has no text form.
func IsPart(t *shape.Type) bool {
	switch t.Plain().Kind {
	case shape.Struct, shape.Union, shape.Map, shape.Custom, shape.Any:
		return true
	}
	return false
}

// part compiles a field that the caller reads.
func (c *compiler) part(f *shape.Field) *param {
	if r := f.Tag.Rules; r.HasDefault || r.ReadOnly || r.WriteOnly {
		c.fault(f, fmt.Errorf("%s is a part of its own in a form, which has no default, readOnly or writeOnly; tenon.Opt may be absent", f.Type.Go))
	}
	return &param{name: f.Name, key: f.Name, index: f.Index, required: f.Required, part: true}
}

// Filling is the filling of one input from one form. It belongs to one goroutine.
type Filling struct {
	form *Form
	b    binding
	seen []uint8
}

// Begin starts to fill dst, an addressable value of the plan's input type. Faults go to f, at In "body" with the pointer "/name".
func (p *Form) Begin(r *http.Request, dst reflect.Value, f *validate.Faults) *Filling {
	f.In = "body"
	return &Filling{form: p, b: binding{r: r, dst: dst, f: f}, seen: make([]uint8, len(p.fields.params))}
}

// URLEncoded fills the input from a body in application/x-www-form-urlencoded, in which & alone separates pairs. A body that
// cannot be read whole, or that has too many pairs, is a *problem.Error bad-request with one located fault.
func (f *Filling) URLEncoded(body string) error {
	q := query{raw: body}
	for n := 0; q.next(); n++ {
		if n == f.form.pairs {
			return message.Unreadable(message.FormSyntax, "body", message.Pairs.With(f.form.pairs))
		}
		if f.b.f.Full() {
			return nil
		}
		if err := f.Text(q.name, q.value); err != nil {
			return err
		}
	}
	if q.fault != nil {
		return message.Unreadable(message.FormSyntax, "body", q.fault.With(q.at))
	}
	return nil
}

// Text takes one value of a field, known or not.
func (f *Filling) Text(name, value string) error {
	if field, known := f.Field(name); known {
		return field.Text(value)
	}
	f.Unknown(name)
	return nil
}

// Unknown notes a field that the form does not have, unless those are allowed.
func (f *Filling) Unknown(name string) {
	if !f.form.open {
		unknown(f.b.f, name, message.UnknownField)
	}
}

// Field finds a field; known is false when the form does not have it.
func (f *Filling) Field(name string) (field Field, known bool) {
	i := f.form.fields.find(name)
	if i < 0 {
		return Field{}, false
	}
	return Field{f, f.form.fields.params[i], i}, true
}

// Field is one field of a form while it is filled.
type Field struct {
	f *Filling
	q *param
	i int
}

// Files reports whether the field takes files.
func (d Field) Files() bool { return d.q.file != nil }

// Bytes is the most bytes of a text of the field.
func (d Field) Bytes() int { return d.q.bytes }

// Text takes one value.
func (d Field) Text(value string) error {
	if len(value) > d.q.bytes {
		d.Fault(message.MaxLengthBytes.With(d.q.bytes))
		return nil
	}
	return d.f.form.fields.take(&d.f.b, d.f.seen, d.i, value)
}

// File takes one file of a field that takes files; v is of the type of an upload.
func (d Field) File(v reflect.Value) {
	target := d.q.file(d.f.b.field(d.q))
	switch n := d.came(); {
	case d.q.list != nil:
		extend(target).Set(v)
	case n == 1:
		target.Set(v)
	}
}

// Part returns where the value of a part goes; ok is false when it came before, which is then a fault.
func (d Field) Part() (v reflect.Value, ok bool) { return d.f.b.field(d.q), d.came() == 1 }

// came counts a value of the field; of what is no list the second is a fault.
func (d Field) came() uint8 {
	seen := &d.f.seen[d.i]
	*seen = min(*seen+1, 3)
	if *seen == 2 && d.q.list == nil {
		d.f.b.duplicate(d.q)
	}
	return *seen
}

// passed is how often a field came whose value the caller did not take: it is judged no further.
const passed = 4

// Pass notes that a value came and was not taken, since the request is refused already.
func (d Field) Pass() { d.f.seen[d.i] = passed }

// Fault notes what is wrong with a value, so that the field does not count as absent.
func (d Field) Fault(fault problem.Fault) {
	d.f.seen[d.i] = max(d.f.seen[d.i], 1)
	d.f.b.f.AddAt(validate.Clip(d.q.name), fault)
}

// Finish settles what did not come, and judges lists.
func (f *Filling) Finish() error { return f.form.fields.finish(&f.b, f.seen) }
