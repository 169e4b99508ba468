// Package codec turns a JSON body into a Go value in one pass: it decodes, checks and keeps presence while the text is
// read, and it goes on after a fault so that all faults are reported together, each with a JSON Pointer.
//
// Everything about the type is worked out by Compile; Decode reads no tags and walks no schema. The text is read strictly
// (RFC 8259, with the demands of RFC 7493 on UTF-8 and member names): see Plan.Decode.
package codec

import (
	"context"
	"fmt"
	"reflect"
	"sync"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/internal/validate"
)

// Limits bound what a document may hold. Depth counts for every value, also for those that are unknown or of a wrong type.
type Limits struct {
	// Depth is the number of arrays and objects that may be open at once, the outermost included; default 32.
	Depth int
	// Items is the number of items of an array or members of a map, unless maxItems says otherwise; default 1000.
	Items int
	// StringBytes is the length of a string in bytes of UTF-8 after its escapes are resolved, unless maxLength declares
	// more; default 65536.
	StringBytes int
	// Total is the number of array items and object members in all, at every level, also within values that are not kept; default
	// 100,000. It bounds what a body of small values can claim.
	Total int
}

// WithDefaults is l with the default of each limit that is 0.
func (l Limits) WithDefaults() Limits {
	if l.Depth == 0 {
		l.Depth = 32
	}
	if l.Items == 0 {
		l.Items = 1000
	}
	if l.StringBytes == 0 {
		l.StringBytes = 64 << 10
	}
	if l.Total == 0 {
		l.Total = 100_000
	}
	return l
}

// Plan decodes bodies of one type. It is read-only and safe for concurrent use.
type Plan struct {
	root   node
	limits Limits
	states *sync.Pool // of *state
}

// Compiler makes the plans of one app. Plans share what they hold in common: a struct is compiled once, however many bodies hold it.
// It belongs to one goroutine.
type Compiler struct {
	c      compiler
	states *sync.Pool // of *state
}

// NewCompiler makes a Compiler without plans.
func NewCompiler(formats validate.Formats, lim Limits) *Compiler {
	return &Compiler{
		c: compiler{
			formats: formats, limits: lim.WithDefaults(),
			objects: map[*shape.Type]*object{}, unions: map[*shape.Type]*union{}, begun: map[*shape.Type]*later{},
		},
		states: &sync.Pool{New: func() any { return new(state) }},
	}
}

// Compile makes the plan for bodies of type t, on which r are the rules of the body field itself. Every fault is returned, but those
// of a struct only to the first who asks for it; each names the Go type or field.
func (c *Compiler) Compile(t *shape.Type, r tag.Rules) (*Plan, []error) {
	c.c.faults = nil
	if l := c.c.limits; l.Depth < 0 || l.Items < 0 || l.StringBytes < 0 || l.Total < 0 {
		c.c.fault("", fmt.Errorf("limits are %d, %d, %d and %d, want 0 or more", l.Depth, l.Items, l.StringBytes, l.Total))
	}
	p := &Plan{root: c.c.compile(t, r, "body"), limits: c.c.limits, states: c.states}
	if len(c.c.faults) > 0 {
		return nil, c.c.faults
	}
	return p, nil
}

// Compile makes a plan that shares nothing with others; see Compiler.Compile.
func Compile(t *shape.Type, r tag.Rules, formats validate.Formats, lim Limits) (*Plan, []error) {
	return NewCompiler(formats, lim).Compile(t, r)
}

// Decode reads body into dst, which must be addressable, of the plan's type and zero. Strings and raw values are copied:
// nothing in dst refers to body afterwards.
//
// What is wrong with the values is added to f, with In "body"; the caller looks at f.Len. After 100 faults the pass
// stops, and the rest of the text is not looked at. When the document is too deep or holds too many values it stops too, and the text is
// only held to the syntax. When f has faults, dst is not to be used.
//
// The error is nil, or one of:
//   - a *problem.Error with code bad-request and one fault with code "json", for text that is not one JSON value in UTF-8: an
//     empty body, trailing data, a byte order mark, ill-formed UTF-8, a surrogate without its pair, NaN, a comment;
//   - the error of a Validate method that is not a fault.
func (p *Plan) Decode(ctx context.Context, body []byte, dst reflect.Value, f *validate.Faults) error {
	s := p.states.Get().(*state)
	f.In, f.TextBytes = "body", p.limits.StringBytes
	s.start(ctx, body, f, p.limits)
	if p.root.decode(s, dst) && !s.in.end() {
		s.stop()
	}
	if s.in.failed == tooDeep || s.in.failed == tooMany {
		if s.in.reset(body, p.limits.Depth, len(body)); !s.in.wellFormed() {
			s.stop()
		}
	}
	err := s.err
	s.release()
	p.states.Put(s)
	return err
}

// Try decodes a body of the plan's type t, and drops the value.
func (p *Plan) Try(ctx context.Context, body []byte, t *shape.Type, f *validate.Faults) error {
	return p.Decode(ctx, body, reflect.New(t.Go).Elem(), f)
}
