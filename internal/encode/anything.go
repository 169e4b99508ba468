package encode

import (
	"encoding/json"
	"encoding/json/jsontext"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
)

// appendAny writes what an any holds: the types that one is decoded into, and the other scalars of Go. Anything else is an error:
// what a type may show is decided at start, and that of a value in an any is not known then.
func appendAny(b []byte, v reflect.Value, depth int) ([]byte, error) {
	return appendValue(b, v.Interface(), depth)
}

func appendValue(b []byte, value any, depth int) ([]byte, error) {
	switch x := value.(type) {
	case nil:
		return append(b, "null"...), nil
	case bool:
		return strconv.AppendBool(b, x), nil
	case string:
		return quote(b, x)
	case float64:
		return appendFloat(b, x, 64)
	case []any:
		return appendList(b, x, depth)
	case map[string]any:
		return appendMembers(b, x, depth)
	case jsontext.Value:
		return appendRaw(b, x)
	case json.Number:
		return appendRaw(b, jsontext.Value(x))
	}
	return appendScalar(b, reflect.ValueOf(value))
}

// appendScalar writes the other numbers of Go, also those of int8 and the like. Named types may have a form of their own.
func appendScalar(b []byte, v reflect.Value) ([]byte, error) {
	if v.Type().PkgPath() == "" {
		switch {
		case v.CanInt():
			return strconv.AppendInt(b, v.Int(), 10), nil
		case v.CanUint():
			return strconv.AppendUint(b, v.Uint(), 10), nil
		case v.CanFloat():
			return appendFloat(b, v.Float(), v.Type().Bits())
		}
	}
	return b, fmt.Errorf("an any holds %s; give the field a type, or turn the value into []any and map[string]any", v.Type())
}

func appendFloat(b []byte, x float64, bits int) ([]byte, error) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return b, errFinite
	}
	return jsontext.AppendFloat(b, x, bits), nil
}

func appendRaw(b []byte, raw jsontext.Value) ([]byte, error) {
	if raw == nil {
		return append(b, "null"...), nil
	}
	text := slices.Clone(raw)
	if err := text.Compact(); err != nil {
		return b, fmt.Errorf("the raw JSON: %w", err)
	}
	return append(b, text...), nil
}

func appendList(b []byte, list []any, depth int) ([]byte, error) {
	if depth >= maxDepth {
		return b, errDepth
	}
	b = append(b, '[')
	for i, item := range list {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = appendValue(b, item, depth+1); err != nil {
			return b, at("["+strconv.Itoa(i)+"]", err)
		}
	}
	return append(b, ']'), nil
}

func appendMembers(b []byte, members map[string]any, depth int) ([]byte, error) {
	if depth >= maxDepth {
		return b, errDepth
	}
	b = append(b, '{')
	for i, name := range slices.Sorted(maps.Keys(members)) {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = quote(b, name); err != nil {
			return b, at("[key]", err)
		}
		if b, err = appendValue(append(b, ':'), members[name], depth+1); err != nil {
			return b, at("[value]", err)
		}
	}
	return append(b, '}'), nil
}
