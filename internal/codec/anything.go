package codec

import (
	"bytes"
	"reflect"
	"strconv"
	"strings"

	"github.com/tenon-go/tenon/internal/exact"
	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/validate"
)

// anything decodes any JSON within the limits: into an any, as nil, bool, float64, string, []any and map[string]any, or, when raw,
// as its text.
type anything struct {
	raw         bool
	items       int
	stringBytes int
}

func (n *anything) decode(s *state, v reflect.Value) bool {
	s.in.peek()
	body, start := s.in.body, s.in.pos
	value, ok := n.read(s)
	switch {
	case !ok:
		return false
	case n.raw:
		v.SetBytes(bytes.Clone(body[start:s.in.pos]))
	case value != nil:
		v.Set(reflect.ValueOf(value))
	}
	return true
}

// read reads one value; when raw, it only looks at it. It reports whether the pass goes on.
func (n *anything) read(s *state) (value any, ok bool) {
	switch kind := s.in.kind(); kind {
	case '{':
		return n.object(s)
	case '[':
		return n.array(s)
	case '"':
		return n.text(s)
	case '0':
		return n.number(s)
	case 't', 'f', 'n':
		if !s.in.literal() {
			return nil, s.stop()
		}
		if kind == 'n' {
			return nil, true
		}
		return kind == 't', true
	}
	return nil, s.stop()
}

func (n *anything) text(s *state) (any, bool) {
	text, ok := s.in.str()
	switch {
	case !ok:
		return nil, s.stop()
	case len(text) > n.stringBytes:
		return nil, s.add(message.MaxLengthBytes.With(n.stringBytes))
	case n.raw: // U+0000 stays the escape that it was sent as
		return nil, true
	case bytes.IndexByte(text, 0) >= 0:
		return nil, s.add(message.NUL.With())
	}
	return string(text), true
}

// number reads a float64, and refuses a number that no float64 tells apart from others (RFC 8259, section 6): what is written of the float
// must be the same number.
func (n *anything) number(s *state) (any, bool) {
	if !n.raw {
		if x, ok := s.in.shortDecimal(); ok {
			return x, true
		}
	}
	text, ok := s.in.number()
	switch {
	case !ok:
		return nil, s.stop()
	case n.raw:
		return nil, true
	case len(text) <= longest:
		x, err := strconv.ParseFloat(string(text), 64)
		sent, _ := exact.Parse(string(text))
		kept, _ := exact.Parse(strconv.FormatFloat(x, 'g', -1, 64))
		if err == nil && sent == kept {
			return x, true
		}
	}
	return nil, s.add(message.RangeExact.With(64))
}

func (n *anything) array(s *state) (any, bool) {
	if !s.in.open() {
		return nil, s.stop()
	}
	list, count := []any{}, 0
	for s.in.more(']') {
		if count >= n.items {
			if !s.skip() {
				return nil, false
			}
			count++
			continue
		}
		s.f.PushIndex(count)
		item, ok := n.read(s)
		s.f.Pop()
		if !ok || s.f.Full() {
			return nil, false
		}
		if !n.raw {
			list = append(list, item)
		}
		count++
	}
	switch {
	case !s.in.ok():
		return nil, s.stop()
	case count > n.items:
		return nil, s.add(message.MaxItems.With(n.items))
	}
	return list, true
}

func (n *anything) object(s *state) (any, bool) {
	if !s.in.open() {
		return nil, s.stop()
	}
	members, count := map[string]any{}, 0
	for s.in.more('}') {
		name, ok := s.in.name()
		if !ok {
			return nil, s.stop()
		}
		if count < n.items {
			ok = n.member(s, members, string(name))
		} else {
			ok = s.skip()
		}
		if !ok {
			return nil, false
		}
		count++
	}
	switch {
	case !s.in.ok():
		return nil, s.stop()
	case count > n.items:
		return nil, s.add(message.MaxProperties.With(n.items))
	}
	return members, true
}

func (n *anything) member(s *state, members map[string]any, name string) bool {
	s.f.Push(validate.Clip(name))
	var value any
	var ok bool
	switch _, again := members[name]; {
	case again:
		ok = s.refuse(message.Duplicate.With())
	case len(name) > n.stringBytes:
		ok = s.refuse(message.MaxLengthOfName.With(n.stringBytes))
	case !n.raw && strings.IndexByte(name, 0) >= 0:
		ok = s.refuse(message.NULInName.With())
	default:
		value, ok = n.read(s)
		members[name] = value
	}
	s.f.Pop()
	return ok && !s.f.Full()
}
