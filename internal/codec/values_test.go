package codec_test

import (
	"encoding/json/jsontext"
	"errors"
	"io"
	"math"
	"net/netip"
	"strings"
	"testing"
	"time"
	"uuid"

	"github.com/tenon-go/tenon/internal/codec"
	"github.com/tenon-go/tenon/problem"
)

func TestIntegers(t *testing.T) {
	t.Parallel()
	accepts(t, map[string]int64{
		"7": 7, "-7": -7, "0": 0, "-0": 0, "7.0": 7, "7e0": 7, "70e-1": 7, "0.07E+2": 7, "7000.000e-3": 7, "0e999999999999": 0, "-0.0": 0,
		"9223372036854775807": math.MaxInt64, "-9223372036854775808": math.MinInt64, "9223372036854775807.0": math.MaxInt64,
		"922337203685477580.7e1": math.MaxInt64, "-9.223372036854775808e18": math.MinInt64, "1e18": 1e18, "1.000000000000000000000000000000": 1,
		"9007199254740993": 9007199254740993,
	})
	refuses[int64](t, map[string]string{
		"7.5": " type", `"7"`: " type", "7e-1": " type", "1e-400": " type", "0.1": " type", "true": " type", "[7]": " type", "{}": " type",
		"9223372036854775808": " range", "-9223372036854775809": " range", "18446744073709551615": " range", "-18446744073709551615": " range",
		"1e19": " range", "1e400": " range", "-1e999999999999": " range", "99999999999999999999999": " range", "9223372036854775807.5": " type",
		strings.Repeat("9", 1<<20): " range", "1." + strings.Repeat("0", 1<<20): " range", "null": " null",
	})
	accepts(t, map[string]int8{"127": 127, "-128": -128, "1.27e2": 127})
	refuses[int8](t, map[string]string{"128": " range", "-129": " range", "256": " range"})
	refuses[int32](t, map[string]string{"2147483648": " range", "-2147483649": " range"})
	accepts(t, map[string]uint64{"18446744073709551615": math.MaxUint64, "0": 0, "-0": 0, "1.8446744073709551615e19": math.MaxUint64})
	refuses[uint64](t, map[string]string{"18446744073709551616": " range", "-1": " range", "-0.5": " type", "1.5": " type", "18446744073709551615e1": " range"})
	accepts(t, map[string]uint8{"255": 255, "2550e-1": 255})
	refuses[uint8](t, map[string]string{"256": " range", "-1": " range"})
}

func TestFloats(t *testing.T) {
	t.Parallel()
	accepts(t, map[string]float64{
		"1": 1, "1.5": 1.5, "-0.25e2": -25, "1e-400": 0, "0.1": 0.1, "1.7976931348623157e308": math.MaxFloat64, "5e-324": 5e-324,
		"123456789012345678901234567890": 123456789012345678901234567890,
	})
	refuses[float64](t, map[string]string{
		"1e400": " range", "-1e400": " range", `"1"`: " type", `"NaN"`: " type", "null": " null", "1" + strings.Repeat("0", 5000): " range",
	})
	accepts(t, map[string]float32{"0.5": 0.5, "3.4028234663852886e38": math.MaxFloat32, "0.1": 0.1})
	refuses[float32](t, map[string]string{"3.5e38": " range", "-1e39": " range"})
}

type label string

func TestStrings(t *testing.T) {
	t.Parallel()
	accepts(t, map[string]string{
		`""`: "", `"abc"`: "abc", `"\"\\\/\b\f\n\r\t"`: "\"\\/\b\f\n\r\t", `"\u00e9é"`: "éé", `"\ud83d\uDE00x"`: "😀x",
		`"` + strings.Repeat("x", 64<<10) + `"`:      strings.Repeat("x", 64<<10),
		`"` + strings.Repeat(`\u0041`, 64<<10) + `"`: strings.Repeat("A", 64<<10),
		"\"\u007f\u2028\"":                           "\u007f\u2028", `"NaN"`: "NaN", `"// not a comment"`: "// not a comment",
		`"01234567\n"`: "01234567\n", `"0123456\u0009"`: "0123456\t", `"01234567é0123456789"`: "01234567é0123456789",
	})
	refuses[string](t, map[string]string{
		`"a\u0000"`: " nul", "7": " type", "true": " type", "null": " null", `["a"]`: " type",
		`"` + strings.Repeat("x", 64<<10+1) + `"`:      " maxLength",
		`"` + strings.Repeat(`\u0041`, 64<<10+1) + `"`: " maxLength",
	})
	accepts(t, map[string]label{`"x"`: "x"})
	type long struct {
		S string `json:"s" maxLength:"100000"`
	}
	accepts(t, map[string]long{`{"s":"` + strings.Repeat("é", 100_000) + `"}`: {strings.Repeat("é", 100_000)}})
	refuses[long](t, map[string]string{`{"s":"` + strings.Repeat("é", 100_001) + `"}`: "/s maxLength"})
}

