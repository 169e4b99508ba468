package reply

import (
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/tenon-go/tenon/internal/duration"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
)

// Target writes the path and query of an operation from its input: the reverse of routing and binding.
type Target struct {
	steps []step
	query []member
}

// step is one segment of a path: its text, or the field that fills it.
type step struct {
	text  string
	field *member
	rest  bool // the field fills all that follows
}

type member struct {
	field *shape.Field
	text  textOf
	list  bool
	deep  *deepObject // nil for values and lists
}

// NewTarget prepares a pattern such as /users/{id}, given the fields of the input that come from path and query.
func NewTarget(pattern string, fields []*shape.Field) (*Target, error) {
	t := &Target{}
	byName := map[string]*member{}
	for _, f := range fields {
		if f.Source != tag.Path && f.Source != tag.Query {
			continue
		}
		m, err := newMember(f)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", f.Source, f.Name, err)
		}
		if f.Source == tag.Path {
			byName[f.Name] = &m
		} else {
			t.query = append(t.query, m)
		}
	}
	for part := range strings.SplitSeq(strings.Trim(pattern, "/"), "/") {
		inner, wild := strings.CutPrefix(part, "{")
		if !wild {
			text, err := url.PathUnescape(part)
			if err != nil {
				return nil, fmt.Errorf("segment %q: %w", part, err)
			}
			t.steps = append(t.steps, step{text: url.PathEscape(text)})
			continue
		}
		name, rest := strings.CutSuffix(strings.TrimSuffix(inner, "}"), "...")
		if byName[name] == nil {
			return nil, fmt.Errorf("no field takes the wildcard {%s}", name)
		}
		t.steps = append(t.steps, step{field: byName[name], rest: rest})
	}
	return t, nil
}

func newMember(f *shape.Field) (member, error) {
	m := member{field: f}
	t := f.Type
	if f.Tag.Style == tag.DeepObject {
		var err error
		m.deep, err = newDeepObject(t.Plain())
		return m, err
	}
	if plain := t.Plain(); plain.Kind == shape.Slice {
		m.list, t = true, plain.Elem
	}
	var err error
	m.text, err = inputText(t)
	return m, err
}

// inputText is textFor in the forms that parameters have, where those of header fields differ.
func inputText(t *shape.Type) (textOf, error) {
	switch t.Plain().Kind {
	case shape.Time:
		return opened(t, func(v reflect.Value) string {
			at, _ := reflect.TypeAssert[time.Time](v)
			return at.Format(time.RFC3339Nano)
		}), nil
	case shape.Duration:
		return opened(t, func(v reflect.Value) string { return string(duration.Append(nil, time.Duration(v.Int()))) }), nil
	}
	return textFor(t)
}

func opened(t *shape.Type, text func(reflect.Value) string) textOf {
	return func(v reflect.Value) (string, bool, error) {
		v, present := plainValue(t, v)
		if !present {
			return "", false, nil
		}
		return text(v), true, nil
	}
}

// plainValue opens Opt, Null and pointers.
func plainValue(t *shape.Type, v reflect.Value) (reflect.Value, bool) {
	for ; t.Kind == shape.Opt || t.Kind == shape.Null || t.Kind == shape.Pointer; t = t.Elem {
		if t.Kind == shape.Pointer {
			if v.IsNil() {
				return v, false
			}
			v = v.Elem()
			continue
		}
		if !v.Field(1).Bool() {
			return v, false
		}
		v = v.Field(0)
	}
	return v, true
}

// URL writes path and query for an input, a pointer to a struct. The path begins with one slash, so that nothing in the input
// can name another host.
func (t *Target) URL(in any) (string, error) {
	v := reflect.ValueOf(in).Elem()
	var b strings.Builder
	for _, s := range t.steps {
		b.WriteByte('/')
		if s.field == nil {
			b.WriteString(s.text)
			continue
		}
		if err := s.write(&b, v); err != nil {
			return "", fmt.Errorf("path %s: %w", s.field.field.Name, err)
		}
	}
	var query []string
	for _, m := range t.query {
		pairs, err := m.pairs(v.FieldByIndex(m.field.Index))
		if err != nil {
			return "", fmt.Errorf("query %s: %w", m.field.Name, err)
		}
		query = append(query, pairs...)
	}
	if len(query) > 0 {
		b.WriteString("?" + strings.Join(query, "&"))
	}
	return b.String(), nil
}

var errSegment = errors.New("the value is empty or a dot segment, which no route takes")

func (s *step) write(b *strings.Builder, v reflect.Value) error {
	text, _, err := s.field.text(v.FieldByIndex(s.field.field.Index))
	if err != nil {
		return err
	}
	parts := []string{text}
	if s.rest {
		parts = strings.Split(text, "/")
	}
	for i, part := range parts {
		if part == "" || part == "." || part == ".." {
			return errSegment
		}
		if i > 0 {
			b.WriteByte('/')
		}
		b.WriteString(url.PathEscape(part))
	}
	return nil
}
