package validate_test

import (
	"encoding/base64"
	"encoding/json/jsontext"
	"math"
	"net"
	"net/mail"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
	"uuid"

	"github.com/tenon-go/tenon/internal/validate"
)

var (
	hostPattern     = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$`)
	calendarPattern = regexp.MustCompile(`^P(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d{1,9})?S)?)?)$`)
	leapPattern     = regexp.MustCompile(`:60[.Zz+-]`)
)

// FuzzFormats holds each format against a second opinion: what is accepted has the property, and for those with an exact rival
// the other way round too.
func FuzzFormats(f *testing.F) {
	for _, s := range []string{
		"name@example.com", "Admin <a@b.co>", "0192f0c1-7a55-7b2c-9f2e-0d6a1c2b3d4e", "2026-02-29", "15:04:05.5+01:00", "23:59:60Z",
		"2026-01-02T03:04:05Z", "P3Y6M4DT12H30M5S", "https://u@[::1]:80/a?b#c", "../a:b", "www.example.com", "192.0.2.1", "2001:db8::1", "/a~1b", "1#", "^a+$",
	} {
		f.Add(s)
	}
	formats := validate.Builtin()
	is := func(name, s string) bool { return formats[name].Check(s) }
	f.Fuzz(func(t *testing.T, s string) {
		for name, ok := range map[string]bool{
			"date":     parses(time.DateOnly, s),
			"ipv4":     net.ParseIP(s).To4() != nil && !strings.Contains(s, ":"),
			"ipv6":     net.ParseIP(s) != nil && strings.Contains(s, ":"),
			"hostname": len(s) <= 253 && hostPattern.MatchString(s) && !hasReserved(s),
			"duration": calendarPattern.MatchString(s) && s != "P" && !strings.HasSuffix(s, "T"),
			"regex":    compiles(s),
		} {
			if got := is(name, s); got != ok {
				t.Errorf("%s: %q is %v, the other reader says %v", name, s, got, ok)
			}
		}
		if is("email", s) {
			if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
				t.Errorf("email: %q is read as %v, %v", s, a, err)
			}
		}
		if is("uuid", s) {
			if _, err := uuid.Parse(s); err != nil {
				t.Errorf("uuid: %q: %v", s, err)
			}
		}
		if is("date-time", s) && !leapPattern.MatchString(s) && !parses(time.RFC3339, strings.ToUpper(s)) {
			t.Errorf("date-time: %q is refused by package time", s)
		}
		if is("uri", s) && !strings.ContainsAny(s, "[%") {
			if u, err := url.Parse(s); err != nil || !u.IsAbs() {
				t.Errorf("uri: %q is read as %v, %v", s, u, err)
			}
		}
		if utf8.ValidString(s) && is("json-pointer", s) != jsontext.Pointer(s).IsValid() {
			t.Errorf("json-pointer: %q is %v, the other reader disagrees", s, is("json-pointer", s))
		}
		if is("uri", s) && !is("uri-reference", s) {
			t.Errorf("%q is a uri and no uri-reference", s)
		}
		if is("email", s) && !is("hostname", s[strings.IndexByte(s, '@')+1:]) {
			t.Errorf("email: %q has no hostname", s)
		}
		is("relative-json-pointer", s)
		is("time", s)
	})
}

func parses(layout, s string) bool {
	_, err := time.Parse(layout, s)
	return err == nil
}

func compiles(s string) bool {
	_, err := regexp.Compile(s)
	return err == nil
}

func encodes(v any, s string) bool {
	data, ok := v.([]byte)
	return ok && base64.StdEncoding.EncodeToString(data) == s
}

// hasReserved reports hyphens at the third and fourth place of a label that is not an A-label.
func hasReserved(s string) bool {
	for label := range strings.SplitSeq(strings.ToLower(s), ".") {
		if len(label) >= 4 && label[2:4] == "--" && label[:2] != "xn" {
			return true
		}
	}
	return false
}

// FuzzScalar promises that what is accepted is the value that a second reader reads, and that what is refused has a fault.
func FuzzScalar(f *testing.F) {
	for _, s := range []string{
		"0", "-0", "42", "007", "+1", "9223372036854775808", "1e400", "0.1", "true", "a\x00", "\xff", "AAEC/w==", "AA==\n",
		"2026-01-02T03:04:05Z", "0000-01-01T00:00:00+01:00", "PT1H30M", "P2W", "0192f0c1-7a55-7b2c-9f2e-0d6a1c2b3d4e",
	} {
		f.Add(s)
	}
	int64s, int16s, uint64s, floats, bools := setter[int64](f), setter[int16](f), setter[uint64](f), setter[float64](f), setter[bool](f)
	texts, times, bytes := setter[string](f), setter[time.Time](f), setter[[]byte](f)
	f.Fuzz(func(t *testing.T, s string) {
		integer := jsontext.Value(s).IsValid() && !strings.ContainsAny(s, ".eE \t\r\n") && s != "" && (s[0] == '-' || '0' <= s[0] && s[0] <= '9')
		n, err := strconv.ParseInt(s, 10, 64)
		agree(t, "int64", int64s, s, integer && err == nil, n)
		small, err := strconv.ParseInt(s, 10, 16)
		agree(t, "int16", int16s, s, integer && err == nil, int16(small))
		u, err := strconv.ParseUint(s, 10, 64)
		agree(t, "uint64", uint64s, s, integer && (err == nil || s == "-0"), u)
		v := jsontext.Value(s)
		x, err := strconv.ParseFloat(s, 64)
		agree(t, "float64", floats, s, v.IsValid() && v.Kind() == '0' && strings.Trim(s, " \t\r\n") == s && err == nil && !math.IsInf(x, 0), x)
		agree(t, "bool", bools, s, s == "true" || s == "false", s == "true")
		agree(t, "string", texts, s, utf8.ValidString(s) && !strings.Contains(s, "\x00"), s)
		moment, err := time.Parse(time.RFC3339, s)
		strict := validate.Builtin()["date-time"].Check(s)
		inRange := moment.UTC().Year() >= 0 && moment.UTC().Year() <= 9999
		agree(t, "time", times, s, strict && err == nil && inRange, moment)
		if got, faults := bytes(s); len(faults) == 0 && !encodes(got, s) {
			t.Errorf("bytes: %q is read as %v", s, got)
		}
	})
}

// agree wants text read as want when ok, and otherwise refused.
func agree(t *testing.T, kind string, read func(string) (any, []string), text string, ok bool, want any) {
	t.Helper()
	got, faults := read(text)
	if moment, is := got.(time.Time); is && ok && len(faults) == 0 {
		if other, _ := want.(time.Time); !moment.Equal(other) {
			t.Errorf("%s: %q is %v, want %v", kind, text, got, want)
		}
		return
	}
	if ok != (len(faults) == 0) || (ok && got != want) {
		t.Errorf("%s: %q is %v, %q, want %v, accepted: %v", kind, text, got, faults, want, ok)
	}
}

// setter reads texts as a T without rules.
func setter[T any](tb testing.TB) func(text string) (any, []string) {
	tb.Helper()
	set, err := validate.Scalar(typeOf[T](tb), nil)
	if err != nil {
		tb.Fatal(err)
	}
	return func(text string) (any, []string) {
		var v T
		var f validate.Faults
		set(reflect.ValueOf(&v).Elem(), text, &f)
		return v, said(&f)
	}
}
