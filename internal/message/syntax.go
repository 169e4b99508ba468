package message

import "github.com/tenon-go/tenon/problem"

// Why a JSON text cannot be read.
var (
	JSONEnds       = problem.DefineText("json", "the text ends too early at byte {byte}").Fix("reason", "truncated")
	JSONUnexpected = problem.DefineText("json", "unexpected character at byte {byte}").Fix("reason", "unexpected")
	JSONTrailing   = problem.DefineText("json", "unexpected data after the value at byte {byte}").Fix("reason", "trailing")
	JSONNotUTF8    = problem.DefineText("json", "ill-formed UTF-8 at byte {byte}").Fix("reason", "utf-8")
	JSONControl    = problem.DefineText("json", "unescaped control character in a string at byte {byte}").Fix("reason", "control-character")
	JSONEscape     = problem.DefineText("json", "unknown escape sequence in a string at byte {byte}").Fix("reason", "escape")
	JSONSurrogate  = problem.DefineText("json", "surrogate without its pair in a string at byte {byte}").Fix("reason", "surrogate")
	JSONNumber     = problem.DefineText("json", "unfinished number at byte {byte}").Fix("reason", "number")
	JSONMark       = problem.DefineText("json", "unexpected byte order mark at byte {byte}").Fix("reason", "byte-order-mark")
	JSONEmpty      = problem.DefineText("json", "the body is empty at byte {byte}").Fix("reason", "empty")
)

// Why pairs of names and values, in a query string, in cookies or in a form, cannot be read.
var (
	Pairs         = problem.DefineText("pairs", "must have {maxPairs} pairs or fewer").One("must have {maxPairs} pair or fewer")
	PairEscape    = problem.DefineText("syntax", "must not have a bad percent escape, as at byte {byte}").Fix("reason", "escape")
	PairSemicolon = problem.DefineText("syntax", "must not have a semicolon, as at byte {byte}: write %3B, or separate pairs with &").Fix("reason", "semicolon")
	PairNotUTF8   = problem.DefineText("syntax", "must be in UTF-8, and is not at byte {byte}").Fix("reason", "utf-8")
	PairOfCookie  = problem.DefineText("syntax", "must be pairs of a name and a value, and is not at byte {byte}").Fix("reason", "pair")
)

// Why a body that is not JSON cannot be read.
var (
	Media           = problem.DefineText("syntax", "must be {mediaType}")
	Gzip            = problem.DefineText("syntax", "must be compressed with gzip, as Content-Encoding says").Fix("reason", "gzip")
	Boundary        = problem.DefineText("syntax", "must name its boundary, 1 to 70 characters, in Content-Type").Fix("reason", "boundary")
	FormBegin       = problem.DefineText("syntax", "must begin with its boundary").Fix("reason", "begin")
	FormBoundary    = problem.DefineText("syntax", "must not have a line that begins with its boundary and goes on").Fix("reason", "boundary-line")
	FormTrailing    = problem.DefineText("syntax", "must not go on after its last boundary").Fix("reason", "trailing")
	FormTruncated   = problem.DefineText("syntax", "must not end before its last boundary").Fix("reason", "truncated")
	FormParts       = problem.DefineText("parts", "must have {maxParts} parts or fewer").One("must have {maxParts} part or fewer")
	PartHeaderBytes = problem.DefineText("headers", "must not have more than {maxBytes} bytes in the header of part {part}")
	PartHeaders     = problem.DefineText("headers", "must not have more than {maxHeaders} lines in the header of part {part}")
	PartNoHeader    = problem.DefineText("syntax", "must have a header in part {part}").Fix("reason", "no-header")
	PartLine        = problem.DefineText("syntax", "must have a header that can be read in part {part}, and has not in line {line}").
			Fix("reason", "header-line")
	PartField  = problem.DefineText("syntax", "must have a {header} that can be read in part {part}").Fix("reason", "header-field")
	PartNoName = problem.DefineText("syntax", "must have a name in part {part}").Fix("reason", "no-name")
)
