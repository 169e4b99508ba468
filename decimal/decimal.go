// Package decimal has the exact decimal number of Tenon: money, quantities, rates. It is github.com/govalues/decimal with the
// methods that make it a number everywhere a request, an answer or a database goes, and without a place where a digit is lost
// in silence.
//
//	type NewProduct struct {
//		Price decimal.Decimal `json:"price" exclusiveMinimum:"0" maximum:"1000000" multipleOf:"0.01"`
//	}
//
// The value of a member or parameter is a JSON number, and the document says type number, format decimal. Its digits are kept
// as they were sent: 19.990 is stored and sent back as 19.990. The words minimum, maximum, multipleOf and enum judge its text, so
// 0.3 is a multiple of 0.1. What the type cannot hold is refused, never rounded.
package decimal

import (
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"

	"github.com/govalues/decimal"

	"github.com/tenon-go/tenon/problem"
)

// Digits is how many digits a Decimal has at most, those behind the point included.
const Digits = decimal.MaxPrec

var (
	notANumber = problem.DefineText("type", "must be a number").Fix("type", "number")
	tooLong    = problem.DefineText("range", "must have {digits} digits or fewer")
)

// Decimal is an exact decimal number. It is immutable and safe for concurrent use; the zero value is 0. Its own methods take and
// return Decimals; the others are those of the embedded type. Compare with Cmp: 1.0 == 1.00 is false.
type Decimal struct{ decimal.Decimal }

// Int is the whole number n.
func Int(n int64) Decimal { return Decimal{decimal.MustNew(n, 0)} }

// Parse reads a number in the form of JSON. It keeps the zeros at the end. A number that would have to be rounded is refused, as
// any other error, with a problem.Fault.
func Parse(text string) (Decimal, error) {
	if !isNumber(text) {
		return Decimal{}, notANumber.With()
	}
	if text = trimZero(text); !fits(text) {
		return Decimal{}, tooLong.With(Digits)
	}
	d, err := decimal.Parse(text)
	if err != nil {
		return Decimal{}, tooLong.With(Digits)
	}
	return Decimal{d}, nil
}

// MustParse is Parse for a text of the program; it panics where Parse fails.
func MustParse(text string) Decimal {
	d, err := Parse(text)
	if err != nil {
		panic(fmt.Sprintf("decimal: %q: %v", text, err))
	}
	return d
}

// isNumber reports whether text is a number by the grammar of JSON (RFC 8259, section 6).
func isNumber(text string) bool {
	text = strings.TrimPrefix(text, "-")
	mantissa, power, hasPower := cutExponent(text)
	whole, fraction, hasFraction := strings.Cut(mantissa, ".")
	if !areDigits(whole) || len(whole) > 1 && whole[0] == '0' || hasFraction && !areDigits(fraction) {
		return false
	}
	if power != "" && (power[0] == '+' || power[0] == '-') {
		power = power[1:]
	}
	return !hasPower || areDigits(power)
}

// trimZero writes a zero that has more digits, or an exponent, than it can keep as 0.
func trimZero(text string) string {
	mantissa, _, _ := cutExponent(text)
	if strings.Trim(mantissa, "-0.") == "" && !fits(text) {
		return "0"
	}
	return text
}

func cutExponent(text string) (mantissa, power string, ok bool) {
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		return text[:i], text[i+1:], true
	}
	return text, "", false
}

func areDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// fits reports whether a number can be held without rounding. It counts digits, so a large exponent costs nothing.
func fits(text string) bool {
	mantissa, power, _ := cutExponent(strings.TrimPrefix(text, "-"))
	exponent := 0
	if power != "" {
		var err error
		if exponent, err = strconv.Atoi(power); err != nil || exponent < -2*Digits || exponent > 2*Digits {
			return false
		}
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	scale := max(0, len(fraction)-exponent)
	digits := len(strings.TrimLeft(whole+fraction, "0")) + max(0, exponent-len(fraction))
	return scale <= decimal.MaxScale && digits <= Digits
}

// Add is d + e. Like the other operations it fails when the integer part needs more digits than there are; a fraction that does
// is rounded, half to even.
func (d Decimal) Add(e Decimal) (Decimal, error) { return of(d.Decimal.Add(e.Decimal)) }

// Sub is d - e.
func (d Decimal) Sub(e Decimal) (Decimal, error) { return of(d.Decimal.Sub(e.Decimal)) }

// Mul is d × e.
func (d Decimal) Mul(e Decimal) (Decimal, error) { return of(d.Decimal.Mul(e.Decimal)) }

// Quo is d / e; it fails when e is 0.
func (d Decimal) Quo(e Decimal) (Decimal, error) { return of(d.Decimal.Quo(e.Decimal)) }

// Cmp is -1 when d is less than e, 1 when it is more, and 0 when they are equal.
func (d Decimal) Cmp(e Decimal) int { return d.Decimal.Cmp(e.Decimal) }

// Round rounds to so many digits behind the point, half to even.
func (d Decimal) Round(places int) Decimal { return Decimal{d.Decimal.Round(places)} }

// Trim leaves out zeros at the end, down to so many digits behind the point.
func (d Decimal) Trim(places int) Decimal { return Decimal{d.Decimal.Trim(places)} }

func of(d decimal.Decimal, err error) (Decimal, error) {
	if err != nil {
		return Decimal{}, fmt.Errorf("decimal: %w", err)
	}
	return Decimal{d}, nil
}

// JSONNumber tells Tenon that the text of the type is a number.
func (Decimal) JSONNumber() {}

// UnmarshalText is Parse.
func (d *Decimal) UnmarshalText(text []byte) error {
	n, err := Parse(string(text))
	if err == nil {
		*d = n
	}
	return err
}

// MarshalJSON writes a JSON number, for programs that use encoding/json.
func (d Decimal) MarshalJSON() ([]byte, error) { return d.AppendText(nil) }

// UnmarshalJSON reads a JSON number. As usual for the method, null changes nothing.
func (d *Decimal) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	return d.UnmarshalText(text)
}

// Scan reads a column that holds text (sqlite TEXT, PostgreSQL numeric) or an integer. A float is refused: its digits are not those
// that were stored. For a column that may be NULL, scan into a *Decimal.
func (d *Decimal) Scan(value any) error {
	switch v := value.(type) {
	case string:
		return scanned(d.UnmarshalText([]byte(v)))
	case []byte:
		return scanned(d.UnmarshalText(v))
	case int64:
		return scanned(d.UnmarshalText(strconv.AppendInt(nil, v, 10)))
	}
	return fmt.Errorf("decimal: a column of type %T is not read; want text or an integer", value)
}

func scanned(err error) error {
	if err != nil {
		return fmt.Errorf("decimal: the column: %w", err)
	}
	return nil
}

// Value is the text, for columns of text or numeric.
func (d Decimal) Value() (driver.Value, error) { return d.String(), nil }
