package problem

import (
	"net/http"
	"strings"
)

// Code names one of the framework's own problems. New and Wrap make a problem of it.
type Code string

// The framework's own problems, one or more for each status that it answers by itself.
const (
	CodeBadRequest           Code = "bad-request"             // 400: not a readable URL, query, header or body
	CodeUnknownVersion       Code = "unknown-version"         // 400: header or query name no version
	CodeUnauthorized         Code = "unauthorized"            // 401
	CodeForbidden            Code = "forbidden"               // 403
	CodeNotFound             Code = "not-found"               // 404
	CodeVersionNotFound      Code = "version-not-found"       // 404: the path names no version
	CodeMethodNotAllowed     Code = "method-not-allowed"      // 405, with Allow
	CodeNotAcceptable        Code = "not-acceptable"          // 406
	CodeRequestTimeout       Code = "request-timeout"         // 408
	CodeConflict             Code = "conflict"                // 409
	CodeVersionGone          Code = "version-gone"            // 410: the version is no longer served
	CodePreconditionFailed   Code = "precondition-failed"     // 412
	CodeContentTooLarge      Code = "content-too-large"       // 413
	CodeURITooLong           Code = "uri-too-long"            // 414
	CodeUnsupportedMediaType Code = "unsupported-media-type"  // 415
	CodeRangeNotSatisfiable  Code = "range-not-satisfiable"   // 416, with Content-Range
	CodeValidationFailed     Code = "validation-failed"       // 422, with located faults
	CodePreconditionRequired Code = "precondition-required"   // 428
	CodeHeadersTooLarge      Code = "header-fields-too-large" // 431
	CodeInternal             Code = "internal"                // 500
	CodeUnavailable          Code = "unavailable"             // 503: nothing was done
	CodeDeadlineExceeded     Code = "deadline-exceeded"       // 504: what was done is not known
)

// Standard are the framework's own problems, in the order of their statuses, without details.
func Standard() []*Error {
	codes := []Code{
		CodeBadRequest, CodeUnknownVersion, CodeUnauthorized, CodeForbidden, CodeNotFound, CodeVersionNotFound, CodeMethodNotAllowed, CodeNotAcceptable,
		CodeRequestTimeout, CodeConflict,
		CodeVersionGone, CodePreconditionFailed, CodeContentTooLarge, CodeURITooLong, CodeUnsupportedMediaType, CodeRangeNotSatisfiable, CodeValidationFailed,
		CodePreconditionRequired, CodeHeadersTooLarge, CodeInternal, CodeUnavailable, CodeDeadlineExceeded,
	}
	all := make([]*Error, len(codes))
	for i, code := range codes {
		all[i] = New(code, "")
	}
	return all
}

func statusOf(c Code) (int, string) {
	switch c {
	case CodeBadRequest:
		return http.StatusBadRequest, "The request cannot be read."
	case CodeUnknownVersion:
		return http.StatusBadRequest, "The request names no version of the API."
	case CodeUnauthorized:
		return http.StatusUnauthorized, "The request needs valid credentials."
	case CodeForbidden:
		return http.StatusForbidden, "The caller may not do this."
	case CodeNotFound:
		return http.StatusNotFound, "There is no such resource."
	case CodeVersionNotFound:
		return http.StatusNotFound, "The API has no such version."
	case CodeMethodNotAllowed:
		return http.StatusMethodNotAllowed, "The resource does not have this method."
	case CodeNotAcceptable:
		return http.StatusNotAcceptable, "The resource has no representation that the request accepts."
	case CodeRequestTimeout:
		return http.StatusRequestTimeout, "The request took too long to arrive."
	case CodeConflict:
		return http.StatusConflict, "The request conflicts with the state of the resource."
	case CodeVersionGone:
		return http.StatusGone, "The version is no longer served."
	case CodePreconditionFailed:
		return http.StatusPreconditionFailed, "The resource is not in the state that the request names."
	case CodeRangeNotSatisfiable:
		return http.StatusRequestedRangeNotSatisfiable, "The resource has no such range of bytes."
	case CodePreconditionRequired:
		return http.StatusPreconditionRequired, "The request does not say which state of the resource it changes."
	case CodeContentTooLarge:
		return http.StatusRequestEntityTooLarge, "The request body is too large."
	case CodeURITooLong:
		return http.StatusRequestURITooLong, "The request target is too long."
	case CodeUnsupportedMediaType:
		return http.StatusUnsupportedMediaType, "The media type of the request body is not supported."
	case CodeValidationFailed:
		return http.StatusUnprocessableEntity, "The request has invalid values."
	case CodeHeadersTooLarge:
		return http.StatusRequestHeaderFieldsTooLarge, "The request header fields are too large."
	case CodeUnavailable:
		return http.StatusServiceUnavailable, "The service is not available now."
	case CodeDeadlineExceeded:
		return http.StatusGatewayTimeout, "The operation took longer than it may."
	case CodeInternal:
		return http.StatusInternalServerError, "The service failed."
	}
	return http.StatusInternalServerError, "The service failed."
}

// New makes one of the framework's own problems. The detail is sent to the client; it may be empty. An unknown code is
// an internal problem.
func New(code Code, detail string) *Error {
	status, title := statusOf(code)
	if status == http.StatusInternalServerError {
		code = CodeInternal
	}
	return &Error{status: status, code: string(code), title: title, detail: detail}
}

// Wrap is New with a cause that is logged and never sent.
func Wrap(code Code, detail string, cause error) *Error {
	e := New(code, detail)
	e.cause = cause
	return e
}

// NotFound is a 404 whose detail is text.
func NotFound(detail string) *Error { return New(CodeNotFound, detail) }

// Invalid is a 422 with located faults.
func Invalid(faults ...Fault) *Error {
	e := New(CodeValidationFailed, "")
	e.faults = faults
	return e
}

// EscapeToken writes one reference token of a JSON Pointer (RFC 6901, section 3): ~ as ~0 and / as ~1.
func EscapeToken(s string) string {
	if !strings.ContainsAny(s, "~/") {
		return s
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(s)
}
