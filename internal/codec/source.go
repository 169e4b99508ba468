package codec

import (
	"bytes"
	"encoding/json/jsontext"
	"errors"
	"io"
)

// source reads one JSON text token by token. It is all that the nodes know of the syntax. After the first error every
// method does nothing and says so; stop asks for the reason.
type source struct {
	dec     *jsontext.Decoder
	text    bytes.Buffer
	body    []byte
	scratch []byte
	max     int // levels of nesting
	failed  error
}

var errDeep = errors.New("too deep")

func (s *source) reset(body []byte, max int) {
	s.body, s.max, s.failed = body, max, nil
	s.text = *bytes.NewBuffer(body)
	if s.dec == nil {
		s.dec = jsontext.NewDecoder(&s.text, jsontext.AllowDuplicateNames(true))
		return
	}
	s.dec.Reset(&s.text, jsontext.AllowDuplicateNames(true))
}

// kind is the form of the next value: one of { [ " 0 t f n, or 0 when there is none.
func (s *source) kind() byte {
	if s.failed != nil {
		return 0
	}
	k := s.dec.PeekKind()
	switch k {
	case jsontext.KindEndObject, jsontext.KindEndArray, jsontext.KindInvalid:
		_, err := s.dec.ReadValue()
		s.fail(err)
		return 0
	}
	return byte(k)
}

func (s *source) fail(err error) bool {
	if s.failed == nil {
		s.failed = err
	}
	return false
}

// open enters the object or array that is next.
func (s *source) open() bool {
	if s.failed != nil {
		return false
	}
	if s.dec.StackDepth() >= s.max {
		return s.fail(errDeep)
	}
	if _, err := s.dec.ReadToken(); err != nil {
		return s.fail(err)
	}
	return true
}

// more reports whether another member or item follows; at the end it leaves the object or array. It is false after an
// error too: see ok.
func (s *source) more() bool {
	if s.failed != nil {
		return false
	}
	switch s.dec.PeekKind() {
	case jsontext.KindEndObject, jsontext.KindEndArray, jsontext.KindInvalid:
		if _, err := s.dec.ReadToken(); err != nil {
			s.fail(err)
		}
		return false
	}
	return true
}

// ok reports whether there was no error so far.
func (s *source) ok() bool { return s.failed == nil }

// name reads a member's name. The bytes are good until the next call.
func (s *source) name() (name []byte, ok bool) { return s.str() }

// str reads a string and resolves its escapes. The bytes are good until the next call.
func (s *source) str() (text []byte, ok bool) {
	raw, ok := s.value()
	if !ok || raw[0] != '"' {
		return nil, false
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1], true
	}
	s.scratch, _ = jsontext.AppendUnquote(s.scratch[:0], raw)
	return s.scratch, true
}

// number reads a number's text. The bytes are good until the next call.
func (s *source) number() (text []byte, ok bool) { return s.value() }

// literal reads null, true or false.
func (s *source) literal() bool {
	_, ok := s.value()
	return ok
}

func (s *source) value() ([]byte, bool) {
	if s.failed != nil {
		return nil, false
	}
	raw, err := s.dec.ReadValue()
	if err != nil {
		return nil, s.fail(err)
	}
	return raw, true
}

// skip passes over one value.
func (s *source) skip() bool {
	from := s.dec.StackDepth()
	for s.failed == nil {
		switch s.kind() {
		case 0:
			return false
		case '{', '[':
			if !s.open() {
				return false
			}
		default:
			if _, ok := s.value(); !ok {
				return false
			}
		}
		for s.dec.StackDepth() > from && !s.more() && s.ok() {
		}
		if s.dec.StackDepth() == from {
			return s.ok()
		}
	}
	return false
}

// raw reads one value whole. The bytes are good as long as the body.
func (s *source) raw() ([]byte, bool) {
	s.kind()
	start := s.dec.InputOffset()
	if !s.skip() {
		return nil, false
	}
	raw := s.body[start:s.dec.InputOffset()]
	return bytes.TrimLeft(raw, ":, \t\r\n"), true
}

// end reports whether nothing but white space follows.
func (s *source) end() bool {
	if s.failed != nil {
		return false
	}
	_, err := s.dec.ReadToken()
	if err == io.EOF {
		return true
	}
	if err == nil {
		err = errTrailing
	}
	return s.fail(err)
}

var errTrailing = errors.New("trailing data")

func (s *source) deep() bool { return s.failed == errDeep }

// reason says what is wrong with the text and at which byte.
func (s *source) reason() (offset int, reason string) {
	offset = int(s.dec.InputOffset())
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](s.failed); ok {
		offset = int(syntax.ByteOffset)
	}
	switch {
	case len(bytes.TrimLeft(s.body, " \t\r\n")) == 0:
		return offset, "the body is empty: expected a JSON value"
	case errors.Is(s.failed, io.ErrUnexpectedEOF), errors.Is(s.failed, io.EOF):
		return offset, "the text ends too early"
	case s.failed == errTrailing:
		return offset, "unexpected data after the value"
	}
	return offset, "unexpected character"
}
