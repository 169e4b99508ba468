package codec

import (
	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/problem"
)

// source reads one JSON text (RFC 8259) byte by byte, in one pass over the body that is in memory. It is all that the
// nodes know of the syntax. After the first error there is nothing more to read, so every method fails; failed and at tell
// what it was. A node reads in the order of the grammar: it looks at the next value (peek, kind, atNumber), then calls one of
// open, str, number, literal, skip and raw; after open, more before each member or item, and name before a member's value.
type source struct {
	body    []byte
	pos     int
	depth   int  // arrays and objects that are open
	max     int  // how many may be
	left    int  // members and items that may still come
	first   bool // an array or object was opened, and nothing of it read
	scratch []byte
	spans   []span // arrays and objects before passed, in their order
	passed  int    // up to where the text was looked through ahead
	looked  int    // bytes that were
	failed  failure
	at      int // byte at which it failed
}

// failure is why a source stopped.
type failure uint8

const (
	none failure = iota
	endedEarly
	unexpected
	trailing
	badUTF8
	controlCharacter
	badEscape
	loneSurrogate
	badNumber
	byteOrderMark
	empty
	tooDeep
	tooMany
)

// text is what is said of a failure.
func (f failure) text() *problem.Text {
	switch f {
	case endedEarly:
		return message.JSONEnds
	case trailing:
		return message.JSONTrailing
	case badUTF8:
		return message.JSONNotUTF8
	case controlCharacter:
		return message.JSONControl
	case badEscape:
		return message.JSONEscape
	case loneSurrogate:
		return message.JSONSurrogate
	case badNumber:
		return message.JSONNumber
	case byteOrderMark:
		return message.JSONMark
	case empty:
		return message.JSONEmpty
	}
	return message.JSONUnexpected
}

func (s *source) reset(body []byte, depth, total int) {
	if cap(s.scratch) > 64<<10 {
		s.scratch = nil
	}
	if cap(s.spans) > 4<<10 {
		s.spans = nil
	}
	*s = source{body: body, max: depth, left: total, scratch: s.scratch[:0], spans: s.spans[:0]}
}

// fail notes the first failure and empties the source. It always returns false.
func (s *source) fail(why failure, at int) bool {
	if s.failed == none {
		if at >= len(s.body) && why == unexpected {
			why = endedEarly
		}
		s.failed, s.at = why, at
		s.body, s.pos = nil, 0
	}
	return false
}

// ok reports whether there was no failure so far.
func (s *source) ok() bool { return s.failed == none }

// peek is the next byte that is not white space, or 0 at the end.
func (s *source) peek() byte {
	if s.pos < len(s.body) {
		if c := s.body[s.pos]; c > ' ' {
			return c
		}
	}
	return s.space()
}

func (s *source) space() byte {
	for ; s.pos < len(s.body); s.pos++ {
		switch c := s.body[s.pos]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// kind is the form of the next value: one of { [ " 0 t f n, where 0 is any number; or 0 when there is no value.
func (s *source) kind() byte {
	switch c := s.peek(); c {
	case '"', '{', '[', 't', 'f', 'n':
		return c
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return '0'
	}
	s.noValue()
	return 0
}

// atNumber reports whether the next value is a number.
func (s *source) atNumber() bool {
	c := s.peek()
	return digit(c) || c == '-'
}

func (s *source) noValue() {
	why := unexpected
	switch {
	case s.depth == 0 && s.pos == len(s.body):
		why = empty
	case s.pos == 0 && len(s.body) >= 3 && string(s.body[:3]) == "\xef\xbb\xbf":
		why = byteOrderMark
	}
	s.fail(why, s.pos)
}

// open enters the object or array that is next.
func (s *source) open() bool {
	if s.depth == s.max {
		return s.fail(tooDeep, s.pos)
	}
	s.depth++
	s.pos++
	s.first = true
	return true
}

// more reports whether a member or item follows, and leaves the object or array at its end, which is the byte end. It is
// false after a failure too: see ok.
func (s *source) more(end byte) bool {
	c := s.peek()
	switch {
	case c == ',' && !s.first:
		s.pos++
		return s.count()
	case c == end:
		s.first = false
		s.pos++
		s.depth--
		return false
	case s.first && s.pos < len(s.body):
		s.first = false
		return s.count()
	}
	return s.fail(unexpected, s.pos)
}

// count counts a member or item.
func (s *source) count() bool {
	s.left--
	return s.left >= 0 || s.fail(tooMany, s.pos)
}

// nameIs reads the name of a member and the colon if they are written as in quoted.
func (s *source) nameIs(quoted string) bool {
	s.peek()
	end := s.pos + len(quoted)
	if end > len(s.body) || string(s.body[s.pos:end]) != quoted {
		return false
	}
	s.pos = end
	return true
}

// name reads the name of a member. The bytes are good until the next string is read.
func (s *source) name() (name []byte, ok bool) {
	if s.peek() != '"' {
		return nil, s.fail(unexpected, s.pos)
	}
	if name, ok = s.str(); !ok {
		return nil, false
	}
	if s.peek() != ':' {
		return nil, s.fail(unexpected, s.pos)
	}
	s.pos++
	return name, true
}

// literal reads null, true or false.
func (s *source) literal() bool {
	word := "null"
	switch s.body[s.pos] {
	case 't':
		word = "true"
	case 'f':
		word = "false"
	}
	if end := s.pos + len(word); end <= len(s.body) && string(s.body[s.pos:end]) == word {
		s.pos = end
		return true
	}
	i := 0
	for s.pos+i < len(s.body) && s.body[s.pos+i] == word[i] {
		i++
	}
	return s.fail(unexpected, s.pos+i)
}

// skip passes over one value. It nests no deeper than max.
func (s *source) skip() bool {
	switch s.kind() {
	case 0:
		return false
	case '{':
		if !s.open() {
			return false
		}
		for s.more('}') {
			if _, ok := s.name(); !ok || !s.skip() {
				return false
			}
		}
		return s.ok()
	case '[':
		if !s.open() {
			return false
		}
		for s.more(']') {
			if !s.skip() {
				return false
			}
		}
		return s.ok()
	case '"':
		_, ok := s.str()
		return ok
	case '0':
		_, ok := s.number()
		return ok
	}
	return s.literal()
}

// wellFormed reads a whole text, however deep, of which only the syntax is checked: it keeps one byte for each array or object that
// is open, and no more.
func (s *source) wellFormed() bool {
	s.max = len(s.body) + 1
	var ends []byte
	for {
		switch s.kind() {
		case '{', '[':
			ends = append(ends, s.body[s.pos]+2) // } is { + 2, and ] is [ + 2
			s.open()
		default:
			if !s.skip() {
				return false
			}
		}
		for len(ends) > 0 && !s.more(ends[len(ends)-1]) {
			if !s.ok() {
				return false
			}
			ends = ends[:len(ends)-1]
		}
		if len(ends) == 0 {
			return s.end()
		}
		if ends[len(ends)-1] == '}' {
			if _, ok := s.name(); !ok {
				return false
			}
		}
	}
}

// raw reads one value whole. The bytes are those of the body.
func (s *source) raw() ([]byte, bool) {
	s.peek()
	body, start := s.body, s.pos
	if !s.skip() {
		return nil, false
	}
	return body[start:s.pos], true
}

// end reports whether nothing but white space follows.
func (s *source) end() bool {
	s.peek()
	return s.ok() && (s.pos == len(s.body) || s.fail(trailing, s.pos))
}
