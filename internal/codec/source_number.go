package codec

// number reads a number's text (RFC 8259, section 6). The bytes are those of the body.
func (s *source) number() ([]byte, bool) {
	b, i := s.body, s.pos
	if b[i] == '-' {
		i++
	}
	switch {
	case i == len(b) || !digit(b[i]):
		return nil, s.fail(badNumber, i)
	case b[i] == '0':
		i++
	default:
		i = digits(b, i)
	}
	if i < len(b) && b[i] == '.' {
		start := i + 1
		if i = digits(b, start); i == start {
			return nil, s.fail(badNumber, i)
		}
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		start := i
		if i = digits(b, start); i == start {
			return nil, s.fail(badNumber, i)
		}
	}
	text := b[s.pos:i]
	s.pos = i
	return text, true
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func digits(b []byte, i int) int {
	for i < len(b) && digit(b[i]) {
		i++
	}
	return i
}
