package cache

import (
	"net/http"
	"slices"
	"time"
)

// writer takes what an operation answers. What can be kept it holds until the end; all else goes on to the client as it comes.
type writer struct {
	to      http.ResponseWriter
	header  http.Header
	judge   func(status int, h http.Header) verdict // called once, with the final status
	pass    func(status int, h http.Header) bool    // called before what is not kept goes on; false, or nil: it does not
	verdict verdict
	status  int // 0: there is none yet
	body    []byte
}

// verdict is what becomes of an answer.
type verdict int

const (
	keep verdict = iota // it is held back
	pass                // it goes on to the client
	drop                // somebody else has answered
)

// Header is that of the answer: nothing in it is of what stands around the operation.
func (w *writer) Header() http.Header { return w.header }

// WriteHeader judges the answer. Interim answers go on.
func (w *writer) WriteHeader(status int) {
	if status < http.StatusOK && status != http.StatusSwitchingProtocols {
		w.to.WriteHeader(status)
		return
	}
	if w.status != 0 {
		return
	}
	w.status = status
	w.verdict = w.judge(status, w.header)
	if w.verdict == pass {
		w.begin()
	}
}

// begin sends the header on, if anything goes on.
func (w *writer) begin() {
	w.verdict = drop
	if w.pass == nil || !w.pass(w.status, w.header) {
		return
	}
	w.verdict = pass
	merge(w.to.Header(), w.header)
	w.to.WriteHeader(w.status)
}

// Write holds back what can be kept, until it is too much.
func (w *writer) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.verdict == keep {
		if len(w.body)+len(b) <= MaxBody {
			w.body = append(w.body, b...)
			return len(b), nil
		}
		w.spill()
	}
	if w.verdict == drop {
		return len(b), nil
	}
	return w.to.Write(b)
}

// spill gives up keeping.
func (w *writer) spill() {
	w.begin()
	if w.verdict == pass {
		_, _ = w.to.Write(w.body) // a client that left is nobody's fault
	}
	w.body = nil
}

// FlushError sends what goes on to the client, or what it was answered by somebody else.
func (w *writer) FlushError() error {
	if w.verdict == keep || w.status == 0 {
		return nil
	}
	return http.NewResponseController(w.to).Flush()
}

// Flush is FlushError for those who do not ask.
func (w *writer) Flush() { _ = w.FlushError() }

// SetReadDeadline is for a handler that has longer than its server gives it.
func (w *writer) SetReadDeadline(t time.Time) error {
	return http.NewResponseController(w.to).SetReadDeadline(t)
}

// SetWriteDeadline is for such a handler too.
func (w *writer) SetWriteDeadline(t time.Time) error {
	return http.NewResponseController(w.to).SetWriteDeadline(t)
}

// merge puts fields into the header of an answer. Those that list add to what stands there.
func merge(to, from http.Header) {
	for name, values := range from {
		if lists(name) {
			to[name] = append(slices.Clip(to[name]), values...)
			continue
		}
		to[name] = values
	}
}

// lists reports whether all lines of a field count, those of others too.
func lists(name string) bool { return name == "Vary" || name == "Link" || name == "Set-Cookie" }
