package codec

import "slices"

// span is an array or object that was passed over: where it begins, and the byte after it.
type span struct{ start, end int }

// pass passes over one value, as skip does, and remembers where its arrays and objects end. One that it passed over before it does not
// look through again: it was well-formed, and not too deep.
func (s *source) pass() bool {
	kind := s.kind()
	if kind != '{' && kind != '[' {
		return s.skip()
	}
	if end := s.passedEnd(); end > 0 {
		s.looked -= end - s.pos
		s.pos = end
		return true
	}
	at := len(s.spans)
	s.spans = append(s.spans, span{start: s.pos})
	if !s.open() {
		return false
	}
	for s.more(kind + 2) { // } is { + 2, and ] is [ + 2
		if kind == '{' {
			if _, ok := s.name(); !ok {
				return false
			}
		}
		if !s.pass() {
			return false
		}
	}
	s.spans[at].end = s.pos
	return s.ok()
}

// passedEnd is where the array or object that is next ends; 0 is not known.
func (s *source) passedEnd() int {
	if s.pos >= s.passed {
		return 0
	}
	at, found := slices.BinarySearchFunc(s.spans, s.pos, func(a span, pos int) int { return a.start - pos })
	if !found {
		return 0
	}
	return s.spans[at].end
}

// forget makes room before something is looked through that was not passed over.
func (s *source) forget() {
	if s.pos >= s.passed {
		s.spans = s.spans[:0]
	}
}
