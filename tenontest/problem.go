package tenontest

import (
	"encoding/json/jsontext"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tenon-go/tenon/problem"
)

// problemMedia is the media type of problems (RFC 9457, section 3).
const problemMedia = "application/problem+json"

// Problem checks that the answer is a problem with the given code: its media type, its members, and that it repeats the
// status of the answer.
func (r *Response) Problem(code string) *Response {
	r.tb.Helper()
	p := r.problem()
	if p == nil {
		return r
	}
	if got := p.member("code").str(); got != code {
		return r.fail("the problem has code %q, want %q", got, code)
	}
	return r
}

// Fault checks that the answer is a problem with a fault at this place: in is path, query, header, cookie or body, pointer
// a JSON Pointer within it, and code the broken rule.
func (r *Response) Fault(in, pointer, code string) *Response {
	r.tb.Helper()
	p := r.problem()
	if p == nil {
		return r
	}
	var found []string
	for _, f := range faults(p) {
		found = append(found, faultName(f.member("in").str(), f.member("pointer").str(), f.member("code").str()))
	}
	if !slices.Contains(found, faultName(in, pointer, code)) {
		return r.fail("no fault %s, only %s", faultName(in, pointer, code), strings.Join(found, ", "))
	}
	return r
}

// Faults checks how many faults the problem has.
func (r *Response) Faults(want int) *Response {
	r.tb.Helper()
	p := r.problem()
	if p == nil {
		return r
	}
	if got := len(faults(p)); got != want {
		return r.fail("the problem has %d faults, want %d", got, want)
	}
	return r
}

func faultName(in, pointer, code string) string {
	return fmt.Sprintf("%s %q %s", in, pointer, code)
}

func faults(p *node) []*node {
	if errors := p.member("errors"); errors != nil {
		return errors.items
	}
	return nil
}

// problem reads the body as a problem; nil, and a failure, when it is none.
func (r *Response) problem() *node {
	r.tb.Helper()
	if r.Headers.Get("Content-Type") != problemMedia {
		r.fail("the answer is not a problem")
		return nil
	}
	p := r.parsed()
	if p == nil {
		return nil
	}
	if lines := checkProblem(p, r.Code); len(lines) > 0 {
		r.fail("the problem has the wrong shape:\n%s", indent(strings.Join(lines, "\n")))
		return nil
	}
	return p
}

// checkProblem says what is wrong with the shape of a problem.
func checkProblem(p *node, status int) []string {
	var c checker
	code := p.member("code").str()
	own := !slices.ContainsFunc(problem.Standard(), func(e *problem.Error) bool { return e.Code() == code })
	c.members("", p, []string{"type", "title", "status", "code"}, []string{"detail", "instance", "params", "errors"}, own)
	if got := p.member("status"); got != nil && got.text != strconv.Itoa(status) {
		c.add("/status", "%s, but the answer has %d", got.short(), status)
	}
	for i, f := range faults(p) {
		c.members("/errors/"+strconv.Itoa(i), f, []string{"in", "pointer", "code", "message"}, []string{"params"}, false)
	}
	return c.lines
}

// members checks the names of an object, and that all are strings but the status, the parameters and the list of errors. An open
// one may have others, of any type.
func (c *checker) members(at string, object *node, required, optional []string, open bool) {
	for _, name := range required {
		if object.member(name) == nil {
			c.add(at+"/"+name, "absent")
		}
	}
	for _, name := range names(object) {
		kind := jsontext.KindString
		switch name {
		case "status":
			kind = jsontext.KindNumber
		case "params":
			kind = jsontext.KindBeginObject
		case "errors":
			kind = jsontext.KindBeginArray
		}
		switch known := slices.Contains(required, name) || slices.Contains(optional, name); {
		case !known && open: // the document describes it
		case !known:
			c.add(at+"/"+name, "no member of a problem")
		case object.members[name].kind != kind:
			c.add(at+"/"+name, "%s has the wrong type", object.members[name].short())
		}
	}
}
