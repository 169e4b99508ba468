package codec

import (
	"fmt"
	"math"
	"reflect"
	"strconv"

	"github.com/tenon-go/tenon/internal/validate"
)

// longest is the longest text of a number that is looked at. No number that a Go type holds needs as much.
const longest = 1024

// integer decodes a signed integer. As in JSON Schema, the value counts and not how it is written: 7.0 and 70e-1 are 7.
type integer struct {
	low, high int64
	outside   string
	checks    *validate.Checks
}

func newInteger(bits int, checks *validate.Checks) *integer {
	n := &integer{low: math.MinInt64 >> (64 - bits), high: math.MaxInt64 >> (64 - bits), checks: checks}
	n.outside = fmt.Sprintf("must be from %d to %d", n.low, n.high)
	return n
}

func (n *integer) decode(s *state, v reflect.Value) bool {
	if s.in.kind() != '0' {
		return s.wrong("must be an integer")
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
		return s.add("type", "must be an integer")
	case form == tooLarge, x < n.low, x > n.high, magnitude != 0 && negative != (x < 0):
		return s.add("range", n.outside)
	}
	v.SetInt(x)
	n.checks.Int(x, s.f)
	return true
}

// unsigned decodes an integer of 0 or more.
type unsigned struct {
	high    uint64
	outside string
	checks  *validate.Checks
}

func newUnsigned(bits int, checks *validate.Checks) *unsigned {
	high := uint64(math.MaxUint64) >> (64 - bits)
	return &unsigned{high: high, outside: fmt.Sprintf("must be from 0 to %d", high), checks: checks}
}

func (n *unsigned) decode(s *state, v reflect.Value) bool {
	if s.in.kind() != '0' {
		return s.wrong("must be an integer")
	}
	text, ok := s.in.number()
	if !ok {
		return s.stop()
	}
	magnitude, negative, form := parseInteger(text)
	switch {
	case form == notIntegral:
		return s.add("type", "must be an integer")
	case form == tooLarge, magnitude > n.high, negative && magnitude != 0:
		return s.add("range", n.outside)
	}
	v.SetUint(magnitude)
	n.checks.Uint(magnitude, s.f)
	return true
}

type form uint8

const (
	integral form = iota
	notIntegral
	tooLarge
)

// parseInteger reads the text of a JSON number exactly.
func parseInteger(text []byte) (magnitude uint64, negative bool, f form) {
	rest := text
	if rest[0] == '-' {
		negative, rest = true, rest[1:]
	}
	if len(rest) > 19 {
		return parseLong(rest, negative)
	}
	for _, c := range rest {
		if c < '0' || c > '9' {
			return parseLong(rest, negative)
		}
		magnitude = magnitude*10 + uint64(c-'0')
	}
	return magnitude, negative, integral
}

// parseLong reads digits, fraction and exponent: the number is 0.D × 10^point with the digits D.
func parseLong(text []byte, negative bool) (uint64, bool, form) {
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
	outside string
	checks  *validate.Checks
}

func newFloat(bits int, checks *validate.Checks) *float {
	return &float{bits: bits, outside: fmt.Sprintf("must fit into a number of %d bits", bits), checks: checks}
}

func (n *float) decode(s *state, v reflect.Value) bool {
	if s.in.kind() != '0' {
		return s.wrong("must be a number")
	}
	text, ok := s.in.number()
	if !ok {
		return s.stop()
	}
	if len(text) > longest {
		return s.add("range", n.outside)
	}
	x, err := strconv.ParseFloat(string(text), n.bits)
	if err != nil {
		return s.add("range", n.outside)
	}
	v.SetFloat(x)
	n.checks.Float(x, s.f)
	return true
}
