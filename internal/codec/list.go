package codec

import (
	"fmt"
	"reflect"

	"github.com/tenon-go/tenon/internal/validate"
)

// slice decodes an array into a Go slice. Items past limit are counted and left out.
type slice struct {
	goType reflect.Type
	item   node
	first  int // how many items there is room for at first
	limit  int
	own    bool // the limit is ours: no maxItems is declared, and the checks do not know of it
	checks *validate.Checks
}

func (n *slice) decode(s *state, v reflect.Value) bool {
	if s.in.peek() != '[' {
		return s.wrong("must be an array")
	}
	if !s.in.open() {
		return s.stop()
	}
	before, count, size, start := s.f.Len(), 0, 0, s.in.pos
	for s.in.more(']') {
		if count < n.limit {
			if count == size {
				size = n.grow(v, size, s.in.pos-start, len(s.in.body)-s.in.pos)
			}
			v.SetLen(count + 1)
			if !s.item(n.item, v.Index(count), count) {
				return false
			}
		} else if !s.skip() {
			return false
		}
		count++
	}
	if !s.in.ok() {
		return s.stop()
	}
	if count == 0 {
		v.Set(reflect.MakeSlice(n.goType, 0, 0))
	}
	if n.own && count > n.limit {
		return s.add("maxItems", fmt.Sprintf("must have %d items or fewer", n.limit))
	}
	n.checks.Items(count, s.f)
	if s.f.Len() == before {
		n.checks.Unique(v, s.f)
	}
	return true
}

// grow makes room for more items and returns how many there is room for. The bytes that the items so far took, and those
// that are left, tell how many more there can be; a bound keeps what a hostile body gets in proportion to its length.
func (n *slice) grow(v reflect.Value, size, read, left int) int {
	more := n.first
	if size > 0 {
		more = min(3*size, left*size/read+1)
	}
	v.Grow(min(more, n.limit-size))
	return min(v.Cap(), n.limit)
}

// item decodes one item of an array.
func (s *state) item(n node, v reflect.Value, i int) bool {
	s.f.PushIndex(i)
	ok := n.decode(s, v)
	s.f.Pop()
	return ok && !s.f.Full()
}

// array decodes an array of exactly size items into a Go array.
type array struct {
	item   node
	size   int
	checks *validate.Checks
}

func (n *array) decode(s *state, v reflect.Value) bool {
	if s.in.peek() != '[' {
		return s.wrong("must be an array")
	}
	if !s.in.open() {
		return s.stop()
	}
	before, count := s.f.Len(), 0
	for s.in.more(']') {
		if count < n.size {
			if !s.item(n.item, v.Index(count), count) {
				return false
			}
		} else if !s.skip() {
			return false
		}
		count++
	}
	if !s.in.ok() {
		return s.stop()
	}
	switch {
	case count < n.size:
		return s.add("minItems", fmt.Sprintf("must have exactly %d items", n.size))
	case count > n.size:
		return s.add("maxItems", fmt.Sprintf("must have exactly %d items", n.size))
	}
	if s.f.Len() == before {
		n.checks.Unique(v, s.f)
	}
	return true
}
