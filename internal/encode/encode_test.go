package encode_test

import (
	"encoding/json/jsontext"
	"errors"
	"math"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"
	"uuid"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/encode"
	"github.com/tenon-go/tenon/internal/shape"
)

// compile fails the test when T cannot be encoded.
func compile[T any](tb testing.TB) encode.Append {
	tb.Helper()
	typ, faults := shape.NewReader().Read(reflect.TypeFor[T]())
	if faults != nil {
		tb.Fatal(faults)
	}
	enc, faults := encode.Compile(typ)
	if faults != nil {
		tb.Fatal(faults)
	}
	return enc
}

// written is the JSON of v, after what was in the buffer before.
func written[T any](tb testing.TB, v T) (string, error) {
	tb.Helper()
	b, err := compile[T](tb)([]byte("before "), reflect.ValueOf(&v).Elem())
	text, ok := strings.CutPrefix(string(b), "before ")
	if !ok {
		tb.Fatalf("the buffer holds %q", b)
	}
	return text, err
}

type color string

func (color) Enum() []color { return []color{"red", "green"} }

// shout writes its text by MarshalText with a pointer receiver.
type shout struct{ text string }

func (s *shout) MarshalText() ([]byte, error) { return []byte(strings.ToUpper(s.text)), nil }

// both prefers AppendText.
type both string

func (b both) AppendText(dst []byte) ([]byte, error) { return append(dst, "appended "+b...), nil }
func (both) MarshalText() ([]byte, error)            { return nil, errors.New("not this one") }

// raw writes its own JSON, version 1 of the method.
type raw struct{ text string }

func (r raw) MarshalJSON() ([]byte, error) { return []byte(r.text), nil }

// streamed writes its own JSON, version 2 of the method.
type streamed struct{ n int }

func (s *streamed) MarshalJSONTo(enc *jsontext.Encoder) error {
	for _, token := range []jsontext.Token{jsontext.BeginArray, jsontext.Int(int64(s.n)), jsontext.EndArray} {
		if err := enc.WriteToken(token); err != nil {
			return err
		}
	}
	return nil
}

type base struct {
	ID int `json:"id"`
}

type derived struct {
	base

	Name string `json:"name"`
}

type box[T any] struct {
	Value T `json:"value"`
}

type tree struct {
	Name     string `json:"name"`
	Children []tree `json:"children"`
	Next     *tree  `json:"next,omitzero"`
}

type options struct {
	A int            `json:"a,omitzero"`
	B string         `json:"b,omitempty"`
	C []int          `json:"c,omitempty"`
	D *int           `json:"d,omitempty"`
	E map[string]int `json:"e,omitempty"`
	F time.Time      `json:"f,omitzero"`
	G []int          `json:"g,omitzero"`
	I *int           `json:"i,omitzero"`
}

type patch struct {
	Name tenon.Opt[string]           `json:"name"`
	Note tenon.Opt[tenon.Null[bool]] `json:"note"`
	Rate tenon.Null[float64]         `json:"rate"`
}

type signUp struct {
	Name     string       `json:"name"`
	Password tenon.Secret `json:"password" writeOnly:"true"`
	Plain    string       `json:"plain" writeOnly:"true"`
}

