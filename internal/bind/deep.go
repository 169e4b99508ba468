package bind

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

// deep is what a parameter has that is an object in the style deepObject: each member is a pair name[member]=value.
type deep struct {
	target func(reflect.Value) reflect.Value // opens the wrappers, marks them as present
	bare   bool                              // it has no wrapper, so without a pair it is the empty object
	form   problem.Fault                     // how its pairs are written, for a fault
	checks *validate.Checks
	custom custom

	members table // of a struct
	allows  bool  // a struct allows unknown members

	mapped bool
	key    validate.Setter // of a map
	value  *param          // of a map: how each value is read
}

// deep compiles an object whose members are scalars.
func (c *compiler) deep(f *shape.Field, q *param) {
	plain := f.Type.Plain()
	d := &deep{
		target: open(f.Type), bare: f.Type == plain, mapped: plain.Kind == shape.Map, allows: plain.AdditionalProperties,
		form:   message.DeepObject.With(f.Name),
		custom: validate.Custom(plain),
	}
	q.deep = d
	checks, errs := validate.Compile(f.Type, f.Tag.Rules, c.formats)
	for _, err := range errs {
		c.fault(f, err)
	}
	d.checks = checks
	if d.mapped {
		c.deepMap(f, d)
		return
	}
	inner := &compiler{input: plain, formats: c.formats, pairs: c.pairs}
	var members []*param
	for _, m := range plain.Fields {
		if err := suitsMember(m); err != nil {
			inner.fault(m, err)
			continue
		}
		members = append(members, inner.param(m))
	}
	c.errs = append(c.errs, inner.errs...)
	d.members = newTable(members)
}

// overlaps refuses parameters whose names look like members of an object.
func (c *compiler) overlaps(query []*param) {
	for _, d := range query {
		for _, q := range query {
			if d.deep != nil && strings.HasPrefix(q.name, d.name+"[") {
				c.errs = append(c.errs, fmt.Errorf("type %s: the query parameter %s is also a member of %s", c.input.Go, q.name, d.name))
			}
		}
	}
}

func (c *compiler) deepMap(f *shape.Field, d *deep) {
	plain := f.Type.Plain()
	if plain.Key.Kind != shape.String || !isText(plain.Elem) {
		c.fault(f, fmt.Errorf("style deepObject is for maps from strings to values with a text form, not for %s", plain.Go))
		return
	}
	keys, errs := validate.Compile(plain.Key, tag.Rules{}, c.formats)
	key, err := validate.Scalar(plain.Key, keys)
	_, rules := shape.SplitRules(plain, f.Tag.Rules)
	values, more := validate.Compile(plain.Elem, rules, c.formats)
	value, valueErr := validate.Scalar(plain.Elem, values)
	for _, err := range append(append(errs, more...), err, valueErr) {
		if err != nil {
			c.fault(f, err)
		}
	}
	d.key, d.value = key, &param{set: value, custom: validate.Custom(plain.Elem)}
}

// isText reports whether values of t, which is not wrapped, have a text form.
func isText(t *shape.Type) bool {
	switch t.Kind {
	case shape.Struct, shape.Union, shape.Map, shape.Slice, shape.Array, shape.Custom, shape.Pointer, shape.Null, shape.Opt:
		return false
	}
	return true
}

// suitsMember reports why a member cannot stand in brackets.
func suitsMember(m *shape.Field) error {
	switch {
	case strings.ContainsAny(m.Name, "[]"):
		return fmt.Errorf("the name %q of a member cannot stand in brackets", m.Name)
	case m.Source != tag.Member:
		return errors.New("the style deepObject wants a struct with members (json tags), not an input")
	case !isText(m.Type.Plain()):
		return fmt.Errorf("%s has no text form; an object in the style deepObject is flat", m.Type.Go)
	}
	return nil
}

// misread is how often an object came of which a pair could not be read: it is judged no further.
const misread = 2

// member takes a pair whose name is that of an object and a member in brackets.
func (t *table) member(b *binding, seen []uint8, q *query) (bool, error) {
	if !t.deep {
		return false, nil
	}
	name, rest, ok := strings.Cut(q.name, "[")
	i := t.find(name)
	if !ok || i < 0 || t.params[i].deep == nil {
		return false, nil
	}
	seen[i] = max(seen[i], 1)
	p := t.params[i]
	member, closed := strings.CutSuffix(rest, "]")
	if !closed || member == "" || strings.ContainsAny(member, "[]") {
		seen[i] = misread
		once(b.f, p.name, p.deep.form)
		return true, nil
	}
	if b.members == nil {
		b.members = make([][]uint8, len(t.params))
	}
	b.f.Push(p.name)
	err := p.deep.take(b, p, i, member, q.value)
	b.f.Pop()
	return true, err
}

func (d *deep) take(b *binding, p *param, i int, member, text string) error {
	v := d.target(b.field(p))
	if d.mapped {
		return d.entry(b, v, member, text)
	}
	if b.members[i] == nil {
		b.members[i] = make([]uint8, len(d.members.params))
	}
	m := d.members.find(member)
	if m < 0 {
		if !d.allows {
			unknown(b.f, member, message.UnknownMember)
		}
		return nil
	}
	inner := binding{r: b.r, dst: v, f: b.f}
	return d.members.take(&inner, b.members[i], m, text)
}

// entry sets one member of a map.
func (d *deep) entry(b *binding, v reflect.Value, name, text string) error {
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	b.f.Push(validate.Clip(name))
	defer b.f.Pop()
	before := b.f.Len()
	key := reflect.New(v.Type().Key()).Elem()
	d.key(key, name, b.f)
	if b.f.Len() > before {
		return nil
	}
	if v.MapIndex(key).IsValid() {
		b.f.Add(message.Duplicate.With())
		return nil
	}
	value := reflect.New(v.Type().Elem()).Elem()
	d.value.set(value, text, b.f)
	var err error
	if d.value.custom != nil {
		err = d.value.custom(b.r.Context(), value, b.f)
	}
	v.SetMapIndex(key, value)
	return err
}

// finish settles the members that did not come, and judges the object.
func (d *deep) finish(b *binding, p *param, i int, seen uint8) error {
	if seen == misread {
		return nil
	}
	if seen == 0 && (p.required || !d.bare) {
		b.absent(p)
		return nil
	}
	v := d.target(b.field(p))
	b.f.Push(p.name)
	defer b.f.Pop()
	if d.mapped {
		if v.IsNil() {
			v.Set(reflect.MakeMap(v.Type()))
		}
		d.checks.Items(v.Len(), b.f)
	} else {
		inner := binding{r: b.r, dst: v, f: b.f}
		var came []uint8
		if b.members != nil {
			came = b.members[i]
		}
		if came == nil {
			came = make([]uint8, len(d.members.params))
		}
		if err := d.members.finish(&inner, came); err != nil {
			return err
		}
	}
	if d.custom == nil {
		return nil
	}
	return d.custom(b.r.Context(), v, b.f)
}
