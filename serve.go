package tenon

import (
	"context"
	"net/http"
	"strings"
	"sync"

	"github.com/tenon-go/tenon/internal/answer"
	"github.com/tenon-go/tenon/internal/form"
	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/internal/reply"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

// exchange is the scratch memory of one request. It is pooled, so nothing of it may reach a handler.
type exchange struct {
	match    match
	faults   validate.Faults
	in       []byte // the request body
	out      []byte // the answer
	room     reply.Room
	codec    *codecEntry            // what the body is written in; nil is JSON
	form     *codecEntry            // what the answer is written in; nil is JSON
	picked   *format                // the form that the client asked for by name; nil is none
	asEvents func() (remove func()) // notes a stream that could have been lines as one of events; nil where it cannot
	files    *form.Files            // of a form: removed at the end, however the request ends; nil is none
	gzip     bool                   // the body is compressed
	ends     func()                 // of a paced body: nobody needs to tell it any more that the server stops
	late     *latecomer             // who answers, where there is a deadline; nil is the handler
	scope    scope                  // what is provided
}

// keepBuffer is the largest buffer that goes back to the pool.
const keepBuffer = 64 << 10

// reset leaves alone what a request did not touch: each write of a pointer costs while garbage is collected.
func (ex *exchange) reset() {
	if ex.match.n > 0 {
		clear(ex.match.values[:ex.match.n])
		ex.match.n = 0
	}
	ex.faults.Reset()
	if ex.codec != nil || ex.form != nil || ex.picked != nil || ex.asEvents != nil || ex.late != nil {
		ex.codec, ex.form, ex.picked, ex.asEvents, ex.late = nil, nil, nil, nil, nil
	}
	ex.gzip = false
	ex.closeFiles()
	if ex.ends != nil {
		ex.ends()
		ex.ends = nil
	}
	ex.scope.reset()
	if cap(ex.in) > keepBuffer {
		ex.in = nil
	}
	if cap(ex.out) > keepBuffer {
		ex.out = nil
	}
	ex.in = ex.in[:0]
	ex.out = ex.out[:0]
}

// closeFiles removes what was uploaded.
func (ex *exchange) closeFiles() {
	if ex.files != nil {
		_ = ex.files.Close() // nobody is left to tell: the request has been answered
		ex.files = nil
	}
}

// exchanges is shared by all apps: it holds scratch memory, no state.
var exchanges = sync.Pool{New: func() any { return new(exchange) }}

// maxTarget is the most bytes of a path and query.
const maxTarget = 8 << 10

func (ex *exchange) release() {
	ex.reset()
	exchanges.Put(ex)
}

// ServeHTTP answers one request. An app that does not compile answers 500 to everything.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if a.life.values.Load() == nil { // it does not run: perhaps it was never compiled
		if err := a.Compile(); err != nil {
			a.internal(w, r, nil, err)
			return
		}
		if err := a.wake(r.Context()); err != nil {
			a.asleep(w, r, err)
			return
		}
	}
	if a.ending.draining.Load() {
		a.serveLast(w, r)
		return
	}
	a.serveOne(w, r)
}

// serveLast asks the client to take another connection for its next request, since the app is about to end. In HTTP/2 that is GOAWAY.
func (a *App) serveLast(w http.ResponseWriter, r *http.Request) {
	last, end := lastAnswer(w)
	defer end()
	a.serveOne(last, r)
}

func (a *App) serveOne(w http.ResponseWriter, r *http.Request) {
	ex := exchanges.Get().(*exchange)
	defer ex.release()
	a.serve(w, r, ex)
}

// serve matches a request and follows its route. It is apart from serveOne, and from through, so that each has one defer,
// which then costs nothing.
func (a *App) serve(w http.ResponseWriter, r *http.Request, ex *exchange) {
	if tooLong(r) {
		a.through(w, r, nil, a.miss)
		return
	}
	switch route := a.router.find(r.Method, r.URL, &ex.match); {
	case route == nil:
		a.through(w, r, nil, a.miss)
	case route.byVersion != nil:
		a.versions.serve(w, r, ex, route)
	case route.version != nil:
		route.version.serve(w, r, ex, route)
	default:
		a.follow(w, r, ex, route)
	}
}

// follow answers with the route that was found. Like serve, it is by itself for its defer.
func (a *App) follow(w http.ResponseWriter, r *http.Request, ex *exchange, route *route) {
	r.Pattern = route.pattern
	if route.picks {
		r.Pattern = ex.suffix(route)
	}
	rec := record.From(r.Context())
	if rec != nil {
		rec.Route, rec.Answer, rec.Report, rec.Statements = r.Pattern, a.exit, a.found, a.ran
		if route.plan != nil {
			rec.Operation, rec.Critical = route.plan.name, route.plan.op.Critical
		}
	}
	if route.handler == nil {
		if rec != nil && rec.Gate != nil {
			a.bounded(w, r, rec, route.plan, ex)
			return
		}
		defer a.recover(w, r, route.plan, never)
		a.run(w, r, rec, route.plan, ex)
		return
	}
	for i, name := range route.names {
		r.SetPathValue(name, ex.match.values[i])
	}
	if ex.picked != nil {
		r.SetPathValue(formatSuffix, ex.picked.name)
	}
	a.through(w, r, route.plan, route.handler)
}

// tooLong reports whether a target is more than any operation reads.
func tooLong(r *http.Request) bool { return len(r.URL.Path)+len(r.URL.RawQuery) > maxTarget }

