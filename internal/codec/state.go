package codec

import (
	"context"
	"fmt"
	"reflect"

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
func (s *state) add(code, message string) bool {
	s.f.Add(code, message)
	return !s.f.Full()
}

// wrong deals with a value of another form than the one that the node reads.
func (s *state) wrong(message string) bool {
	switch s.in.kind() {
	case 0:
		return s.stop()
	case 'n':
		s.f.Add("null", "must not be null")
	default:
		s.f.Add("type", message)
	}
	return s.skip()
}

// refuse adds a fault and skips the value.
func (s *state) refuse(code, message string) bool {
	s.f.Add(code, message)
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
		s.f.Add("depth", fmt.Sprintf("must not be nested more than %d levels deep", s.in.max))
		return false
	case tooMany:
		s.f.Add("total", fmt.Sprintf("must not bring the body to more than %d items and members", s.total))
		return false
	}
	s.err = problem.New(problem.CodeBadRequest, "The body is not valid JSON.").WithFaults(problem.Fault{
		In: "body", Pointer: s.f.Pointer(), Code: "json",
		Message: fmt.Sprintf("%s at byte %d", s.in.failed, s.in.at),
	})
	return false
}
