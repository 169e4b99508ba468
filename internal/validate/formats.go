package validate

import (
	"errors"
	"net/netip"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/internal/ascii"
	"github.com/tenon-go/tenon/internal/duration"
)

// Format is what a tag may name: a form of text, by the word format, or a change of text, by the word transform. Its functions must
// be safe for concurrent use.
type Format struct {
	Check     func(string) bool
	Message   string // what a value must be: "must be …"
	Transform func(string) string
}

// Formats are the formats and transforms that a tag may name.
type Formats map[string]Format

// known are the sorted names of those that can do something.
func (f Formats) known(can func(Format) bool) string {
	var names []string
	for name, format := range f {
		if can(format) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// Builtin returns the formats and transforms of the framework, a fresh map each time. They are those of JSON Schema 2020-12 (validation,
// section 7.3) without the internationalised ones, and "password", which any text meets: it tells a form to hide what is typed.
//
//   - email: see isEmail; uuid: RFC 9562, section 4, with hyphens, in any case
//   - date, time, date-time: RFC 3339, section 5.6, leap seconds included
//   - duration: what a time.Duration reads, or calendar durations with years and months, by RFC 3339, appendix A
//   - uri: RFC 3986 with a scheme; uri-reference: with or without
//   - hostname: RFC 1123, ASCII; ipv4: dotted decimal; ipv6: RFC 4291 without a zone
//   - json-pointer: RFC 6901; relative-json-pointer: the draft that JSON Schema names
//   - regex: RE2, as pattern is
//
// The transforms follow Unicode: trim cuts white space at both ends, collapse does that and makes one space of each run within,
// lower and upper map letters one by one, whatever the language.
func Builtin() Formats {
	return Formats{
		"email":                 {Check: isEmail, Message: "must be an e-mail address such as name@example.com"},
		"uuid":                  {Check: isUUID, Message: "must be a UUID"},
		"date":                  {Check: isDate, Message: "must be a date such as 2006-01-02"},
		"time":                  {Check: isTime, Message: "must be a time with an offset, such as 15:04:05Z"},
		"date-time":             {Check: isDateTime, Message: "must be a date and time with an offset, such as 2006-01-02T15:04:05Z"},
		"duration":              {Check: isDuration, Message: "must be a duration such as P3DT12H"},
		"uri":                   {Check: isURI, Message: "must be a URI with a scheme, such as https://example.com/"},
		"uri-reference":         {Check: isURIReference, Message: "must be a URI or a relative reference"},
		"hostname":              {Check: isHostname, Message: "must be a host name such as www.example.com"},
		"ipv4":                  {Check: isIPv4, Message: "must be an IPv4 address such as 192.0.2.1"},
		"ipv6":                  {Check: isIPv6, Message: "must be an IPv6 address such as 2001:db8::1"},
		"json-pointer":          {Check: isJSONPointer, Message: "must be a JSON Pointer such as /items/0"},
		"relative-json-pointer": {Check: isRelativeJSONPointer, Message: "must be a relative JSON Pointer such as 1/name"},
		"regex":                 {Check: isRegex, Message: "must be a regular expression in the syntax of RE2"},
		"trim":                  {Transform: strings.TrimSpace},
		"collapse":              {Transform: func(s string) string { return strings.Join(strings.Fields(s), " ") }},
		"lower":                 {Transform: strings.ToLower},
		"upper":                 {Transform: strings.ToUpper},
		"password":              {Check: func(string) bool { return true }},
	}
}

// isUUID wants the 36 characters of RFC 9562, section 4.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if s[i] != '-' {
				return false
			}
		} else if !ascii.IsHex(s[i]) {
			return false
		}
	}
	return true
}

func isIPv4(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is4()
}

func isIPv6(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is6() && a.Zone() == "" && !strings.Contains(s, "%")
}

func isRegex(s string) bool {
	_, err := syntax.Parse(s, syntax.Perl)
	return err == nil
}

func isJSONPointer(s string) bool {
	if s != "" && s[0] != '/' {
		return false
	}
	for i := range len(s) {
		if s[i] == '~' && (i+1 == len(s) || (s[i+1] != '0' && s[i+1] != '1')) {
			return false
		}
	}
	return true
}

func isRelativeJSONPointer(s string) bool {
	if s == "" || s[0] == '-' {
		return false
	}
	rest, ok := integerPart(s)
	return ok && (rest == "#" || isJSONPointer(rest))
}

// isDuration is the grammar of RFC 3339, appendix A, with gaps (PT1H30S) and with a fraction of the seconds.
func isDuration(s string) bool {
	if _, err := duration.Parse(s); !errors.Is(err, duration.ErrForm) {
		return s[0] != '-'
	}
	rest, ok := strings.CutPrefix(s, "P")
	if !ok {
		return false
	}
	for _, unit := range []byte{'Y', 'M'} {
		if digits, ok := someDigits(rest); ok && digits != "" && digits[0] == unit {
			rest = digits[1:]
		}
	}
	if rest == "" {
		return len(s) > 1
	}
	_, err := duration.Parse("P" + rest)
	return !errors.Is(err, duration.ErrForm) && rest[len(rest)-1] != 'W'
}
