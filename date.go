package tenon

import (
	"fmt"
	"time"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/schema"
)

// Date is a day of the Gregorian calendar without a time or zone, written as 2026-11-26 (full-date of RFC 3339, section
// 5.6). The zero value is not a date.
type Date struct {
	// Year is 0..9999.
	Year int
	// Month is January..December.
	Month time.Month
	// Day is 1..31.
	Day int
}

// DateOf is the day on which t falls in t's own zone.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{Year: year, Month: month, Day: day}
}

// In is the first instant of the day in the given zone.
func (d Date) In(zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, zone)
}

// String is the day as 2026-11-26.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// AppendText appends the day as 2026-11-26; a day that does not exist is an error.
func (d Date) AppendText(b []byte) ([]byte, error) {
	if d.Year < 0 || d.Year > 9999 || DateOf(d.In(time.UTC)) != d {
		return nil, fmt.Errorf("tenon: %s is not a date", d.String())
	}
	return append(b, d.String()...), nil
}

// MarshalText is AppendText into a new slice.
func (d Date) MarshalText() ([]byte, error) { return d.AppendText(nil) }

// UnmarshalText reads 2026-11-26; anything else, and a day that does not exist, is a problem.Fault.
func (d *Date) UnmarshalText(text []byte) error {
	t, err := time.Parse(time.DateOnly, string(text))
	if err != nil {
		return message.Date.With()
	}
	*d = DateOf(t)
	return nil
}

// JSONSchema describes the type as a string of format date.
func (Date) JSONSchema() *schema.Schema {
	return &schema.Schema{Types: []string{"string"}, Format: "date"}
}