func TestBooleans(t *testing.T) {
	t.Parallel()
	accepts(t, map[string]bool{"true": true, "false": false})
	refuses[bool](t, map[string]string{"1": " type", `"true"`: " type", "null": " null", "[true]": " type"})
}

func TestTextForms(t *testing.T) {
	t.Parallel()
	accepts(t, map[string][]byte{`"Z2hp"`: []byte("ghi"), `"Z2g="`: []byte("gh"), `""`: {}, `"\u005a2hp"`: []byte("ghi")})
	refuses[[]byte](t, map[string]string{`"Z2hp\n"`: " format", `"Z2h"`: " format", `"Z2h="`: " format", "[1]": " type", "null": " null"})
	accepts(t, map[string]time.Time{`"2026-11-26T10:20:30Z"`: time.Date(2026, 11, 26, 10, 20, 30, 0, time.UTC)})
	refuses[time.Time](t, map[string]string{`"2026-11-26"`: " format", `"2026-02-30T10:20:30Z"`: " format", "0": " type", `""`: " format", `"0000-01-01T00:00:00+01:00"`: " range"})
	accepts(t, map[string]time.Duration{`"PT1H30M"`: 90 * time.Minute})
	refuses[time.Duration](t, map[string]string{`"1h"`: " format", "90": " type"})
	accepts(t, map[string]netip.Addr{`"192.0.2.1"`: netip.MustParseAddr("192.0.2.1")})
	refuses[netip.Addr](t, map[string]string{`"192.0.2"`: " format", "1": " type", "null": " null"})
	accepts(t, map[string]uuid.UUID{`"019ac3a5-b0a3-7000-8000-000000000001"`: uuid.MustParse("019ac3a5-b0a3-7000-8000-000000000001")})
	refuses[uuid.UUID](t, map[string]string{`"019ac3a5"`: " format"})
}

// pair reads [a, b]; swallow, greedy and lazy read too much, too little and nothing.
type pair struct{ a, b int64 }

func (p *pair) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if k := dec.PeekKind(); k != '[' {
		return errors.New("secret")
	}
	for _, step := range []*int64{nil, &p.a, &p.b, nil} {
		token, err := dec.ReadToken()
		if err != nil {
			return err
		}
		switch {
		case (step == nil) == (token.Kind() == '0'):
			return errors.New("secret")
		case step != nil:
			if *step, err = token.Int(); err != nil {
				return err
			}
		}
	}
	return nil
}

type lazy struct{}

func (*lazy) UnmarshalJSONFrom(*jsontext.Decoder) error { return nil }

type greedy struct{}

func (*greedy) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	for range 100 {
		if _, err := dec.ReadToken(); errors.Is(err, io.EOF) {
			return nil
		}
	}
	return nil
}

type half struct{}

func (*half) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	_, err := dec.ReadToken()
	return err
}

type even int

func (e *even) UnmarshalJSON(b []byte) error {
	if len(b) != 1 || (b[0]-'0')%2 != 0 {
		return problem.Fault{Code: "even", Message: "must be an even digit"}
	}
	*e = even(b[0] - '0')
	return nil
}

func TestCustomTypes(t *testing.T) {
	t.Parallel()
	type all struct {
		P pair   `json:"p"`
		N string `json:"n"`
	}
	accepts(t, map[string]all{`{"p": [1, 2] ,"n":"x"}`: {pair{1, 2}, "x"}})
	refuses[all](t, map[string]string{
		`{"p":{"a":[1]},"n":7}`:           "/p type, /n type",
		`{"p":[1],"n":"x"}`:               "/p type",
		`{"p":[1,2,3],"n":"x"}`:           "/p type",
		`{"p":null,"n":"x"}`:              "/p null",
		`{"p":[1,{"a":1,"a":2}],"n":"x"}`: "/p duplicate",
	})
	refuses[[]lazy](t, map[string]string{`[1,{"a":[]}]`: "/0 type, /1 type"})
	refuses[[]greedy](t, map[string]string{`[1,2]`: ""})
	refuses[[]half](t, map[string]string{`[1,[2],3]`: "/1 type"})
	accepts(t, map[string][]even{`[2,4]`: {2, 4}})
	refuses[[]even](t, map[string]string{`[2,3,"secret"]`: "/1 even, /2 even"})
	accepts(t, map[string]jsontext.Value{`{"a": [1]}`: jsontext.Value(`{"a": [1]}`), "null": jsontext.Value("null")})
	refuses[jsontext.Value](t, map[string]string{
		`{"a":1,"\u0061":2}`:                              "/a duplicate",
		strings.Repeat("[", 33) + strings.Repeat("]", 33): strings.Repeat("/0", 32) + " depth",
	})
}

