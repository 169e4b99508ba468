package datatest

import (
	"bytes"
	"sync/atomic"
)

// session is what a Proxy knows of one connection.
type session struct {
	proxy   *Proxy
	writing bool        // a transaction that may write has begun
	over    atomic.Bool // the next answer is lost
}

// asks looks at what the program sends, and reports whether that is passed on. What begins and ends a transaction that may write is a simple query.
func (s *session) asks(piece []byte) bool {
	const head = 5 // Q, and the length
	if len(piece) < head || piece[0] != 'Q' {
		return true
	}
	switch text := bytes.ToLower(piece[head:]); {
	case bytes.HasPrefix(text, []byte("begin")):
		s.writing = !bytes.Contains(text, []byte("read only"))
	case !bytes.HasPrefix(text, []byte("commit")):
	case s.writing:
		s.writing = false
		if t, _ := s.proxy.now(); t.Commits {
			late := s.proxy.commits.Add(1)%2 == 0
			s.over.Store(late)
			return late
		}
	}
	return true
}

// answers reports whether what the server sends is passed on.
func (s *session) answers([]byte) bool { return !s.over.Load() }
