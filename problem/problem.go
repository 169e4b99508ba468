// Package problem holds errors that a client may read: problem details (RFC 9457) with a stable code.
//
// A service defines its problems once, as values:
//
//	var ErrEmailTaken = problem.Define(http.StatusConflict, "email-taken", "The e-mail address is already in use.")
//
// A handler returns such a value, or a copy that says more (With, Wrap, WithHeader). What is wrapped is for the log and
// never reaches the client. Error values are immutable and safe for concurrent use.
package problem

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/internal/ascii"
)

// Error is one problem. The zero value is not useful; use Define, New or Wrap.
type Error struct {
	status int
	code   string
	title  string
	detail string
	params Params
	faults []Fault
	header http.Header
	cause  error

	extension any  // members of a struct; nil are none
	extended  bool // they are those of an occurrence
	site      string
}

// Define declares a kind of problem: a status of 400..599, a code in kebab case that clients may rely on, and a title, one
// sentence that is the same for every occurrence. A wrong status or code is reported when an operation that lists the
// problem is compiled; see Check.
func Define(status int, code, title string) *Error {
	e := &Error{status: status, code: code, title: title}
	if _, file, line, ok := runtime.Caller(1); ok {
		e.site = fmt.Sprintf("%s:%d", file, line)
	}
	return e
}

// Status is the HTTP status code.
func (e *Error) Status() int { return e.status }

// Code is the stable machine code, such as "email-taken".
func (e *Error) Code() string { return e.code }

// Title is the sentence shared by all occurrences.
func (e *Error) Title() string { return e.title }

// Detail says what happened this time; it may be empty.
func (e *Error) Detail() string { return e.detail }

// Params are the values in the detail, for clients that say it in another language.
func (e *Error) Params() Params { return e.params }

// Faults are the located faults of a validation problem, in the order they were found. The slice is the caller's own.
func (e *Error) Faults() []Fault { return slices.Clone(e.faults) }

// Header holds the header fields that go with the answer, such as Allow or Retry-After. The map is the caller's own.
func (e *Error) Header() http.Header { return e.header.Clone() }

// With returns a copy whose detail is text. The text is sent to the client.
func (e *Error) With(text string) *Error {
	c := *e
	c.detail, c.params = text, Params{}
	return &c
}

// WithReason returns a copy whose detail and parameters are the message and the parameters of a fault, as Text.With makes them:
//
//	return nil, ErrTooMany.WithReason(tryAgain.With(5))
func (e *Error) WithReason(f Fault) *Error {
	c := *e
	c.detail, c.params = f.Message, f.Params
	return &c
}

// Wrap returns a copy that keeps cause for the log. The cause is never sent.
func (e *Error) Wrap(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// WithHeader returns a copy that sends one more header field. A name or value that none can have (RFC 9110, section 5) is not sent.
func (e *Error) WithHeader(name, value string) *Error {
	c := *e
	if !ascii.IsToken(name) || !ascii.IsFieldValue(value) {
		return &c
	}
	c.header = e.header.Clone()
	if c.header == nil {
		c.header = http.Header{}
	}
	c.header.Add(name, value)
	return &c
}

// WithFaults returns a copy with located faults appended.
func (e *Error) WithFaults(faults ...Fault) *Error {
	c := *e
	c.faults = append(slices.Clone(e.faults), faults...)
	return &c
}

// Error is the text for logs: status, code, title, detail and cause.
func (e *Error) Error() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%d %s: %s", e.status, e.code, e.title)
	if e.detail != "" {
		s.WriteString(" " + e.detail)
	}
	for _, f := range e.faults {
		s.WriteString("; " + f.Error())
	}
	if e.cause != nil {
		s.WriteString(": " + e.cause.Error())
	}
	return s.String()
}

// Unwrap returns the cause, if any.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target is a problem of the same kind: the same status and code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.status == e.status && t.code == e.code
}

var codeForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Check reports what is wrong with the definition, or nil.
func (e *Error) Check() error {
	var errs []error
	if e.status < 400 || e.status > 599 {
		errs = append(errs, fmt.Errorf("problem %q: status is %d, want 400..599", e.code, e.status))
	}
	if !codeForm.MatchString(e.code) {
		errs = append(errs, fmt.Errorf("problem %q: the code is not in kebab case, such as \"email-taken\"", e.code))
	}
	if e.title == "" {
		errs = append(errs, fmt.Errorf("problem %q: the title is empty", e.code))
	}
	if len(errs) > 0 && e.site != "" {
		return fmt.Errorf("%s: %w", e.site, errors.Join(errs...))
	}
	return errors.Join(errs...)
}
