package tenon

import (
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/tenon-go/tenon/internal/answer"
)

// framer writes the frames of one stream, each at once. The header is sent with the first.
type framer struct {
	w       http.ResponseWriter
	control *http.ResponseController
	status  int
	staged  http.Header // that of w, with what was provided
	header  http.Header // that of the output

	mu      sync.Mutex // held while something is written
	started bool
	lost    bool // a write failed
	comment []byte
	timer   *time.Timer // sends comment when nothing else was sent; nil is never

	last     time.Duration // that a client has for what it has not taken when the stream must end
	deadline sync.Mutex
	fixed    bool // the write deadline is not to be moved any more
	timers   bool // a deadline that passes ends the stream although nobody waits, as in HTTP/2
}

func (s *framer) begun() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.started
}

// cut reports whether the client did not get all that was sent.
func (s *framer) cut() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lost
}

// begin sends the header, if it was not sent.
func (s *framer) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open()
}

func (s *framer) open() {
	if !s.started {
		s.started = true
		maps.Copy(s.w.Header(), s.staged)
		copyHeader(s.w.Header(), s.header)
		s.w.WriteHeader(s.status)
	}
}

// send writes a frame and reports whether the client may want more.
func (s *framer) send(frame []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(frame)
	return !s.lost
}

// put writes a frame in pieces: a client has its time for each, so it does not depend on the size of an item.
func (s *framer) put(frame []byte) {
	if s.lost {
		return
	}
	s.open()
	if s.write(frame) != nil { // the client left or does not read; the server ends the context
		s.lost = true
		return
	}
	if s.timer != nil {
		s.timer.Reset(paceKeepAlive)
	}
}

func (s *framer) write(frame []byte) error {
	for len(frame) > 0 {
		piece := frame[:min(len(frame), pacePiece)]
		frame = frame[len(piece):]
		s.wait(paceIdle)
		if _, err := s.w.Write(piece); err != nil { //nolint:gosec // no HTML, and the answer says so (nosniff)
			return err
		}
	}
	err := s.control.Flush()
	s.rest()
	return err
}

// keepAlive sends a comment whenever nothing else was sent for a while, the first time soon: it opens the stream.
func (s *framer) keepAlive(comment []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.comment = comment
	s.timer = time.AfterFunc(paceOpens, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.timer != nil {
			s.put(s.comment)
		}
	})
}

// quiet ends the comments.
func (s *framer) quiet() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
}

// hurry gives the client little time for what it has not taken yet.
func (s *framer) hurry() {
	s.wait(s.last)
	s.fix()
}

// end gives the client time for what is left to send, and leaves the connection to the next request.
func (s *framer) end() {
	s.quiet()
	s.wait(paceIdle)
	s.fix()
}

// wait moves the write deadline; a ResponseWriter that has none is one of a test.
func (s *framer) wait(d time.Duration) {
	s.deadline.Lock()
	defer s.deadline.Unlock()
	if !s.fixed {
		_ = s.control.SetWriteDeadline(time.Now().Add(d))
	}
}

// rest gives the iterator the time until the next frame.
func (s *framer) rest() {
	s.deadline.Lock()
	defer s.deadline.Unlock()
	if s.timers && !s.fixed {
		_ = s.control.SetWriteDeadline(time.Time{})
	}
}

func (s *framer) fix() {
	s.deadline.Lock()
	defer s.deadline.Unlock()
	s.fixed = true
}

// copyHeader sets the fields of an output beside those that middleware set.
func copyHeader(to, from http.Header) {
	for name, values := range from {
		if name == "Set-Cookie" || name == "Vary" || name == "Link" {
			values = slices.Concat(to[name], values)
		}
		to[name] = values
	}
}

// flushes reports whether http.ResponseController can flush w.
func flushes(w http.ResponseWriter) bool {
	for {
		switch x := w.(type) {
		case *answer.Writer: // it has Flush for those who ask for an http.Flusher
			w = x.ResponseWriter
		case http.Flusher, interface{ FlushError() error }:
			return true
		case interface{ Unwrap() http.ResponseWriter }:
			w = x.Unwrap()
		default:
			return false
		}
	}
}
