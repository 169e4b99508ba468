package data

import (
	"encoding"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/tenon-go/tenon/problem"
)

// mostValues is how many values one filter may name.
const mostValues = 100

// Values are several values as one text, with commas between them: price[in]=1,2. T is a string, a number, a boolean or has a text
// form; a value cannot hold a comma.
type Values[T any] []T

// UnmarshalText reads 1 to 100 values. One that T cannot be, or that its method Enum does not list, is a fault.
func (v *Values[T]) UnmarshalText(text []byte) error {
	parts := strings.Split(string(text), ",")
	if len(parts) > mostValues {
		return badValues()
	}
	list := make([]T, len(parts))
	for i, part := range parts {
		if err := parse(reflect.ValueOf(&list[i]).Elem(), part); err != nil {
			return badValues()
		}
		if e, ok := any(list[i]).(interface{ Enum() []T }); ok && !slices.ContainsFunc(e.Enum(), func(one T) bool { return any(one) == any(list[i]) }) {
			return badValues()
		}
	}
	*v = list
	return nil
}

// badValues is the fault of values that are too many, or not what they should be; it does not repeat them.
func badValues() error {
	return problem.Fault{Code: "values", Message: fmt.Sprintf("must be 1 to %d values of the right kind, with commas between them", mostValues)}
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
