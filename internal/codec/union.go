package codec

import (
	"encoding/json/jsontext"
	"reflect"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/shape"
)

// union decodes an object whose form a member tells, the discriminator, wherever it stands: the object is looked through for it,
// which mostly ends with the first member, and is then read once. Where arrays and objects end is remembered while they are looked
// through, so that unions inside each other look through each byte a fixed number of times, not once for each level.
type union struct {
	member   string
	variants map[string]*variant
	names    []string // of the variants, in order
}

type variant struct {
	field  int
	goType reflect.Type
	object *object
}

func (n *union) decode(s *state, v reflect.Value) bool {
	if s.in.peek() != '{' {
		return s.wrong(message.Object)
	}
	form, ok := n.find(s)
	if form == nil {
		return ok
	}
	p := reflect.New(form.goType)
	v.Field(form.field).Set(p)
	return form.object.decode(s, p.Elem())
}

// find looks for the discriminator, and leaves the source before the object. When there is no form, a fault was added, the object
// is passed over, and the result says whether the pass goes on.
func (n *union) find(s *state) (form *variant, ok bool) {
	pos, depth, left := s.in.pos, s.in.depth, s.in.left
	s.in.forget()
	if !s.in.open() {
		return nil, s.stop()
	}
	wrong := message.RequiredVariant
	for wrong == message.RequiredVariant && s.in.more('}') {
		name, ok := s.in.name()
		switch {
		case !ok:
			return nil, s.stop()
		case string(name) != n.member:
			if !s.in.pass() {
				return nil, s.stop()
			}
		case s.in.peek() == 'n':
			wrong = message.NullVariant
		case s.in.peek() != '"':
			wrong = message.StringVariant
		default:
			value, ok := s.in.str()
			if !ok {
				return nil, s.stop()
			}
			wrong = message.Enum
			form = n.variants[string(value)]
		}
	}
	if !s.in.ok() {
		return nil, s.stop()
	}
	s.in.passed = max(s.in.passed, s.in.pos)
	s.in.looked += s.in.pos - pos
	s.in.pos, s.in.depth, s.in.left, s.in.first = pos, depth, left, false
	if form != nil {
		return form, true
	}
	s.f.AddAt(n.member, wrong.With(n.names))
	return nil, s.skip()
}

// told passes over the discriminator, which was read before.
type told struct{}

func (told) decode(s *state, _ reflect.Value) bool { return s.skip() }

func (c *compiler) union(t *shape.Type) node {
	if n := c.unions[t]; n != nil {
		return n
	}
	n := &union{member: t.Discriminator, variants: map[string]*variant{}}
	c.unions[t] = n
	quoted, err := jsontext.AppendQuote(nil, t.Discriminator)
	if err != nil {
		c.fault(t.Go.String(), err)
	}
	for _, v := range t.Variants {
		o := &object{members: []member{{name: t.Discriminator, quoted: string(quoted) + ":", value: told{}}}}
		c.fill(o, v.Type)
		n.variants[v.Name] = &variant{field: v.Index, goType: v.Type.Go, object: o}
		n.names = append(n.names, v.Name)
	}
	return n
}
