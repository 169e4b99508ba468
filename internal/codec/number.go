package codec

import (
	"math"
	"reflect"
	"strconv"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

// longest is the longest text of a number that is looked at. No number that a Go type holds needs as much.
const longest = 1024

// integer decodes a signed integer. As in JSON Schema, the value counts and not how it is written: 7.0 and 70e-1 are 7.
type integer struct {
	low, high int64
	outside   problem.Fault
	checks    *validate.Checks
}

func newInteger(bits int, checks *validate.Checks) *integer {
	return &integer{low: math.MinInt64 >> (64 - bits), high: math.MaxInt64 >> (64 - bits), outside: checks.IntRange(bits), checks: checks}
}

func (n *integer) decode(s *state, v reflect.Value) bool {
	if !s.in.atNumber() {
		return s.wrong(message.Integer)
	}
	if x, ok := s.in.shortInteger(); ok {
		return n.set(s, v, x)
	}
	text, ok := s.in.number()
	if !ok {
		return s.stop()
	}
	magnitude, negative, form := parseInteger(text)
	x := int64(magnitude)
	if negative {
		x = -x
	}
	switch {
	case form == notIntegral:
		return s.add(message.Integer.With())
	case form == tooLarge, magnitude != 0 && negative != (x < 0):
		return s.add(n.outside)
	}
	return n.set(s, v, x)
}

func (n *integer) set(s *state, v reflect.Value, x int64) bool {
	if x < n.low || x > n.high {
		return s.add(n.outside)
	}
	v.SetInt(x)
	n.checks.Int(x, s.f)
	return true
}

// unsigned decodes an integer of 0 or more.
type unsigned struct {
	high    uint64
	outside problem.Fault
	checks  *validate.Checks
}

func newUnsigned(bits int, checks *validate.Checks) *unsigned {
	return &unsigned{high: math.MaxUint64 >> (64 - bits), outside: checks.UintRange(bits), checks: checks}
}

func (n *unsigned) decode(s *state, v reflect.Value) bool {
	if !s.in.atNumber() {
		return s.wrong(message.Integer)
	}
	if x, ok := s.in.shortInteger(); ok {
		return n.set(s, v, uint64(x), x < 0)
	}
	text, ok := s.in.number()
	if !ok {
		return s.stop()
	}
	magnitude, negative, form := parseInteger(text)
	switch form {
	case notIntegral:
		return s.add(message.Integer.With())
	case tooLarge:
		return s.add(n.outside)
	}
	return n.set(s, v, magnitude, negative && magnitude != 0)
}

func (n *unsigned) set(s *state, v reflect.Value, x uint64, negative bool) bool {
	if negative || x > n.high {
		return s.add(n.outside)
	}
	v.SetUint(x)
	n.checks.Uint(x, s.f)
	return true
}

type form uint8

const (
	integral form = iota
	notIntegral
	tooLarge
)

// parseInteger reads the text of a JSON number exactly: it is 0.D × 10^point with the digits D.
func parseInteger(text []byte) (magnitude uint64, negative bool, f form) {
	if text[0] == '-' {
		negative, text = true, text[1:]
	}
	if len(text) > longest {
		return 0, negative, tooLarge
	}
	digits := make([]byte, 0, 64)
	point, exponent := -1, 0
	for i, c := range text {
		if c == 'e' || c == 'E' {
			exponent = parseExponent(text[i+1:])
			break
		}
		if c == '.' {
			point = len(digits)
			continue
		}
		digits = append(digits, c)
	}
	if point < 0 {
		point = len(digits)
	}
	for len(digits) > 0 && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	point += exponent
	if len(digits) == 0 {
		return 0, negative, integral
	}
	if len(digits) > point {
		return 0, negative, notIntegral
	}
	return accumulate(digits, point, negative)
}

func accumulate(digits []byte, point int, negative bool) (uint64, bool, form) {
	var n uint64
	for i := range point {
		d := uint64(0)
		if i < len(digits) {
			d = uint64(digits[i] - '0')
		}
		if n > (math.MaxUint64-d)/10 {
			return 0, negative, tooLarge
		}
		n = n*10 + d
	}
	return n, negative, integral
}

// parseExponent reads an exponent; one that no number here can need stays at a bound.
func parseExponent(text []byte) int {
	negative := text[0] == '-'
	if text[0] == '-' || text[0] == '+' {
		text = text[1:]
	}
	n := 0
	for _, c := range text {
		n = min(n*10+int(c-'0'), 1<<20)
	}
	if negative {
		return -n
	}
	return n
}

// float decodes a number into a float of 32 or 64 bits: the nearest one, and always finite.
type float struct {
	bits    int
	outside problem.Fault
	checks  *validate.Checks
}

func newFloat(bits int, checks *validate.Checks) *float {
	return &float{bits: bits, outside: message.RangeFloat.With(bits), checks: checks}
}

func (n *float) decode(s *state, v reflect.Value) bool {
	if !s.in.atNumber() {
		return s.wrong(message.Number)
	}
	if n.bits == 64 {
		if x, ok := s.in.shortDecimal(); ok {
			return n.set(s, v, x)
		}
	}
	text, ok := s.in.number()
	if !ok {
		return s.stop()
	}
	if len(text) > longest {
		return s.add(n.outside)
	}
	x, err := strconv.ParseFloat(string(text), n.bits)
	if err != nil {
		return s.add(n.outside)
	}
	return n.set(s, v, x)
}

func (n *float) set(s *state, v reflect.Value, x float64) bool {
	v.SetFloat(x)
	n.checks.Float(x, s.f)
	return true
}