// through hands a request to a chain of middleware, or to a foreign handler.
func (a *App) through(w http.ResponseWriter, r *http.Request, p *plan, h http.Handler) {
	r = a.recorded(r)
	if p != nil {
		rec := record.From(r.Context())
		rec.Operation, rec.Critical = p.name, p.op.Critical
	}
	tracked, ok := w.(*answer.Writer)
	if !ok || tracked.Started() {
		tracked = &answer.Writer{ResponseWriter: w}
	}
	defer a.recover(tracked, r, p, tracked.Started)
	h.ServeHTTP(tracked, r)
}

func never() bool { return false }

// serveMiss answers a request that no route takes: a target that is too long, OPTIONS of a path or of the server (RFC 9110, section 9.3.7), 405 with
// Allow, or 404.
func (a *App) serveMiss(w http.ResponseWriter, r *http.Request) {
	if tooLong(r) {
		a.answer(w, r, message.Problem(message.TargetBytes, maxTarget))
		return
	}
	if r.Method == http.MethodOptions && r.URL.Path == "*" {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	known := &a.router
	if a.versions != nil {
		var err *problem.Error
		if known, err = a.versions.miss(w, r); err != nil {
			a.answer(w, r, err)
			return
		}
	}
	methods := known.allowed(r.URL)
	if methods == nil {
		a.answer(w, r, message.Problem(message.NoPath))
		return
	}
	allow := strings.Join(methods, ", ")
	if r.Method == http.MethodOptions {
		w.Header().Set("Allow", allow)
		a.tellBodies(w.Header(), r.URL)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	a.answer(w, r, message.Problem(message.Allowed, methods).WithHeader("Allow", allow))
}

// core is the innermost handler of an operation that has middleware around it.
func (a *App) core(p *plan) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ex := exchanges.Get().(*exchange)
		defer ex.release()
		for i, name := range p.names {
			ex.match.values[i] = r.PathValue(name)
		}
		ex.match.n = len(p.names)
		if p.formats != nil {
			ex.picked = p.formats.named(r.PathValue(formatSuffix))
		}
		a.run(w, r, record.From(r.Context()), p, ex)
	})
}

// run takes a request that was let in from media types to the answer: steps 5 to 13 of the design, in their order.
func (a *App) run(w http.ResponseWriter, r *http.Request, rec *record.Record, p *plan, ex *exchange) {
	in, c := p.handler.newIn()
	c.Context = r.Context()
	if p.choosy || !anything(r.Header["Accept"]) {
		if err := p.agree(r, ex); err != nil {
			a.answer(w, r, err)
			return
		}
	}
	if !p.bare || r.URL.RawQuery != "" {
		if err := a.read(c, w, r, p, ex, in); err != nil {
			a.fail(w, r, p, err)
			return
		}
		if len(ex.faults.List) > 0 {
			a.refuse(w, r, p, ex)
			return
		}
	}
	if p.direct && !p.limited(rec) {
		a.handleDirectly(w, r, p, ex, in, c)
		return
	}
	if p.raise != nil {
		newest, err := p.raise(c, in)
		if err != nil {
			a.fail(w, r, p, err)
			return
		}
		in = newest
	}
	if p.events || p.lines {
		a.runStream(w, r, p, ex, in, c)
		return
	}
	a.handle(w, r, rec, p, ex, in, c)
}

// handleDirectly is handle for an operation that has nothing around its handler, and whose answer depends on nothing of the request.
func (a *App) handleDirectly(w http.ResponseWriter, r *http.Request, p *plan, ex *exchange, in any, c *call) {
	out, err := p.handler.call(c, in)
	switch {
	case err != nil:
		a.fail(w, r, p, inTime(c, err))
	case c.work.Load() != nil:
		a.finish(w, r, p, ex, c, out)
	default:
		a.respondBriefly(w, r, p, ex, c, out)
	}
}

// handle runs providers and handler, and answers with what they return: steps 9 to 13.
func (a *App) handle(w http.ResponseWriter, r *http.Request, rec *record.Record, p *plan, ex *exchange, in any, c *call) {
	if p.limited(rec) {
		a.handleInTime(w, r, p, ex, in, c)
		return
	}
	a.handleNow(w, r, p, ex, in, c)
}

func (a *App) handleNow(w http.ResponseWriter, r *http.Request, p *plan, ex *exchange, in any, c *call) {
	if p.needs != nil {
		a.handleProvided(w, r, p, ex, in, c)
		return
	}
	out, err := p.call(w, c, in)
	if !ex.late.claim() {
		return
	}
	if err != nil {
		err = inTime(c, err)
		a.fail(w, r, p, err)
		return
	}
	a.finish(w, r, p, ex, c, out)
}

// call runs the handler of an operation that needs nothing.
func (p *plan) call(w http.ResponseWriter, c *call, in any) (any, error) {
	defer p.leisure(w)()
	return p.handler.call(c, in)
}

const jsonType = reply.ContentType

// agree settles the media types before anything is read: what the client accepts, what it sends, and that a write which must be
// conditional is.
func (p *plan) agree(r *http.Request, ex *exchange) *problem.Error {
	if err := p.acceptable(r, ex); err != nil {
		return err
	}
	for _, c := range p.conditions {
		if !c.said(r.Header) {
			return message.Problem(c.detail)
		}
	}
	if p.body == nil || r.ContentLength == 0 {
		return nil
	}
	return p.body.agree(r, ex)
}

// withoutCancel keeps a context's values: what is logged after the client left still carries its request id.
func withoutCancel(r *http.Request) context.Context { return context.WithoutCancel(r.Context()) }
