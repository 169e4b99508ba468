package tenon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/problem"
)

// How long a handler may take, and how much later its client is answered when it does not notice that its time is over.
const (
	defaultDeadline = 30 * time.Second
	listDeadline    = 15 * time.Second // of what answers with a page: it should be found by an index
	lateGrace       = time.Second
)

// Deadline sets how long providers and handler may take. When the time is over their context ends, and the answer is the problem
// deadline-exceeded with status 504, a second later even while the handler goes on. Without it, Serve gives an operation 30 seconds, and a
// list 15, if its answer is made whole and it does not read its body by itself; a stream has time for as long as its client reads.
func Deadline(d time.Duration) Option {
	return func(o *Operation) {
		if d <= 0 {
			o.Fault(fmt.Errorf("the deadline is %v, want more than 0; see tenon.NoDeadline", d))
			return
		}
		o.Deadline = d
		o.said = append(o.said, sayDeadline)
	}
}

// NoDeadline lets providers and handler take as long as they like, for a reason that a reader of the code will want to know. The client has 30 seconds
// for the answer, from when they have ended.
func NoDeadline(reason string) Option {
	return func(o *Operation) {
		if reason == "" {
			o.Fault(errors.New("NoDeadline wants its reason"))
			return
		}
		o.Deadline = -1
	}
}

// errDeadline is why the context of a handler ends when its time is over.
var errDeadline = fmt.Errorf("tenon: the operation took longer than it may: %w", context.DeadlineExceeded)

// planDeadline works out how long the handler may take; 0 is as long as it likes.
func (p *plan) planDeadline() {
	reads := p.body != nil && p.body.raw != nil && p.body.raw.stream
	switch {
	case p.events || p.lines || p.op.Deadline < 0:
	case p.op.Deadline > 0:
		p.deadline = p.op.Deadline
	case reads || p.out.Sends():
	case p.op.Method == http.MethodGet && p.out.Links:
		p.deadline = listDeadline
	default:
		p.deadline = defaultDeadline
	}
	if reads && p.deadline > 0 {
		p.body.raw.answers = max(paceIdle, p.deadline+defaultDeadline)
	}
}

// leisure takes the server's time off an answer whose handler may take as long as it likes, and gives it back: its client has 30 seconds from then
// on, unless what is sent has its own pace. In HTTP/2 a deadline that passes ends the answer although nobody waits.
func (p *plan) leisure(w http.ResponseWriter) (back func()) {
	if p.deadline > 0 {
		return nothing
	}
	control := http.NewResponseController(w) // a writer without deadlines does not mind
	_ = control.SetWriteDeadline(time.Time{})
	return func() { _ = control.SetWriteDeadline(time.Now().Add(defaultDeadline)) }
}

func nothing() {}

// limited reports whether the time of a request is bounded: by an option everywhere, by default where Serve runs.
func (p *plan) limited(rec *record.Record) bool {
	if p.deadline == 0 || p.op.Deadline > 0 {
		return p.deadline > 0
	}
	return rec != nil && rec.Streams != nil
}

// handleInTime is handle with a deadline.
func (a *App) handleInTime(w http.ResponseWriter, r *http.Request, p *plan, ex *exchange, in any, c *call) {
	ctx, cancel := context.WithTimeoutCause(c.Context, p.deadline, errDeadline)
	defer cancel()
	c.Context = ctx
	if p.deadline > defaultDeadline { // more than the server counts with; what has no deadlines does not mind
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(p.deadline + defaultDeadline))
	}
	r = a.recorded(r)
	late := &latecomer{}
	timer := time.AfterFunc(p.deadline+lateGrace, func() { late.answer(a, w, r, p) })
	defer timer.Stop()
	ex.late = late
	defer func() {
		if late.claim() {
			return
		}
		if reason := recover(); reason != nil {
			a.log(r, p, slog.LevelError, "panic after the deadline", panicError(reason))
			panic(http.ErrAbortHandler)
		}
		a.log(r, p, slog.LevelWarn, "the handler ended after its deadline", errDeadline)
	}()
	a.handleNow(w, r, p, ex, in, c)
}

// latecomer decides who answers a request: its handler, or the clock.
type latecomer struct {
	mu sync.Mutex
	by answerer
}

type answerer int

const (
	nobody answerer = iota
	theHandler
	theClock
)

// claim takes the answer for the handler, which has returned; it is false when the client has been answered.
func (l *latecomer) claim() bool {
	if l == nil {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.by == nobody {
		l.by = theHandler
	}
	return l.by == theHandler
}

// answer answers in the place of a handler that goes on after its deadline. Nobody else writes then: a handler has no
// ResponseWriter, and what is around it waits for it.
func (l *latecomer) answer(a *App, w http.ResponseWriter, r *http.Request, p *plan) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.by != nobody {
		return
	}
	l.by = theClock
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(defaultDeadline)) // the body may have taken the server's time
	a.log(r, p, slog.LevelError, "the handler does not end after its deadline", errDeadline)
	w.Header().Set("Connection", "close") // the connection is the handler's for as long as it goes on
	a.answer(w, r, problem.New(problem.CodeDeadlineExceeded, ""))
	_ = http.NewResponseController(w).Flush() // what cannot flush sends when the handler returns
}

// inTime makes the problem of an error of a handler that comes from its deadline, unless the handler says one itself.
func inTime(c context.Context, err error) error {
	if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(context.Cause(c), errDeadline) {
		return err
	}
	if _, ok := errors.AsType[*problem.Error](err); ok {
		return err
	}
	return problem.Wrap(problem.CodeDeadlineExceeded, "", err)
}
