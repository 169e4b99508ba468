package middleware

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/tenon-go/tenon/internal/admit"
	"github.com/tenon-go/tenon/internal/answer"
	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/problem"
)

// ErrOverloaded answers a request that the service has no room for now, with Retry-After. Nothing of it was done; where there is no room for a file,
// what its operation was provided with is rolled back. Name it with tenon.Fails where Admission is used; tenon.Config.Admission does so by itself.
var ErrOverloaded = problem.Define(http.StatusServiceUnavailable, "overloaded", "The service has too much to do now.")

// AdmissionConfig describes Admission. The zero value of a field is its default; a negative one is refused.
type AdmissionConfig struct {
	// Requests is the most requests that are worked on at once. There are fewer while goroutines wait for processors, down to two for
	// each. A request that waits for its client to send or to read does not count. Default 512 for each processor.
	Requests int
	// Queue is the most requests that wait for others to end. Default 512.
	Queue int
	// Patience is the most time that a request waits. Once the queue has not been empty for 100 ms, there is more to do than can be
	// done, and 50 ms is the most. Default 500 ms.
	Patience time.Duration
	// Streams is the most streams and files that are sent at once; they are not among Requests. Default 5000.
	Streams int
	// Critical says which requests may use all places; others leave a fifth of them. Operations of the app, group or operation that has Admission as
	// an option say so by tenon.Critical; this is for what is around an app, and for other handlers. Default none.
	Critical func(*http.Request) bool
}

// Admission bounds how many requests are worked on at once, so that a service that is asked for more than it can do goes on doing what
// it can: who finds no place waits a little, and is refused with 503 and Retry-After when none becomes free. How many places there are
// follows from how many goroutines wait for the processors. An app has it by tenon.Config.Admission; as an option of a group or an operation it
// bounds these within that.
func Admission(cfg AdmissionConfig) (Middleware, error) {
	gate, err := admit.Open(admit.Limits{Requests: cfg.Requests, Queue: cfg.Queue, Patience: cfg.Patience, Streams: cfg.Streams})
	if err != nil {
		return nil, named("AdmissionConfig", []error{err})
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r, rec := record.Of(r)
			place := &rec.Place
			if rec.Gate != nil || place.Taken() { // it is, or will be, that of another bound
				place = &admit.Place{}
				rec.Within(place)
			}
			watched := rec.Watch(w, place)
			r.Body, _ = answer.WatchBody(r.Body, place)
			critical := rec.Critical || cfg.Critical != nil && cfg.Critical(r)
			if err := gate.Enter(r.Context(), critical, place); err != nil {
				overloaded(w, r, err)
				return
			}
			defer place.Leave()
			next.ServeHTTP(watched, r)
		})
	}, nil
}

// overloaded refuses a request, or says that its client did not wait.
func overloaded(w http.ResponseWriter, r *http.Request, err error) {
	if !errors.Is(err, admit.ErrFull) {
		w.WriteHeader(statusClientLeft)
		return
	}
	problem.Write(w, r, ErrOverloaded.WithHeader("Retry-After", strconv.Itoa(admit.RetryAfter())))
}
