package validate

import (
	"errors"
	"net/netip"
	"regexp/syntax"
	"strings"

	"github.com/tenon-go/tenon/internal/duration"
)

// Format is a named form of text. Check must be safe for concurrent use; Message says what a value must be ("must be …").
type Format struct {
	Check   func(string) bool
	Message string
}

// Formats are the formats that a tag may name.
type Formats map[string]Format

// Builtin returns the formats of the framework, a fresh map each time. They are those of JSON Schema 2020-12 (validation,
// section 7.3) without the internationalised ones, and "password", which any text meets: it tells a form to hide what is typed.
//
//   - email: see isEmail; uuid: RFC 9562, section 4, with hyphens, in any case
//   - date, time, date-time: RFC 3339, section 5.6, leap seconds included
//   - duration: what a time.Duration reads, or calendar durations with years and months, by RFC 3339, appendix A
//   - uri: RFC 3986 with a scheme; uri-reference: with or without
//   - hostname: RFC 1123, ASCII; ipv4: dotted decimal; ipv6: RFC 4291 without a zone
//   - json-pointer: RFC 6901; relative-json-pointer: the draft that JSON Schema names
//   - regex: RE2, as pattern is
func Builtin() Formats {
	return Formats{
		"email":                 {isEmail, "must be an e-mail address such as name@example.com"},
		"uuid":                  {isUUID, "must be a UUID"},
		"date":                  {isDate, "must be a date such as 2006-01-02"},
		"time":                  {isTime, "must be a time with an offset, such as 15:04:05Z"},
		"date-time":             {isDateTime, "must be a date and time with an offset, such as 2006-01-02T15:04:05Z"},
		"duration":              {isDuration, "must be a duration such as P3DT12H"},
		"uri":                   {isURI, "must be a URI with a scheme, such as https://example.com/"},
		"uri-reference":         {isURIReference, "must be a URI or a relative reference"},
		"hostname":              {isHostname, "must be a host name such as www.example.com"},
		"ipv4":                  {isIPv4, "must be an IPv4 address such as 192.0.2.1"},
		"ipv6":                  {isIPv6, "must be an IPv6 address such as 2001:db8::1"},
		"json-pointer":          {isJSONPointer, "must be a JSON Pointer such as /items/0"},
		"relative-json-pointer": {isRelativeJSONPointer, "must be a relative JSON Pointer such as 1/name"},
		"regex":                 {isRegex, "must be a regular expression in the syntax of RE2"},
		"password":              {func(string) bool { return true }, ""},
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
		} else if !isHex(s[i]) {
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
