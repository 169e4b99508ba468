package data

import (
	"net/http"

	"github.com/tenon-go/tenon/problem"
)

// ErrUnavailable is the problem of a database that cannot be used now: it does not answer, has no connection free, or did not get to a
// statement in its time. What was asked for did not happen, so that a client may ask again; where nobody knows that, it is ErrUnknown. A service declares both
// once, with tenon.Fails.
var ErrUnavailable = problem.Define(http.StatusServiceUnavailable, "database-unavailable", "The database is not available now.").WithHeader("Retry-After", "1")

// ErrUnknown is the problem of a COMMIT that was sent and not answered: whether the change was made is not known. It has no Retry-After: a client that sends a
// change again may make it twice, unless it carries a key by which the service knows it.
var ErrUnknown = problem.Define(http.StatusServiceUnavailable, "database-outcome-unknown", "It is not known whether the change was made.")

// unavailable makes the problem of an error of the engine.
func (db *DB) unavailable(err error) error { return ErrUnavailable.Wrap(err) }
