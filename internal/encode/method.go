package encode

import (
	"encoding"
	"encoding/json"
	jsonv2 "encoding/json/v2"
	"errors"
	"reflect"

	"github.com/tenon-go/tenon/internal/ascii"
	"github.com/tenon-go/tenon/internal/exact"
	"github.com/tenon-go/tenon/internal/shape"
)

// text compiles a type that is a string by its own methods. AppendText is preferred: it writes into the buffer.
func (c *compiler) text(t *shape.Type, path string) appender {
	appendTo := c.textMethod(t, path)
	if appendTo == nil {
		return nil
	}
	return func(b []byte, v reflect.Value, _ int) ([]byte, error) {
		start := len(b) + 1
		b, err := appendTo(append(b, '"'), v)
		if err != nil {
			return b, err
		}
		if ascii.Plain(b[start:]) == len(b)-start {
			return append(b, '"'), nil
		}
		return quote(b[:start-1], string(b[start:]))
	}
}

// number compiles a type whose text is a number of JSON.
func (c *compiler) number(t *shape.Type, path string) appender {
	appendTo := c.textMethod(t, path)
	if appendTo == nil {
		return nil
	}
	return func(b []byte, v reflect.Value, _ int) ([]byte, error) {
		start := len(b)
		b, err := appendTo(b, v)
		if err == nil && !exact.IsNumber(b[start:]) {
			err = errNumber
		}
		return b, err
	}
}

var errNumber = errors.New("the text of the type is not a number of JSON")

// textMethod returns what appends the bare text of a value, or nil with a fault.
func (c *compiler) textMethod(t *shape.Type, path string) func([]byte, reflect.Value) ([]byte, error) {
	pointer := reflect.PointerTo(t.Go)
	switch {
	case pointer.Implements(reflect.TypeFor[encoding.TextAppender]()):
		return func(b []byte, v reflect.Value) ([]byte, error) {
			m, _ := reflect.TypeAssert[encoding.TextAppender](address(v))
			return m.AppendText(b)
		}
	case pointer.Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return func(b []byte, v reflect.Value) ([]byte, error) {
			m, _ := reflect.TypeAssert[encoding.TextMarshaler](address(v))
			text, err := m.MarshalText()
			return append(b, text...), err
		}
	}
	c.faultf(path, "cannot be encoded: %s has UnmarshalText, but no MarshalText", t.Go)
	return nil
}

// custom compiles a type that writes its own JSON. What it writes is checked and compacted by encoding/json/v2.
func (c *compiler) custom(t *shape.Type, path string) appender {
	pointer := reflect.PointerTo(t.Go)
	if !pointer.Implements(reflect.TypeFor[jsonv2.MarshalerTo]()) && !pointer.Implements(reflect.TypeFor[json.Marshaler]()) {
		c.faultf(path, "cannot be encoded: %s has a method to unmarshal JSON, but none to marshal it", t.Go)
		return nil
	}
	options := jsonv2.Deterministic(true)
	return func(b []byte, v reflect.Value, _ int) ([]byte, error) {
		text, err := jsonv2.Marshal(address(v).Interface(), options)
		return append(b, text...), err
	}
}

// address returns a pointer to v, or to a copy of it where v has no address (a value in a map).
func address(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return v.Addr()
	}
	p := reflect.New(v.Type())
	p.Elem().Set(v)
	return p
}
