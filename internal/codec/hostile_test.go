package codec_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon/internal/codec"
	"github.com/tenon-go/tenon/internal/validate"
)

func TestDepth(t *testing.T) {
	t.Parallel()
	type holder struct {
		A string `json:"a"`
	}
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	p := plan[tree](t, codec.Limits{})
	for body, want := range map[string]string{nested(32): "", nested(33): strings.Repeat("/0", 32) + " depth", nested(5000): strings.Repeat("/0", 32) + " depth"} {
		if _, faults := decode[tree](t, p, body); faults != want {
			t.Errorf("%d levels: got %q, want %q", len(body)/2, faults, want)
		}
	}
	refuses[holder](t, map[string]string{
		`{"a":` + nested(31) + `}`:                  "/a type",
		`{"a":` + nested(32) + `}`:                  "/a type, /a depth",
		`{"b":` + nested(32) + `}`:                  "/b unknown, /b depth",
		`{"b":` + strings.Repeat(`{"x":`, 5000):     "error:  the text ends too early at byte 25005",
		`{"a":"x","b":` + strings.Repeat("[", 5000): "error:  the text ends too early at byte 5013",
		`{"b":` + nested(40) + `,}`:                 "error:  unexpected character at byte 86",
		`{"b":` + nested(40) + `} x`:                "error:  unexpected data after the value at byte 87",
		`{"a":"x","a":` + nested(40) + `}`:          "/a duplicate, /a depth",
		strings.Repeat("[", 1<<20):                  "error:  the text ends too early at byte 1048576",
		strings.Repeat(`{"a":`, 1<<18):              "error:  the text ends too early at byte 1310720",
		nested(1 << 19):                             " type, " + " depth",
		`{"a":"x"}` + strings.Repeat("]", 5000):     "error:  unexpected data after the value at byte 9",
	})
	refuses[map[string]holder](t, map[string]string{`{"k":{"a":` + nested(31) + `}}`: "/k/a type, /k/a depth"})
	if _, faults := decode[tree](t, plan[tree](t, codec.Limits{Depth: 2}), "[[[]]]"); faults != "/0/0 depth" {
		t.Errorf("with depth 2: %q", faults)
	}
}

// TestHostileBodiesCostLinearTime reads bodies of about 1 MiB. The bound is wide, for machines are shared and the race detector is slow; what
// grows with the square takes many minutes.
func TestHostileBodiesCostLinearTime(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	type wideOpen struct {
		_    struct{}       `additionalProperties:"true"`
		Age  int            `json:"age"`
		Rate float64        `json:"rate"`
		Name string         `json:"name"`
		Map  map[string]int `json:"map"`
		List []int          `json:"list"`
		Open [][]wideList   `json:"open"`
	}
	repeat := func(format string) string {
		var b strings.Builder
		for i := 0; b.Len() < size; i++ {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	p := plan[wideOpen](t, codec.Limits{})
	strict := plan[user](t, codec.Limits{})
	for name, body := range map[string]string{
		"duplicates":       `{` + strings.Repeat(`"age":1,`, size/8) + `"age":1}`,
		"unknown":          `{` + repeat(`"u%d":1,`) + `"age":1}`,
		"unknown and deep": `{` + strings.Repeat(`"u":[[[[[[[[1]]]]]]]],`, size/22) + `"age":1}`,
		"map":              `{"map":{` + repeat(`"k%d":1,`) + `"age":1}}`,
		"map of one name":  `{"map":{` + strings.Repeat(`"k":1,`, size/6) + `"age":1}}`,
		"list":             `{"list":[` + strings.Repeat("1,", size/2) + `1]}`,
		"empty lists":      `{"open":[` + strings.Repeat("[],", size/3) + `[]]}`,
		"digits":           `{"age":` + strings.Repeat("9", size) + `}`,
		"zeros":            `{"age":1.` + strings.Repeat("0", size) + `}`,
		"float":            `{"rate":0.` + strings.Repeat("1", size) + `}`,
		"exponent":         `{"rate":1e` + strings.Repeat("9", size) + `,"age":1e` + strings.Repeat("9", size) + `}`,
		"escapes":          `{"name":"` + strings.Repeat(`\u00e9`, size/6) + `"}`,
		"escaped name":     `{"` + strings.Repeat(`\u00e9`, size/6) + `":1}`,
		"surrogates":       `{"name":"` + strings.Repeat(`\ud83d\ude00`, size/12) + `"}`,
		"long string":      `{"name":"` + strings.Repeat("é", size/2) + `"}`,
		"open arrays":      strings.Repeat("[", size),
		"open objects":     strings.Repeat(`{"open":`, size/8),
		"white space":      strings.Repeat(" \n", size/2) + `{"age":1}`,
		"commas":           `{"list":[` + strings.Repeat(",", size),
		"quotes":           strings.Repeat(`"`, size),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			_, open := decode[wideOpen](t, p, body)
			_, closed := decode[user](t, strict, body)
			if spent := time.Since(start); spent > time.Minute {
				t.Errorf("took %v", spent)
			}
			if open == "" || closed == "" {
				t.Errorf("no fault: %q and %q", open, closed)
			}
			if len(open)+len(closed) > 200*200 {
				t.Errorf("the faults take %d bytes", len(open)+len(closed))
			}
		})
	}
}

type wideList struct{ A, B, C, D int }

// TestSkippedValuesAreNotKept measures that what is refused costs no memory of its size.
//
//nolint:paralleltest // AllocsPerRun counts the allocations of the whole process
func TestSkippedValuesAreNotKept(t *testing.T) {
	p := plan[user](t, codec.Limits{Total: 200_000})
	body := []byte(`{"name":"a","email":"a@b.co","age":1,"x":[` + strings.Repeat(`{"a":"bcd"},`, 50_000) + `1]}`)
	got := testing.AllocsPerRun(10, func() {
		var f validate.Faults
		var u user
		if err := p.Decode(t.Context(), body, reflect.ValueOf(&u).Elem(), &f); err != nil || f.Len() != 1 {
			t.Fatal(err, f.List)
		}
	})
	if got > 20 {
		t.Errorf("%v allocations, want a handful", got)
	}
}
