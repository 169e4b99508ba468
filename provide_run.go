package tenon

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"runtime/debug"
	"time"

	"github.com/tenon-go/tenon/internal/validate"
)

// scope is what one run of a handler is provided with. It is pooled with the exchange, and what it held is let go at the end.
type scope struct {
	needs   *needs
	inputs  []any           // of the providers, by step
	targets []reflect.Value // the same, to be bound
	values  []any           // what they returned
	singles []any           // what lives as long as the app
	settled bool            // what was provided is finished
}

func (s *scope) reset() {
	if s.needs == nil {
		return
	}
	clear(s.inputs)
	clear(s.targets)
	clear(s.values)
	*s = scope{inputs: s.inputs[:0], targets: s.targets[:0], values: s.values[:0]}
}

// prepare makes the inputs of the providers.
func (s *scope) prepare(n *needs) []reflect.Value {
	if n == nil {
		return nil
	}
	s.needs = n
	for i := range n.steps {
		in := n.steps[i].p.newIn()
		s.inputs = append(s.inputs, in)
		s.targets = append(s.targets, reflect.ValueOf(in).Elem())
	}
	return s.targets
}

// check runs the Validate methods of the inputs of the providers.
func (s *scope) check(ctx context.Context, faults *validate.Faults) error {
	for i, in := range s.targets {
		if custom := s.needs.steps[i].custom; custom != nil {
			if err := custom(ctx, in, faults); err != nil {
				return err
			}
		}
	}
	return nil
}

// provide runs the providers and fills the input of the handler.
func (s *scope) provide(ctx *call, in any) error {
	if s.finishes() {
		ctx.open.Store(true)
	}
	for i := range s.needs.steps {
		st := &s.needs.steps[i]
		if err := s.supply(s.targets[i], st.fields); err != nil {
			return err
		}
		value, err := st.p.call(ctx, s.inputs[i])
		if err != nil {
			return err
		}
		s.values = append(s.values, value)
	}
	return s.supply(reflect.ValueOf(in).Elem(), s.needs.fields)
}

func (s *scope) supply(in reflect.Value, fields []supply) error {
	for i := range fields {
		f := &fields[i]
		var value any
		if f.from >= 0 {
			value = s.values[f.from]
		} else if ^f.from < len(s.singles) {
			value = s.singles[^f.from]
		}
		if v, ok := f.of(value); ok {
			fieldAt(in, f.index).Set(v)
		} else if !f.optional {
			return fmt.Errorf("tenon: the provider of %s registered at %s returned nil, and %s needs it", f.maker.name(), f.maker.site, in.Type())
		}
	}
	return nil
}

// of makes what a field holds of what a provider returned; it reports false for nil.
func (f *supply) of(value any) (reflect.Value, bool) {
	if value == nil {
		return reflect.Value{}, false
	}
	v := reflect.ValueOf(value)
	if f.value {
		v = v.Elem()
	}
	return v, v.Kind() != reflect.Interface || !v.IsNil()
}

// make makes one singleton. A panic is an error.
func (s *scope) make(ctx context.Context, one single) (value any, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = panicked(reason)
		}
	}()
	in := one.p.newIn()
	if err := s.supply(reflect.ValueOf(in).Elem(), one.fields); err != nil {
		return nil, err
	}
	return one.p.call(ctx, in)
}

// open reports whether something may have to be finished.
func (s *scope) open() bool { return s.finishes() && !s.settled }

func (s *scope) finishes() bool { return s.needs != nil && s.needs.finishes }

// finishTime is the most time for one Finish.
const finishTime = 5 * time.Second

// finish finishes what was provided, in its order, and returns the error of the run: err, or the first of a Finish. It tells the
// others. All are finished, whatever becomes of one.
func (s *scope) finish(ctx *call, err error, tell func(error)) error {
	s.settled = true
	defer ctx.finished()
	for _, i := range s.needs.order {
		if i >= len(s.values) {
			continue // it was not provided
		}
		f, ok := methods[Finisher](s.values[i])
		if !ok {
			continue
		}
		failed := finishOne(ctx, f, err, tell)
		switch {
		case failed == nil || errors.Is(err, failed):
		case err == nil:
			err = failed
		default:
			tell(failed)
		}
	}
	return err
}

