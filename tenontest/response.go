package tenontest

import (
	"encoding/json/v2"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"testing"
)

// maxShown is how many bytes of a body are shown when a check fails.
const maxShown = 2000

// Response is what came back. Each check returns the Response itself, so that checks stand on one row.
type Response struct {
	// Code is the status; 0 when no answer came.
	Code int
	// Headers are the header fields as they were sent.
	Headers http.Header
	// Body is the whole body.
	Body []byte

	tb      testing.TB
	request string // "GET /users/1"
	failed  bool
}

// fail reports the first failure of this answer, with the answer.
func (r *Response) fail(format string, args ...any) *Response {
	r.tb.Helper()
	if !r.failed {
		r.failed = true
		r.tb.Errorf("%s: %s\nanswer %d %s\n%s", r.request, fmt.Sprintf(format, args...), r.Code, r.Headers.Get("Content-Type"),
			indent(clip(string(r.Body), maxShown)))
	}
	return r
}

// Status checks the status.
func (r *Response) Status(want int) *Response {
	r.tb.Helper()
	if r.Code != want {
		return r.fail("status %d, want %d", r.Code, want)
	}
	return r
}

// Header checks one header field; several lines of it are joined with a comma. An empty value says that it must be absent.
func (r *Response) Header(name, want string) *Response {
	r.tb.Helper()
	got := strings.Join(r.Headers.Values(name), ", ")
	switch {
	case got == want:
	case want == "":
		return r.fail("header %s is %q, want none", name, got)
	default:
		return r.fail("header %s is %q, want %q", name, got, want)
	}
	return r
}

// Cookie returns a cookie that the answer sets; nil, and a failure, when it does not.
func (r *Response) Cookie(name string) *http.Cookie {
	r.tb.Helper()
	for _, cookie := range (&http.Response{Header: r.Headers}).Cookies() {
		if cookie.Name == name {
			return cookie
		}
	}
	r.fail("no cookie %s is set", name)
	return nil
}

// Text checks the whole body, byte by byte.
func (r *Response) Text(want string) *Response {
	r.tb.Helper()
	if string(r.Body) != want {
		return r.fail("the body differs, want\n%s", indent(clip(want, maxShown)))
	}
	return r
}

// Empty checks that there is no body and no Content-Type.
func (r *Response) Empty() *Response {
	r.tb.Helper()
	if len(r.Body) > 0 {
		return r.fail("there is a body of %d bytes, want none", len(r.Body))
	}
	return r.Header("Content-Type", "")
}

// JSON compares the whole body by value: the order of members and the spelling of numbers mean nothing, a member too many
// is a difference. A string such as "<<int>>" stands for any value of its kind: any, string, int, number, bool, time
// (RFC 3339), date, uuid. Lines of JSON, and Server-Sent Events, are compared as an array; an event is an object of its fields.
func (r *Response) JSON(want string) *Response {
	r.tb.Helper()
	return r.At("", want)
}

// At compares the value at a JSON Pointer (RFC 6901), as JSON does the whole body.
func (r *Response) At(pointer, want string) *Response {
	r.tb.Helper()
	wanted, err := parse([]byte(want))
	if err != nil {
		return r.fail("what the test wants is not JSON: %v", err)
	}
	return r.compare(pointer, "the JSON differs", wanted)
}

func (r *Response) compare(pointer, title string, want *node) *Response {
	r.tb.Helper()
	got := r.parsed()
	if got == nil {
		return r
	}
	value := got.at(pointer)
	if value == nil {
		return r.fail("there is nothing at %s", pointer)
	}
	if lines := diff(pointer, want, value); len(lines) > 0 {
		return r.fail("%s:\n%s", title, indent(strings.Join(lines, "\n")))
	}
	return r
}

// parsed reads the body; nil, and a failure, when it is not JSON.
func (r *Response) parsed() *node {
	r.tb.Helper()
	media, _, err := mime.ParseMediaType(r.Headers.Get("Content-Type"))
	if err != nil || !readable(media) {
		r.fail("the body is not JSON by its Content-Type")
		return nil
	}
	n, err := read(media, r.Body)
	if err != nil {
		r.fail("%v", err)
	}
	return n
}

func (r *Response) isJSON() bool {
	media, _, err := mime.ParseMediaType(r.Headers.Get("Content-Type"))
	return err == nil && jsonMedia(media)
}

// Into reads the body as a T, for values that later requests need. The test ends at once when it cannot, so call it in the
// goroutine of the test.
func (r *Response) Into[T any]() T {
	r.tb.Helper()
	var value T
	if r.failed {
		r.tb.FailNow()
	}
	if err := json.Unmarshal(r.Body, &value); err != nil {
		r.fail("the body cannot be read as %T: %v", value, err)
		r.tb.FailNow()
	}
	return value
}
