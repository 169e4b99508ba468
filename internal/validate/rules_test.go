package validate_test

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
	"uuid"

	"github.com/tenon-go/tenon/internal/validate"
)

type color string

func (color) Enum() []color { return []color{"red", "green"} }

type level int8

func (level) Enum() []level { return []level{1, 5, -3} }

func TestRules(t *testing.T) {
	t.Parallel()
	const over53 = `minimum:"9007199254740993"`
	for _, tt := range []struct {
		name string
		read scalar
		tag  string
		text string
		want string // faults, joined with |
	}{
		{"a length at the minimum passes", read[string], `minLength:"2"`, "ab", ""},
		{"a length below the minimum", read[string], `minLength:"2"`, "a", "minLength: must have 2 characters or more"},
		{"one is singular", read[string], `minLength:"1"`, "", "minLength: must have 1 character or more"},
		{"a length at the maximum passes", read[string], `maxLength:"3"`, "abc", ""},
		{"a length above the maximum", read[string], `maxLength:"3"`, "abcd", "maxLength: must have 3 characters or fewer"},
		{"lengths are code points, not bytes", read[string], `maxLength:"3"`, "äöü", ""},
		{"four bytes are one code point", read[string], `minLength:"2"`, "😀", "minLength: must have 2 characters or more"},
		{"eight bytes may be two code points", read[string], `minLength:"2" maxLength:"2"`, "😀😀", ""},
		{"a combining mark is a code point", read[string], `maxLength:"1"`, "e\u0301", "maxLength: must have 1 character or fewer"},
		{"a maximum of 0 leaves the empty string", read[string], `maxLength:"0"`, "a", "maxLength: must have 0 characters or fewer"},
		{"a pattern is not anchored", read[string], `pattern:"b"`, "abc", ""},
		{"a pattern that does not match", read[string], `pattern:"^[a-z]+$"`, "a1", "pattern: must match the pattern ^[a-z]+$"},
		{"a format", read[string], `format:"email"`, "x", "format: must be an e-mail address such as name@example.com"},
		{"an enum", read[string], `enum:"red,green"`, "blue", "enum: must be one of red, green"},
		{"an enum is exact", read[string], `enum:"red,green"`, "Red", "enum: must be one of red, green"},
		{"an enum of one", read[string], `enum:"red"`, "blue", "enum: must be red"},
		{"a type's own enum", read[color], ``, "blue", "enum: must be one of red, green"},
		{"a tag narrows a type's enum", read[color], `enum:"red"`, "green", "enum: must be red"},
		{
			"every broken rule is reported", read[string], `minLength:"2" pattern:"^2" format:"date" enum:"2026-01-01"`, "a",
			"minLength: must have 2 characters or more|pattern: must match the pattern ^2|format: must be a date such as 2006-01-02|enum: must be 2026-01-01",
		},
		{"U+0000 needs no rule", read[string], ``, "a\x00", "nul: must not hold the character U+0000"},

		{"a number at the minimum passes", read[int], `minimum:"1"`, "1", ""},
		{"a number below the minimum", read[int], `minimum:"1"`, "0", "minimum: must be 1 or more"},
		{"a number at the maximum passes", read[int], `maximum:"149"`, "149", ""},
		{"a number above the maximum", read[int], `maximum:"149"`, "150", "maximum: must be 149 or less"},
		{"an excluded minimum", read[int], `exclusiveMinimum:"0"`, "0", "exclusiveMinimum: must be more than 0"},
		{"an excluded maximum", read[int], `exclusiveMaximum:"10"`, "10", "exclusiveMaximum: must be less than 10"},
		{"a bound beyond 2^53 is exact, below", read[int64], over53, "9007199254740992", "minimum: must be 9007199254740993 or more"},
		{"a bound beyond 2^53 is exact, at", read[int64], over53, "9007199254740993", ""},
		{"the widest unsigned bound is exact", read[uint64], `maximum:"18446744073709551614"`, "18446744073709551615", "maximum: must be 18446744073709551614 or less"},
		{"a bound may have an exponent", read[int], `maximum:"1e3"`, "1001", "maximum: must be 1e3 or less"},
		{"a multiple", read[int], `multipleOf:"5"`, "-10", ""},
		{"not a multiple", read[int], `multipleOf:"5"`, "7", "multipleOf: must be a multiple of 5"},
		{"an unsigned multiple", read[uint], `multipleOf:"5"`, "7", "multipleOf: must be a multiple of 5"},
		{"an enum of integers", read[int], `enum:"1,3"`, "2", "enum: must be one of 1, 3"},
		{"a type's own enum of integers", read[level], ``, "2", "enum: must be one of 1, 5, -3"},
		{"a type's own enum, present", read[level], ``, "-3", ""},

		{"a float at its bound", read[float64], `maximum:"0.1"`, "0.1", ""},
		{"a float32 at its bound", read[float32], `maximum:"0.1"`, "0.1", ""},
		{"a float above its bound", read[float64], `maximum:"0.1"`, "0.11", "maximum: must be 0.1 or less"},
		{"a float at an excluded bound", read[float32], `exclusiveMaximum:"0.1"`, "0.1", "exclusiveMaximum: must be less than 0.1"},
		{"0.3 is a multiple of 0.1", read[float64], `multipleOf:"0.1"`, "0.3", ""},
		{"so it is in 32 bits", read[float32], `multipleOf:"0.1"`, "0.3", ""},
		{"0.35 is not", read[float64], `multipleOf:"0.1"`, "0.35", "multipleOf: must be a multiple of 0.1"},
		{"zero is a multiple of anything", read[float64], `multipleOf:"7"`, "0", ""},
		{"prices have cents", read[float64], `multipleOf:"0.01"`, "19.99", ""},
		{"prices have cents, negative", read[float64], `multipleOf:"0.01"`, "-19.999", "multipleOf: must be a multiple of 0.01"},
		{"a large float", read[float64], `multipleOf:"3"`, "3e300", ""},
		{"a large float that is none", read[float64], `multipleOf:"7"`, "1e300", "multipleOf: must be a multiple of 7"},
		{"a small float", read[float64], `multipleOf:"1"`, "1e-300", "multipleOf: must be a multiple of 1"},
		{"a large multiple", read[float64], `multipleOf:"1e300"`, "5e300", ""},
		{"an enum of floats", read[float64], `enum:"0.5,1"`, "1.0", ""},

		{"string words judge the text of a type", read[uuid.UUID], `pattern:"^0"`, "1192f0c1-7a55-7b2c-9f2e-0d6a1c2b3d4e", "pattern: must match the pattern ^0"},
		{"also of bytes", read[[]byte], `maxLength:"4"`, "AAECAwQF", "maxLength: must have 4 characters or fewer"},
		{"also of a duration", read[time.Duration], `pattern:"H"`, "PT1M", "pattern: must match the pattern H"},
		{"also of a time", read[time.Time], `pattern:"Z$" format:"date-time"`, "2026-01-02T03:04:05+01:00", "pattern: must match the pattern Z$"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, got := tt.read(t, tt.tag, tt.text); strings.Join(got, "|") != tt.want {
				t.Errorf("faults %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLongEnumsAreNotListed(t *testing.T) {
	t.Parallel()
	raw := `enum:"1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21"`
	_, got := read[string](t, raw, "x")
	if want := "enum: must be one of the 21 allowed values"; len(got) != 1 || got[0] != want {
		t.Errorf("faults %q, want %q", got, want)
	}
}

func TestFloatRefusesNaN(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{`minimum:"0"`, `maximum:"0"`, `exclusiveMinimum:"0"`, `multipleOf:"1"`} {
		checks, errs := validate.Compile(typeOf[float64](t), rules(t, raw), nil)
		if errs != nil {
			t.Fatal(errs)
		}
		var f validate.Faults
		if checks.Float(math.NaN(), &f); f.Len() != 1 {
			t.Errorf("%s lets NaN pass", raw)
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		compile func(testing.TB, string) string
		tag     string
		want    string
	}{
		{"a string word on a number", compile[int], `minLength:"1"`, "tag minLength is for strings, not for int"},
		{"a number word on a string", compile[string], `minimum:"1"`, "tag minimum is for numbers, not for string"},
		{"an array word on a string", compile[string], `minItems:"1"`, "tag minItems is for slices and maps, not for string"},
		{"a number word on a text type", compile[uuid.UUID], `minimum:"1"`, "tag minimum is for numbers"},
		{"a number word on a JSON type", compile[custom], `maximum:"1"`, "tag maximum is for numbers"},
		{"a string word on a JSON type", compile[custom], `pattern:"x"`, "tag pattern is for strings"},
		{"a word on a bool", compile[bool], `enum:"true"`, "tag enum is for strings and numbers, not for bool"},
		{"a word on an object", compile[struct{ A int }], `format:"email"`, "tag format is for strings"},
		{"unique members of a map", compile[map[string]int], `uniqueItems:"true"`, "tag uniqueItems is for slices and arrays"},
		{"a count on a fixed array", compile[[2]int], `minItems:"1"`, "tag minItems is for slices and maps"},
		{"an unknown format", compile[string], `format:"e-mail"`, `tag format: "e-mail" is not known, want one of cidr, country, currency, date, date-time`},
		{"another format on a time", compile[time.Time], `format:"date"`, "has the format date-time, not date"},
		{"lengths that exclude each other", compile[string], `minLength:"2" maxLength:"1"`, "minLength 2 is more than maxLength 1"},
		{"counts that exclude each other", compile[[]int], `minItems:"2" maxItems:"1"`, "minItems 2 is more than maxItems 1"},
		{"bounds that exclude each other", compile[int], `minimum:"2" maximum:"1"`, "minimum and maximum exclude every value"},
		{"equal bounds of which one is excluded", compile[float64], `minimum:"1" exclusiveMaximum:"1"`, "minimum and exclusiveMaximum exclude every value"},
		{"a bound outside the width", compile[int8], `maximum:"128"`, "tag maximum: 128 lies outside the type (int8)"},
		{"a bound outside 64 bits", compile[int64], `maximum:"9223372036854775808"`, "lies outside the type (int64)"},
		{"a negative bound of an unsigned type", compile[uint8], `minimum:"-1"`, "tag minimum: -1 lies outside the type (uint8)"},
		{"a bound outside a float", compile[float32], `maximum:"1e39"`, "lies outside the type (float32)"},
		{"a bound with an absurd exponent", compile[int], `maximum:"1e999999999"`, "lies outside the type (int)"},
		{"a fractional bound of an integer", compile[int], `minimum:"0.5"`, "tag minimum: 0.5 is not a whole number (int)"},
		{"a fractional multiple of an integer", compile[int], `multipleOf:"0.5"`, "is not a whole number"},
		{"a multiple of zero", compile[int], `multipleOf:"0"`, "is not above 0"},
		{"a float multiple of zero", compile[float64], `multipleOf:"0.0"`, "is not a number above 0"},
		{"a negative multiple", compile[float64], `multipleOf:"-0.1"`, "is not a number above 0"},
		{"an enum value of another kind", compile[int], `enum:"1,two"`, `tag enum: "two" breaks type: must be an integer`},
		{"an enum value that a rule refuses", compile[int], `enum:"1,2" maximum:"1"`, `tag enum: "2" breaks maximum: must be 1 or less`},
		{"an enum value that the text type refuses", compile[uuid.UUID], `enum:"x"`, `tag enum: "x" breaks format: must be a UUID`},
		{"an enum value that the type has not", compile[color], `enum:"red,blue"`, `tag enum: "blue" is not a value of`},
		{"a default that breaks a rule", compile[int], `default:"0" minimum:"1"`, `tag default: "0" breaks minimum: must be 1 or more`},
		{"a default of another kind", compile[int], `default:"x"`, `tag default: "x" breaks type: must be an integer`},
		{"a default outside the width", compile[uint8], `default:"256"`, `breaks range: must be from 0 to 255`},
		{"a default outside the type's enum", compile[color], `default:"blue"`, "breaks enum"},
		{"a default whose item breaks a rule", compile[[]int], `default:"1,0" minimum:"1"`, `tag default: "1,0" breaks minimum at /1: must be 1 or more`},
		{"a default with too few items", compile[[]int], `default:"" minItems:"1"`, "breaks minItems"},
		{"a default that repeats an item", compile[[]int], `default:"1,1" uniqueItems:"true"`, "breaks uniqueItems"},
		{"a default of an object", compile[struct{ A int }], `default:"{}"`, "cannot be written in a tag"},
		{"a default that the type's JSON refuses", compile[custom], `default:"{"`, "breaks type"},
		{"an example that breaks a rule", compile[string], `example:"x" format:"email"`, `tag example: "x" breaks format`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.compile(t, tt.tag); !strings.Contains(got, tt.want) {
				t.Errorf("Compile = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCompileRefusesAFormatWithoutACheck(t *testing.T) {
	t.Parallel()
	_, errs := validate.Compile(typeOf[string](t), rules(t, `format:"sku"`), validate.Formats{"sku": {}})
	if len(errs) != 1 || errs[0].Error() != `tag format: "sku" has no check` {
		t.Errorf("Compile = %v", errs)
	}
}

func TestCompileAccepts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		compile func(testing.TB, string) string
		tag     string
	}{
		{"words for the items of a slice", compile[[]string], `minLength:"1" enum:"a,b" minItems:"1" default:"a,b"`},
		{"counts on a map", compile[map[string]int], `minItems:"1" maxItems:"2" minimum:"1"`},
		{"an example of an object, for the reader", compile[struct{ A int }], `example:"{}"`},
		{"a default in JSON", compile[custom], `default:"[1]"`},
		{"the format that the type has", compile[time.Duration], `format:"duration"`},
		{"a pointer's words are those of its type", compile[*int], `minimum:"1" example:"1"`},
		{"bounds that leave one value", compile[int], `minimum:"1" maximum:"1"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.compile(t, tt.tag); got != "" {
				t.Errorf("Compile = %q", got)
			}
		})
	}
}

func TestChecksCostNoAllocation(t *testing.T) { //nolint:paralleltest // it counts the allocations of the process
	text, errs := validate.Compile(typeOf[string](t), rules(t, `minLength:"3" maxLength:"9" pattern:"^[a-z.@é]+$" format:"email" enum:"a@b.co,é@b.co"`), validate.Formats{
		"email": {Check: func(string) bool { return true }},
	})
	if errs != nil {
		t.Fatal(errs)
	}
	number, errs := validate.Compile(typeOf[float64](t), rules(t, `minimum:"0" multipleOf:"0.01"`), nil)
	if errs != nil {
		t.Fatal(errs)
	}
	list, errs := validate.Compile(typeOf[[]string](t), rules(t, `minItems:"1" uniqueItems:"true"`), nil)
	if errs != nil {
		t.Fatal(errs)
	}
	items := reflect.ValueOf([]string{"a", "b", "c"})
	var f validate.Faults
	allocs := testing.AllocsPerRun(100, func() {
		text.String("é@b.co", &f)
		number.Float(19.99, &f)
		list.Items(3, &f)
		list.Unique(items, &f)
	})
	if allocs != 0 || f.Len() != 0 {
		t.Errorf("%v allocations, faults %q, want none", allocs, said(&f))
	}
}
