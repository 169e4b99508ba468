package data

import (
	"net/http"

	"github.com/tenon-go/tenon/problem"
)

// ErrUnavailable is the problem of a database that cannot be used now: it does not answer, has no connection free, or did not get to a
// statement in its time. What was asked for did not happen, unless ErrUnknown is in the error as well. A service declares it once,
// with tenon.Fails.
var ErrUnavailable = problem.Define(http.StatusServiceUnavailable, "database-unavailable", "The database is not available now.").WithHeader("Retry-After", "1")

// unavailable makes the problem of an error of the engine.
func (db *DB) unavailable(err error) error { return ErrUnavailable.Wrap(err) }
