package codec

import (
	"unicode/utf16"
	"unicode/utf8"

	"github.com/tenon-go/tenon/internal/ascii"
)

// str reads a string and resolves its escapes (RFC 8259, section 7). The bytes are good until the next string is read.
func (s *source) str() (text []byte, ok bool) {
	start := s.pos + 1
	end := start + ascii.Plain(s.body[start:])
	if end < len(s.body) && s.body[end] == '"' {
		s.pos = end + 1
		return s.body[start:end], true
	}
	return s.longStr(start, end)
}

// longStr goes on with a string at i that has more than plain characters.
func (s *source) longStr(start, i int) ([]byte, bool) {
	b := s.body
	from, escaped := start, false // b[from:i] is not yet in scratch
	for i < len(b) {
		c := b[i]
		switch {
		case c == '"':
			s.pos = i + 1
			if !escaped {
				return b[start:i], true
			}
			s.scratch = append(s.scratch, b[from:i]...)
			return s.scratch, true
		case c == '\\':
			if !escaped {
				escaped, s.scratch = true, s.scratch[:0]
			}
			s.scratch = append(s.scratch, b[from:i]...)
			n, why := s.escape(b[i:])
			if why != none {
				return nil, s.fail(why, i)
			}
			i += n
			from = i
		case c < ' ':
			return nil, s.fail(controlCharacter, i)
		case c < utf8.RuneSelf:
			i += ascii.Plain(b[i:])
		default:
			r, n := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError && n == 1 {
				return nil, s.fail(badUTF8, i)
			}
			i += n
		}
	}
	return nil, s.fail(endedEarly, i)
}

// escape resolves the escape sequence at the start of b into scratch, and returns its length.
func (s *source) escape(b []byte) (int, failure) {
	if len(b) < 2 {
		return 0, endedEarly
	}
	c := b[1]
	switch c {
	case '"', '\\', '/':
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'u':
		return s.unicodeEscape(b)
	default:
		return 0, badEscape
	}
	s.scratch = append(s.scratch, c)
	return 2, none
}

func (s *source) unicodeEscape(b []byte) (int, failure) {
	r, ok := hex4(b)
	if !ok {
		return 0, badEscape
	}
	if !utf16.IsSurrogate(r) {
		s.scratch = utf8.AppendRune(s.scratch, r)
		return 6, none
	}
	low, ok := hex4(b[6:])
	if !ok {
		return 0, loneSurrogate
	}
	r = utf16.DecodeRune(r, low)
	if r == utf8.RuneError {
		return 0, loneSurrogate
	}
	s.scratch = utf8.AppendRune(s.scratch, r)
	return 12, none
}

// hex4 reads \uXXXX at the start of b.
func hex4(b []byte) (r rune, ok bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	for _, c := range b[2:6] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
