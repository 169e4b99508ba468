package validate_test

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"
	"uuid"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

// sku is a text type that words its own fault.
type sku string

func (s *sku) UnmarshalText(text []byte) error {
	switch string(text) {
	case "secret":
		return errors.New("the value secret is wrong")
	case "worded":
		return fmt.Errorf("sku: %w", problem.Fault{Code: "sku", Message: "must be an article number"})
	}
	*s = sku(text)
	return nil
}

func TestScalar(t *testing.T) {
	t.Parallel()
	moment := time.Date(2026, 1, 2, 3, 4, 5, 600, time.UTC)
	for _, tt := range []struct {
		name string
		read scalar
		text string
		want any
	}{
		{"true", read[bool], "true", true},
		{"false", read[bool], "false", false},
		{"an integer", read[int], "-42", -42},
		{"zero", read[int], "0", 0},
		{"minus zero", read[int], "-0", 0},
		{"the least int8", read[int8], "-128", int8(-128)},
		{"the largest int64", read[int64], "9223372036854775807", int64(math.MaxInt64)},
		{"the least int64", read[int64], "-9223372036854775808", int64(math.MinInt64)},
		{"the largest uint8", read[uint8], "255", uint8(255)},
		{"the largest uint64", read[uint64], "18446744073709551615", uint64(math.MaxUint64)},
		{"unsigned minus zero", read[uint16], "-0", uint16(0)},
		{"a float", read[float64], "-1.5e-3", -0.0015},
		{"a float32", read[float32], "0.1", float32(0.1)},
		{"the largest float", read[float64], "1.7976931348623157e308", math.MaxFloat64},
		{"a float too small is zero", read[float64], "1e-400", 0.0},
		{"an empty string", read[string], "", ""},
		{"a string", read[string], "a b\nü", "a b\nü"},
		{"a named string", read[color], "red", color("red")},
		{"bytes", read[[]byte], "AAEC/w==", []byte{0, 1, 2, 255}},
		{"no bytes", read[[]byte], "", []byte{}},
		{"a time", read[time.Time], "2026-01-02T03:04:05.0000006Z", moment},
		{"a duration", read[time.Duration], "PT1H30M", 90 * time.Minute},
		{"a UUID", read[uuid.UUID], "0192F0C1-7A55-7B2C-9F2E-0D6A1C2B3D4E", uuid.MustParse("0192f0c1-7a55-7b2c-9f2e-0d6a1c2b3d4e")},
		{"an address", read[netip.Addr], "192.0.2.1", netip.MustParseAddr("192.0.2.1")},
		{"a date", read[tenon.Date], "2026-02-28", tenon.Date{Year: 2026, Month: 2, Day: 28}},
		{"a text type", read[sku], "a-1", sku("a-1")},
		{"an Opt", read[tenon.Opt[int]], "1", tenon.Some(1)},
		{"a Null", read[tenon.Null[int]], "1", tenon.NotNull(1)},
		{"an Opt of Null", read[tenon.Opt[tenon.Null[int]]], "1", tenon.Some(tenon.NotNull(1))},
		{"a pointer", read[*int], "1", new(1)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, faults := tt.read(t, "", tt.text)
			if len(faults) != 0 || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("read %#v, %q, want %#v", got, faults, tt.want)
			}
		})
	}
}

