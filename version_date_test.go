package tenon //nolint:testpackage // the check is not exported

import (
	"fmt"
	"testing"
	"time"
)

func TestADateOfAVersionIsADayThatThereIs(t *testing.T) {
	t.Parallel()
	for year := range 10_000 {
		if year > 500 && year < 1900 || year > 2100 && year < 9990 {
			continue
		}
		for month := range 14 {
			for day := range 33 {
				sameAsTime(t, fmt.Sprintf("%04d-%02d-%02d", year, month, day))
			}
		}
	}
}

func FuzzVersionDate(f *testing.F) {
	for _, text := range []string{"2026-03-01", "2024-02-29", "2023-02-29", "", "2026-3-01", "2026-03-0a", "+026-03-01", "2026-03-01 ", "2026/03/01", "２026-03-1"} {
		f.Add(text)
	}
	f.Fuzz(sameAsTime)
}

func sameAsTime(t *testing.T, text string) {
	t.Helper()
	_, err := time.Parse(time.DateOnly, text)
	if got, want := isVersionDate(text), err == nil; got != want {
		t.Errorf("%q is a date: %v, want %v", text, got, want)
	}
}
