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
}

// CompileForm makes the plan for the fields of t that come from a form; others are left alone. They are scalars and slices of
// scalars, as in a query, files (shape.Upload) and slices of files, and values without a text form (IsPart), which the caller reads.
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
	return &Form{fields: newTable(fields), pairs: cmp.Or(lim.Pairs, 100)}, c.errs
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

// Text takes one value of a field.
func (f *Filling) Text(name, value string) error {
	i := f.form.fields.find(name)
	if i < 0 {
		unknown(f.b.f, name, message.UnknownField)
		return nil
	}
	if q := f.form.fields.params[i]; len(value) > q.bytes {
		f.Fault(name, message.MaxLengthBytes.With(q.bytes))
		return nil
	}
	return f.form.fields.take(&f.b, f.seen, i, value)
}

// Field tells of a field whether it is known, whether it takes files, and how many bytes a text of it may have.
func (f *Filling) Field(name string) (known, file bool, most int) {
	i := f.form.fields.find(name)
	if i < 0 {
		return false, false, 0
	}
	q := f.form.fields.params[i]
	return true, q.file != nil, q.bytes
}

// File takes one file of a field that takes files; v is of the type of an upload.
func (f *Filling) File(name string, v reflect.Value) {
	i := f.form.fields.find(name)
	q := f.form.fields.params[i]
	target := q.file(f.b.field(q))
	f.seen[i] = min(f.seen[i]+1, 3)
	switch {
	case q.list != nil:
		extend(target).Set(v)
	case f.seen[i] == 1:
		target.Set(v)
	case f.seen[i] == 2:
		f.b.duplicate(q)
	}
}

// passed is how often a field came whose value the caller did not take: it is judged no further.
const passed = 4

// Pass notes that a value of a field came and was not taken, since the request is refused already.
func (f *Filling) Pass(name string) { f.seen[f.form.fields.find(name)] = passed }

// Part returns where the value of a part goes; ok is false when it came before, which is then a fault.
func (f *Filling) Part(name string) (v reflect.Value, ok bool) {
	i := f.form.fields.find(name)
	q := f.form.fields.params[i]
	f.seen[i] = min(f.seen[i]+1, 3)
	if f.seen[i] == 2 {
		f.b.duplicate(q)
	}
	return f.b.field(q), f.seen[i] == 1
}

// Fault notes what is wrong with a value of a field, so that it does not count as absent.
func (f *Filling) Fault(name string, fault problem.Fault) {
	if i := f.form.fields.find(name); i >= 0 {
		f.seen[i] = max(f.seen[i], 1)
	}
	f.b.f.AddAt(validate.Clip(name), fault)
}

// Finish settles what did not come, and judges lists.
func (f *Filling) Finish() error { return f.form.fields.finish(&f.b, f.seen) }
