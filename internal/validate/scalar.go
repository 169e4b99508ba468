package validate

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"unicode/utf8"

	"github.com/tenon-go/tenon/internal/exact"
	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/shape"
)

// Setter reads text, transforms and checks it and sets dst, which must be settable and addressable. Its faults stand at the current path: "type"
// when the text has not the form of the type, "range" when the type cannot hold the value, then those of the rules.
type Setter func(dst reflect.Value, text string, f *Faults)

// Scalar compiles the reading of text into a scalar, or into Opt, Null or a pointer around one, which it marks as present. c
// are the rules of the type below the wrappers. The forms are strict:
//
//   - integers and numbers as in JSON (RFC 8259, section 6): no plus, no leading zeros, no exponent or fraction for an integer;
//     floats are finite
//   - a decimal as a number of JSON, which the type then reads exactly or refuses
//   - true or false
//   - strings in UTF-8, without U+0000
//   - []byte in base64 with padding (RFC 4648, section 4)
//   - time.Time by RFC 3339, with capital T and Z; its instant lies in the years 0 to 9999 of UTC
//   - time.Time in a header field in one of the three forms of HTTP (RFC 9110, section 5.6.7)
//   - time.Duration as a duration of weeks, days, hours, minutes and seconds (package duration)
//   - what encoding.TextUnmarshaler accepts; when its error is a problem.Fault, the code and the message of that are used
//
// Other kinds are an error.
func Scalar(t *shape.Type, c *Checks) (Setter, error) {
	set, err := scalar(t.Plain(), c)
	if err != nil {
		return nil, err
	}
	return wrap(t, set)
}

func scalar(t *shape.Type, c *Checks) (Setter, error) {
	switch t.Kind {
	case shape.Bool:
		return setBool, nil
	case shape.Int:
		return setInt(t, c), nil
	case shape.Uint:
		return setUint(t, c), nil
	case shape.Float:
		return setFloat(t, c), nil
	case shape.String:
		return setString(c), nil
	case shape.Bytes:
		return setBytes(c), nil
	case shape.Time:
		return setTime(c), nil
	case shape.HTTPDate:
		return setHTTPDate(c), nil
	case shape.Duration:
		return setDuration(c), nil
	case shape.Text:
		return setText(t, c)
	case shape.Decimal:
		return setDecimal(t, c)
	}
	return nil, fmt.Errorf("%s cannot be read from a text", t.Go)
}

// wrap puts set below the wrappers of t.
func wrap(t *shape.Type, set Setter) (Setter, error) {
	switch t.Kind {
	case shape.Pointer:
		inner, err := wrap(t.Elem, set)
		elem := t.Elem.Go
		return func(dst reflect.Value, text string, f *Faults) {
			p := reflect.New(elem)
			inner(p.Elem(), text, f)
			dst.Set(p)
		}, err
	case shape.Null, shape.Opt:
		inner, err := wrap(t.Elem, set)
		if err != nil {
			return nil, err
		}
		value, mark, err := wrapperFields(t)
		return func(dst reflect.Value, text string, f *Faults) {
			inner(dst.Field(value), text, f)
			dst.Field(mark).SetBool(true)
		}, err
	}
	return set, nil
}

// wrapperFields are the indexes of Value and of the mark that says whether it counts.
func wrapperFields(t *shape.Type) (value, mark int, err error) {
	name := "Set"
	if t.Kind == shape.Null {
		name = "Valid"
	}
	v, ok := t.Go.FieldByName("Value")
	m, found := t.Go.FieldByName(name)
	if !ok || !found || m.Type.Kind() != reflect.Bool || len(v.Index) != 1 || len(m.Index) != 1 {
		return 0, 0, fmt.Errorf("%s has not the fields Value and %s", t.Go, name)
	}
	return v.Index[0], m.Index[0], nil
}

func setBool(dst reflect.Value, text string, f *Faults) {
	switch text {
	case "true":
		dst.SetBool(true)
	case "false":
		dst.SetBool(false)
	default:
		f.Add(message.Boolean.With())
	}
}

func setInt(t *shape.Type, c *Checks) Setter {
	low, high := int64(math.MinInt64)>>(64-t.Bits), int64(math.MaxInt64)>>(64-t.Bits)
	outside := c.IntRange(t.Bits)
	return func(dst reflect.Value, text string, f *Faults) {
		if !isInteger(text) {
			f.Add(message.Integer.With())
			return
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < low || n > high {
			f.Add(outside)
			return
		}
		c.Int(n, f)
		dst.SetInt(n)
	}
}

func setUint(t *shape.Type, c *Checks) Setter {
	high := uint64(math.MaxUint64) >> (64 - t.Bits)
	outside := c.UintRange(t.Bits)
	return func(dst reflect.Value, text string, f *Faults) {
		if !isInteger(text) {
			f.Add(message.Integer.With())
			return
		}
		if text == "-0" {
			text = "0"
		}
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil || n > high {
			f.Add(outside)
			return
		}
		c.Uint(n, f)
		dst.SetUint(n)
	}
}

func setFloat(t *shape.Type, c *Checks) Setter {
	outside := message.RangeFloat.With(t.Bits)
	return func(dst reflect.Value, text string, f *Faults) {
		if !exact.IsNumber(text) {
			f.Add(message.Number.With())
			return
		}
		n, err := strconv.ParseFloat(text, t.Bits)
		if err != nil && math.IsInf(n, 0) {
			f.Add(outside)
			return
		}
		c.Float(n, f)
		dst.SetFloat(n)
	}
}

func setString(c *Checks) Setter {
	return func(dst reflect.Value, text string, f *Faults) {
		if !utf8.ValidString(text) {
			f.Add(message.UTF8.With())
			return
		}
		if text, ok := c.Transform(text, f); ok {
			c.String(text, f)
			dst.SetString(text)
		}
	}
}

// isInteger reports whether s is an integer of JSON without fraction and exponent.
func isInteger(s string) bool {
	rest, ok := integerPart(s)
	return ok && rest == ""
}

// integerPart cuts an optional minus and the digits, without leading zeros.
func integerPart(s string) (rest string, ok bool) {
	if s != "" && s[0] == '-' {
		s = s[1:]
	}
	if s != "" && s[0] == '0' {
		return s[1:], true
	}
	return someDigits(s)
}

func someDigits(s string) (rest string, ok bool) {
	i := 0
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	return s[i:], i > 0
}
