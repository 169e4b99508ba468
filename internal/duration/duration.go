// Package duration reads and writes time.Duration in the form of ISO 8601, such as PT1H30M or PT0.25S.
package duration

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// Append appends d in hours, minutes and seconds. A duration of whole seconds, not below zero, is in the form of RFC 3339,
// appendix A, which wants the minutes between hours and seconds even when they are 0. Others go beyond it: a fraction of
// a second has up to nine digits (PT0.000001S), and a negative duration begins with a minus sign (-PT5S).
func Append(b []byte, d time.Duration) []byte {
	u := uint64(d)
	if d < 0 {
		b = append(b, '-')
		u = -u
	}
	b = append(b, "PT"...)
	seconds, nanos := u/1e9, u%1e9
	hours, minutes, seconds := seconds/3600, seconds/60%60, seconds%60
	rest := seconds != 0 || nanos != 0
	if hours != 0 {
		b = append(strconv.AppendUint(b, hours, 10), 'H')
	}
	if minutes != 0 || hours != 0 && rest {
		b = append(strconv.AppendUint(b, minutes, 10), 'M')
	}
	if rest || hours == 0 && minutes == 0 {
		b = strconv.AppendUint(b, seconds, 10)
		b = append(appendFraction(b, nanos), 'S')
	}
	return b
}

func appendFraction(b []byte, nanos uint64) []byte {
	if nanos == 0 {
		return b
	}
	b = append(b, '.')
	for unit := uint64(1e8); nanos != 0; unit /= 10 {
		b = append(b, byte('0'+nanos/unit))
		nanos %= unit
	}
	return b
}

// Format is Append as a string.
func Format(d time.Duration) string { return string(Append(nil, d)) }

var (
	errForm  = errors.New("not a duration in the form of ISO 8601, such as PT1H30M")
	errRange = errors.New("the duration is too long")
)

// Parse reads what Append writes, and the other forms with a fixed length: days of 24 hours and weeks of 7 days
// (P1DT12H, P2W). Years and months have none and are refused. Only the seconds may have a fraction, of up to nine digits.
// The error does not repeat the text.
func Parse(s string) (time.Duration, error) {
	text, negative := strings.CutPrefix(s, "-")
	text, ok := strings.CutPrefix(text, "P")
	if !ok || text == "" {
		return 0, errForm
	}
	if weeks, ok := strings.CutSuffix(text, "W"); ok && weeks != "" {
		return sum(negative, part{weeks, 7 * 24 * time.Hour})
	}
	date, clock, hasClock := strings.Cut(text, "T")
	if hasClock && clock == "" {
		return 0, errForm
	}
	var days, hours, minutes string
	if days, date = unit(date, 'D'); date != "" {
		return 0, errForm
	}
	hours, clock = unit(clock, 'H')
	minutes, clock = unit(clock, 'M')
	whole, fraction, err := splitSeconds(clock)
	if err != nil {
		return 0, err
	}
	return sum(negative, part{days, 24 * time.Hour}, part{hours, time.Hour}, part{minutes, time.Minute},
		part{whole, time.Second}, part{fraction, time.Nanosecond})
}

// unit cuts off the digits in front of a unit letter; without the letter, the whole text is left.
func unit(s string, letter byte) (digits, rest string) {
	i := strings.IndexByte(s, letter)
	if i < 0 {
		return "", s
	}
	if i == 0 {
		return "?", s[1:]
	}
	return s[:i], s[i+1:]
}

// splitSeconds returns the whole seconds and the fraction as nanoseconds.
func splitSeconds(s string) (whole, nanos string, err error) {
	if s == "" {
		return "", "", nil
	}
	text, ok := strings.CutSuffix(s, "S")
	if !ok || text == "" {
		return "", "", errForm
	}
	whole, fraction, has := strings.Cut(text, ".")
	if !has {
		return whole, "", nil
	}
	if whole == "" || fraction == "" || len(fraction) > 9 {
		return "", "", errForm
	}
	return whole, fraction + "000000000"[len(fraction):], nil
}

// part is a count of one unit. Empty digits are 0.
type part struct {
	digits string
	unit   time.Duration
}

func sum(negative bool, parts ...part) (time.Duration, error) {
	var total uint64
	limit := uint64(math.MaxInt64)
	if negative {
		limit++
	}
	for _, p := range parts {
		if p.digits == "" {
			continue
		}
		if strings.Trim(p.digits, "0123456789") != "" {
			return 0, errForm
		}
		n, err := strconv.ParseUint(p.digits, 10, 64)
		if err != nil || n > (limit-total)/uint64(p.unit) {
			return 0, errRange
		}
		total += n * uint64(p.unit)
	}
	if negative {
		total = -total
	}
	return time.Duration(total), nil
}