func TestSlicesAndArrays(t *testing.T) {
	t.Parallel()
	accepts(t, map[string][]int{"[]": {}, "[1]": {1}, "[1, 2,3,4,5,6,7,8,9,10]": {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}})
	refuses[[]int](t, map[string]string{
		"null": " null", "{}": " type", `[1,"x",2.5,null,[]]`: "/1 type, /2 type, /3 null, /4 type",
		"[" + strings.Repeat("1,", 1000) + "1]": " maxItems",
	})
	accepts(t, map[string][][]string{`[["a"],[],["b","c"]]`: {{"a"}, {}, {"b", "c"}}})
	accepts(t, map[string][2]bool{"[true,false]": {true, false}})
	refuses[[2]bool](t, map[string]string{"[true]": " minItems", "[true,false,true]": " maxItems", "[1,2]": "/0 type, /1 type", "[]": " minItems"})
	type bounded struct {
		A []int    `json:"a" maxItems:"2"`
		B []int    `json:"b" maxItems:"2000"`
		C []string `json:"c" uniqueItems:"true" maxLength:"3"`
	}
	p := plan[bounded](t, codec.Limits{})
	many := strings.Repeat("1,", 1999) + "1"
	got, faults := decode[bounded](t, p, `{"a":[1,2],"b":[`+many+`],"c":["a","b"]}`)
	if faults != "" || len(got.B) != 2000 {
		t.Errorf("%d items and %q, want 2000", len(got.B), faults)
	}
	if _, faults = decode[bounded](t, p, `{"a":[1,2,"x"],"b":[`+many+`,1],"c":["abc","abc","long"]}`); faults != "/a maxItems, /b maxItems, /c/2 maxLength" {
		t.Errorf("got %q", faults)
	}
}

func TestMaps(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("k", 66)
	accepts(t, map[string]map[string]int{`{"` + long + `":1}`: {long: 1}, "{}": {}, `{"a":1,"\u0062":2,"":3}`: {"a": 1, "b": 2, "": 3}})
	refuses[map[string]int](t, map[string]string{
		"null": " null", "[]": " type", `{"a":1,"\u0061":2,"b":"x"}`: "/a duplicate, /b type", "{\"a\\u0000\":1}": "/a\x00 nul",
		`{"a/b~":"x"}`: "/a~1b~0 type", `{"` + strings.Repeat("x", 64<<10+1) + `":1}`: "/" + strings.Repeat("x", 64) + "… maxLength",
	})
	accepts(t, map[string]map[int8]string{`{"1":"a","-128":"b"}`: {1: "a", -128: "b"}})
	refuses[map[int8]string](t, map[string]string{`{"x":"a","128":"b","1":"c","1":"d"}`: "/x type, /128 range, /1 duplicate"})
	accepts(t, map[string]map[netip.Addr][]int{`{"::1":[1]}`: {netip.IPv6Loopback(): {1}}})
	refuses[map[netip.Addr]int](t, map[string]string{`{"::1":1,"0:0::1":2}`: "/0:0::1 duplicate"})
	var many strings.Builder
	for i := range 1001 {
		many.WriteString(`,"` + strings.Repeat("k", i+1) + `":1`)
	}
	refuses[map[string]int](t, map[string]string{"{" + many.String()[1:] + "}": " maxProperties"})
}

type tree []tree

type forest map[string]forest

func TestRecursiveTypes(t *testing.T) {
	t.Parallel()
	type leaf struct {
		Name string `json:"name"`
		Next *leaf  `json:"next"`
		Kids []leaf `json:"kids" maxItems:"3"`
	}
	accepts(t, map[string]leaf{
		`{"name":"a","next":{"name":"b","kids":[{"name":"c","kids":[]}]},"kids":[]}`: {
			Name: "a", Next: &leaf{Name: "b", Kids: []leaf{{Name: "c", Kids: []leaf{}}}}, Kids: []leaf{},
		},
	})
	refuses[leaf](t, map[string]string{`{"name":"a","next":{"name":1,"next":{"kids":[{}]}},"kids":[]}`: "/next/name type, /next/next/kids/0/name required, " +
		"/next/next/kids/0/kids required, /next/next/name required, /next/kids required"})
	accepts(t, map[string]tree{"[[],[[]]]": {{}, {{}}}})
	refuses[tree](t, map[string]string{"[[],[[1]]]": "/1/0/0 type"})
	accepts(t, map[string]forest{`{"a":{"b":{}}}`: {"a": {"b": {}}}})
}
