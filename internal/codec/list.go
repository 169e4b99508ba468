package codec

import (
	"reflect"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/validate"
)

// list decodes an array into a Go slice or array. Items past limit are counted and left out.
type list struct {
	goType reflect.Type
	item   node
	fixed  bool // a Go array, of exactly limit items
	first  int  // of a slice: how many items there is room for at first
	limit  int
	own    bool // the limit is ours: no maxItems is declared, and the checks do not know of it
	checks *validate.Checks
}

func (n *list) decode(s *state, v reflect.Value) bool {
	if s.in.peek() != '[' {
		return s.wrong(message.Array)
	}
	if !s.in.open() {
		return s.stop()
	}
	before, count, start := s.f.Len(), 0, s.in.pos
	size := 0 // how many items there is room for
	if n.fixed {
		size = n.limit
	}
	for s.in.more(']') {
		if count < n.limit {
			if count == size {
				size = n.grow(v, size, s.in.pos-start, len(s.in.body)-s.in.pos)
			}
			if !n.fixed {
				v.SetLen(count + 1)
			}
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
	if count == 0 && !n.fixed {
		v.Set(reflect.MakeSlice(n.goType, 0, 0))
	}
	return n.judge(s, v, count, s.f.Len() > before)
}

// judge judges an array after its last item.
func (n *list) judge(s *state, v reflect.Value, count int, faulty bool) bool {
	switch {
	case n.fixed && count < n.limit:
		return s.add(message.TooFewItems.With(n.limit))
	case n.fixed && count > n.limit:
		return s.add(message.TooManyItems.With(n.limit))
	case n.own && count > n.limit:
		return s.add(message.MaxItems.With(n.limit))
	}
	before := s.f.Len()
	n.checks.Items(count, s.f)
	if !faulty && s.f.Len() == before {
		n.checks.Unique(v, s.f)
	}
	return true
}

// grow makes room for more items and returns how many there is room for. The bytes that the items so far took, and those
// that are left, tell how many more there can be; a bound keeps what a hostile body gets in proportion to its length.
func (n *list) grow(v reflect.Value, size, read, left int) int {
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
