package validate_test

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

// custom is a list of integers with JSON methods of its own.
type custom []int

func (c *custom) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	return json.UnmarshalDecode(dec, (*[]int)(c))
}

func (c custom) MarshalJSONTo(enc *jsontext.Encoder) error {
	return json.MarshalEncode(enc, []int(c))
}

func TestItems(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		list  func(testing.TB, string, int) []string
		tag   string
		count int
		want  string
	}{
		{"as few as allowed", items[[]int], `minItems:"2"`, 2, ""},
		{"too few", items[[]int], `minItems:"2"`, 1, "minItems: must have 2 items or more"},
		{"as many as allowed", items[[]int], `maxItems:"2"`, 2, ""},
		{"too many", items[[]int], `maxItems:"1"`, 2, "maxItems: must have 1 item or fewer"},
		{"none where none is allowed", items[[]int], `maxItems:"0"`, 0, ""},
		{"too few members", items[map[string]int], `minItems:"1"`, 0, "minProperties: must have 1 member or more"},
		{"too many members", items[map[string]int], `maxItems:"1"`, 2, "maxProperties: must have 1 member or fewer"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := strings.Join(tt.list(t, tt.tag, tt.count), "|"); got != tt.want {
				t.Errorf("faults %q, want %q", got, tt.want)
			}
		})
	}
}

func items[T any](tb testing.TB, raw string, n int) []string {
	tb.Helper()
	checks, errs := validate.Compile(typeOf[T](tb), rules(tb, raw), nil)
	if errs != nil {
		tb.Fatal(errs)
	}
	var f validate.Faults
	checks.Items(n, &f)
	return said(&f)
}

func TestUnique(t *testing.T) {
	t.Parallel()
	type point struct {
		X, Y int
		Name tenon.Opt[string]
	}
	long := make([]int, 100)
	for i := range long {
		long[i] = i
	}
	noon := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name     string
		differ   bool
		repeated bool
	}{
		{"strings", repeats(t, []string{"a", "b"}), repeats(t, []string{"a", "b", "a"})},
		{"integers", repeats(t, []int{1, 2}), repeats(t, []int{1, 2, 1})},
		{"unsigned integers", repeats(t, []uint16{1, 2}), repeats(t, []uint16{2, 2})},
		{"many integers", repeats(t, long), repeats(t, append([]int{99}, long...))},
		{"floats, minus zero being zero", repeats(t, []float64{0, 1}), repeats(t, []float64{0, 1, math.Copysign(0, -1)})},
		{"bools", repeats(t, []bool{true, false}), repeats(t, []bool{true, false, true})},
		{"bytes", repeats(t, [][]byte{{1}, {2}}), repeats(t, [][]byte{{1}, {1}})},
		{"times", repeats(t, []time.Time{noon, noon.Add(1)}), repeats(t, []time.Time{noon, noon.Round(0)})},
		{
			"text types", repeats(t, []tenon.Date{{Year: 1, Month: 1, Day: 1}, {Year: 1, Month: 1, Day: 2}}),
			repeats(t, []tenon.Date{{Year: 1, Month: 1, Day: 1}, {Year: 1, Month: 1, Day: 1}}),
		},
		{"objects", repeats(t, []point{{X: 1}, {Y: 1}, {X: 1, Name: tenon.Some("")}}), repeats(t, []point{{X: 1}, {X: 1}})},
		{"maps", repeats(t, []map[string]int{{"a": 1, "b": 2}, {"a": 1}}), repeats(t, []map[string]int{{"a": 1, "b": 2}, {"b": 2, "a": 1}})},
		{"lists", repeats(t, [][]string{{"a", "b"}, {"a,b"}}), repeats(t, [][]string{{"a"}, {"a"}})},
		{"pointers, by what they point to", repeats(t, []*int{new(1), nil, new(2)}), repeats(t, []*int{new(1), new(1)})},
		{"nulls", repeats(t, []tenon.Null[int]{tenon.NotNull(0), {}}), repeats(t, []tenon.Null[int]{{}, {Value: 1}})},
		{
			"any JSON, by all of its digits", repeats(t, []jsontext.Value{[]byte(`9007199254740993`), []byte(`9007199254740992`), []byte(`{"a":0.10000000000000000001}`), []byte(`{"a":0.1}`)}),
			repeats(t, []jsontext.Value{[]byte(`{"a": [1.0, "\u0041", null], "b":-0}`), []byte(`{"b":0e5,"a":[10e-1,"A",null]}`)}),
		},
		{"any JSON of different forms", repeats(t, []jsontext.Value{[]byte(`"1"`), []byte(`1`), []byte(`[1]`), []byte(`[[1]]`), []byte(`[]`), []byte(`{}`), []byte(`true`), []byte(`"true"`)}), true},
		{"JSON types", repeats(t, []custom{{1}, {1, 2}}), repeats(t, []custom{{1}, {1}})},
	} {
		if tt.differ || !tt.repeated {
			t.Errorf("%s: different items are refused: %v, repeated ones: %v", tt.name, tt.differ, tt.repeated)
		}
	}
}

func repeats[T any](t *testing.T, list []T) bool {
	t.Helper()
	checks, errs := validate.Compile(typeOf[[]T](t), rules(t, `uniqueItems:"true"`), nil)
	if errs != nil {
		t.Fatal(errs)
	}
	var f validate.Faults
	checks.Unique(reflect.ValueOf(list), &f)
	return f.Len() > 0
}

func TestFaults(t *testing.T) {
	t.Parallel()
	f := validate.Faults{In: "body"}
	f.Add(problem.Fault{Code: "type", Message: "whole"})
	f.Push("a/b~c")
	f.PushIndex(7)
	f.AddAt("", problem.Fault{Code: "type", Message: "deep"})
	f.Pop()
	f.Add(problem.Fault{Code: "type", Message: "up"})
	f.Pop()
	want := []string{"body type: whole", "body/a~1b~0c/7/ type: deep", "body/a~1b~0c type: up"}
	if got := said(&f); !reflect.DeepEqual(got, want) {
		t.Errorf("faults %q, want %q", got, want)
	}
	for range 200 {
		f.Add(problem.Fault{Code: "type", Message: "more"})
	}
	if f.Len() != 100 || !f.Full() {
		t.Errorf("%d faults are kept, want 100", f.Len())
	}
	if f.Reset(); f.Len() != 0 || f.Pointer() != "" || f.In != "" {
		t.Errorf("Reset leaves %+v", f)
	}
}
