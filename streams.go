package tenon

import (
	"context"
	"sync"
)

// streams are the open streams of one server, by kind, which is to tell them when it stops.
type streams struct{ events, lines streamSet }

func (s *streams) of(events bool) *streamSet {
	if events {
		return &s.events
	}
	return &s.lines
}

// streamSet is a set of streams that are told to end together. The zero value is empty.
type streamSet struct {
	mu   sync.Mutex
	open map[*context.CancelCauseFunc]bool
	told bool
}

// add notes a stream until the function that it returns is called. When the others were told, it is told at once.
func (g *streamSet) add(cancel context.CancelCauseFunc) (remove func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.told {
		cancel(ErrStopping)
	}
	if g.open == nil {
		g.open = map[*context.CancelCauseFunc]bool{}
	}
	g.open[&cancel] = true
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		delete(g.open, &cancel)
	}
}

// stop tells all of them.
func (g *streamSet) stop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.told = true
	for cancel := range g.open {
		(*cancel)(ErrStopping)
	}
}
