package tenon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
)

// Call runs a function in the form of a handler outside HTTP, such as a command or a job, with what the app provides: its input has
// dep fields alone. What was provided is finished before Call returns, as it is for a request; work given to After is done when that
// went well. A provider that needs parameters of a request is an error that names it. An app that does not run is started.
func (a *App) Call[I, O any](ctx context.Context, h Handler[I, O]) (*O, error) {
	out, err := a.callErased(ctx, erase(h))
	typed, _ := out.(*O)
	return typed, err
}

// calls are the needs of functions given to Call, by the type of their input.
type calls struct {
	mu    sync.Mutex
	needs map[needsKey]*needs
}

func (a *App) callErased(ctx context.Context, h erased) (any, error) {
	if h.call == nil {
		return nil, errors.New("tenon: Call has no function")
	}
	if err := a.Compile(); err != nil {
		return nil, err
	}
	if a.life.values.Load() == nil {
		if err := a.wake(ctx); err != nil {
			return nil, err
		}
	}
	n, err := a.callNeeds(h.in)
	if err != nil {
		return nil, fmt.Errorf("tenon: call: %w", err)
	}
	in, c := h.newIn()
	c.Context = ctx
	out, err := a.callProvided(c, n, h, in)
	if err != nil {
		return nil, err
	}
	if work := c.work.Load(); work != nil {
		for fn := work.next(); fn != nil; fn = work.next() {
			if err := a.workOne(c, fn); err != nil {
				a.logCall(ctx, "work after the answer", err)
			}
		}
	}
	return out, nil
}

func (a *App) callProvided(c *call, n *needs, h erased, in any) (out any, err error) {
	if n == nil {
		return h.call(c, in)
	}
	s := scope{singles: a.life.singles()}
	s.prepare(n)
	tell := func(err error) { a.logCall(c, "clean up", err) }
	defer func() {
		if s.settled {
			return
		}
		reason := recover()
		_ = s.finish(c, panicError(reason), tell)
		if reason != nil {
			panic(reason)
		}
	}()
	if err = s.provide(c, in); err == nil {
		out, err = h.call(c, in)
	}
	return out, s.finish(c, err, tell)
}

func (a *App) logCall(ctx context.Context, message string, err error) {
	a.cfg.Logger.LogAttrs(context.WithoutCancel(ctx), slog.LevelError, message, slog.String("operation", "call"), slog.String("error", err.Error()))
}

// callNeeds works out the needs of an input once.
func (a *App) callNeeds(in needsKey) (*needs, error) {
	a.calls.mu.Lock()
	defer a.calls.mu.Unlock()
	if n, ok := a.calls.needs[in]; ok {
		return n, nil
	}
	typ, faults := a.shapes.Read(in)
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	if err := depsAlone("", typ); err != nil {
		return nil, err
	}
	n, faults := a.resolve(nil, typ, &Operation{})
	if n != nil {
		for _, s := range n.steps {
			faults = append(faults, depsAlone(s.chain+": ", s.in))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	if a.calls.needs == nil {
		a.calls.needs = map[needsKey]*needs{}
	}
	a.calls.needs[in] = n
	return n, nil
}

// depsAlone refuses what only a request has.
func depsAlone(chain string, in *shape.Type) error {
	if in.Kind != shape.Struct {
		return fmt.Errorf("type %s: the input of a call is a struct with dep fields", in.Go)
	}
	for _, f := range in.Fields {
		switch f.Source {
		case tag.Dep:
		case tag.Member:
			return fmt.Errorf("%stype %s: field %s: only a request has a body", chain, in.Go, f.GoName)
		default:
			return fmt.Errorf("%stype %s: field %s: only a request has a %s %s", chain, in.Go, f.GoName, f.Source, f.Name)
		}
	}
	return nil
}
