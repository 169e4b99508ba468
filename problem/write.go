package problem

import (
	"net/http"
	"slices"
	"strconv"
	"uuid"

	"github.com/tenon-go/tenon/internal/record"
)

// MediaType is that of problems (RFC 9457, section 3).
const MediaType = "application/problem+json"

// Write answers a request with a problem: its status, its header fields and its body. Inside an app, in middleware and in mounted
// handlers too, the answer has the form of the app: its ProblemBase, or its own shape of errors. Anywhere else the body is that of
// Append with a fresh request id. Header fields that were set for a success (Cache-Control, ETag and the like) are removed.
//
// It is for plain net/http handlers. A handler of an operation returns its problem.
func Write(w http.ResponseWriter, r *http.Request, e *Error) {
	rec := record.From(r.Context())
	if rec != nil && rec.Answer != nil {
		rec.Answer(w, r, e)
		return
	}
	id := ""
	if rec != nil {
		id = rec.ID
	}
	if id == "" {
		id = uuid.NewV7().String()
	}
	body := e.Append(make([]byte, 0, 512), Occurrence{RequestID: id})
	h := w.Header()
	e.ApplyHeader(h)
	h.Set("Content-Type", MediaType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(e.Status())
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // nobody is left to tell
	}
}

// ApplyHeader makes the header of an answer that of the problem: what was set for a success goes, the fields of the problem come.
func (e *Error) ApplyHeader(h http.Header) {
	for _, name := range []string{"Cache-Control", "Content-Encoding", "Etag", "Last-Modified"} {
		delete(h, name)
	}
	for name, values := range e.header {
		if name == "Link" || name == "Vary" { // others have theirs
			values = slices.Concat(h[name], values)
		}
		h[name] = slices.Clone(values)
	}
}
