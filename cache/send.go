package cache

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/tenon-go/tenon/internal/reply"
	"github.com/tenon-go/tenon/problem"
)

// send answers with what is kept, or with nothing where the client has it. What is not new is aged.
func (c *call) send(e *entry, aged bool, status string) {
	outcome := e.meets(c.r.Header)
	c.tell(status)
	if outcome == reply.Failed {
		problem.Write(c.w, c.r, problem.New(problem.CodePreconditionFailed, ""))
		return
	}
	h := c.w.Header()
	e.head(h, outcome == reply.NotModified)
	if age := e.age(c.now); aged || age >= time.Second {
		h["Age"] = []string{strconv.FormatInt(int64(age/time.Second), 10)}
	}
	switch {
	case outcome == reply.NotModified:
		c.w.WriteHeader(http.StatusNotModified)
		return
	case e.status != http.StatusNoContent:
		h["Content-Length"] = []string{strconv.Itoa(len(e.body))}
	}
	c.w.WriteHeader(e.status)
	if len(e.body) > 0 && c.r.Method != http.MethodHead {
		_, _ = c.w.Write(e.body) // a client that left is nobody's fault
	}
}

// meets is what the conditions of a request come to. An answer that nothing is said of by which one could tell has none.
func (e *entry) meets(request http.Header) reply.Condition {
	if e.status != http.StatusOK || !conditional(request) {
		return reply.Holds
	}
	tag, modified := e.get("Etag"), e.get("Last-Modified")
	if tag == "" && modified == "" {
		return reply.Holds
	}
	return reply.Evaluate(request, reply.EntityTag(tag), modified)
}

// conditional reports whether a request has conditions.
func conditional(h http.Header) bool {
	return h["If-None-Match"] != nil || h["If-Modified-Since"] != nil || h["If-Match"] != nil || h["If-Unmodified-Since"] != nil
}

// head puts the fields of an entry into a header: those of a 304 only where they are about the answer that the client has.
func (e *entry) head(h http.Header, notModified bool) {
	values := make([]string, len(e.fields))
	before := ""
	for i, f := range e.fields {
		if notModified && (f.name == "Content-Type" || f.name == "X-Content-Type-Options" || f.name == "Last-Modified" && e.get("Etag") != "") {
			continue
		}
		values[i] = f.value
		if f.name == before || lists(f.name) && h[f.name] != nil {
			h[f.name] = append(slices.Clip(h[f.name]), f.value)
		} else {
			h[f.name] = values[i : i+1 : i+1]
		}
		before = f.name
	}
}