// staged reports whether what an answer gets in its header is sent only when all is well.
func (s *scope) staged() bool { return s.needs != nil && (s.needs.finishes || s.needs.answers) }

// answer lets what was provided add to the header of an answer, in the order in which it was made.
func (s *scope) answer(header http.Header) {
	if s.needs == nil || !s.needs.answers {
		return
	}
	for _, value := range s.values {
		if adds, ok := methods[Answerer](value); ok {
			adds.AnswerHeader(header)
		}
	}
}

// methods finds an interface of what a provider returned: a pointer, perhaps to an interface.
func methods[T any](value any) (T, bool) {
	var none T
	if value == nil {
		return none, false
	}
	if v := reflect.ValueOf(value).Elem(); v.Kind() == reflect.Interface {
		return reflect.TypeAssert[T](v)
	}
	t, ok := value.(T)
	return t, ok
}

func finishOne(ctx context.Context, f Finisher, err error, tell func(error)) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTime)
	defer cancel()
	return finishIn(ctx, f, err, tell)
}

// finishIn calls Finish; a panic is an error, and its stack is told.
func finishIn(ctx context.Context, f Finisher, err error, tell func(error)) (failed error) {
	defer func() {
		if reason := recover(); reason != nil {
			failed = panicError(reason)
			tell(panicked(reason))
		}
	}()
	return f.Finish(ctx, err)
}

// handleProvided is handle for an operation that needs something: steps 9 to 13.
func (a *App) handleProvided(w http.ResponseWriter, r *http.Request, p *plan, ex *exchange, in any, c *call) {
	if p.needs.finishes {
		defer a.settlePanic(r, p, ex, c)
	}
	ex.scope.singles = a.life.singles()
	out, err := p.provideAndCall(w, ex, in, c)
	if !ex.late.claim() {
		_ = a.settle(r, p, ex, c, cmp.Or(err, errDeadline)) // the client was told that it failed
		return
	}
	if err != nil {
		a.fail(w, r, p, a.settle(r, p, ex, c, inTime(c, err)))
		return
	}
	a.finish(w, r, p, ex, c, out)
}

// provideAndCall runs the providers and the handler of an operation.
func (p *plan) provideAndCall(w http.ResponseWriter, ex *exchange, in any, c *call) (any, error) {
	defer p.leisure(w)()
	if err := ex.scope.provide(c, in); err != nil {
		return nil, err
	}
	return p.handler.call(c, in)
}

// settle finishes what was provided and returns the error of the request: err, or that of a Finish.
func (a *App) settle(r *http.Request, p *plan, ex *exchange, c *call, err error) error {
	if !ex.scope.open() {
		return err
	}
	return ex.scope.finish(c, err, func(err error) { a.log(r, p, slog.LevelError, "clean up", err) })
}

var errGoexit = errors.New("the goroutine of the request was ended")

// settlePanic finishes what was provided when the request panics, and lets the panic go on. Use it in a defer.
func (a *App) settlePanic(r *http.Request, p *plan, ex *exchange, c *call) {
	if !ex.scope.open() {
		return
	}
	reason := recover()
	_ = a.settle(r, p, ex, c, panicError(reason)) // it is not nil, so it is what is returned
	if reason != nil {
		panic(reason) // the stack of the first panic is still below
	}
}

// panicError is a panic as an error.
func panicError(reason any) error {
	switch reason := reason.(type) {
	case nil:
		return errGoexit
	case error:
		return fmt.Errorf("panic: %w", reason)
	}
	return fmt.Errorf("panic: %v", reason)
}

// panicked is panicError with the stack, for the log.
func panicked(reason any) error { return fmt.Errorf("%w\n%s", panicError(reason), debug.Stack()) }
