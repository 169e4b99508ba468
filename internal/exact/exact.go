// Package exact works with the text of JSON numbers, and loses no digit of it. Its cost is in proportion to the text, whatever
// the exponent says: 1e1000000000 is as cheap as 1.
package exact

import (
	"bytes"
	"cmp"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// Number is the number 0.digits × 10^point. The digits neither begin nor end with 0; zero has none, and no sign. Two equal
// numbers are equal Numbers.
type Number struct {
	negative bool
	digits   string
	point    int
}

// farthest bounds the exponents that are told apart: beyond it, numbers are beyond every bound as well.
const farthest = 1 << 40

// IsNumber reports whether s is a number by the grammar of JSON (RFC 8259, section 6).
func IsNumber[T string | []byte](s T) bool {
	i := 0
	if i < len(s) && s[i] == '-' {
		i++
	}
	end := digits(s, i)
	if end == i || s[i] == '0' && end > i+1 {
		return false
	}
	if i = end; i < len(s) && s[i] == '.' {
		if end = digits(s, i+1); end == i+1 {
			return false
		}
		i = end
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if end = digits(s, i); end == i {
			return false
		}
		i = end
	}
	return i == len(s)
}

func digits[T string | []byte](s T, i int) int {
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	return i
}

// Parse reads a JSON number; it reports false for any other text.
func Parse(text string) (Number, bool) {
	if !IsNumber(text) {
		return Number{}, false
	}
	var n Number
	if text[0] == '-' {
		n.negative, text = true, text[1:]
	}
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		n.point = exponent(text[i+1:])
		text = text[:i]
	}
	whole, fraction, _ := strings.Cut(text, ".")
	n.digits = strings.TrimLeft(whole, "0")
	n.point += len(n.digits)
	if n.digits == "" { // of 0.007, what counts begins with the 7
		n.digits = strings.TrimLeft(fraction, "0")
		n.point -= len(fraction) - len(n.digits)
	} else {
		n.digits += fraction
	}
	n.digits = strings.TrimRight(n.digits, "0")
	if n.digits == "" {
		return Number{}, true
	}
	return n, true
}

// exponent reads the digits of an exponent with their sign, and stops at the bound.
func exponent(text string) int {
	n, err := strconv.ParseInt(text, 10, 64) // at a bound of int64 when there are too many digits
	if err != nil && n == 0 {
		return 0
	}
	return int(max(-farthest, min(n, farthest)))
}

// Compare is -1 when n is less than m, 1 when it is more, and 0 when they are equal.
func (n Number) Compare(m Number) int {
	if s := n.Sign(); s != m.Sign() || s == 0 {
		return cmp.Compare(s, m.Sign())
	}
	order := cmp.Or(cmp.Compare(n.point, m.point), strings.Compare(n.digits, m.digits))
	if n.negative {
		return -order
	}
	return order
}

// Sign is -1, 0 or 1.
func (n Number) Sign() int {
	switch {
	case n.digits == "":
		return 0
	case n.negative:
		return -1
	}
	return 1
}

// Step is a number above 0 of at most 19 digits, of which others are multiples.
type Step struct {
	digits   uint64
	exponent int
}

// Step makes a step of n; it reports false when n is not above 0 or has more than 19 digits.
func (n Number) Step() (Step, bool) {
	if n.Sign() <= 0 || len(n.digits) > 19 {
		return Step{}, false
	}
	d, err := strconv.ParseUint(n.digits, 10, 64)
	return Step{digits: d, exponent: n.point - len(n.digits)}, err == nil
}

// DividesFloat reports whether v is s times a whole number. What counts is the shortest decimal text of v in the given width: 0.3 is
// three times 0.1, although the nearest binary fractions are not.
func (s Step) DividesFloat(v float64, width int) bool {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return false
	}
	var buf [32]byte
	digits, power, _ := bytes.Cut(strconv.AppendFloat(buf[:0], math.Abs(v), 'e', -1, width), []byte{'e'}) // d.ddde±dd
	exponent, err := strconv.Atoi(string(power))
	if len(digits) > 1 {
		digits = append(digits[:1], digits[2:]...)
	}
	n := Number{digits: string(bytes.TrimRight(digits, "0")), point: exponent + 1}
	return err == nil && n.IsMultipleOf(s)
}

// IsMultipleOf reports whether n is s times a whole number.
func (n Number) IsMultipleOf(s Step) bool {
	if n.digits == "" {
		return true
	}
	shift := n.point - len(n.digits) - s.exponent
	if shift < 0 {
		return false // what is a multiple of 10 ends with 0, and the digits of n do not
	}
	var rest uint64
	for i := range len(n.digits) {
		rest = timesModulo(rest, 10, s.digits, uint64(n.digits[i]-'0'))
	}
	base := 10 % s.digits
	for ; shift > 0; shift >>= 1 {
		if shift&1 == 1 {
			rest = timesModulo(rest, base, s.digits, 0)
		}
		base = timesModulo(base, base, s.digits, 0)
	}
	return rest == 0
}

// timesModulo is a × b + c modulo m, for a and b below m.
func timesModulo(a, b, m, c uint64) uint64 {
	high, low := bits.Mul64(a, b)
	low, carry := bits.Add64(low, c, 0)
	return bits.Rem64(high+carry, low, m)
}

// AppendText appends n in the one form that it has: -0.17e3.
func (n Number) AppendText(b []byte) ([]byte, error) {
	if n.digits == "" {
		return append(b, '0'), nil
	}
	if n.negative {
		b = append(b, '-')
	}
	b = append(append(b, "0."...), n.digits...)
	return strconv.AppendInt(append(b, 'e'), int64(n.point), 10), nil
}
