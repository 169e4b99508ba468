package codec

import (
	"context"
	"encoding/json/jsontext"
	"errors"
	"reflect"
	"strings"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/validate"
)

// object decodes a struct from a JSON object.
type object struct {
	members []member
	byName  map[string]int
	quick   uint64 // those of the first 64 members whose absence matters
	open    bool   // unknown members are allowed
	custom  customCheck
}

type customCheck func(ctx context.Context, v reflect.Value, f *validate.Faults) error

type member struct {
	name     string
	quoted   string // the name as it is mostly written, with the colon: `"name":`
	index    []int
	readOnly bool
	required bool
	value    node
	fallback func(v reflect.Value) // sets the default; nil is none
}

func (m *member) field(v reflect.Value) reflect.Value {
	if len(m.index) == 1 {
		return v.Field(m.index[0])
	}
	return v.FieldByIndex(m.index)
}

func (o *object) decode(s *state, v reflect.Value) bool {
	if s.in.peek() != '{' {
		return s.wrong(message.Object)
	}
	if !s.in.open() {
		return s.stop()
	}
	var seen presence
	next := 0 // members mostly come in the order of the fields
	for s.in.more('}') {
		i := next
		if next == len(o.members) || !s.in.nameIs(o.members[next].quoted) {
			name, ok := s.in.name()
			if !ok {
				return s.stop()
			}
			if i, ok = o.byName[string(name)]; !ok {
				if !o.unknown(s, name) {
					return false
				}
				continue
			}
		}
		next = i + 1
		m := &o.members[i]
		s.f.Push(m.name)
		var ok bool
		if seen.add(i) && !m.readOnly {
			ok = m.value.decode(s, m.field(v))
		} else {
			ok = m.unwanted(s)
		}
		s.f.Pop()
		if !ok || s.f.Full() {
			return false
		}
	}
	if !s.in.ok() {
		return s.stop()
	}
	return o.leave(s, v, &seen)
}

func (m *member) unwanted(s *state) bool {
	if m.readOnly {
		return s.refuse(message.ReadOnly.With())
	}
	return s.refuse(message.Duplicate.With())
}

func (o *object) unknown(s *state, name []byte) bool {
	s.f.Push(validate.Clip(name))
	var ok bool
	if o.open {
		ok = s.skip()
	} else if m := o.similar(name); m != nil {
		ok = s.refuse(message.MisspeltMember.With(m.name))
	} else {
		ok = s.refuse(message.UnknownMember.With())
	}
	s.f.Pop()
	return ok
}

func (o *object) similar(name []byte) *member {
	for i := range o.members {
		if len(name) < 256 && strings.EqualFold(o.members[i].name, string(name)) {
			return &o.members[i]
		}
	}
	return nil
}

// leave deals with what was absent, and then with the struct as a whole.
func (o *object) leave(s *state, v reflect.Value, seen *presence) bool {
	if seen.low&o.quick != o.quick || len(o.members) > 64 {
		o.absences(s, v, seen)
	}
	return s.check(o.custom, v)
}

func (o *object) absences(s *state, v reflect.Value, seen *presence) {
	for i := range o.members {
		m := &o.members[i]
		switch {
		case seen.has(i):
		case m.fallback != nil:
			m.fallback(m.field(v))
		case m.required:
			s.f.AddAt(m.name, message.Required.With())
		}
	}
}

// check runs the Validate method of a type, if it has one.
func (s *state) check(custom customCheck, v reflect.Value) bool {
	if custom == nil || s.f.Full() {
		return !s.f.Full()
	}
	s.err = custom(s.ctx, v, s.f)
	return s.err == nil && !s.f.Full()
}

// presence is the set of members that were seen.
type presence struct {
	low  uint64
	high []uint64 // only for structs of more than 64 members
}

// add reports whether i was not yet there.
func (p *presence) add(i int) bool {
	word := &p.low
	if i >= 64 {
		for len(p.high) < i/64 {
			p.high = append(p.high, 0)
		}
		word = &p.high[i/64-1]
	}
	bit := uint64(1) << (i % 64)
	fresh := *word&bit == 0
	*word |= bit
	return fresh
}

func (p *presence) has(i int) bool {
	switch {
	case i < 64:
		return p.low&(1<<i) != 0
	case i/64 > len(p.high):
		return false
	}
	return p.high[i/64-1]&(1<<(i%64)) != 0
}

// object compiles a struct once; a struct that holds itself finds the plan that was begun.
func (c *compiler) object(t *shape.Type) node {
	if o := c.objects[t]; o != nil {
		return o
	}
	o := &object{}
	c.objects[t] = o
	c.fill(o, t)
	return o
}

// fill adds the members of a struct to an object, which may have some.
func (c *compiler) fill(o *object, t *shape.Type) {
	o.byName, o.open, o.custom = map[string]int{}, t.AdditionalProperties, validate.Custom(t)
	for i, m := range o.members {
		o.byName[m.name] = i
	}
	if t.IsInput() {
		c.fault(t.Go.String(), errors.New("a struct with sources other than json is an input, not a JSON object"))
	}
	for _, f := range t.Fields {
		m := c.member(f, t.Go.String())
		i := len(o.members)
		o.byName[m.name] = i
		if f.Tag.Alias != "" {
			o.byName[f.Tag.Alias] = i
		}
		o.members = append(o.members, m)
		if i < 64 && (m.required || m.fallback != nil) {
			o.quick |= 1 << i
		}
	}
}

func (c *compiler) member(f *shape.Field, owner string) member {
	at := owner + "." + f.GoName
	quoted, err := jsontext.AppendQuote(nil, f.Name)
	if err != nil {
		c.fault(at, errors.New("the name of the member is not UTF-8"))
	}
	r := f.Tag.Rules
	m := member{name: f.Name, quoted: string(append(quoted, ':')), index: f.Index, readOnly: r.ReadOnly, required: f.Required && !r.ReadOnly}
	before := len(c.faults)
	m.value = c.compile(f.Type, r, at)
	if r.HasDefault && len(c.faults) == before { // else the default is among what is wrong
		if m.fallback, err = validate.Default(f.Type, r, c.formats); err != nil {
			c.fault(at, err)
		}
	}
	return m
}
