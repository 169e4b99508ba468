package codec

import (
	"context"
	"encoding/json/jsontext"
	"fmt"
	"reflect"
	"strings"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/validate"
)

// object decodes a struct from a JSON object.
type object struct {
	members []member
	byName  map[string]int
	open    bool  // unknown members are allowed
	needs   []int // members that must be present
	absent  []int // members with a default
	custom  customCheck
}

type customCheck func(ctx context.Context, v reflect.Value, f *validate.Faults) error

type member struct {
	name     string
	quoted   string // as the name is mostly written
	index    []int
	readOnly bool
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
	if s.in.kind() != '{' {
		return s.wrong("must be an object")
	}
	if !s.in.open() {
		return s.stop()
	}
	var seen presence
	guess := 0
	for s.in.more('}') {
		i := guess
		if guess == len(o.members) || !s.in.nameIs(o.members[guess].quoted) {
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
		if !o.member(s, v, i, &seen) {
			return false
		}
		guess = i + 1
	}
	if !s.in.ok() {
		return s.stop()
	}
	return o.leave(s, v, &seen)
}

func (o *object) member(s *state, v reflect.Value, i int, seen *presence) bool {
	m := &o.members[i]
	s.f.Push(m.name)
	ok := true
	switch {
	case !seen.add(i):
		ok = s.refuse("duplicate", "must be given only once")
	case m.readOnly:
		ok = s.refuse("readOnly", "is read-only and must be left out")
	default:
		ok = m.value.decode(s, m.field(v))
	}
	s.f.Pop()
	return ok && !s.f.Full()
}

func (o *object) unknown(s *state, name []byte) bool {
	if o.open {
		return s.skip()
	}
	message := "is not a known member"
	if m := o.similar(name); m != nil {
		message = "is not a known member: names are case sensitive, did you mean " + m.name + "?"
	}
	s.f.Push(clip(name))
	ok := s.refuse("unknown", message)
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
	for _, i := range o.needs {
		if !seen.has(i) {
			s.f.AddAt(o.members[i].name, "required", "is required")
		}
	}
	for _, i := range o.absent {
		if !seen.has(i) {
			o.members[i].fallback(o.members[i].field(v))
		}
	}
	return s.check(o.custom, v)
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
func (c *compiler) object(t *shape.Type, at string) node {
	if o := c.objects[t]; o != nil {
		return o
	}
	o := &object{byName: map[string]int{}, open: t.AdditionalProperties, custom: validate.Custom(t)}
	c.objects[t] = o
	for i, f := range t.Fields {
		o.byName[f.Name] = i
		o.members = append(o.members, c.member(f, t.Go.String()))
		switch {
		case f.Tag.Rules.HasDefault:
			o.absent = append(o.absent, i)
		case f.Required && !f.Tag.Rules.ReadOnly:
			o.needs = append(o.needs, i)
		}
	}
	return o
}

func (c *compiler) member(f *shape.Field, owner string) member {
	at := owner + "." + f.GoName
	quoted, err := jsontext.AppendQuote(nil, f.Name)
	if err != nil {
		c.fault(at, fmt.Errorf("the name of the member is not UTF-8"))
	}
	m := member{name: f.Name, quoted: string(quoted), index: f.Index, readOnly: f.Tag.Rules.ReadOnly}
	m.value = c.compile(f.Type, f.Tag.Rules, at)
	if f.Tag.Rules.HasDefault {
		m.fallback = c.fallback(f, at)
	}
	return m
}
