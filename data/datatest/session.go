package datatest

import (
	"bytes"
	"sync/atomic"
)

// session is what a Proxy knows of one connection.
type session struct {
	proxy   *Proxy
	reading bool        // the transaction writes nothing
	over    atomic.Bool // the next answer is lost
}

// asks looks at what the program sends, and reports whether that is passed on.
func (s *session) asks(piece []byte) bool {
	text := bytes.ToLower(piece)
	if i := bytes.LastIndex(text, []byte("begin")); i >= 0 {
		s.reading = bytes.Contains(text[i:], []byte("read only"))
	}
	if t, _ := s.proxy.now(); !t.Commits || s.reading || !bytes.Contains(text, []byte("commit\x00")) {
		return true
	}
	late := s.proxy.commits.Add(1)%2 == 0
	s.over.Store(late)
	return late
}

// answers reports whether what the server sends is passed on.
func (s *session) answers([]byte) bool { return !s.over.Load() }
