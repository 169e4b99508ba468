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

// shortInteger reads an integer of up to 18 digits without fraction or exponent. For any other number it reads nothing.
func (s *source) shortInteger() (n int64, ok bool) {
	b, i := s.body, s.pos
	negative := b[i] == '-'
	if negative {
		i++
	}
	start := i
	for i < len(b) && digit(b[i]) {
		n = n*10 + int64(b[i]-'0') // a wrapped number has too many digits
		i++
	}
	if count := i - start; count == 0 || count > 18 || count > 1 && b[start] == '0' || goesOn(b, i) {
		return 0, false
	}
	s.pos = i
	if negative {
		n = -n
	}
	return n, true
}

// shortDecimal reads a number of up to 15 digits without exponent, whose nearest float64 is the quotient of two floats
// that are exact. For any other number it reads nothing.
func (s *source) shortDecimal() (x float64, ok bool) {
	b, i := s.body, s.pos
	negative := b[i] == '-'
	if negative {
		i++
	}
	start := i
	var n int64
	for i < len(b) && digit(b[i]) {
		n = n*10 + int64(b[i]-'0') // a wrapped number has too many digits
		i++
	}
	count, fraction := i-start, 0
	if count == 0 || count > 1 && b[start] == '0' {
		return 0, false
	}
	if i < len(b) && b[i] == '.' {
		point := i
		for i++; i < len(b) && digit(b[i]); i++ {
			n = n*10 + int64(b[i]-'0')
		}
		if fraction = i - point - 1; fraction == 0 {
			return 0, false
		}
	}
	if count+fraction > 15 || goesOn(b, i) {
		return 0, false
	}
	s.pos = i
	x = float64(n) / powersOfTen[fraction]
	if negative {
		x = -x
	}
	return x, true
}

var powersOfTen = [16]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// goesOn reports whether a number goes on with what follows its digits.
func goesOn(b []byte, i int) bool {
	return i < len(b) && (b[i] == '.' || b[i]|0x20 == 'e')
}
