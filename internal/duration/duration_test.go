package duration_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/tenon-go/tenon/internal/duration"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		want time.Duration
		err  error
	}{
		{"PT0S", 0, nil},
		{"PT1H30M", 90 * time.Minute, nil},
		{"PT90M", 90 * time.Minute, nil},
		{"PT1H30S", time.Hour + 30*time.Second, nil},
		{"P1D", 24 * time.Hour, nil},
		{"P1DT12H", 36 * time.Hour, nil},
		{"P2W", 14 * 24 * time.Hour, nil},
		{"PT0.5S", 500 * time.Millisecond, nil},
		{"PT0.000000001S", 1, nil},
		{"PT1M0.25S", time.Minute + 250*time.Millisecond, nil},
		{"-PT1H", -time.Hour, nil},
		{"PT007S", 7 * time.Second, nil},
		{"PT9223372036.854775807S", math.MaxInt64, nil},
		{"-PT9223372036.854775808S", math.MinInt64, nil},

		{"", 0, duration.ErrForm},
		{"P", 0, duration.ErrForm},
		{"PT", 0, duration.ErrForm},
		{"P1DT", 0, duration.ErrForm},
		{"1h30m", 0, duration.ErrForm},
		{"pt1h", 0, duration.ErrForm},
		{"+PT1H", 0, duration.ErrForm},
		{"--PT1H", 0, duration.ErrForm},
		{"PT-1H", 0, duration.ErrForm},
		{"PT1", 0, duration.ErrForm},
		{"PTH", 0, duration.ErrForm},
		{"PT1M1H", 0, duration.ErrForm},
		{"PT1H1H", 0, duration.ErrForm},
		{"PT1D", 0, duration.ErrForm},
		{"P1H", 0, duration.ErrForm},
		{"P1Y", 0, duration.ErrForm},
		{"P1M", 0, duration.ErrForm},
		{"P1W1D", 0, duration.ErrForm},
		{"P1DT1W", 0, duration.ErrForm},
		{"PT1T1S", 0, duration.ErrForm},
		{"PT1.5H", 0, duration.ErrForm},
		{"PT1,5S", 0, duration.ErrForm},
		{"PT1.S", 0, duration.ErrForm},
		{"PT.5S", 0, duration.ErrForm},
		{"PT0.0000000001S", 0, duration.ErrForm},
		{"PT1S ", 0, duration.ErrForm},

		{"PT9223372036.854775808S", 0, duration.ErrRange},
		{"-PT9223372036.854775809S", 0, duration.ErrRange},
		{"P99999999999999999999999D", 0, duration.ErrRange},
		{"P99999999999999999999999W", 0, duration.ErrRange},
		{"PT2562047H48M", 0, duration.ErrRange},
		{"PT99999999999999H1X", 0, duration.ErrForm},
	} {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			got, err := duration.Parse(tt.text)
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("Parse = %v, %v, want %v, %v", got, err, tt.want, tt.err)
			}
		})
	}
}

func TestFormat(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		d    time.Duration
		want string
	}{
		{0, "PT0S"},
		{time.Second, "PT1S"},
		{time.Minute, "PT1M"},
		{36 * time.Hour, "PT36H"},
		{90 * time.Minute, "PT1H30M"},
		{time.Hour + time.Second, "PT1H0M1S"},
		{time.Hour + 5*time.Millisecond, "PT1H0M0.005S"},
		{1, "PT0.000000001S"},
		{-1500 * time.Millisecond, "-PT1.5S"},
		{math.MaxInt64, "PT2562047H47M16.854775807S"},
		{math.MinInt64, "-PT2562047H47M16.854775808S"},
	} {
		if got := duration.Format(tt.d); got != tt.want {
			t.Errorf("Format(%d) = %s, want %s", tt.d, got, tt.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"PT1H30M", "P1DT2H3M4.5S", "P2W", "-PT0.000000001S", "PT9223372036.854775808S", "P", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := duration.Parse(s)
		if err != nil {
			return
		}
		text := duration.Format(d)
		if again, err := duration.Parse(text); err != nil || again != d {
			t.Errorf("%q is %d, written %q, read again %d, %v", s, d, text, again, err)
		}
	})
}
