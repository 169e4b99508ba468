package tenon

import (
	"net/http"

	"github.com/tenon-go/tenon/internal/answer"
	"github.com/tenon-go/tenon/problem"
)

// headerLimits bound the header of one request, with its request line.
type headerLimits struct{ bytes, values int }

// guard refuses what net/http lets through. A header above a limit gets a problem. A connection does not go on after a request that ends it.
func guard(app *App, limits headerLimits, date bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !date {
			w.Header()["Date"] = nil
		}
		if ends(r) {
			last, end := lastAnswer(w)
			defer end()
			w = last
		}
		size, count := len(r.Method)+len(r.RequestURI)+len(r.Host), 0
		for name, values := range r.Header {
			count += len(values)
			for _, value := range values {
				size += len(name) + len(value) + len(": \r\n")
			}
		}
		if size > limits.bytes || count > limits.values {
			w.Header().Set("Connection", "close")
			app.answer(w, r, problem.New(problem.CodeHeadersTooLarge, ""))
			return
		}
		app.ServeHTTP(w, r)
	})
}

// lastAnswer is for the last answer of a connection. end is called when its handler has returned.
func lastAnswer(w http.ResponseWriter) (last *answer.Writer, end func()) {
	last = &answer.Writer{ResponseWriter: w, Before: closes}
	return last, func() {
		if !last.Started() { // net/http sends the header now
			closes(w.Header(), 0)
		}
	}
}

// closes says that the connection does not go on, when the header of the answer is sent: a handler that is mounted may have said that it
// does, as many do for events.
func closes(h http.Header, _ int) { h.Set("Connection", "close") }
