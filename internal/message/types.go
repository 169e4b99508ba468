package message

import "github.com/tenon-go/tenon/problem"

// What is said of a value that has not the form of its type.
var (
	Array         = problem.DefineText("type", "must be an array").Fix("type", "array")
	Boolean       = problem.DefineText("type", "must be true or false").Fix("type", "boolean")
	Integer       = problem.DefineText("type", "must be an integer").Fix("type", "integer")
	Number        = problem.DefineText("type", "must be a number").Fix("type", "number")
	Object        = problem.DefineText("type", "must be an object").Fix("type", "object")
	String        = problem.DefineText("type", "must be a string").Fix("type", "string")
	UTF8          = problem.DefineText("type", "must be text in UTF-8").Fix("type", "utf-8")
	StringVariant = problem.DefineText("type", "must be a string, and must be one of {values}").
			One("must be a string, and must be {values}").Fix("type", "string")
	Form = problem.DefineText("type", "does not have the right form")
	JSON = problem.DefineText("type", "must be JSON that the type accepts").Fix("type", "json")

	Range       = problem.DefineText("range", "must be from {minimum} to {maximum}")
	RangeFloat  = problem.DefineText("range", "must fit into a number of {bits} bits")
	RangeExact  = problem.DefineText("range", "must be a number that a float of {exactBits} bits holds")
	RangeYears  = problem.DefineText("range", "must be in the years {minimum} to {maximum} of UTC").Fix("of", "year")
	RangeTime   = problem.DefineText("range", "must be within {years} years")
	RangeNumber = problem.DefineText("range", "must be a number that the type can hold")
	RangeLength = problem.DefineText("range", "must be written in {maxLength} characters or fewer")
)

// What a named format says of a text that has it not.
var (
	Text                = problem.DefineText("format", "must have the form of its type")
	Base64              = problem.DefineText("format", "must be base64 text").Fix("format", "base64")
	CIDR                = problem.DefineText("format", "must be a network such as 192.0.2.0/24").Fix("format", "cidr")
	Country             = problem.DefineText("format", "must be the code of a country in two capital letters, such as SE").Fix("format", "country")
	Currency            = problem.DefineText("format", "must be the code of a currency in three capital letters, such as EUR").Fix("format", "currency")
	Date                = problem.DefineText("format", "must be a date such as 2006-01-02").Fix("format", "date")
	DateTime            = problem.DefineText("format", "must be a date and time with an offset, such as 2006-01-02T15:04:05Z").Fix("format", "date-time")
	Duration            = problem.DefineText("format", "must be a duration such as PT1H30M").Fix("format", "duration")
	Email               = problem.DefineText("format", "must be an e-mail address such as name@example.com").Fix("format", "email")
	ETag                = problem.DefineText("format", `must be an entity tag in quotes, such as "7", or *`).Fix("format", "etag")
	Hostname            = problem.DefineText("format", "must be a host name such as www.example.com").Fix("format", "hostname")
	HTTPDate            = problem.DefineText("format", "must be an HTTP date such as Mon, 02 Jan 2006 15:04:05 GMT").Fix("format", "http-date")
	HTTPURL             = problem.DefineText("format", "must be a URL of http or https, such as https://example.com/").Fix("format", "http-url")
	IPv4                = problem.DefineText("format", "must be an IPv4 address such as 192.0.2.1").Fix("format", "ipv4")
	IPv6                = problem.DefineText("format", "must be an IPv6 address such as 2001:db8::1").Fix("format", "ipv6")
	JSONPointer         = problem.DefineText("format", "must be a JSON Pointer such as /items/0").Fix("format", "json-pointer")
	MAC                 = problem.DefineText("format", "must be a MAC address such as 02:00:5e:10:00:01").Fix("format", "mac")
	PaymentCard         = problem.DefineText("format", "must be the number of a payment card, in digits alone").Fix("format", "payment-card")
	Phone               = problem.DefineText("format", "must be a phone number with the code of its country, such as +46701234567").Fix("format", "phone")
	Regex               = problem.DefineText("format", "must be a regular expression in the syntax of RE2").Fix("format", "regex")
	RelativeJSONPointer = problem.DefineText("format", "must be a relative JSON Pointer such as 1/name").Fix("format", "relative-json-pointer")
	SemVer              = problem.DefineText("format", "must be a semantic version such as 1.2.3").Fix("format", "semver")
	Time                = problem.DefineText("format", "must be a time with an offset, such as 15:04:05Z").Fix("format", "time")
	ULID                = problem.DefineText("format", "must be a ULID such as 01ARZ3NDEKTSV4RRFFQ69G5FAV").Fix("format", "ulid")
	URI                 = problem.DefineText("format", "must be a URI with a scheme, such as https://example.com/").Fix("format", "uri")
	URIReference        = problem.DefineText("format", "must be a URI or a relative reference").Fix("format", "uri-reference")
	UUID                = problem.DefineText("format", "must be a UUID").Fix("format", "uuid")
)
