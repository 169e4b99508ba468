package cache

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/internal/reply"
)

// origin runs the operation, and keeps what it answers. It lands the flight before a client takes anything.
func (c *call) origin() {
	ctx := c.r.Context()
	turn := c.turns.take(ctx, c.cache.cfg.Wait)
	if turn == nil {
		if c.standsIn(http.StatusServiceUnavailable) {
			c.standIn(http.StatusServiceUnavailable, "")
			return
		}
		c.busy()
		return
	}
	defer turn.leave()
	if c.flown != nil {
		ctx = context.WithoutCancel(ctx) // others wait for it too
	}
	c.rec.Looked() // what stands before looks at what it likes
	out := &writer{to: c.w, header: http.Header{}, pass: c.pass}
	out.judge = func(status int, h http.Header) verdict {
		turn.answered(status)
		switch {
		case c.standsIn(status):
			if closes := h["Connection"]; closes != nil {
				c.w.Header()["Connection"] = closes // the handler goes on after its deadline
			}
			c.standIn(status, "")
			return drop
		case c.keeps(c.rec, status, h):
			return keep
		}
		return pass
	}
	c.run(out, c.detached(ctx))
	if out.verdict != keep {
		return
	}
	status := "fwd=" + c.why()
	e := c.entryOf(out)
	if c.store(e) {
		status += "; stored"
	}
	c.land(landed{entry: e})
	c.did(c.result())
	c.send(e, false, status)
}

// pass is told of an answer that is not kept before it goes on to the client; false is that the client has it, or wants another, and was told so.
func (c *call) pass(status int, h http.Header) bool {
	c.land(landed{})
	c.did(c.result())
	said := "fwd=" + c.why()
	if conditional(c.r.Header) { // of which the operation knows nothing
		if e := (&entry{created: c.now, status: status, fields: fieldsOf(h)}); e.meets(c.r.Header) != reply.Holds {
			c.send(e, false, said)
			return false
		}
	}
	c.tell(said)
	return true
}

func (c *call) run(out *writer, r *http.Request) {
	next := c.next
	if c.calm != nil {
		next = c.calm(next)
	}
	next.ServeHTTP(out, r)
	if out.status == 0 {
		out.WriteHeader(http.StatusOK)
	}
}

// standIn serves what is kept in the place of a failure.
func (c *call) standIn(status int, more string) {
	c.land(landed{entry: c.kept, failure: status})
	c.did(stale)
	c.now = c.cache.cfg.Now()
	c.send(c.kept, true, fmt.Sprintf("fwd=stale; fwd-status=%d; detail=stale-if-error%s", status, more))
}

// keepable are the statuses that are kept: successes and redirects that say all there is to say. A problem is one request's own: it names it.
var keepable = []int{
	http.StatusOK, http.StatusNonAuthoritativeInfo, http.StatusNoContent, http.StatusMultipleChoices, http.StatusMovedPermanently, http.StatusPermanentRedirect,
}

// passing are redirects that are kept where they themselves say for how long (RFC 9110, section 15.1).
var passing = []int{http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect}

// keeps reports whether an answer is kept.
func (c *call) keeps(rec *record.Record, status int, h http.Header) bool {
	s := says(h, c.cache.cfg.Now())
	switch {
	case !slices.Contains(keepable, status) && (s.lifetime <= 0 || !slices.Contains(passing, status)):
	case h["Set-Cookie"] != nil || h["Trailer"] != nil:
	case s.noStore || s.noCache || s.private && c.public || s.fresh(c.ttl) <= s.age:
	case !c.covers(rec, h):
	case !c.looks(rec):
		h["Cache-Control"] = []string{"no-store"}
	default:
		if s.any && !s.private && !s.public && c.whose == "private" {
			h["Cache-Control"] = []string{"private, " + strings.Join(h["Cache-Control"], ", ")}
		}
		return true
	}
	return false
}

// looks reports whether the operation looked at nothing that the key does not have.
func (c *call) looks(rec *record.Record) bool {
	switch looked := rec.Looked(); {
	case looked&record.AtClient != 0:
		c.find(rec, "cache-client", "the operation looked where the request comes from; its answer is not kept")
	case looked&record.AtAnother != 0:
		c.find(rec, "cache-caller", "the operation looked at a caller whom middleware lets call, and no guard has found; its answer is not kept")
	case c.public && looked&record.AtCaller != 0:
		c.find(rec, "cache-caller", "the operation is cache.Public, and looked who calls; its answer is not kept")
	default:
		return true
	}
	return false
}

// always are what every key has.
var always = [...]string{"", "Accept", "Host"}

// covers reports whether the key has all that the answer says it depends on.
func (c *call) covers(rec *record.Record, h http.Header) bool {
	for _, line := range h["Vary"] {
		for name := range strings.SplitSeq(line, ",") {
			name = http.CanonicalHeaderKey(strings.TrimSpace(name))
			if slices.Contains(always[:], name) || slices.Contains(c.part.key.headers, name) || slices.Contains(c.part.key.credentials, name) {
				continue
			}
			if name != "*" {
				c.find(rec, "cache-vary", "the answer varies by a header field that cache.Vary does not name; it is not kept")
			}
			return false
		}
	}
	return true
}

func (c *call) find(rec *record.Record, code, message string) {
	if rec.Report != nil {
		rec.Report(c.r.Context(), rec, code, message)
	}
}

// entryOf makes of an answer what is kept.
func (c *call) entryOf(out *writer) *entry {
	c.now = c.cache.cfg.Now()
	s := says(out.header, c.now)
	e := &entry{
		created: c.now.Add(-s.age), lifetime: s.fresh(c.ttl), strict: s.mustRevalidate, status: out.status, stamp: c.stamp, body: out.body,
	}
	if !s.any {
		control := c.control
		if e.lifetime != c.ttl {
			control = c.says(e.lifetime)
		}
		out.header["Cache-Control"] = []string{control}
	}
	if out.status == http.StatusOK && out.header["Etag"] == nil {
		out.header["Etag"] = []string{string(reply.TagOf(out.body))}
	}
	c.vary(out.header)
	if _, err := http.ParseTime(out.header.Get("Date")); err != nil || len(out.header["Date"]) > 1 {
		out.header["Date"] = []string{c.now.UTC().Format(http.TimeFormat)}
	}
	e.fields = fieldsOf(out.header)
	return e
}

// vary adds to Vary what the key has, but for the names that the operation itself says.
func (c *call) vary(h http.Header) {
	said := strings.Split(strings.ToLower(strings.Join(h["Vary"], ",")), ",")
	for i := range said {
		said[i] = strings.TrimSpace(said[i])
	}
	var more []string
	for _, name := range c.varies {
		if !slices.Contains(said, strings.ToLower(name)) {
			more = append(more, name)
		}
	}
	if more != nil {
		h["Vary"] = append(slices.Clip(h["Vary"]), strings.Join(more, ", "))
	}
}

// store keeps an answer; false is that it could not.
func (c *call) store(e *entry) bool {
	if c.lost {
		return false
	}
	ctx := context.WithoutCancel(c.r.Context())
	return c.cache.keeper.set(ctx, c.key, e.bytes(), e.lifetime+max(c.whileRevalidate, c.ifError)+time.Second) == nil
}
