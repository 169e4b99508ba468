package tenon

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/internal/reply"
	"github.com/tenon-go/tenon/problem"
)

// ErrStopping is why the context of a stream ends when its server stops; see context.Cause.
var ErrStopping = errors.New("tenon: the server stops")

var errNoFlush = errors.New("a middleware hides Flush: its ResponseWriter needs a method Unwrap() http.ResponseWriter")

// runStream runs an operation whose output can be a stream: steps 10 to 13 of the design, where writing is part of the handler's
// work. The context of the handler and of its iterator ends when the client has left, does not read, or may have it no longer, or the server stops.
func (a *App) runStream(w http.ResponseWriter, r *http.Request, p *plan, ex *exchange, in any, c *call) {
	if !a.streaming(w, r) {
		return
	}
	ctx, cancel := context.WithCancelCause(r.Context())
	defer cancel(nil)
	open := a.streams(ctx)
	defer open.Add(!p.lines, cancel)() // one that may be either is taken for lines, until it is known
	r = r.WithContext(ctx)
	c.Context = ctx
	if rec := record.From(ctx); rec != nil && rec.Guard != nil {
		rec.Guard.Watch(r, cancel)
	}
	if p.events && p.lines {
		ex.asEvents = func() func() { return open.Add(true, cancel) }
	}
	a.handleNow(w, r, p, ex, in, c)
}

// streams are those of the server, where the app is mounted in another.
func (a *App) streams(ctx context.Context) record.Streams { //nolint:ireturn // those of Serve, or the app's own
	if rec := record.From(ctx); rec != nil && rec.Streams != nil {
		return rec.Streams
	}
	return &a.ending.open
}

// sendItems sends a body item by item, and reports whether that was a success. staged is as in send.
func (a *App) sendItems(w http.ResponseWriter, r *http.Request, p *plan, ex *exchange, c *call, answer reply.Answer, staged http.Header) bool {
	if !flushes(w) {
		a.internal(w, r, p, a.settle(r, p, ex, c, errNoFlush))
		return false
	}
	s := &framer{
		w: w, control: http.NewResponseController(w), status: answer.Status, staged: staged, header: answer.Header,
		last: a.streams(r.Context()).Last(), timers: r.ProtoMajor == 2,
	}
	if r.Method == http.MethodHead {
		if err := a.settle(r, p, ex, c, nil); err != nil {
			a.fail(w, r, p, err)
			return false
		}
		s.begin()
		return true
	}
	defer a.recover(w, r, p, s.begun)
	if ex.scope.open() {
		defer a.settlePanic(r, p, ex, c)
	}
	s.rest()
	defer context.AfterFunc(r.Context(), s.hurry)()
	defer s.end()
	if answer.Items.Stream.Events() {
		s.keepAlive([]byte(reply.KeepAlive))
	}
	failure := s.sendAll(r.Context(), answer.Items)
	s.quiet()
	if ex.scope.open() {
		failure = a.settleItems(r, p, ex, c, s, failure)
	}
	return a.endStream(r, p, s, answer.Items.Stream.Events(), failure)
}

// sendAll sends items until there are no more, one fails, or the context has ended.
func (s *framer) sendAll(ctx context.Context, items *reply.Items) error {
	for frame, err := range items.Frames() {
		if err != nil {
			return err
		}
		if ctx.Err() != nil || !s.send(frame) {
			break
		}
	}
	return nil
}

// endStream ends an answer so that the client can tell whether it has everything, and reports whether it is a success. Before the
// first item, a failure is answered like any other. After it, a stream of events ends with an event that holds the problem; lines
// have no place for one, so the connection is cut.
func (a *App) endStream(r *http.Request, p *plan, s *framer, events bool, failure error) bool {
	if r.Context().Err() != nil {
		stopping := errors.Is(context.Cause(r.Context()), ErrStopping)
		switch {
		case stopping && events: // the client connects again, elsewhere, and goes on after its last event
			s.begin()
			return true
		case stopping && !s.begun():
			a.answer(s.w, r, message.Problem(message.Stopping))
			return false
		}
		panic(http.ErrAbortHandler) // nobody is there, or the last line did not come
	}
	if failure == nil {
		s.begin()
		return true
	}
	if !s.begun() {
		a.fail(s.w, r, p, failure)
		return false
	}
	r = a.recorded(r)
	e := a.problemOf(r, p, failure)
	level := slog.LevelWarn
	if e == nil {
		e = problem.New(problem.CodeInternal, "")
	}
	if e.Status() >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	a.log(r, p, level, "stream failed", failure)
	if !events {
		panic(http.ErrAbortHandler)
	}
	_, body := a.appendError(nil, r, e, a.occurrence(r))
	s.send(reply.AppendProblem(nil, body))
	return false
}

// settleItems finishes what was provided for a stream, and returns why the stream failed, if it did.
func (a *App) settleItems(r *http.Request, p *plan, ex *exchange, c *call, s *framer, failure error) error {
	why := failure
	if why == nil {
		why = context.Cause(r.Context())
	}
	if why == nil && s.cut() {
		why = errNotRead
	}
	if settled := a.settle(r, p, ex, c, why); why == nil {
		return settled // a Finish that fails is a stream that does
	}
	return failure
}

var errNotRead = errors.New("tenon: the client does not read")
