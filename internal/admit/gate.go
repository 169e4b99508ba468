// Package admit bounds how many requests are worked on at once. Who finds no place waits for one, but not for long: a request that
// is refused at once costs little, and its client can go elsewhere.
package admit

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"time"
)

// ErrFull is why a request is refused.
var ErrFull = errors.New("admit: no place became free in time")

// Config describes a Gate. Every field is set.
type Config struct {
	// Min, Start and Max bound the places, which follow the pressure in between.
	Min, Start, Max int
	// Queue is the most requests that wait.
	Queue int
	// Patience is the most time that a request waits.
	Patience time.Duration
	// Reserve is the share of the places that are for critical requests alone.
	Reserve float64
	// Streams is the most requests that are streams, which hold no place.
	Streams int
	// Pressure says how many goroutines wait for each processor.
	Pressure func() float64
	// Memory says how much of the memory that the process may have is in use: 1 is all that the garbage collector tries to keep below.
	Memory func() float64
	// Now is the clock.
	Now func() time.Time
}

const (
	// standing is how long a queue may go without becoming empty before it is one of an overload and not of a burst.
	standing = 100 * time.Millisecond
	// lasting is how long an overload counts as one after its last sign: the queue of a load above capacity becomes empty now and then,
	// and were it a burst again each time, many would wait long before they are refused.
	lasting = time.Second
	// brief is the most time that a request waits then.
	brief = 50 * time.Millisecond
	// every is how often the pressure is looked at.
	every = 10 * time.Millisecond
	// high is how many goroutines may wait for a processor before there are too many places.
	high = 4.0
	// tight and dire are how much memory may be in use before ordinary requests, and then critical ones, are refused: where the garbage
	// collector keeps below nine tenths of what there is, 95 and 98 percent of that.
	tight, dire = 0.95 / 0.9, 0.98 / 0.9
)

// Gate hands out places. It is safe for concurrent use.
type Gate struct {
	cfg Config

	mu       sync.Mutex
	places   float64
	inside   int
	streams  int
	critical queue
	ordinary queue
	since    time.Time // when somebody had to wait after all had found room; zero while they do
	looked   time.Time
	watched  bool // a timer runs
	pressure float64
	memory   float64
	crowded  time.Time // since when there is too much of it; zero while there is not
	toomuch  time.Time // the last sign of an overload
}

// New makes a gate.
func New(cfg Config) *Gate { return &Gate{cfg: cfg, places: float64(cfg.Start)} }

// Enter takes a place, which Leave gives back. It waits until one is free, the time is over or ctx ends.
func (g *Gate) Enter(ctx context.Context, critical bool, p *Place) error {
	g.mu.Lock()
	g.adapt(true)
	if g.memory > dire || g.memory > tight && !critical {
		g.mu.Unlock()
		return ErrFull
	}
	for !g.free(critical) && g.grow() {
		continue
	}
	if g.free(critical) && (critical || g.ordinary.len() == 0) {
		g.inside++
		g.settle()
		p.gate, p.in = g, true
		crowd := !g.crowded.IsZero()
		g.mu.Unlock()
		if crowd {
			runtime.Gosched() // those who will be refused go first: they are done at once
		}
		return nil
	}
	now := g.cfg.Now()
	line := &g.ordinary
	if critical {
		line = &g.critical
	}
	if g.full(line, now) {
		g.mu.Unlock()
		return ErrFull
	}
	w := &waiter{ready: make(chan struct{}), since: now, place: p}
	if g.since.IsZero() {
		g.since = now
	}
	line.push(w)
	g.watch()
	patience := g.cfg.Patience
	if g.overloaded(now) {
		patience = min(patience, brief)
	}
	g.mu.Unlock()
	return g.wait(ctx, line, w, patience)
}

