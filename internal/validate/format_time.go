package validate

import (
	"time"

	"github.com/tenon-go/tenon/internal/ascii"
)

// isDate wants full-date of RFC 3339, a day that the calendar has.
func isDate(s string) bool {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return false
	}
	year, ok := number(s[:4])
	month, okMonth := number(s[5:7])
	day, okDay := number(s[8:])
	if !ok || !okMonth || !okDay || month < 1 || month > 12 || day < 1 {
		return false
	}
	return day <= time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// isTime wants full-time of RFC 3339: with an offset, and second 60 only at 23:59 UTC.
func isTime(s string) bool {
	if len(s) < 9 || s[2] != ':' || s[5] != ':' {
		return false
	}
	hour, ok := number(s[:2])
	minute, okMinute := number(s[3:5])
	second, okSecond := number(s[6:8])
	if !ok || !okMinute || !okSecond || hour > 23 || minute > 59 || second > 60 {
		return false
	}
	rest := s[8:]
	if rest[0] == '.' {
		if rest, ok = someDigits(rest[1:]); !ok {
			return false
		}
	}
	offset, ok := minutesEast(rest)
	const day = 24 * 60
	return ok && (second < 60 || (hour*60+minute-offset+day)%day == day-1)
}

// minutesEast reads the offset from UTC.
func minutesEast(s string) (int, bool) {
	if s == "Z" || s == "z" {
		return 0, true
	}
	if len(s) != 6 || (s[0] != '+' && s[0] != '-') || s[3] != ':' {
		return 0, false
	}
	hour, ok := number(s[1:3])
	minute, okMinute := number(s[4:])
	if !ok || !okMinute || hour > 23 || minute > 59 {
		return 0, false
	}
	if s[0] == '-' {
		return -hour*60 - minute, true
	}
	return hour*60 + minute, true
}

// isDateTime wants date-time of RFC 3339.
func isDateTime(s string) bool {
	return len(s) > 11 && (s[10] == 'T' || s[10] == 't') && isDate(s[:10]) && isTime(s[11:])
}

// number reads a few digits.
func number(s string) (n int, ok bool) {
	for i := range len(s) {
		if !ascii.IsDigit(s[i]) {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}
