package duration_test

import (
	"math"
	"testing"
	"time"

	"github.com/tenon-go/tenon/internal/duration"
)

func TestFormat(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   time.Duration
		want string
	}{
		{0, "PT0S"},
		{5 * time.Second, "PT5S"},
		{90 * time.Minute, "PT1H30M"},
		{36 * time.Hour, "PT36H"},
		{time.Hour + time.Second, "PT1H0M1S"},
		{250 * time.Millisecond, "PT0.25S"},
		{time.Minute + time.Nanosecond, "PT1M0.000000001S"},
		{-5 * time.Second, "-PT5S"},
		{math.MaxInt64, "PT2562047H47M16.854775807S"},
		{math.MinInt64, "-PT2562047H47M16.854775808S"},
	} {
		t.Run(tt.want, func(t *testing.T) {
			t.Parallel()
			if got := duration.Format(tt.in); got != tt.want {
				t.Errorf("Format = %s, want %s", got, tt.want)
			}
			if back, err := duration.Parse(tt.want); err != nil || back != tt.in {
				t.Errorf("Parse = %v, %v, want %v", back, err, tt.in)
			}
		})
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   string
		want time.Duration
	}{
		{"P1D", 24 * time.Hour},
		{"P1DT12H", 36 * time.Hour},
		{"P2W", 14 * 24 * time.Hour},
		{"PT1H1S", time.Hour + time.Second},
		{"PT90S", 90 * time.Second},
		{"PT007M", 7 * time.Minute},
		{"-P1D", -24 * time.Hour},
	} {
		if got, err := duration.Parse(tt.in); err != nil || got != tt.want {
			t.Errorf("Parse(%q) = %v, %v, want %v", tt.in, got, err, tt.want)
		}
	}
	for _, in := range []string{
		"", "P", "PT", "-P", "-", "1h", "PT1", "PTH", "PT1M1H", "P1H", "PT1D", "P1Y", "P1M", "PW", "P1DT", "PT1.5H", "PT.5S", "PT5.S", "PT1.0000000001S",
		"PT+5S", "PT-5S", "PT 5S", "PT5S ", "pt5s", "PT5S5S", "P1W1D", "PT9223372037S", "PT99999999999999999999S", "PT1٣S", "--PT5S",
	} {
		if got, err := duration.Parse(in); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", in, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"PT0S", "P1DT2H3M4.5S", "-PT5S", "P3W", "PT1H0M1S", "P", "PT2562047H47M16.854775807S"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := duration.Parse(s)
		if err != nil {
			return
		}
		again, err := duration.Parse(duration.Format(d))
		if err != nil || again != d {
			t.Errorf("%q is %v, written %s, read %v, %v", s, d, duration.Format(d), again, err)
		}
	})
}
