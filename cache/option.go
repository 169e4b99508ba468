package cache

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tenon-go/tenon"
)

// Use says which cache the operations of the app or a group use. The handlers of those that write may call its Invalidate.
func Use(c *Cache) tenon.Option {
	return func(o *tenon.Operation) {
		if c == nil {
			o.Fault(errors.New("cache.Use has no cache"))
			return
		}
		o.Part[part]().cache = c
	}
}

// For keeps the answers of a GET, and of HEAD with it, for a time: a second or more. On a group or the app it is for those operations whose answers
// can be kept; on an operation it must be one. An answer that itself says in Cache-Control or Expires for how long it is fresh is kept for no longer,
// and one that says no-store, no-cache or, with Public, private is not kept.
func For(ttl time.Duration) tenon.Option {
	return func(o *tenon.Operation) {
		p := o.Part[part]()
		if ttl < time.Second || ttl > longest {
			p.fault(o, fmt.Errorf("cache.For is %v, want 1s to %v", ttl, longest))
			return
		}
		p.ttl, p.own, p.never = ttl, o.Own(), ""
	}
}

// longest is the longest time for which an answer is fresh, and the longest for which a stale one is served.
const longest = 366 * 24 * time.Hour

// Never has the answers of the operation not kept, whatever its groups say, for a reason that a reader of the code will want to know.
func Never(reason string) tenon.Option {
	return func(o *tenon.Operation) {
		if reason == "" {
			o.Part[part]().fault(o, errors.New("cache.Never wants its reason"))
			return
		}
		o.Part[part]().never = reason
	}
}

// Public says that the answer is the same for every caller, so that one is kept for all of them. Clients and what stands between are told so with
// Cache-Control: public, unless the operation is guarded. It is refused for an operation that needs to know who calls, such as by a field
// *auth.Principal; an answer of one that looked all the same is not kept.
func Public() tenon.Option { return func(o *tenon.Operation) { o.Part[part]().public = true } }

// Tag says what an answer is made of, so that who changes that can drop it: see Invalidates. {name} stands for the value of a wildcard of the
// path, as in "product/{id}".
func Tag(names ...string) tenon.Option {
	return func(o *tenon.Operation) {
		p := o.Part[part]()
		p.tags = append(slices.Clip(p.tags), p.templates(o, "cache.Tag", names)...)
		p.ownTags = p.ownTags || o.Own()
	}
}

// Invalidates says what an operation changes: what is kept under the tags is dropped when it has not been refused, after its transaction is
// committed and before its answer leaves. {name} stands for the value of a wildcard of the path.
func Invalidates(names ...string) tenon.Option {
	return func(o *tenon.Operation) {
		p := o.Part[part]()
		p.clears = append(slices.Clip(p.clears), p.templates(o, "cache.Invalidates", names)...)
		p.ownClears = p.ownClears || o.Own()
	}
}

// Vary says that the answer depends on header fields besides those that the operation's input has, such as one that a middleware of one's own
// reads. They are part of the key, and stand in Vary.
func Vary(fields ...string) tenon.Option {
	return func(o *tenon.Operation) {
		p := o.Part[part]()
		for _, name := range fields {
			if !isToken(name) || name == "*" {
				p.fault(o, fmt.Errorf("cache.Vary: %q is not the name of a header field", name))
				return
			}
		}
		p.vary = append(slices.Clip(p.vary), fields...)
	}
}

// StaleWhileRevalidate lets an answer that is not fresh any more be served for a time, while a new one is made (RFC 5861, section 3). Nobody waits
// for that: it runs in a goroutine of its own, which the app waits for when it stops as for the work given to tenon.After. Only when 256 such run
// already does the request that got the answer make the new one before it ends, after its answer was flushed.
func StaleWhileRevalidate(d time.Duration) tenon.Option {
	return func(o *tenon.Operation) {
		if p := o.Part[part](); p.staleTime(o, "cache.StaleWhileRevalidate", d) {
			p.whileRevalidate = d
		}
	}
}

// StaleIfError lets an answer that is not fresh any more be served for a time where the operation fails: where it answers with 500, 502, 503 or
// 504, or panics (RFC 5861, section 4).
func StaleIfError(d time.Duration) tenon.Option {
	return func(o *tenon.Operation) {
		if p := o.Part[part](); p.staleTime(o, "cache.StaleIfError", d) {
			p.ifError = d
		}
	}
}

// Ask has clients ask each time, with Cache-Control: no-cache, and mostly be told that nothing has changed. Without it a client keeps an answer by
// itself for as long as it is fresh, and does not see what was invalidated since.
func Ask() tenon.Option { return func(o *tenon.Operation) { o.Part[part]().ask = true } }
