package reply

import (
	"encoding"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/tenon-go/tenon/internal/shape"
)

// textOf writes a scalar as the text of a header field or path segment. It reports false for a value that is absent.
type textOf func(v reflect.Value) (text string, present bool, err error)

// textFor compiles the text form of a scalar type, wrapped or not.
func textFor(t *shape.Type) (textOf, error) {
	switch t.Kind {
	case shape.Bool:
		return func(v reflect.Value) (string, bool, error) { return strconv.FormatBool(v.Bool()), true, nil }, nil
	case shape.Int:
		return func(v reflect.Value) (string, bool, error) { return strconv.FormatInt(v.Int(), 10), true, nil }, nil
	case shape.Uint:
		return func(v reflect.Value) (string, bool, error) { return strconv.FormatUint(v.Uint(), 10), true, nil }, nil
	case shape.Float:
		return func(v reflect.Value) (string, bool, error) {
			return strconv.FormatFloat(v.Float(), 'g', -1, t.Bits), true, nil
		}, nil
	case shape.String:
		return func(v reflect.Value) (string, bool, error) { return v.String(), true, nil }, nil
	case shape.Time, shape.HTTPDate: // as HTTP writes dates: RFC 9110, section 5.6.7
		return func(v reflect.Value) (string, bool, error) {
			return v.Interface().(time.Time).UTC().Format(http.TimeFormat), true, nil
		}, nil
	case shape.Text, shape.Decimal:
		if t.Secret || !reflect.PointerTo(t.Go).Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
			break
		}
		return func(v reflect.Value) (string, bool, error) {
			text, err := v.Addr().Interface().(encoding.TextMarshaler).MarshalText()
			return string(text), true, err
		}, nil
	case shape.Pointer:
		return wrapped(t, func(v reflect.Value) (reflect.Value, bool) {
			if v.IsNil() {
				return v, false
			}
			return v.Elem(), true
		})
	case shape.Opt, shape.Null:
		return wrapped(t, func(v reflect.Value) (reflect.Value, bool) { return v.Field(0), v.Field(1).Bool() })
	}
	return nil, fmt.Errorf("type %s has no text form for a header field", t.Go)
}

func wrapped(t *shape.Type, open func(reflect.Value) (reflect.Value, bool)) (textOf, error) {
	inner, err := textFor(t.Elem)
	if err != nil {
		return nil, err
	}
	return func(v reflect.Value) (string, bool, error) {
		v, present := open(v)
		if !present {
			return "", false, nil
		}
		return inner(v)
	}, nil
}