func (g *Gate) wait(ctx context.Context, line *queue, w *waiter, patience time.Duration) error {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	var err error
	select {
	case <-w.ready:
		return w.refused
	case <-timer.C:
		err = ErrFull
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if w.done {
		return w.refused // it was served in the meantime
	}
	w.done = true
	line.gone++
	return err
}

// free reports whether there is a place. Ordinary requests leave the reserve.
func (g *Gate) free(critical bool) bool {
	places := int(g.places)
	if !critical {
		places -= max(1, int(g.places*g.cfg.Reserve))
	}
	return g.inside < max(1, places)
}

// full reports whether nobody more may wait in a line: that of critical requests is none the shorter for the other. In an overload a
// line as long as there are places is enough to keep them busy.
func (g *Gate) full(line *queue, now time.Time) bool {
	if g.overloaded(now) {
		return line.len() >= min(int(g.places), g.cfg.Queue)
	}
	return line.len() >= g.cfg.Queue
}

// overloaded reports whether there has been more to do than can be done for a while: by the queue, or by those who wait for processors.
func (g *Gate) overloaded(now time.Time) bool {
	if !g.since.IsZero() && now.Sub(g.since) > standing || !g.crowded.IsZero() && now.Sub(g.crowded) > standing {
		g.toomuch = now
	}
	return !g.toomuch.IsZero() && now.Sub(g.toomuch) < lasting
}

// serve hands free places to those who wait, critical ones first, and refuses those who waited too long.
func (g *Gate) serve() {
	if g.critical.len()+g.ordinary.len() > 0 {
		now := g.cfg.Now()
		patience := g.cfg.Patience
		if g.overloaded(now) {
			patience = min(patience, brief)
		}
		late := g.next(&g.critical, true, now.Add(-patience))
		if late = g.next(&g.ordinary, false, now.Add(-patience)) || late; late {
			return // that nobody waits does not mean that there was room
		}
	}
	g.settle()
}

// next serves one queue, and reports whether somebody in it had waited since before oldest.
func (g *Gate) next(line *queue, critical bool, oldest time.Time) (refused bool) {
	for w := line.first(); w != nil; w = line.first() {
		late := w.since.Before(oldest)
		if !late && !g.free(critical) {
			return refused
		}
		line.pop()
		w.done = true
		if late {
			w.refused, refused = ErrFull, true
		} else {
			g.inside++
			w.place.gate, w.place.in = g, true
		}
		close(w.ready)
	}
	return refused
}

// settle notes that nobody has to wait.
func (g *Gate) settle() {
	if g.critical.len()+g.ordinary.len() == 0 {
		g.since = time.Time{}
	}
}

// adapt makes places fewer when goroutines wait for processors, and more when they do not and somebody waits for a place. Who comes always
// looks: where each request computes without a pause, they wait for a processor and not for a place, and few are ever inside.
func (g *Gate) adapt(comes bool) {
	if !comes && g.inside < g.cfg.Min && g.ordinary.len() == 0 {
		return
	}
	now := g.cfg.Now()
	if now.Sub(g.looked) < every {
		return
	}
	if now.Sub(g.looked) > standing {
		g.pressure, g.crowded = 0, time.Time{} // what was then says nothing of now
	}
	g.looked, g.memory = now, g.cfg.Memory()
	g.pressure = (g.pressure + g.cfg.Pressure()) / 2
	if g.pressure > high {
		if g.crowded.IsZero() {
			g.crowded = now
		}
		g.places = max(float64(g.cfg.Min), g.places*0.9)
		return
	}
	g.crowded = time.Time{}
	for g.ordinary.len() > 0 && !g.free(false) && g.grow() {
		g.serve()
	}
}

// grow makes a tenth more places when nobody waits for processors at this moment: those inside wait for something else then. It reports
// whether there are more.
func (g *Gate) grow() bool {
	if int(g.places) >= g.cfg.Max || g.cfg.Pressure() >= high/2 {
		return false
	}
	g.places = min(float64(g.cfg.Max), g.places+max(1, g.places/10))
	return true
}

// watch looks at the pressure while somebody waits, for as long as nobody comes or leaves.
func (g *Gate) watch() {
	if g.watched {
		return
	}
	g.watched = true
	time.AfterFunc(every, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.watched = false
		g.adapt(false)
		if g.critical.len()+g.ordinary.len() > 0 {
			g.watch()
		}
	})
}

// State is what a gate looks like from outside.
type State struct{ Places, Inside, Waiting, Streams int }

// State returns how things are now.
func (g *Gate) State() State {
	g.mu.Lock()
	defer g.mu.Unlock()
	return State{int(g.places), g.inside, g.critical.len() + g.ordinary.len(), g.streams}
}
