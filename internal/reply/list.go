package reply

import (
	"errors"
	"reflect"
	"strings"

	"github.com/tenon-go/tenon/internal/shape"
)

// headerText compiles the text of a header field: a scalar, or a list of them whose elements are separated by commas
// (RFC 9110, section 5.6.1). A list without elements is absent.
func headerText(t *shape.Type) (textOf, error) {
	switch t.Kind {
	case shape.Opt:
		inner, err := headerText(t.Elem)
		if err != nil {
			return nil, err
		}
		return func(v reflect.Value) (string, bool, error) {
			if !v.Field(1).Bool() {
				return "", false, nil
			}
			return inner(v.Field(0))
		}, nil
	case shape.Slice:
		if t.Elem.Kind == shape.HTTPDate {
			return nil, errors.New("an HTTP date holds a comma, so a header cannot list several")
		}
		item, err := textFor(t.Elem)
		if err != nil {
			return nil, err
		}
		return func(v reflect.Value) (string, bool, error) { return list(v, item) }, nil
	}
	return textFor(t)
}

func list(v reflect.Value, item textOf) (string, bool, error) {
	elements := make([]string, 0, v.Len())
	for i := range v.Len() {
		text, present, err := item(v.Index(i))
		if err != nil {
			return "", false, err
		}
		if present {
			if !isElement(text) {
				return "", false, errors.New("an element of the list is empty, or has a comma or blanks around it that a reader would take off; quote it")
			}
			elements = append(elements, text)
		}
	}
	return strings.Join(elements, ", "), len(elements) > 0, nil
}

// isElement reports whether a reader of a list finds text in it as one element. A comma within a quoted string (RFC 9110,
// section 5.6.4) does not separate.
func isElement(text string) bool {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case c == ',' && !quoted:
			return false
		}
	}
	return !quoted && text != "" && strings.Trim(text, " \t") == text
}