func TestScalarRefuses(t *testing.T) {
	t.Parallel()
	const (
		integer = "type: must be an integer"
		number  = "type: must be a number"
		boolean = "type: must be true or false"
		base64  = "format: must be base64 text"
		moment  = "format: must be a date and time with an offset, such as 2006-01-02T15:04:05Z"
		lasting = "format: must be a duration such as PT1H30M"
	)
	for _, tt := range []struct {
		kind  string
		read  scalar
		want  string
		texts []string
	}{
		{"bool", read[bool], boolean, []string{"", "1", "0", "True", "TRUE", "yes", "on", " true", "null"}},
		{"int", read[int], integer, []string{"", "-", "+1", "01", "-01", "1.0", "1e3", "1_000", "0x10", " 1", "1 ", "٣", "one", "null", "--1"}},
		{"uint", read[uint], integer, []string{"", "-", "+1", "1.5", "00"}},
		{"float", read[float64], number, []string{"", ".5", "5.", "1e", "1e+", "+1", "01.5", "NaN", "Inf", "-Infinity", "0x1p-2", "1,5", "1_0"}},
		{"bytes", read[[]byte], base64, []string{"A", "AAE", "AAEC_w==", "AA==\n", "AB==", "A A=", "AAEC/w=="[:7]}},
		{"time", read[time.Time], moment, []string{
			"", "2026-01-02", "2026-01-02T03:04:05", "2026-01-02 03:04:05Z", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z",
			"2026-01-02T24:00:00Z", "2026-01-02T3:04:05Z", "2026-01-02T03:04:05,5Z", "2026-01-02t03:04:05z", "2026-01-02T03:04:05+24:00",
		}},
		{"duration", read[time.Duration], lasting, []string{"", "1h", "P", "P1Y", "P1M", "PT1.5H", "90"}},
		{"uuid", read[uuid.UUID], "format: must be a UUID", []string{
			"", "0192f0c17a557b2c9f2e0d6a1c2b3d4e", "{0192f0c1-7a55-7b2c-9f2e-0d6a1c2b3d4e}", "urn:uuid:0192f0c1-7a55-7b2c-9f2e-0d6a1c2b3d4e",
			"0192f0c1-7a55-7b2c-9f2e-0d6a1c2b3d4g",
		}},
		{"string", read[string], "type: must be text in UTF-8", []string{"\xff", "a\xc3"}},
		{"text", read[sku], "type: must be text in UTF-8", []string{"\xff"}},
		{"text with an error of its own is not quoted", read[sku], "format: must have the form of its type", []string{"secret"}},
		{"text with a fault of its own", read[sku], "sku: must be an article number", []string{"worded"}},
		{"text with U+0000", read[sku], "nul: must not hold the character U+0000", []string{"\x00"}},
		{"int8 range", read[int8], "range: must be from -128 to 127", []string{"128", "-129", "99999999999999999999999"}},
		{"int64 range", read[int64], "range: must be from -9223372036854775808 to 9223372036854775807", []string{"9223372036854775808", "100000000000000000000"}},
		{"uint8 range", read[uint8], "range: must be from 0 to 255", []string{"256", "-1", "99999999999999999999999"}},
		{"float range", read[float64], "range: must fit into a number of 64 bits", []string{"1e400", "-1e400"}},
		{"float32 range", read[float32], "range: must fit into a number of 32 bits", []string{"1e39"}},
		{"duration range", read[time.Duration], "range: must be within 292 years", []string{"P999999D"}},
		{"time range", read[time.Time], "range: must be in the years 0 to 9999 of UTC", []string{"0000-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"}},
	} {
		t.Run(tt.kind, func(t *testing.T) {
			t.Parallel()
			for _, text := range tt.texts {
				if _, got := tt.read(t, "", text); len(got) != 1 || got[0] != tt.want {
					t.Errorf("%q: faults %q, want %q", text, got, tt.want)
				}
			}
		})
	}
}

// wordless can be written as text but not read.
type wordless struct{}

func (wordless) MarshalText() ([]byte, error) { return nil, nil }

func TestScalarIsForScalars(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		err  error
		want string
	}{
		{"a struct", scalarError[struct{ A int }](t), "cannot be read from a text"},
		{"a slice", scalarError[[]int](t), "cannot be read from a text"},
		{"a type without UnmarshalText", scalarError[wordless](t), "has MarshalText but no UnmarshalText"},
	} {
		if tt.err == nil || !strings.Contains(tt.err.Error(), tt.want) {
			t.Errorf("%s: Scalar = %v, want %q", tt.name, tt.err, tt.want)
		}
	}
}

func scalarError[T any](t *testing.T) error {
	t.Helper()
	_, err := validate.Scalar(typeOf[T](t), nil)
	return err
}

func TestRangesAreThoseOfTheRules(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		read           scalar
		raw, text, say string
	}{
		{read[int], `minimum:"1"`, "100000000000000000000", "range: must be from 1 to 9223372036854775807"},
		{read[int], `minimum:"1" maximum:"149"`, "100000000000000000000", "range: must be from 1 to 149"},
		{read[int8], `exclusiveMinimum:"0" maximum:"9"`, "-200", "range: must be from 1 to 9"},
		{read[int8], `exclusiveMaximum:"10"`, "200", "range: must be from -128 to 9"},
		{read[uint8], `minimum:"5" exclusiveMaximum:"10"`, "256", "range: must be from 5 to 9"},
		{read[uint64], `minimum:"0"`, "-1", "range: must be from 0 to 18446744073709551615"},
	} {
		if _, got := tt.read(t, tt.raw, tt.text); len(got) != 1 || got[0] != tt.say {
			t.Errorf("%s under %s: faults %q, want %q", tt.text, tt.raw, got, tt.say)
		}
	}
}

func TestDefault(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		got  any
		want any
	}{
		{"a number", fallback[int](t, `default:"7" minimum:"1"`), 7},
		{"a Null", fallback[tenon.Null[string]](t, `default:"a"`), tenon.NotNull("a")},
		{"a list", fallback[[]int](t, `default:"1,2" maxItems:"2"`), []int{1, 2}},
		{"an empty list", fallback[[]string](t, `default:""`), []string{}},
		{"a duration", fallback[time.Duration](t, `default:"PT1M"`), time.Minute},
		{"JSON", fallback[custom](t, `default:"[1,2]"`), custom{1, 2}},
	} {
		if !reflect.DeepEqual(tt.got, tt.want) {
			t.Errorf("%s: Default = %#v, want %#v", tt.name, tt.got, tt.want)
		}
	}
}

func fallback[T any](t *testing.T, raw string) any {
	t.Helper()
	set, err := validate.Default(typeOf[T](t), rules(t, raw), validate.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	var v T
	set(reflect.ValueOf(&v).Elem())
	return v
}
