package validate

import (
	"errors"
	"net/netip"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/internal/ascii"
	"github.com/tenon-go/tenon/internal/duration"
	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/problem"
)

// Format is what a tag may name: a form of text, by the word format, or a change of text, by the word transform. Its functions must
// be safe for concurrent use.
type Format struct {
	Check     func(string) bool
	Fault     problem.Fault // what is said of a value that has not the form
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
// and these, which JSON Schema has not:
//
//   - http-url: a URL of http or https with a host and without a user; cidr: a network of IPv4 or IPv6
//   - phone: E.164; payment-card: digits with the check digit of ISO/IEC 7812-1
//   - country: ISO 3166-1 alpha-2; currency: ISO 4217, in the lists of 2026
//   - ulid: 26 digits of Crockford's base 32; mac: EUI-48 or EUI-64; semver: Semantic Versioning 2.0.0
//
// The transforms follow Unicode: trim cuts white space at both ends, collapse does that and makes one space of each run within,
// lower and upper map letters one by one, whatever the language.
func Builtin() Formats {
	return Formats{
		"email":                 {Check: isEmail, Fault: message.Email.With()},
		"uuid":                  {Check: isUUID, Fault: message.UUID.With()},
		"date":                  {Check: isDate, Fault: message.Date.With()},
		"time":                  {Check: isTime, Fault: message.Time.With()},
		"date-time":             {Check: isDateTime, Fault: message.DateTime.With()},
		"duration":              {Check: isDuration, Fault: message.Duration.With()},
		"uri":                   {Check: isURI, Fault: message.URI.With()},
		"uri-reference":         {Check: isURIReference, Fault: message.URIReference.With()},
		"hostname":              {Check: isHostname, Fault: message.Hostname.With()},
		"ipv4":                  {Check: isIPv4, Fault: message.IPv4.With()},
		"ipv6":                  {Check: isIPv6, Fault: message.IPv6.With()},
		"json-pointer":          {Check: isJSONPointer, Fault: message.JSONPointer.With()},
		"relative-json-pointer": {Check: isRelativeJSONPointer, Fault: message.RelativeJSONPointer.With()},
		"regex":                 {Check: isRegex, Fault: message.Regex.With()},
		"http-url":              {Check: isHTTPURL, Fault: message.HTTPURL.With()},
		"cidr":                  {Check: isCIDR, Fault: message.CIDR.With()},
		"phone":                 {Check: isPhone, Fault: message.Phone.With()},
		"payment-card":          {Check: isPaymentCard, Fault: message.PaymentCard.With()},
		"country":               {Check: isCountry, Fault: message.Country.With()},
		"currency":              {Check: isCurrency, Fault: message.Currency.With()},
		"ulid":                  {Check: isULID, Fault: message.ULID.With()},
		"mac":                   {Check: isMAC, Fault: message.MAC.With()},
		"semver":                {Check: isSemVer, Fault: message.SemVer.With()},
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
