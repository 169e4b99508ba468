// Package message holds every text that the framework tells a client, as templates with codes and named parameters. No other package
// writes one of its own, so the catalogue is whole, and what it lists can be said in another language.
package message

import "github.com/tenon-go/tenon/problem"

// What the rules of a tag say of a value.
var (
	MinLength        = problem.DefineText("minLength", "must have {minLength} characters or more").One("must have {minLength} character or more")
	MaxLength        = problem.DefineText("maxLength", "must have {maxLength} characters or fewer").One("must have {maxLength} character or fewer")
	Pattern          = problem.DefineText("pattern", "must match the pattern {pattern}")
	Minimum          = problem.DefineText("minimum", "must be {minimum} or more")
	ExclusiveMinimum = problem.DefineText("exclusiveMinimum", "must be more than {exclusiveMinimum}")
	Maximum          = problem.DefineText("maximum", "must be {maximum} or less")
	ExclusiveMaximum = problem.DefineText("exclusiveMaximum", "must be less than {exclusiveMaximum}")
	MultipleOf       = problem.DefineText("multipleOf", "must be a multiple of {multipleOf}")
	Enum             = problem.DefineText("enum", "must be one of {values}").One("must be {values}")
	EnumOfMany       = problem.DefineText("enum", "must be one of the {count} allowed values")
	MinItems         = problem.DefineText("minItems", "must have {minItems} items or more").One("must have {minItems} item or more")
	MaxItems         = problem.DefineText("maxItems", "must have {maxItems} items or fewer").One("must have {maxItems} item or fewer")
	TooFewItems      = problem.DefineText("minItems", "must have exactly {items} items").One("must have exactly {items} item")
	TooManyItems     = problem.DefineText("maxItems", "must have exactly {items} items").One("must have exactly {items} item")
	UniqueItems      = problem.DefineText("uniqueItems", "must not repeat an item")
	MinProperties    = problem.DefineText("minProperties", "must have {minProperties} members or more").One("must have {minProperties} member or more")
	MaxProperties    = problem.DefineText("maxProperties", "must have {maxProperties} members or fewer").One("must have {maxProperties} member or fewer")
	MaxBytes         = problem.DefineText("maxBytes", "must have {maxBytes} bytes or fewer").One("must have {maxBytes} byte or fewer")
	Accept           = problem.DefineText("accept", "must be a file of type {types}")
	MaximumSkip      = problem.DefineText("maximum", "must not skip more than {maxOffset} items")
)

// What is said of the presence of a value, and of names.
var (
	Required         = problem.DefineText("required", "is required")
	RequiredVariant  = problem.DefineText("required", "is required, and must be one of {values}").One("is required, and must be {values}")
	Null             = problem.DefineText("null", "must not be null")
	NullVariant      = problem.DefineText("null", "must not be null, and must be one of {values}").One("must not be null, and must be {values}")
	Duplicate        = problem.DefineText("duplicate", "must be given only once")
	DuplicateMember  = problem.DefineText("duplicate", "must not hold an object that repeats a member").Fix("of", "member")
	ReadOnly         = problem.DefineText("readOnly", "is read-only and must be left out")
	UnknownMember    = problem.DefineText("unknown", "is not a known member").Fix("of", "member")
	MisspeltMember   = problem.DefineText("unknown", "is not a known member: names are case sensitive, did you mean {similar}?").Fix("of", "member")
	UnknownParameter = problem.DefineText("unknown", "is not a parameter of this operation").Fix("of", "parameter")
	UnknownField     = problem.DefineText("unknown", "is not a field of this form").Fix("of", "form")
	MaxLengthBytes   = problem.DefineText("maxLength", "must have {maxBytes} bytes or fewer").One("must have {maxBytes} byte or fewer")
	MaxLengthOfName  = problem.DefineText("maxLength", "must have a name of {maxBytes} bytes or fewer").Fix("of", "name")
	NUL              = problem.DefineText("nul", "must not hold the character U+0000")
	NULInName        = problem.DefineText("nul", "must have a name without the character U+0000").Fix("of", "name")
	Depth            = problem.DefineText("depth", "must not be nested more than {depth} levels deep").One("must not be nested more than {depth} level deep")
	Total            = problem.DefineText("total", "must not bring the body to more than {total} items and members")
	Grown            = problem.DefineText("total", "must not become longer, with the other texts of the request, than the service keeps").Fix("of", "text")
	Invalid          = problem.DefineText("invalid", "is not valid")
	CookieSyntax     = problem.DefineText("syntax", "must not hold a space, quote, comma, backslash or letter beyond ASCII").Fix("reason", "cookie-value")
	DeepObject       = problem.DefineText("format", "must be written as {name}[name]=value, with one pair of brackets").Fix("format", "deepObject")
	FileNotValue     = problem.DefineText("type", "must be a value, not a file").Fix("type", "value")
	FileName         = problem.DefineText("fileName", "must have a file name in UTF-8 of {maxBytes} bytes or fewer, without control characters")
	MediaTypeText    = problem.DefineText("mediaType", "must be text/plain in UTF-8").Fix("mediaType", "text/plain")
	MediaTypeJSON    = problem.DefineText("mediaType", "must be application/json in UTF-8").Fix("mediaType", "application/json")
	MediaTypeSyntax  = problem.DefineText("mediaType", "must have a media type that can be read")
)
