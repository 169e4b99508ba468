package tenon

import (
	"cmp"
	"context"
	"sync"
	"time"
)

// streams are the open streams of one server, by kind, which is to tell them when it stops.
type streams struct {
	events, lines cancelSet
	last          time.Duration // 0 is paceLast; set before there are any
}

// Last is how long a client has for what it has not taken yet when a stream must end.
func (s *streams) Last() time.Duration { return cmp.Or(s.last, paceLast) }

// Add notes how a stream is told, until the function that it returns is called.
func (s *streams) Add(events bool, cancel context.CancelCauseFunc) (remove func()) {
	if events {
		return s.events.add(cancel)
	}
	return s.lines.add(cancel)
}

// cancelSet is a set of things under way that are told to end together. The zero value is empty.
type cancelSet struct {
	mu   sync.Mutex
	open map[*context.CancelCauseFunc]bool
	told bool
}

// add notes how one is told, until the function that it returns is called. After stop it is told at once.
func (s *cancelSet) add(cancel context.CancelCauseFunc) (remove func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.told {
		cancel(ErrStopping)
	}
	if s.open == nil {
		s.open = map[*context.CancelCauseFunc]bool{}
	}
	s.open[&cancel] = true
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.open, &cancel)
	}
}

// begin takes back what stop said of those that come.
func (s *cancelSet) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = false
}

// stop tells all of them, and those that come.
func (s *cancelSet) stop() {
	s.mu.Lock()
	s.told = true
	s.mu.Unlock()
	s.tell()
}

// tell tells those that are there.
func (s *cancelSet) tell() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for cancel := range s.open {
		(*cancel)(ErrStopping)
	}
}
