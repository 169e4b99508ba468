package reply

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tenon-go/tenon/internal/encode"
	"github.com/tenon-go/tenon/internal/shape"
)

// isEvent recognises tenon.Event by name, because the root package that declares it stands above this one.
func isEvent(t *shape.Type) bool {
	return t.Kind == shape.Struct && t.Go.PkgPath() == "github.com/tenon-go/tenon" && strings.HasPrefix(t.Go.Name(), "Event[")
}

// compileEvents frames each item as an event (WHATWG HTML, section 9.2.6).
func (s *Stream) compileEvents() []error {
	if isEvent(s.items) {
		return s.compileNamed()
	}
	var faults []error
	s.frame, faults = s.data()
	return faults
}

// compileNamed frames items of the type tenon.Event.
func (s *Stream) compileNamed() []error {
	s.Named = true
	at := map[string]*shape.Field{}
	for _, f := range s.items.Fields {
		at[f.GoName] = f
	}
	s.Item = at["Data"].Type
	value, faults := s.data()
	if len(faults) > 0 {
		return faults
	}
	field := func(v reflect.Value, name string) reflect.Value { return v.FieldByIndex(at[name].Index) }
	s.frame = func(b []byte, v reflect.Value) ([]byte, error) {
		head := Event{
			Comment: field(v, "Comment").String(), Name: field(v, "Name").String(), ID: field(v, "ID").String(),
			Retry: time.Duration(field(v, "Retry").Int()),
		}
		b, err := head.append(b)
		if err != nil {
			return b, err
		}
		return value(b, field(v, "Data"))
	}
	return nil
}

// Event is what an event says besides its data.
type Event struct {
	Comment, Name, ID string
	Retry             time.Duration
}

// append writes the fields of an event that come before its data.
func (e Event) append(b []byte) ([]byte, error) {
	switch {
	case strings.ContainsAny(e.Name, "\r\n"):
		return b, errors.New("the name of an event has a line end")
	case strings.ContainsAny(e.ID, "\r\n\x00"):
		return b, errors.New("the id of an event has a line end or NUL")
	case e.Retry < 0:
		return b, fmt.Errorf("an event says to retry after %v", e.Retry)
	case !utf8.ValidString(e.Name) || !utf8.ValidString(e.ID) || !utf8.ValidString(e.Comment):
		return b, errors.New("the comment, name or id of an event is not UTF-8")
	}
	if e.Comment != "" {
		b = appendLines(b, "", []byte(e.Comment))
	}
	if e.Name != "" {
		b = append(append(append(b, "event: "...), e.Name...), '\n')
	}
	if e.ID != "" {
		b = append(append(append(b, "id: "...), e.ID...), '\n')
	}
	if e.Retry > 0 {
		milliseconds := max(1, e.Retry.Milliseconds())
		b = append(strconv.AppendInt(append(b, "retry: "...), milliseconds, 10), '\n')
	}
	return b, nil
}

// data frames the data of an event, with the empty line that ends it: a string as it is, anything else as JSON.
func (s *Stream) data() (encode.Append, []error) {
	if s.Item.Kind == shape.String {
		s.Plain = true
		return func(b []byte, v reflect.Value) ([]byte, error) {
			text := v.String()
			if !utf8.ValidString(text) {
				return b, errors.New("the data of an event is not UTF-8")
			}
			return append(appendLines(b, "data", []byte(text)), '\n'), nil
		}, nil
	}
	value, faults := encode.Compile(s.Item)
	if len(faults) > 0 {
		return nil, faults
	}
	return func(b []byte, v reflect.Value) ([]byte, error) {
		b = append(b, "data: "...)
		b, err := value(b, v) // one line, as in compileLines
		if err != nil {
			return b, err
		}
		return append(b, "\n\n"...), nil
	}, nil
}

// AppendProblem writes the event that ends a stream which failed; text is a problem as JSON.
func AppendProblem(b, text []byte) []byte {
	return append(appendLines(append(b, "event: "+ProblemEvent+"\n"...), "data", text), '\n')
}

// ProblemEvent is the name of the event that ends a stream which failed.
const ProblemEvent = "problem"

// KeepAlive is a comment, which clients ignore.
const KeepAlive = ":\n\n"

// appendLines writes text under a field name, one line of the stream for each of its own.
func appendLines(b []byte, field string, text []byte) []byte {
	for {
		line, rest := text, []byte(nil)
		end := bytes.IndexAny(text, "\r\n")
		if end >= 0 {
			line, rest = text[:end], text[end+1:]
			if text[end] == '\r' && len(rest) > 0 && rest[0] == '\n' {
				rest = rest[1:]
			}
		}
		b = append(append(append(append(b, field...), ": "...), line...), '\n')
		if end < 0 {
			return b
		}
		text = rest
	}
}
