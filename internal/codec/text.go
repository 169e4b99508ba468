package codec

import (
	"reflect"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/validate"
)

// boolean decodes true and false.
type boolean struct{}

func (boolean) decode(s *state, v reflect.Value) bool {
	kind := s.in.peek()
	if kind != 't' && kind != 'f' {
		return s.wrong(message.Boolean)
	}
	if !s.in.literal() {
		return s.stop()
	}
	v.SetBool(kind == 't')
	return true
}

// str decodes a string.
type str struct {
	limit  int // bytes
	checks *validate.Checks
}

func (n *str) decode(s *state, v reflect.Value) bool {
	text, ok, on := s.text(n.limit)
	if !ok {
		return on
	}
	value := string(text)
	v.SetString(value)
	n.checks.String(value, s.f)
	return true
}

// text decodes what has the form of a string on the wire, such as a time or a UUID.
type text struct {
	limit  int // bytes
	setter validate.Setter
}

func (n *text) decode(s *state, v reflect.Value) bool {
	text, ok, on := s.text(n.limit)
	if !ok {
		return on
	}
	n.setter(v, string(text), s.f)
	return true
}

// text reads a string of at most limit bytes. When ok is false there is none: a fault was added, and on says whether the
// pass goes on.
func (s *state) text(limit int) (text []byte, ok, on bool) {
	if s.in.peek() != '"' {
		return nil, false, s.wrong(message.String)
	}
	text, ok = s.in.str()
	if !ok {
		return nil, false, s.stop()
	}
	if len(text) > limit {
		return nil, false, s.add(message.MaxLengthBytes.With(limit))
	}
	return text, true, true
}
