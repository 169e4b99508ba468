package cache

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/tenon-go/tenon/internal/answer"
	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/middleware"
	"github.com/tenon-go/tenon/problem"
)

// planCalm prepares for panics of an operation in whose place a stale answer is served.
func (p *part) planCalm() []error {
	if p.ifError == 0 {
		return nil
	}
	calm, err := middleware.Recover(middleware.RecoverConfig{Logger: p.cache.cfg.Logger})
	if err != nil {
		return []error{err}
	}
	p.calm = calm
	return nil
}

// call is one request to an operation whose answers are kept.
type call struct {
	*part

	w     http.ResponseWriter
	r     *http.Request
	rec   *record.Record
	next  http.Handler
	want  wanted
	key   string
	tags  []string
	stamp []byte
	now   time.Time
	kept  *entry // what is kept; nil is nothing
	lost  bool   // nobody can tell
	flown *flight[landed]
	under string // what flown is in flights
	ended int64  // flights that had ended before that
}

// serve is the middleware of the slot AfterAuth: it answers by what is kept, and keeps what is answered.
func (p *part) serve(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.planned == nil {
			next.ServeHTTP(w, r)
			return
		}
		c := &call{part: p, w: w, next: next, want: wants(r.Header)}
		c.r, c.rec = record.Of(r)
		c.answer()
	})
}

// answer decides by what is kept and what the request wants.
func (c *call) answer() {
	form, ok := c.planned.Form(c.r)
	switch {
	case !ok || c.r.ContentLength != 0:
		c.around("bypass")
		return
	case c.want.noStore && !c.want.onlyIfCached:
		c.around("request")
		return
	}
	c.key = c.part.key.of(c.r, c.rec, form)
	c.look()
	switch use := c.usable(); {
	case use != unusable:
		c.serveKept(use)
		if use == refreshed {
			c.refresh()
		}
	case c.want.onlyIfCached:
		c.did(miss)
		problem.Write(c.w, c.r, ErrNotCached)
	default:
		c.make()
	}
}

// serveKept answers by what is kept.
func (c *call) serveKept(as use) {
	if as == fresh {
		c.did(hit)
	} else {
		c.did(stale)
	}
	c.send(c.kept, true, "hit; ttl="+c.left())
}

// look finds what is kept.
func (c *call) look() {
	if c.tags = fill(c.part.tags, c.r); c.tags != nil {
		c.tags = append(c.tags, allTags)
	}
	c.ended = c.cache.flights.ended.Load()
	value, stamp, err := c.cache.keeper.get(c.r.Context(), c.key, c.tags)
	c.now = c.cache.cfg.Now()
	c.stamp, c.lost = stamp, err != nil
	if value == nil {
		return
	}
	if e, ok := readEntry(value); ok && bytes.Equal(e.stamp, stamp) {
		c.kept = e
	}
}

// use is whether what is kept is served.
type use int

const (
	unusable  use = iota
	fresh         // it is as good as a new one
	allowed       // it is not, and the request says that it need not be
	refreshed     // it is not, and is made anew in its wake
)

func (c *call) usable() use {
	e, w := c.kept, &c.want
	if e == nil || w.noCache {
		return unusable
	}
	age := e.age(c.now)
	left := e.lifetime - age
	switch {
	case w.maxAge >= 0 && age > w.maxAge || w.minFresh >= 0 && left < w.minFresh:
		return unusable
	case left > 0:
		return fresh
	case e.strict:
		return unusable
	case c.whileRevalidate > 0 && -left <= c.whileRevalidate:
		return refreshed
	case w.maxStale >= 0 && -left <= w.maxStale:
		return allowed
	}
	return unusable
}

// standsIn reports whether what is kept is served in the place of an answer with this status.
func (c *call) standsIn(status int) bool {
	switch status {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
	default:
		return false
	}
	return c.ifError > 0 && c.kept != nil && !c.kept.strict && !c.want.noCache &&
		c.kept.age(c.cache.cfg.Now()) <= c.kept.lifetime+c.ifError
}

// left is for how many seconds what is kept is fresh; below 0, since when it is not.
func (c *call) left() string {
	return strconv.FormatInt(int64((c.kept.lifetime-c.kept.age(c.now))/time.Second), 10)
}

func (c *call) did(what result) {
	c.cache.counts[what].Add(1)
	c.rec.Cache(what.String())
}

// result is what a request comes to that runs the operation.
func (c *call) result() result {
	if c.lost {
		return failed
	}
	return miss
}

// why is for what reason the operation runs, in the words of RFC 9211, section 2.2.
func (c *call) why() string {
	switch {
	case c.want.noCache, c.kept != nil && c.kept.age(c.now) < c.kept.lifetime:
		return "request"
	case c.kept != nil:
		return "stale"
	}
	return "miss"
}

// around runs the operation for a request of which nothing is kept.
func (c *call) around(why string) {
	if c.want.onlyIfCached {
		c.did(miss)
		problem.Write(c.w, c.r, ErrNotCached)
		return
	}
	turn := c.turns.take(c.r.Context(), c.cache.cfg.Wait)
	if turn == nil {
		c.busy()
		return
	}
	defer turn.leave()
	c.did(bypass)
	c.tell("fwd=" + why)
	c.next.ServeHTTP(&answer.Writer{ResponseWriter: c.w, Before: func(_ http.Header, status int) { turn.answered(status) }}, c.r)
}

func (c *call) busy() {
	c.land(landed{})
	c.did(c.result())
	problem.Write(c.w, c.r, ErrBusy)
}

// tell sets Cache-Status.
func (c *call) tell(status string) {
	c.w.Header()["Cache-Status"] = []string{c.cache.cfg.Name + "; " + status}
}

// detached is the request as the operation gets it whose answer others get too: it does not end with its client, asks for all of the answer, and
// on no condition.
func (c *call) detached(ctx context.Context) *http.Request {
	r := c.r.WithContext(ctx)
	r.Method = http.MethodGet
	for _, name := range conditions {
		if r.Header[name] != nil {
			r.Header = c.r.Header.Clone()
			for _, name := range conditions {
				delete(r.Header, name)
			}
			break
		}
	}
	return r
}
