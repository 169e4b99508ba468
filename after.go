package tenon

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tenon-go/tenon/internal/observe"
	"github.com/tenon-go/tenon/internal/record"
)

// After gives the request that ctx belongs to something to do when its answer is sent: once its last byte was written, and only
// when it is a success. After a refusal, a problem, a panic or a stream that failed, fn does not run. Call it before the handler, or
// the iterator of its stream, returns; with the context of a request in middleware it panics. Uploads are removed before fn runs.
//
// Of a body without a Content-Length the client learns the end when the handler has returned; that waits for fn only when 256
// requests have such work already.
//
// What a request gave runs one after the other, beside what other requests gave. The context of fn has the values of ctx, does not end
// with the request, and ends after 30 seconds. An error and a panic are logged. Serve waits for all such work when it stops, for
// the rest of Drain; App.Stop does where another server serves the app. Work that must happen, whatever becomes of the process, belongs into the database.
//
// Without a request, as in a test that calls a handler by itself, fn runs before After returns.
func After(ctx context.Context, fn func(context.Context) error) {
	c, ok := ctx.Value(callKey{}).(*call)
	if !ok && record.From(ctx) != nil {
		panic("tenon: After is called with the context of a request outside its handler")
	}
	if !ok {
		if err := fn(ctx); err != nil {
			slog.Default().ErrorContext(ctx, "work after the answer", slog.String("error", err.Error()))
		}
		return
	}
	work := c.work.Load()
	if work == nil {
		c.work.CompareAndSwap(nil, &afterwork{})
		work = c.work.Load()
	}
	work.add(fn)
}

// call is the context of one run of a handler. It is allocated together with the input.
type call struct {
	context.Context //nolint:containedctx // it is one

	work  atomic.Pointer[afterwork] // nil is none
	wakes atomic.Pointer[wakes]     // nil is none
	open  atomic.Bool               // what is provided is to be finished
}

type callKey struct{}

// Value returns the call itself for its key.
func (c *call) Value(key any) any {
	if key == (callKey{}) || key == (record.WakerKey{}) {
		return c
	}
	return c.Context.Value(key)
}

// afterwork is what one request has to do when it is answered.
type afterwork struct {
	mu   sync.Mutex
	todo []func(context.Context) error
}

func (w *afterwork) add(fn func(context.Context) error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.todo = append(w.todo, fn)
}

func (w *afterwork) next() func(context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.todo) == 0 {
		return nil
	}
	fn := w.todo[0]
	w.todo = w.todo[1:]
	return fn
}

const (
	afterTime  = 30 * time.Second // for one function
	afterBound = 256              // requests whose work runs in goroutines of its own
)

// finish answers with an output, and starts what the request has to do after it. When much of that runs already, the request
// does it by itself, and its connection takes no other: clients that cause much work wait.
func (a *App) finish(w http.ResponseWriter, r *http.Request, p *plan, ex *exchange, c *call, out any) {
	// Then a place is taken at the end: it may be far, or a Finish gives the first work.
	streams := p.events || p.lines || ex.scope.finishes() && c.work.Load() == nil
	if ex.asEvents != nil && p.out.SendsEvents(out) {
		defer ex.asEvents()()
	}
	if c.work.Load() == nil && !streams {
		a.respond(w, r, p, ex, c, out)
		return
	}
	taken := !streams && a.background.take()
	defer func() {
		if taken {
			a.background.release()
		}
	}()
	if !taken && !streams {
		w.Header().Set("Connection", "close")
	}
	if !a.respond(w, r, p, ex, c, out) {
		return
	}
	work := c.work.Load()
	if work == nil {
		return
	}
	ex.closeFiles()                           // for work of its own goroutine they are gone, so they are for all work
	_ = http.NewResponseController(w).Flush() // what cannot flush sends when the handler returns
	r = a.recorded(r)
	taken = taken || streams && a.background.take()
	if !taken || observe.Waits(r.Context()) {
		a.work(r, p, c, work)
		return
	}
	taken = false // handed over
	go func() {
		defer a.background.release()
		a.work(r, p, c, work)
	}()
}

func (a *App) work(r *http.Request, p *plan, c *call, work *afterwork) {
	for fn := work.next(); fn != nil; fn = work.next() {
		late := time.AfterFunc(afterTime+time.Second, func() {
			a.log(r, p, slog.LevelWarn, "work after the answer does not end", context.DeadlineExceeded)
		})
		err := a.workOne(c, fn)
		late.Stop()
		if err != nil {
			a.log(r, p, slog.LevelError, "work after the answer", err)
		}
	}
}

func (a *App) workOne(c *call, fn func(context.Context) error) (err error) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(c))
	defer cancel(nil)
	defer a.background.ends.add(cancel)()
	ctx, end := context.WithTimeout(ctx, afterTime)
	defer end()
	defer func() {
		if reason := recover(); reason != nil {
			err = panicked(reason)
		}
	}()
	return fn(ctx)
}

// background is work that outlives its request. The zero value is idle.
type background struct {
	mu      sync.Mutex
	running int
	idle    chan struct{} // closed when nothing runs; nil when nobody waits
	ends    cancelSet
}

// take takes one of the places for work, if there is one.
func (b *background) take() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.running == afterBound {
		return false
	}
	b.running++
	return true
}

func (b *background) release() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.running--
	if b.running == 0 && b.idle != nil {
		close(b.idle)
		b.idle = nil
	}
}

// run runs something in a goroutine, if there is a place for it. Its context ends only when the app cannot wait for it any longer. Under a test that
// waits for what comes after an answer there is none.
func (b *background) run(ctx context.Context, do func(context.Context)) bool {
	if observe.Waits(ctx) || !b.take() {
		return false
	}
	go func() {
		defer b.release()
		ctx, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
		defer cancel(nil)
		defer b.ends.add(cancel)()
		do(ctx)
	}()
	return true
}

// wait waits until nothing runs. When ctx ends before, the contexts of what runs end too.
func (b *background) wait(ctx context.Context) error {
	b.mu.Lock()
	if b.running == 0 {
		b.mu.Unlock()
		return nil
	}
	if b.idle == nil {
		b.idle = make(chan struct{})
	}
	idle := b.idle
	b.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		b.ends.tell()
		return fmt.Errorf("tenon: work given to After did not finish while the server stopped: %w", ctx.Err())
	}
}
