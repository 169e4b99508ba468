// Package duration reads and writes lengths of time in the ISO 8601 form of RFC 3339, appendix A, such as PT1H30M.
package duration

import (
	"errors"
	"math"
	"strings"
	"time"
)

// ErrForm says that a text is not a duration; ErrRange that it is one which a time.Duration cannot hold (292 years).
var (
	ErrForm  = errors.New("not an ISO 8601 duration such as PT1H30M")
	ErrRange = errors.New("a duration beyond 292 years")
)

// units are the units in the order in which they may follow each other. Years and months have no fixed length.
var units = [...]struct {
	letter byte
	length time.Duration
	clock  bool // stands behind the T
}{
	{'D', 24 * time.Hour, false}, {'H', time.Hour, true}, {'M', time.Minute, true}, {'S', time.Second, true},
}

// Parse reads a duration of days, hours, minutes and seconds (P1DT2H3M4.5S), or of weeks alone (P2W). Any of the units may be
// left out, but not all; a day has 24 hours; only the seconds may have a fraction, of at most 9 digits; a leading minus makes
// the whole negative. Years and months are refused, for their length varies. It does not allocate.
func Parse(s string) (time.Duration, error) {
	rest, negative := strings.CutPrefix(s, "-")
	rest, ok := strings.CutPrefix(rest, "P")
	if !ok {
		return 0, ErrForm
	}
	// The sum is kept below zero, because the least Duration has no positive counterpart.
	var sum int64
	var err error
	if weeks, ok := strings.CutSuffix(rest, "W"); ok {
		n, tail, ok := digits(weeks)
		if !ok || tail != "" {
			return 0, ErrForm
		}
		sum, err = subtract(0, n, 7*24*time.Hour)
	} else {
		sum, err = parseUnits(rest)
	}
	switch {
	case err != nil:
		return 0, err
	case negative:
		return time.Duration(sum), nil
	case sum == math.MinInt64:
		return 0, ErrRange
	}
	return time.Duration(-sum), nil
}

// parseUnits reads what stands behind the P as a sum of 0 or less. That a number is too large is said only of a text whose form
// is right to its end.
func parseUnits(rest string) (sum int64, err error) {
	clock, next := false, 0
	if rest == "" {
		return 0, ErrForm
	}
	for rest != "" {
		if rest[0] == 'T' {
			if clock || len(rest) == 1 {
				return 0, ErrForm
			}
			clock, rest = true, rest[1:]
		}
		n, tail, ok := digits(rest)
		if !ok {
			return 0, ErrForm
		}
		nanos, tail, ok := fraction(tail)
		if !ok || tail == "" {
			return 0, ErrForm
		}
		letter := tail[0]
		for next < len(units) && (units[next].letter != letter || units[next].clock != clock) {
			next++
		}
		if next == len(units) || (nanos >= 0 && letter != 'S') {
			return 0, ErrForm
		}
		if err == nil {
			sum, err = subtract(sum, n, units[next].length)
		}
		if err == nil && nanos > 0 {
			sum, err = subtract(sum, nanos, 1)
		}
		next++
		rest = tail[1:]
	}
	return sum, err
}

// digits reads the leading digits of s; a number too large for 64 bits is held at the largest.
func digits(s string) (n int64, rest string, ok bool) {
	i := 0
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		d := int64(s[i] - '0')
		if n > (math.MaxInt64-d)/10 {
			n = math.MaxInt64
		} else {
			n = n*10 + d
		}
		i++
	}
	return n, s[i:], i > 0
}

// fraction reads an optional fraction as nanoseconds; -1 when there is none.
func fraction(s string) (nanos int64, rest string, ok bool) {
	if s == "" || s[0] != '.' {
		return -1, s, true
	}
	i := 1
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		nanos = nanos*10 + int64(s[i]-'0')
		i++
		if i > 10 {
			return 0, s, false
		}
	}
	for j := i; j <= 9; j++ {
		nanos *= 10
	}
	return nanos, s[i:], i > 1
}

// subtract returns sum - n*unit, of a sum of 0 or less.
func subtract(sum, n int64, unit time.Duration) (int64, error) {
	if unit > 1 && n > (math.MinInt64-sum)/int64(-unit) {
		return 0, ErrRange
	}
	amount := n * int64(unit)
	if amount > 0 && sum < math.MinInt64+amount {
		return 0, ErrRange
	}
	return sum - amount, nil
}
