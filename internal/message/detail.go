package message

import (
	"cmp"

	"github.com/tenon-go/tenon/problem"
)

// What the detail of a problem says. The code of such a text is that of the problem.
var (
	NotJSON       = problem.DefineText("bad-request", "The body is not valid JSON.").Fix("reason", "json")
	NotMedia      = problem.DefineText("bad-request", "The body is not valid {mediaType}.").Fix("reason", "media-type")
	NotGzip       = problem.DefineText("bad-request", "The body is not valid gzip.").Fix("reason", "gzip")
	BodyTruncated = problem.DefineText("bad-request", "The body ended early.").Fix("reason", "truncated")
	QuerySyntax   = problem.DefineText("bad-request", "The query string cannot be read.").Fix("reason", "query")
	CookieHeader  = problem.DefineText("bad-request", "The Cookie header cannot be read.").Fix("reason", "cookies")
	FormSyntax    = problem.DefineText("bad-request", "The form cannot be read.").Fix("reason", "form")
	NoPath        = problem.DefineText("not-found", "No resource has this path.").Fix("reason", "path")
	Allowed       = problem.DefineText("method-not-allowed", "Allowed: {allow}.")
	NotAcceptable = problem.DefineText("not-acceptable", "It is one of {mediaTypes}.").One("It is {mediaTypes}.")
	NoFormat      = problem.DefineText("not-acceptable", "The format is one of {formats}.").One("The format is {formats}.")
	TwoFormats    = problem.DefineText("not-acceptable", "The path and the query ask for different formats.").Fix("reason", "two-formats")
	BodyLate      = problem.DefineText("request-timeout", "The body did not arrive in time.").Fix("reason", "late")
	BodySlow      = problem.DefineText("request-timeout", "The body arrives too slowly.").Fix("reason", "slow")
	Changed       = problem.DefineText("precondition-failed", "It was changed in the meantime: read it again.").Fix("reason", "changed")
	Exists        = problem.DefineText("precondition-failed", "It exists already, in a state that the request rules out.").Fix("reason", "exists")
	TargetBytes   = problem.DefineText("uri-too-long", "A target has {maxBytes} bytes or fewer.")
	ContentType   = problem.DefineText("unsupported-media-type", "Content-Type is one of {mediaTypes}.").
			One("Content-Type is {mediaTypes}.").Fix("reason", "content-type")
	ContentTypes = problem.DefineText("unsupported-media-type", "Content-Type is one of {mediaTypes}, once.").
			One("Content-Type is {mediaTypes}, once.").Fix("reason", "content-type-once")
	Charset         = problem.DefineText("unsupported-media-type", "The charset is UTF-8.").Fix("reason", "charset")
	Compressed      = problem.DefineText("unsupported-media-type", "A compressed body is not read.").Fix("reason", "compressed")
	ContentCoding   = problem.DefineText("unsupported-media-type", "Content-Encoding is gzip, once, or absent.").Fix("reason", "content-coding")
	SendIfMatch     = problem.DefineText("precondition-required", "Read the resource, and send its ETag in If-Match.").Fix("reason", "if-match")
	SendIfNoneMatch = problem.DefineText("precondition-required", "Send If-None-Match: * to create what is not there.").Fix("reason", "if-none-match")
	SendCondition   = problem.DefineText("precondition-required",
		"Send the ETag of what is to be changed in If-Match, or If-None-Match: * to create what is not there.").
		Fix("reason", "if-match-or-if-none-match")
	Stopping       = problem.DefineText("unavailable", "The service stops.").Fix("reason", "stopping")
	NoRoomForFiles = problem.DefineText("unavailable", "The file cannot be received now.").Fix("reason", "storage")
)

// Problem is the problem whose code the text has, with the text as its detail.
func Problem(detail *problem.Text, values ...any) *problem.Error {
	return problem.New(problem.Code(detail.Code()), "").WithReason(detail.With(values...))
}

// Unreadable is the problem of a part of a request that cannot be read as a whole: why, as one located fault.
func Unreadable(detail *problem.Text, in string, why problem.Fault) *problem.Error {
	return Problem(detail).WithFaults(In(in, why))
}

// In is a fault of a source: path, query, header, cookie or body.
func In(source string, f problem.Fault) problem.Fault {
	f.In = source
	return f
}

// Or is the fault that a type of the program told, with what it left out taken from text.
func Or(told problem.Fault, text *problem.Text) problem.Fault {
	usual := text.With()
	if told.Message == "" {
		usual.Code = cmp.Or(told.Code, usual.Code)
		return usual
	}
	return problem.Fault{Code: cmp.Or(told.Code, usual.Code), Message: told.Message, Params: told.Params}
}
