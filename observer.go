package tenon

import (
	"net/http"
	"time"

	"github.com/tenon-go/tenon/internal/answer"
	"github.com/tenon-go/tenon/internal/record"
)

// Observer is told of every request that Serve answers, such as by module metrics. Its methods are called by many goroutines at once, and
// every request waits for them.
type Observer interface {
	// Begin tells that a request came in.
	Begin()
	// End tells that it was answered; there is one for each Begin.
	End(seen Observation)
}

// Observation is what became of one request. It holds nothing that its client chose, but for the method.
type Observation struct {
	// Method is that of the request, whatever it is.
	Method string
	// Route is the pattern of the route, such as "/users/{id}"; "" is none.
	Route string
	// Version is that of the API, where there are several.
	Version string
	// Status is that of the answer; 0 is that the connection was cut.
	Status int
	// Problem is the code of the problem that was answered, such as "not-found"; "" is none.
	Problem string
	// Finding is the code of the first thing that was found wrong with the program, such as "data-repeats"; "" is none. See Report.
	Finding string
	// Duration is the time from the header to the end of the answer.
	Duration time.Duration
	// Statements is how many statements of a database were run; see Statement.
	Statements int
	// StatementTime is what they took together.
	StatementTime time.Duration
	// Cache is what a cache of answers did: "hit", "stale", "miss", "bypass", or "error" where its store could not be asked; "" is that there is none.
	Cache string
	// Received and Sent are bytes of the bodies.
	Received, Sent int64
}

// observed tells an observer of the requests that next answers. It stands inside what counts bytes.
func observed(next http.Handler, observer Observer) http.Handler {
	if observer == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		observer.Begin()
		whole := false
		defer func() {
			seen := Observation{Method: r.Method}
			if rec := record.From(r.Context()); rec != nil {
				seen.Route, seen.Version, seen.Problem, seen.Duration = rec.Route, rec.Version, rec.Problem, time.Since(rec.Start)
				seen.Finding = rec.Finding()
				seen.Statements, seen.StatementTime = rec.Asking()
				seen.Cache = rec.Cached()
			}
			if counted, ok := r.Body.(*answer.Body); ok {
				seen.Received = counted.Bytes
			}
			if counted, ok := w.(*answer.Writer); ok {
				seen.Status, seen.Sent = counted.Status, counted.Bytes
			}
			switch {
			case !whole:
				seen.Status = 0
			case seen.Status == 0:
				seen.Status = http.StatusOK
			}
			observer.End(seen)
		}()
		next.ServeHTTP(w, r)
		whole = true
	})
}
