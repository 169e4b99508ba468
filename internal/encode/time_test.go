package encode_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/tenon-go/tenon/internal/encode"
	"github.com/tenon-go/tenon/internal/shape"
)

// TestEveryDay holds the date of each day that can be written against package time.
func TestEveryDay(t *testing.T) {
	t.Parallel()
	typ, faults := shape.NewReader().Read(reflect.TypeFor[time.Time]())
	if faults != nil {
		t.Fatal(faults)
	}
	write, faults := encode.Compile(typ)
	if faults != nil {
		t.Fatal(faults)
	}
	const day = 24*time.Hour - time.Second // the time of day runs too
	at := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	v := reflect.ValueOf(&at).Elem()
	var got, want []byte
	for at.Year() < 10_000 {
		got, _ = write(got[:0], v)
		want = at.AppendFormat(want[:0], `"2006-01-02T15:04:05Z"`)
		if string(got) != string(want) {
			t.Fatalf("got %s, want %s", got, want)
		}
		at = at.Add(day)
	}
	before := time.Date(-1, 12, 31, 23, 59, 59, 0, time.UTC)
	if _, err := write(nil, reflect.ValueOf(&before).Elem()); err == nil {
		t.Error("a year below 0 was written")
	}
}
