package ratelimit

import (
	"net/http"
	"strconv"

	"github.com/tenon-go/tenon/problem"
)

// Beyond is what ErrLimited says of the limit that a request is beyond.
type Beyond struct {
	// Limit is its name, as in RateLimit-Policy.
	Limit string `json:"limit" doc:"The limit, as RateLimit-Policy names it."`
	// RetryAfter is how many seconds to wait, as the field Retry-After says.
	RetryAfter int64 `json:"retry_after" minimum:"1" doc:"Seconds until the request may come again."`
}

// ErrLimited is answered to a request beyond a limit, with Retry-After (RFC 9110, section 10.2.3). Nothing of the request was done.
var ErrLimited = problem.Define(http.StatusTooManyRequests, "rate-limited", "Too many requests. Try again later.").Members[Beyond]()

func (b Beyond) problem() *problem.Error {
	b.RetryAfter = max(b.RetryAfter, 1)
	return ErrLimited.With(b).WithHeader("Retry-After", strconv.FormatInt(b.RetryAfter, 10))
}