func TestAppend(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 2*60*60)
	seven := 7
	for _, tt := range []struct {
		name string
		run  func(testing.TB) (string, error)
		want string
	}{
		{"booleans", of([]bool{true, false}), `[true,false]`},
		{"integers to their limits", of([]int64{math.MinInt64, 0, math.MaxInt64}), `[-9223372036854775808,0,9223372036854775807]`},
		{"unsigned integers to their limits", of([]uint64{0, math.MaxUint64}), `[0,18446744073709551615]`},
		{"bytes in an array are numbers", of([2]uint8{1, 2}), `[1,2]`},
		{"numbers as JavaScript writes them", of([]float64{0, 1, 0.1, 1e20, 1e21, 1e-6, 1e-7, 5e-324, math.MaxFloat64}), `[0,1,0.1,100000000000000000000,1e+21,0.000001,1e-7,5e-324,1.7976931348623157e+308]`},
		{"short numbers in their own precision", of([]float32{0.1, 16777216}), `[0.1,16777216]`},
		{"HTML stays as it is", of("<a href='x'>&</a>"), `"<a href='x'>&</a>"`},
		{"escapes", of("\"\\/\b\f\n\r\t\x00\x1f\x7f"), `"\"\\/\b\f\n\r\t\u0000\u001f` + "\x7f" + `"`},
		{"an escape after eight plain bytes", of("12345678\n12345\"6789"), `"12345678\n12345\"6789"`},
		{"text beyond ASCII", of("Zażółć \u2028 😀"), "\"Zażółć \u2028 😀\""},
		{"the replacement character itself", of("\uFFFD"), "\"\uFFFD\""},
		{"bytes are base64", of([][]byte{nil, {0xff, 0xfe, 0xfd, 0xfc}}), `["","//79/A=="]`},
		{"time is in UTC", of(time.Date(2026, 3, 4, 1, 0, 0, 0, zone)), `"2026-03-03T23:00:00Z"`},
		{"time has the digits that it needs", of(time.Date(2026, 3, 4, 5, 6, 7, 120_000_000, time.UTC)), `"2026-03-04T05:06:07.12Z"`},
		{"the last instant that can be said", of(time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC)), `"9999-12-31T23:59:59.999999999Z"`},
		{"the zero time", of(time.Time{}), `"0001-01-01T00:00:00Z"`},
		{"durations", of([]time.Duration{0, 90 * time.Minute, -1500 * time.Millisecond}), `["PT0S","PT1H30M","-PT1.5S"]`},
		{"uuid", of(uuid.MustParse("0197a1c2-6f2b-7c3d-8e4f-112233445566")), `"0197a1c2-6f2b-7c3d-8e4f-112233445566"`},
		{"an address", of(netip.MustParseAddr("fe80::1%eth0")), `"fe80::1%eth0"`},
		{"a date", of(tenon.Date{Year: 2026, Month: 3, Day: 4}), `"2026-03-04"`},
		{"a text method of the pointer", of([]shout{{"a\"b"}}), `["A\"B"]`},
		{"AppendText before MarshalText", of(both("x\ny")), `"appended x\ny"`},
		{"own JSON is compacted", of(raw{" { \"a\" : [ 1 ] } "}), `{"a":[1]}`},
		{"own JSON by tokens", of([]streamed{{1}, {2}}), `[[1],[2]]`},
		{"any JSON", of(jsontext.Value(`{"b":1, "a":"<"}`)), `{"b":1,"a":"<"}`},
		{"enum", of(color("red")), `"red"`},
		{"a nil slice is empty", of([]int(nil)), `[]`},
		{"a nil map is empty", of(map[string]int(nil)), `{}`},
		{"a nil pointer is null", of((*int)(nil)), `null`},
		{"a pointer is what it points to", of(&seven), `7`},
		{"maps are sorted", of(map[string]int{"b": 2, "a": 1, "c": 3, "\"": 0}), `{"\"":0,"a":1,"b":2,"c":3}`},
		{"maps by integer are sorted as text", of(map[int]string{10: "x", 9: "y", -1: "z"}), `{"-1":"z","10":"x","9":"y"}`},
		{"maps by text", of(map[uuid.UUID]bool{uuid.Max(): true, {}: false}), `{"00000000-0000-0000-0000-000000000000":false,"ffffffff-ffff-ffff-ffff-ffffffffffff":true}`},
		{"values of a map have their methods", of(map[string]shout{"a": {"x"}}), `{"a":"X"}`},
		{"maps in maps", of(map[string]map[string][]int{"y": {"b": {1}, "a": nil}, "x": nil}), `{"x":{},"y":{"a":[],"b":[1]}}`},
		{"no members", of(struct{}{}), `{}`},
		{"embedded structs", of(derived{ID: 1, Name: "x"}), `{"id":1,"name":"x"}`},
		{"generics", of(box[box[int]]{box[int]{3}}), `{"value":{"value":3}}`},
		{"recursion", of(tree{Name: "a", Children: []tree{{Name: "b"}}, Next: &tree{Name: "c"}}), `{"name":"a","children":[{"name":"b","children":[]}],"next":{"name":"c","children":[]}}`},
		{"omitzero and omitempty leave out", of(options{C: []int{}, E: map[string]int{}}), `{}`},
		{"omitzero and omitempty write the rest", of(options{A: 1, B: "b", C: []int{0}, D: new(0), E: map[string]int{"": 0}, F: time.Unix(0, 0), G: []int{}, I: new(0)}), `{"a":1,"b":"b","c":[0],"d":0,"e":{"":0},"f":"1970-01-01T00:00:00Z","g":[],"i":0}`},
		{"an unset Opt is left out", of(patch{}), `{"rate":null}`},
		{"a set Opt may be null", of(patch{Name: tenon.Some(""), Note: tenon.Some(tenon.Null[bool]{}), Rate: tenon.NotNull(0.5)}), `{"name":"","note":null,"rate":0.5}`},
		{"writeOnly members are left out", of(signUp{Name: "a", Password: tenon.NewSecret("p"), Plain: "q"}), `{"name":"a"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.run(t)
			if err != nil || got != tt.want {
				t.Errorf("got  %s, %v\nwant %s", got, err, tt.want)
			}
			if !jsontext.Value(got).IsValid() {
				t.Errorf("%s is not valid JSON", got)
			}
		})
	}
}

func of[T any](v T) func(testing.TB) (string, error) {
	return func(tb testing.TB) (string, error) {
		tb.Helper()
		return written(tb, v)
	}
}

func TestAppendWithoutAddress(t *testing.T) {
	t.Parallel()
	v := box[shout]{shout{"a"}}
	b, err := compile[box[shout]](t)(nil, reflect.ValueOf(v))
	if err != nil || string(b) != `{"value":"A"}` {
		t.Errorf("got %s, %v", b, err)
	}
}
