package message

import "github.com/tenon-go/tenon/problem"

// Catalogue is every text of the framework.
func Catalogue() []*problem.Text {
	return []*problem.Text{
		MinLength, MaxLength, Pattern, Minimum, ExclusiveMinimum, Maximum, ExclusiveMaximum, MultipleOf, Enum, EnumOfMany,
		MinItems, MaxItems, TooFewItems, TooManyItems, UniqueItems, MinProperties, MaxProperties, MaxBytes, MaxPixels, Accept, MaximumSkip,
		Required, RequiredVariant, Null, NullVariant, Duplicate, DuplicateMember, ReadOnly, UnknownMember, MisspeltMember,
		UnknownParameter, UnknownField, MaxLengthBytes, MaxLengthOfName, NUL, NULInName, Depth, Total, Grown, Invalid, CookieSyntax,
		DeepObject, FileNotValue, FileName, MediaTypeText, MediaTypeJSON, MediaTypeSyntax, Array, Boolean, Integer, Number, Object, String,
		UTF8, StringVariant, Form, JSON, Range, RangeFloat, RangeExact, RangeYears, RangeTime, RangeNumber, RangeLength, Text,
		Base64, Date, DateTime, Duration, Email, ETag, Hostname, HTTPDate, IPv4, IPv6, JSONPointer, Regex, RelativeJSONPointer,
		CIDR, Country, Currency, HTTPURL, MAC, PaymentCard, Phone, SemVer, ULID,
		Time, URI, URIReference, UUID, JSONEnds, JSONUnexpected, JSONTrailing, JSONNotUTF8, JSONControl, JSONEscape,
		JSONSurrogate, JSONNumber, JSONMark, JSONEmpty, Pairs, PairEscape, PairSemicolon, PairNotUTF8, PairOfCookie, Media,
		Gzip, Boundary, FormBegin, FormBoundary, FormTrailing, FormTruncated, FormParts, PartHeaderBytes, PartHeaders,
		PartNoHeader, PartLine, PartField, PartNoName, NotJSON, NotMedia, NotGzip, BodyTruncated, QuerySyntax, CookieHeader,
		FormSyntax, NoPath, Allowed, NotAcceptable, NoFormat, TwoFormats, BodyLate, BodySlow, Changed, Exists, SendIfNoneMatch, SendCondition,
		TargetBytes, ContentType, ContentTypes,
		Charset, Compressed, ContentCoding, SendIfMatch, Stopping, NoRoomForFiles,
		NoVersion, GoneVersion, VersionInHeader, VersionByDate, VersionInAccept, VersionInQuery,
	}
}
