package tenon

import (
	"fmt"
	"net/textproto"
	"strings"
	"time"

	"github.com/tenon-go/tenon/internal/ascii"
)

// VersionBy says where a request names its version. The zero value is the path.
type VersionBy struct {
	kind versionKind
	name string // of the header field or parameter
}

type versionKind uint8

const (
	byPath versionKind = iota
	byHeader
	byDate
	byMediaType
	byQuery
)

// ByHeader reads the version from a header field of the request, such as API-Version.
func ByHeader(name string) VersionBy {
	return VersionBy{byHeader, textproto.CanonicalMIMEHeaderKey(name)}
}

// ByDate reads a date from a header field of the request, such as API-Version: 2026-03-01. The versions are named by dates, and the
// request gets the last one that is not after its date.
func ByDate(name string) VersionBy { return VersionBy{byDate, textproto.CanonicalMIMEHeaderKey(name)} }

// ByMediaType reads the version from a parameter of the media types of Accept, such as application/json; version=v1.
func ByMediaType(parameter string) VersionBy {
	return VersionBy{byMediaType, strings.ToLower(parameter)}
}

// ByQuery reads the version from a query parameter, such as ?version=v1.
func ByQuery(parameter string) VersionBy { return VersionBy{byQuery, parameter} }

// inHeader reports whether a header field of its own names the version.
func (b VersionBy) inHeader() bool { return b.kind == byHeader || b.kind == byDate }

// String says where the version stands.
func (b VersionBy) String() string {
	switch b.kind {
	case byHeader, byDate:
		return "in the header field " + b.name
	case byMediaType:
		return "in the parameter " + b.name + " of Accept"
	case byQuery:
		return "in the query parameter " + b.name
	}
	return "in the path"
}

func (b VersionBy) check() []error {
	if b.kind == byPath || ascii.IsToken(b.name) {
		return nil
	}
	return []error{fmt.Errorf("Versions: By: %q is no name for where the version stands", b.name)}
}

// isVersionDate reports whether text is a day, such as 2026-03-01. It does what time.Parse does with time.DateOnly, in a tenth of the
// time: each request by date asks.
func isVersionDate(text string) bool {
	if len(text) != len(time.DateOnly) || text[4] != '-' || text[7] != '-' {
		return false
	}
	year, month, day := decimal(text[:4]), decimal(text[5:7]), decimal(text[8:])
	if year < 0 || month < 1 || month > 12 || day < 1 {
		return false
	}
	last := 30 + (month+month/8)%2 // 31 in the odd months up to July, and in the even ones from August
	if month == 2 {
		last = 28
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			last = 29
		}
	}
	return day <= last
}

// decimal is the number that digits stand for, or less than 0.
func decimal(digits string) int {
	n := 0
	for i := range len(digits) {
		if !ascii.IsDigit(digits[i]) {
			return -1
		}
		n = 10*n + int(digits[i]-'0')
	}
	return n
}
