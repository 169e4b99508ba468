package reply

import (
	"errors"
	"fmt"
	"iter"
	"reflect"

	"github.com/tenon-go/tenon/internal/encode"
	"github.com/tenon-go/tenon/internal/shape"
)

// The media types of streams.
const (
	EventStream = "text/event-stream"    // Server-Sent Events (WHATWG HTML, section 9.2)
	NDJSON      = "application/x-ndjson" // JSON values, one on each line
	JSONL       = "application/jsonl"    // the same by its other name
)

// Stream is the plan of a body whose items are sent one after the other.
type Stream struct {
	// Media is the media type: one of the constants of this package.
	Media string
	// Item is the type of what is sent: the items, or the Data of the events.
	Item *shape.Type
	// Named reports whether the items are events that may have a name, an id and a time to retry.
	Named bool
	// Plain reports whether the data of events is sent as it is, not as JSON.
	Plain bool

	items *shape.Type
	frame encode.Append
}

// Events reports whether the stream is one of Server-Sent Events.
func (s *Stream) Events() bool { return s.Media == EventStream }

// SendsEvents reports whether an output, a pointer to the plan's type or nil, has a stream of events.
func (p *Plan) SendsEvents(out any) bool {
	if p.Body != nil || out == nil {
		return p.Body != nil && p.Body.Stream != nil && p.Body.Stream.Events()
	}
	v := reflect.ValueOf(out).Elem()
	for _, o := range p.Outcomes {
		if at := v.FieldByIndex(o.index); !at.IsNil() {
			return o.Plan.SendsEvents(at.Interface())
		}
	}
	return false
}

// header adds what tells clients, proxies and caches that the body is a stream. The output may say otherwise.
func (s *Stream) header(fields []field) []field {
	fields = append(fields, field{"Content-Type", s.Media}, field{"X-Content-Type-Options", "nosniff"})
	if s.Events() { // the second is for nginx and those who follow it
		fields = append(fields, field{"Cache-Control", "no-store"}, field{"X-Accel-Buffering", "no"})
	}
	return fields
}

// stream makes the plan of a body of items.
func (b *Body) stream(typ *shape.Type, types []string) []error {
	if len(types) != 1 {
		return []error{errors.New("a stream has one media type: " + EventStream + ", " + NDJSON + " or " + JSONL)}
	}
	s := &Stream{Media: types[0], Item: typ.Elem, items: typ.Elem}
	b.Media, b.ContentType, b.Stream = types, types[0], s
	switch s.Media {
	case EventStream:
		return s.compileEvents()
	case NDJSON, JSONL:
		if isEvent(s.items) {
			return []error{fmt.Errorf("%s is an item of %s", s.items.Go, EventStream)}
		}
		return s.compileLines()
	}
	return []error{fmt.Errorf("%q is not the media type of a stream, want %s, %s or %s", s.Media, EventStream, NDJSON, JSONL)}
}

// compileLines frames each item as a line of JSON.
func (s *Stream) compileLines() []error {
	value, faults := encode.Compile(s.items)
	if len(faults) > 0 {
		return faults
	}
	s.frame = func(b []byte, v reflect.Value) ([]byte, error) {
		b, err := value(b, v) // one line: types that write their own JSON are compacted
		if err != nil {
			return b, err
		}
		return append(b, '\n'), nil
	}
	return nil
}

// Items are a body whose items are sent one after the other.
type Items struct {
	// Stream is their plan.
	Stream *Stream

	all reflect.Value // an iter.Seq2 of items and errors
}

func (s *Stream) open(v reflect.Value) (*Items, error) {
	if v.IsNil() {
		return nil, errors.New("the handler returned no stream")
	}
	return &Items{s, v}, nil
}

// Frames makes what is sent for each item. A frame is valid until the next. The first error, of the stream or of encoding an
// item, is the last that is yielded.
func (i *Items) Frames() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		var b []byte
		item := reflect.New(i.Stream.items.Go).Elem()
		for v, failed := range i.all.Seq2() {
			if err, _ := reflect.TypeAssert[error](failed); err != nil {
				yield(nil, err)
				return
			}
			item.Set(v)
			frame, err := i.Stream.frame(b[:0], item)
			if err != nil {
				yield(nil, fmt.Errorf("encode: %w", err))
				return
			}
			if !yield(frame, nil) {
				return
			}
			if b = frame; cap(b) > keepFrame {
				b = nil
			}
		}
	}
}

// keepFrame is the largest buffer that is kept between two items.
const keepFrame = 64 << 10
