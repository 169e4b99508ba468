package codec

import (
	"context"
	"reflect"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

// A node decodes the next value of the text into v, which is addressable and zero. It adds faults at the current path,
// and leaves that path as it found it. The result says whether the pass goes on; when it is false, either s.err is set or
// the faults say why.
type node interface {
	decode(s *state, v reflect.Value) bool
}

// state is one pass over one body. It is pooled and never reaches user code.
type state struct {
	in  source
	ctx context.Context
	f   *validate.Faults
	err error

	total int // members and items that may be
}

func (s *state) start(ctx context.Context, body []byte, f *validate.Faults, lim Limits) {
	s.ctx, s.f, s.err = ctx, f, nil
	s.in.reset(body, lim.Depth, lim.Total)
	s.total = lim.Total
}

// release drops what belongs to the request.
func (s *state) release() {
	s.ctx, s.f, s.err = nil, nil, nil
	s.in.reset(nil, 0, 0)
}

// add adds a fault at the current path; it reports whether the pass goes on.
func (s *state) add(fault problem.Fault) bool {
	s.f.Add(fault)
	return !s.f.Full()
}

// wrong deals with a value of another form than the one that the node reads.
func (s *state) wrong(form *problem.Text) bool {
	switch s.in.kind() {
	case 0:
		return s.stop()
	case 'n':
		s.f.Add(message.Null.With())
	default:
		s.f.Add(form.With())
	}
	return s.skip()
}

// refuse adds a fault and skips the value.
func (s *state) refuse(fault problem.Fault) bool {
	s.f.Add(fault)
	return s.skip()
}

// skip leaves out one value, of which only the syntax and the depth are checked.
func (s *state) skip() bool {
	if !s.in.skip() {
		return s.stop()
	}
	return !s.f.Full()
}

// stop ends the pass after the source has refused to go on. It always returns false.
func (s *state) stop() bool {
	switch s.in.failed {
	case tooDeep:
		s.f.Add(message.Depth.With(s.in.max))
		return false
	case tooMany:
		s.f.Add(message.Total.With(s.total))
		return false
	}
	s.err = message.Unreadable(message.NotJSON, "body", s.in.failed.text().With(s.in.at).At(s.f.Pointer()))
	return false
}
