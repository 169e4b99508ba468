package data

import (
	"encoding"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// mostValues is how many values one filter may name.
const mostValues = 100

// Values are several values as one text, with commas between them: price[in]=1,2. T is a string, a number, a boolean or has a text
// form; a value cannot hold a comma.
type Values[T any] []T

// UnmarshalText reads 1 to 100 values.
func (v *Values[T]) UnmarshalText(text []byte) error {
	parts := strings.Split(string(text), ",")
	if len(parts) > mostValues {
		return fmt.Errorf("%d values, want %d or fewer", len(parts), mostValues)
	}
	list := make([]T, len(parts))
	for i, part := range parts {
		if err := parse(reflect.ValueOf(&list[i]).Elem(), part); err != nil {
			return err
		}
	}
	*v = list
	return nil
}

// MarshalText writes the values.
func (v Values[T]) MarshalText() ([]byte, error) {
	var b strings.Builder
	for i, value := range v {
		if i > 0 {
			b.WriteByte(',')
		}
		if t, ok := any(value).(encoding.TextMarshaler); ok {
			text, err := t.MarshalText()
			if err != nil {
				return nil, err
			}
			b.Write(text)
			continue
		}
		fmt.Fprint(&b, value)
	}
	return []byte(b.String()), nil
}

// parse reads one value. Its errors do not repeat the text.
func parse(v reflect.Value, text string) error {
	if t, ok := reflect.TypeAssert[encoding.TextUnmarshaler](v.Addr()); ok {
		return t.UnmarshalText([]byte(text))
	}
	bad := fmt.Errorf("not a %s", v.Kind())
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil || text != strconv.FormatBool(b) {
			return bad
		}
		v.SetBool(b)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, v.Type().Bits())
		if err != nil {
			return bad
		}
		v.SetInt(n)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n, err := strconv.ParseUint(text, 10, v.Type().Bits())
		if err != nil {
			return bad
		}
		v.SetUint(n)
	case reflect.Float32, reflect.Float64:
		f, err := strconv.ParseFloat(text, v.Type().Bits())
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return bad
		}
		v.SetFloat(f)
	default:
		return fmt.Errorf("%s has no text form", v.Type())
	}
	return nil
}
