package codec

import (
	"reflect"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/validate"
)

// mapping decodes an object with free names into a Go map. Members past limit are counted and left out.
type mapping struct {
	goType    reflect.Type
	key       validate.Setter
	value     node
	limit     int
	own       bool // the limit is ours: no maxItems is declared, and the checks do not know of it
	nameBytes int
	checks    *validate.Checks
}

func (n *mapping) decode(s *state, v reflect.Value) bool {
	if s.in.peek() != '{' {
		return s.wrong(message.Object)
	}
	if !s.in.open() {
		return s.stop()
	}
	v.Set(reflect.MakeMap(n.goType))
	key := reflect.New(n.goType.Key()).Elem()
	value := reflect.New(n.goType.Elem()).Elem()
	count := 0
	for s.in.more('}') {
		name, ok := s.in.name()
		if !ok {
			return s.stop()
		}
		if count < n.limit {
			ok = n.member(s, v, name, key, value)
		} else {
			ok = s.skip()
		}
		if !ok {
			return false
		}
		count++
	}
	if !s.in.ok() {
		return s.stop()
	}
	if n.own && count > n.limit {
		return s.add(message.MaxProperties.With(n.limit))
	}
	n.checks.Items(count, s.f)
	return true
}

// member decodes one member. The variables key and value serve all members: they are copied into the map.
func (n *mapping) member(s *state, m reflect.Value, name []byte, key, value reflect.Value) bool {
	label := validate.Clip(name)
	s.f.Push(label)
	var ok bool
	switch {
	case len(name) > n.nameBytes:
		ok = s.refuse(message.MaxLengthOfName.With(n.nameBytes))
	case string(name) != label: // the label was clipped
		ok = n.keep(s, m, string(name), key, value)
	default:
		ok = n.keep(s, m, label, key, value)
	}
	s.f.Pop()
	return ok && !s.f.Full()
}

func (n *mapping) keep(s *state, m reflect.Value, name string, key, value reflect.Value) bool {
	before := s.f.Len()
	key.SetZero()
	n.key(key, name, s.f)
	if s.f.Len() > before {
		return s.skip()
	}
	if m.MapIndex(key).IsValid() {
		return s.refuse(message.Duplicate.With())
	}
	value.SetZero()
	if !n.value.decode(s, value) {
		return false
	}
	m.SetMapIndex(key, value)
	return true
}
