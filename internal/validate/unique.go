package validate

import (
	"bytes"
	"encoding"
	"encoding/json/jsontext"
	jsonv2 "encoding/json/v2"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/tenon-go/tenon/internal/exact"
	"github.com/tenon-go/tenon/internal/shape"
)

// fewItems is the number of items up to which comparing each with each is cheaper than a set of keys.
const fewItems = 32

// repeats reports whether two items of v are equal as JSON values.
func repeats(t *shape.Type, v reflect.Value) bool {
	n := v.Len()
	if n < 2 {
		return false
	}
	if n <= fewItems {
		switch t.Kind {
		case shape.String:
			return pairs(n, func(i, j int) bool { return v.Index(i).String() == v.Index(j).String() })
		case shape.Int:
			return pairs(n, func(i, j int) bool { return v.Index(i).Int() == v.Index(j).Int() })
		case shape.Uint:
			return pairs(n, func(i, j int) bool { return v.Index(i).Uint() == v.Index(j).Uint() })
		}
	}
	seen := make(map[string]struct{}, n)
	var key []byte
	for i := range n {
		var ok bool
		if key, ok = appendKey(key[:0], t, v.Index(i)); !ok {
			continue
		}
		if _, again := seen[string(key)]; again {
			return true
		}
		seen[string(key)] = struct{}{}
	}
	return false
}

func pairs(n int, equal func(i, j int) bool) bool {
	for i := 1; i < n; i++ {
		for j := range i {
			if equal(i, j) {
				return true
			}
		}
	}
	return false
}

// appendKey writes v so that equal JSON values have equal keys. It reports false for a value that has no JSON form.
func appendKey(b []byte, t *shape.Type, v reflect.Value) ([]byte, bool) {
	switch t.Kind {
	case shape.Bool:
		return strconv.AppendBool(b, v.Bool()), true
	case shape.Int, shape.Duration:
		return strconv.AppendInt(b, v.Int(), 10), true
	case shape.Uint:
		return strconv.AppendUint(b, v.Uint(), 10), true
	case shape.Float:
		return strconv.AppendFloat(b, v.Float()+0, 'g', -1, 64), true // -0 + 0 is 0
	case shape.String:
		return strconv.AppendQuote(b, v.String()), true
	case shape.Bytes:
		return strconv.AppendQuote(b, string(v.Bytes())), true
	case shape.Time:
		moment, ok := reflect.TypeAssert[time.Time](v)
		return moment.AppendFormat(b, time.RFC3339Nano), ok
	case shape.Text:
		return appendText(b, v)
	case shape.Decimal:
		return appendDecimal(b, v)
	case shape.Custom, shape.Any:
		return appendCustom(b, v)
	case shape.Pointer:
		if v.IsNil() {
			return append(b, "null"...), true
		}
		return appendKey(b, t.Elem, v.Elem())
	case shape.Null:
		if !v.FieldByName("Valid").Bool() {
			return append(b, "null"...), true
		}
		return appendKey(b, t.Elem, v.FieldByName("Value"))
	}
	return appendCompound(b, t, v)
}

func appendCompound(b []byte, t *shape.Type, v reflect.Value) ([]byte, bool) {
	var ok bool
	switch t.Kind {
	case shape.Slice, shape.Array:
		b = append(b, '[')
		for i := range v.Len() {
			if b, ok = appendKey(b, t.Elem, v.Index(i)); !ok {
				return b, false
			}
			b = append(b, ',')
		}
		return append(b, ']'), true
	case shape.Map:
		return appendMap(b, t, v)
	case shape.Union:
		for i, variant := range t.Variants {
			if p := v.Field(variant.Index); !p.IsNil() {
				return appendKey(append(strconv.AppendInt(b, int64(i), 10), ':'), variant.Type, p.Elem())
			}
		}
		return b, false
	case shape.Struct:
		b = append(b, '{')
		for i, f := range t.Fields {
			field, typ := v.FieldByIndex(f.Index), f.Type
			if typ.Kind == shape.Opt {
				if !field.FieldByName("Set").Bool() {
					continue
				}
				field, typ = field.FieldByName("Value"), typ.Elem
			}
			b = append(strconv.AppendInt(b, int64(i), 10), ':')
			if b, ok = appendKey(b, typ, field); !ok {
				return b, false
			}
			b = append(b, ',')
		}
		return append(b, '}'), true
	}
	return b, false
}

func appendMap(b []byte, t *shape.Type, v reflect.Value) ([]byte, bool) {
	members := make([]string, 0, v.Len())
	for it := v.MapRange(); it.Next(); {
		member, ok := appendKey(nil, t.Key, it.Key())
		if !ok {
			return b, false
		}
		if member, ok = appendKey(append(member, ':'), t.Elem, it.Value()); !ok {
			return b, false
		}
		members = append(members, string(member))
	}
	slices.Sort(members)
	b = append(b, '{')
	for _, m := range members {
		b = append(append(b, m...), ',')
	}
	return append(b, '}'), true
}

func appendText(b []byte, v reflect.Value) ([]byte, bool) {
	m, ok := reflect.TypeAssert[encoding.TextMarshaler](v)
	if !ok && v.CanAddr() {
		m, ok = reflect.TypeAssert[encoding.TextMarshaler](v.Addr())
	}
	if !ok {
		return b, false
	}
	text, err := m.MarshalText()
	return strconv.AppendQuote(b, string(text)), err == nil
}

func appendCustom(b []byte, v reflect.Value) ([]byte, bool) {
	if v.CanAddr() {
		v = v.Addr()
	}
	raw, err := jsonv2.Marshal(v.Interface())
	if err != nil {
		return b, false
	}
	return appendJSON(b, jsontext.NewDecoder(bytes.NewReader(raw)))
}

// appendJSON writes the next value so that equal ones are written alike. Numbers keep all of their digits.
func appendJSON(b []byte, from *jsontext.Decoder) ([]byte, bool) {
	token, err := from.ReadToken()
	if err != nil {
		return b, false
	}
	switch token.Kind() {
	case '{', '[':
		return appendJSONItems(b, from, token.Kind())
	case '"':
		return strconv.AppendQuote(b, token.String()), true
	case '0':
		n, ok := exact.Parse(token.String())
		if !ok {
			return b, false
		}
		b, err = n.AppendText(b)
		return b, err == nil
	}
	return append(b, token.String()...), true
}

// appendJSONItems is appendJSON for what is in an object or array. Members have no order.
func appendJSONItems(b []byte, from *jsontext.Decoder, kind jsontext.Kind) ([]byte, bool) {
	var parts []string
	for k := from.PeekKind(); k != '}' && k != ']'; k = from.PeekKind() {
		part, ok := appendJSON(nil, from)
		if kind == '{' && ok {
			part, ok = appendJSON(append(part, ':'), from)
		}
		if !ok {
			return b, false
		}
		parts = append(parts, string(part))
	}
	if _, err := from.ReadToken(); err != nil {
		return b, false
	}
	if kind == '{' {
		slices.Sort(parts)
	}
	b = append(b, byte(kind))
	for _, part := range parts {
		b = append(append(b, part...), ',')
	}
	return append(b, byte(kind)), true
}
