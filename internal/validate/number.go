package validate

import (
	"errors"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// What is wrong with a number in a tag, worded to follow it.
var (
	errWidth     = errors.New("lies outside the type")
	errNotAbove0 = errors.New("is not above 0")
)

// maxExponent is larger than that of any Go number; it keeps exact arithmetic on a tag small.
const maxExponent = 400

// rational reads a JSON number without rounding.
func rational(text string) (*big.Rat, error) {
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		if exponent, err := strconv.Atoi(text[i+1:]); err != nil || exponent > maxExponent || exponent < -maxExponent {
			return nil, errWidth
		}
	}
	n, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil, errors.New("is not a number")
	}
	return n, nil
}

// exactInt reads a number that an integer of so many bits can hold.
func exactInt(text string, width int) (int64, error) {
	n, err := wholeNumber(text)
	if err != nil {
		return 0, err
	}
	if !n.IsInt64() || n.Int64() < math.MinInt64>>(64-width) || n.Int64() > math.MaxInt64>>(64-width) {
		return 0, errWidth
	}
	return n.Int64(), nil
}

// exactUint reads a number that an unsigned integer of so many bits can hold.
func exactUint(text string, width int) (uint64, error) {
	n, err := wholeNumber(text)
	if err != nil {
		return 0, err
	}
	if !n.IsUint64() || n.Uint64() > math.MaxUint64>>(64-width) {
		return 0, errWidth
	}
	return n.Uint64(), nil
}

func wholeNumber(text string) (*big.Int, error) {
	n, err := rational(text)
	if err != nil {
		return nil, err
	}
	if !n.IsInt() {
		return nil, errors.New("is not a whole number")
	}
	return n.Num(), nil
}

// nearestFloat reads a number as a float of so many bits holds it, so that the bound 0.1 of a float32 lets its 0.1 pass.
func nearestFloat(text string, width int) (float64, error) {
	n, err := strconv.ParseFloat(text, width)
	if errors.Is(err, strconv.ErrRange) && math.IsInf(n, 0) {
		return 0, errWidth
	}
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, errors.New("is not a number")
	}
	return n, nil
}

// decimal is digits × 10^exponent, without trailing zeros.
type decimal struct {
	digits   uint64
	exponent int
}

// parseDecimal reads a number above 0 of at most 19 digits.
func parseDecimal(text string) (decimal, error) {
	mantissa, power, _ := strings.Cut(strings.ToLower(text), "e")
	var d decimal
	if power != "" {
		exponent, err := strconv.Atoi(power)
		if err != nil || exponent > maxExponent || exponent < -maxExponent {
			return d, errWidth
		}
		d.exponent = exponent
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	d.exponent -= len(fraction)
	digits, err := strconv.ParseUint(whole+fraction, 10, 64)
	if err != nil || digits > 9_999_999_999_999_999_999 {
		return d, errors.New("is not a number above 0 of at most 19 digits")
	}
	if digits == 0 {
		return d, errNotAbove0
	}
	d.digits = digits
	return d.trim(), nil
}

func (d decimal) trim() decimal {
	for d.digits != 0 && d.digits%10 == 0 {
		d.digits /= 10
		d.exponent++
	}
	return d
}

// divides reports whether v is a multiple of d. What counts is the shortest decimal text of v in the given width: 0.3 is three
// times 0.1, although the nearest binary fractions are not.
func (d decimal) divides(v float64, width int) bool {
	n, ok := shortest(v, width)
	if !ok {
		return false
	}
	if n.digits == 0 {
		return true
	}
	shift := n.exponent - d.exponent
	if shift >= 0 {
		return timesPowerOf10(n.digits%d.digits, uint(shift), d.digits) == 0
	}
	divisor := d.digits
	for ; shift < 0; shift++ {
		high, low := bits.Mul64(divisor, 10)
		if high != 0 {
			return false // a divisor larger than n
		}
		divisor = low
	}
	return n.digits%divisor == 0
}

// shortest is the decimal with the fewest digits that reads back as v, without its sign.
func shortest(v float64, width int) (decimal, bool) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return decimal{}, false
	}
	var buf [32]byte
	text := strconv.AppendFloat(buf[:0], math.Abs(v), 'e', -1, width) // d.ddde±dd
	var d decimal
	i, fraction := 0, false
	for ; text[i] != 'e'; i++ {
		if text[i] == '.' {
			fraction = true
			continue
		}
		d.digits = d.digits*10 + uint64(text[i]-'0')
		if fraction {
			d.exponent--
		}
	}
	exponent := 0
	for _, c := range text[i+2:] {
		exponent = exponent*10 + int(c-'0')
	}
	if text[i+1] == '-' {
		exponent = -exponent
	}
	d.exponent += exponent
	return d.trim(), true
}

// timesPowerOf10 is n × 10^power modulo m.
func timesPowerOf10(n uint64, power uint, m uint64) uint64 {
	base := 10 % m
	n %= m
	for ; power > 0; power >>= 1 {
		if power&1 == 1 {
			n = timesModulo(n, base, m)
		}
		base = timesModulo(base, base, m)
	}
	return n
}

func timesModulo(a, b, m uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return bits.Rem64(high, low, m)
}
