package duration

import (
	"strconv"
	"time"
)

// Append writes d in hours, minutes and seconds (PT36H, PT1H0M30S, PT0.5S); zero is PT0S. What it writes Parse reads as the
// same duration. Units between two others are written even when they are zero, as RFC 3339 has it.
func Append(b []byte, d time.Duration) []byte {
	hours, minutes := d/time.Hour, d%time.Hour/time.Minute
	seconds, nanos := d%time.Minute/time.Second, d%time.Second
	if d < 0 { // each part has its counterpart, unlike the least Duration
		b = append(b, '-')
		hours, minutes, seconds, nanos = -hours, -minutes, -seconds, -nanos
	}
	b = append(b, 'P', 'T')
	clock := seconds > 0 || nanos > 0
	if hours > 0 {
		b = append(strconv.AppendInt(b, int64(hours), 10), 'H')
	}
	if minutes > 0 || (hours > 0 && clock) {
		b = append(strconv.AppendInt(b, int64(minutes), 10), 'M')
	}
	if clock || d == 0 {
		b = strconv.AppendInt(b, int64(seconds), 10)
		b = append(appendFraction(b, nanos), 'S')
	}
	return b
}

// Format is Append to a new string.
func Format(d time.Duration) string { return string(Append(nil, d)) }

func appendFraction(b []byte, nanos time.Duration) []byte {
	if nanos == 0 {
		return b
	}
	width := 9
	for nanos%10 == 0 {
		nanos /= 10
		width--
	}
	var digits [9]byte
	for i := width - 1; i >= 0; i-- {
		digits[i] = byte('0' + nanos%10)
		nanos /= 10
	}
	return append(append(b, '.'), digits[:width]...)
}
