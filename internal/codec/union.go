package codec

import (
	"encoding/json/jsontext"
	"reflect"
	"strings"

	"github.com/tenon-go/tenon/internal/shape"
)

// union decodes an object whose form a member tells, the discriminator, wherever it stands: the object is looked through for it,
// which mostly ends with the first member, and is then read once.
type union struct {
	member   string
	variants map[string]*variant
	foreign  string // the message for a value that names no variant
}

type variant struct {
	field  int
	goType reflect.Type
	object *object
}

func (n *union) decode(s *state, v reflect.Value) bool {
	if s.in.peek() != '{' {
		return s.wrong("must be an object")
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
	if !s.in.open() {
		return nil, s.stop()
	}
	code, message := "required", "is required, and "+n.foreign
	for code == "required" && s.in.more('}') {
		name, ok := s.in.name()
		switch {
		case !ok:
			return nil, s.stop()
		case string(name) != n.member:
			if !s.in.skip() {
				return nil, s.stop()
			}
		case s.in.peek() == 'n':
			code, message = "null", "must not be null, and "+n.foreign
		case s.in.peek() != '"':
			code, message = "type", "must be a string, and "+n.foreign
		default:
			value, ok := s.in.str()
			if !ok {
				return nil, s.stop()
			}
			code, message = "enum", n.foreign
			form = n.variants[string(value)]
		}
	}
	if !s.in.ok() {
		return nil, s.stop()
	}
	s.in.pos, s.in.depth, s.in.left, s.in.first = pos, depth, left, false
	if form != nil {
		return form, true
	}
	s.f.AddAt(n.member, code, message)
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
	names := make([]string, 0, len(t.Variants))
	for _, v := range t.Variants {
		o := &object{members: []member{{name: t.Discriminator, quoted: string(quoted) + ":", value: told{}}}}
		c.fill(o, v.Type)
		n.variants[v.Name] = &variant{field: v.Index, goType: v.Type.Go, object: o}
		names = append(names, v.Name)
	}
	n.foreign = "must be " + names[0]
	if len(names) > 1 {
		n.foreign = "must be one of " + strings.Join(names, ", ")
	}
	return n
}
