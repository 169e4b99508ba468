package auth

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// ErrTooLongAgo is answered to a caller who would be let in if they had just signed in: see Within. Refreshing a token does not help. A challenge of Bearer
// says insufficient_user_authentication and max_age (RFC 9470, section 3).
var ErrTooLongAgo = problem.Define(http.StatusUnauthorized, "signed-in-too-long-ago", "This wants somebody who has just signed in. Sign in again.")

// Within is the rule that the caller signed in, with a password or whatever else, at most d ago: a second or more. It is for what whoever finds an
// open session must not do, such as deleting an account. It asks Principal.AuthenticatedAt, so it lets in nobody of whom that is not known, such
// as programs with a key. In a Matrix all but
// machines have just signed in.
func Within(d time.Duration) tenon.Option {
	if d < time.Second {
		return wrong(fmt.Errorf("auth.Within(%v) wants a second or more", d))
	}
	return narrow(withinRule(d))
}

type withinRule time.Duration

func (r withinRule) allows(c *claimant) bool {
	at := c.of.AuthenticatedAt
	return c.lately || !at.IsZero() && time.Since(at) <= time.Duration(r)
}

func (r withinRule) String() string {
	of := func(unit time.Duration, name string) string {
		if n := time.Duration(r) / unit; n != 1 {
			return fmt.Sprintf("signed in within the last %d %ss", n, name)
		}
		return "signed in within the last " + name
	}
	switch d := time.Duration(r); {
	case d%time.Hour == 0:
		return of(time.Hour, "hour")
	case d%time.Minute == 0:
		return of(time.Minute, "minute")
	}
	return of(time.Second, "second")
}
func (withinRule) check(*roles) []error { return nil }
func (withinRule) scopes() []string     { return nil }

// shortest is the least of the times that rules of Within say; 0 is that there is none.
func shortest(r rule) time.Duration {
	if within, ok := r.(withinRule); ok {
		return time.Duration(within)
	}
	var least time.Duration
	for _, part := range parts(r) {
		if d := shortest(part); d > 0 && (least == 0 || d < least) {
			least = d
		}
	}
	return least
}

// tooLongAgo is the problem of a caller by Bearer who could be let in after signing in again; nil where no rule asks for that.
func tooLongAgo(by *bearer, r rule) *problem.Error {
	d := shortest(r)
	if d == 0 {
		return nil
	}
	return ErrTooLongAgo.WithHeader("WWW-Authenticate", by.Challenge()+`, error="insufficient_user_authentication", max_age="`+
		strconv.FormatInt(int64(d/time.Second), 10)+`"`)
}
