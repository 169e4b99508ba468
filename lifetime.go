package tenon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/observe"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
)

// Singleton registers a provider of one value that lives as long as the app, such as a pool of connections or something that works
// in the background. It has no parameters, and dep fields of other singletons alone. Start makes all of them, each after those
// that it needs; Stop finishes those that are a Finisher, in reverse. ctx is that of Start.
func (a *App) Singleton[I, O any](h Handler[I, O]) {
	p := newProvider(h, nil, caller())
	p.single = true
	a.root.provide(p)
}

// single is a value that lives as long as the app.
type single struct {
	p      *provider
	fields []supply
}

// lifetime is what an app has while it runs.
type lifetime struct {
	mu      sync.Mutex
	values  atomic.Pointer[[]any] // nil while it does not run
	stopped bool
	shared  int // holders that stop it together
}

func (l *lifetime) singles() []any {
	if values := l.values.Load(); values != nil {
		return *values
	}
	return nil
}

// planSingles puts the singletons in the order in which they start.
func (a *App) planSingles() {
	a.singleAt = map[*provider]int{}
	for _, p := range a.providers {
		if p.single {
			a.planSingle(p, nil)
		}
	}
}

func (a *App) planSingle(p *provider, path []*provider) {
	if _, ok := a.singleAt[p]; ok {
		return
	}
	for i := range path {
		if path[i] == p {
			a.fault(p.site, cycle(path[i:]))
			return
		}
	}
	s := single{p: p}
	path = append(path, p)
	if m := a.made[p]; m.in != nil && m.in.Kind == shape.Struct {
		for _, f := range m.in.Fields {
			if f.Source == tag.Dep {
				s.fields = append(s.fields, a.planSingleField(f, path)...)
			}
		}
	}
	if _, ok := a.singleAt[p]; !ok { // else it waits for itself
		a.singleAt[p] = len(a.singles)
		a.singles = append(a.singles, s)
	}
}

func (a *App) planSingleField(f *shape.Field, path []*provider) []supply {
	key := depKey(f.Type.Go)
	dep := a.provider(nil, key)
	chain := strings.Join(names(path), " needs ") + " needs " + depName(key)
	site := path[0].site
	switch {
	case dep == nil && f.Tag.Optional:
		return nil
	case dep == nil:
		a.fault(site, fmt.Errorf("%s: no provider for %s", chain, depName(key)))
		return nil
	case !dep.single:
		a.fault(site, fmt.Errorf("%s, which is made anew for each request, at %s; what lives as long as the app cannot hold it", chain, dep.site))
		return nil
	}
	a.planSingle(dep, path)
	return []supply{supplies(f, ^a.singleAt[dep], dep)}
}

var (
	errStopped  = errors.New("tenon: the app is stopped")
	errStarting = errors.New("tenon: the app is starting or stopping, and a singleton waits for it")
)

// busy marks the context of a singleton that starts or stops: what waits for the app there would wait for ever.
type busy struct{ app *App }

// Start compiles the app and makes its singletons, each after those that it needs, and then starts the apps that are mounted in it.
// When one fails, those before it are stopped, and the error says which it was. An app that runs already stays as it is. Serve starts
// the app; without it the first request does.
func (a *App) Start(ctx context.Context) error {
	if err := a.Compile(); err != nil {
		return err
	}
	if ctx.Value(busy{a}) != nil {
		return errStarting
	}
	a.life.mu.Lock()
	defer a.life.mu.Unlock()
	if err := a.start(ctx); err != nil {
		return err
	}
	if a.life.stopped {
		a.life.stopped = false
		a.ending.begin()
	}
	if observe.IsShared(ctx) {
		a.life.shared++
	}
	return nil
}

func (a *App) start(ctx context.Context) error {
	if a.life.values.Load() != nil {
		return nil
	}
	ctx = context.WithValue(ctx, busy{a}, true)
	s := scope{}
	for _, one := range a.singles {
		value, err := s.make(ctx, one)
		if err != nil {
			err = fmt.Errorf("tenon: start %s registered at %s: %w", one.p.name(), one.p.site, err)
			return errors.Join(err, a.stopAll(context.WithoutCancel(ctx), s.singles, err))
		}
		s.singles = append(s.singles, value)
	}
	for i, child := range a.children {
		if err := child.Start(observe.Share(ctx)); err != nil {
			return errors.Join(err, stopApps(context.WithoutCancel(ctx), a.children[:i]), a.stopAll(context.WithoutCancel(ctx), s.singles, err))
		}
	}
	a.life.values.Store(&s.singles)
	return nil
}

// Stop waits for the work given to After, stops the apps that are mounted in this one, and then finishes its singletons in the reverse of
// the order in which they were made; the error joins all of theirs. Requests after it are answered with 503, until Start is called again.
// An app that does not run stays as it is. Serve stops the app when the requests under way are done; where another server serves it, call
// Stop when that has shut down.
func (a *App) Stop(ctx context.Context) error { return errors.Join(a.waitForWork(ctx), a.stop(ctx)) }

// waitForWork waits for the work given to After, of the apps that are mounted in this one too. It may use what stop finishes.
func (a *App) waitForWork(ctx context.Context) error {
	errs := []error{a.background.wait(ctx)}
	for _, child := range a.children {
		errs = append(errs, child.waitForWork(ctx))
	}
	return errors.Join(errs...)
}

// stop is Stop once nothing is under way.
func (a *App) stop(ctx context.Context) error {
	if ctx.Value(busy{a}) != nil {
		return errStarting
	}
	a.life.mu.Lock()
	defer a.life.mu.Unlock()
	if observe.IsShared(ctx) {
		if a.life.shared--; a.life.shared > 0 {
			return nil
		}
	}
	values := a.life.values.Swap(nil)
	if values == nil {
		return nil
	}
	a.life.stopped, a.life.shared = true, 0
	ctx = context.WithValue(ctx, busy{a}, true)
	return errors.Join(stopApps(ctx, a.children), a.stopAll(ctx, *values, nil))
}

// stopIn is stop, which it does not wait for when ctx ends: a singleton may take no notice of its context.
func (a *App) stopIn(ctx context.Context) error {
	done := make(chan error, 1)
	go func() { done <- a.stop(ctx) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("tenon: singletons did not finish while the server stopped: %w", ctx.Err())
	}
}

func stopApps(ctx context.Context, apps []*App) error {
	var errs []error
	for _, a := range slices.Backward(apps) {
		errs = append(errs, a.stop(observe.Share(ctx)))
	}
	return errors.Join(errs...)
}

// stopAll finishes values in reverse.
func (a *App) stopAll(ctx context.Context, values []any, err error) error {
	var errs []error
	tell := func(err error) { a.logCall(ctx, "clean up", err) }
	for _, value := range slices.Backward(values) {
		if f, ok := methods[Finisher](value); ok {
			if failed := finishIn(ctx, f, err, tell); failed != nil && !errors.Is(err, failed) {
				errs = append(errs, fmt.Errorf("tenon: stop %T: %w", f, failed))
			}
		}
	}
	return errors.Join(errs...)
}

// wake starts an app that is asked for something.
func (a *App) wake(ctx context.Context) error {
	if ctx.Value(busy{a}) != nil {
		return errStarting
	}
	a.life.mu.Lock()
	defer a.life.mu.Unlock()
	if a.life.stopped {
		return errStopped
	}
	return a.start(context.WithoutCancel(ctx))
}

// asleep answers a request that the app cannot serve because it does not run.
func (a *App) asleep(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, errStopped) {
		a.answer(w, r, message.Problem(message.Stopping))
		return
	}
	a.internal(w, r, nil, err)
}

// mountApp makes a mounted app a part of this one: its faults are ours, and it starts and stops with us.
func (a *App) mountApp(e *entry) error {
	if len(asked(e).needs) > 0 {
		return errMountNeeds
	}
	child, ok := e.mounted.(*App)
	if !ok || slices.Contains(a.children, child) {
		return nil
	}
	if child.holds(a, map[*App]bool{}) {
		return errors.New("the app is mounted in itself")
	}
	a.children = append(a.children, child)
	return child.Compile()
}

// holds reports whether an app is another, or has it mounted somewhere.
func (a *App) holds(other *App, seen map[*App]bool) bool {
	if a == other || seen[a] {
		return a == other
	}
	seen[a] = true
	return slices.ContainsFunc(a.entries, func(e *entry) bool {
		child, ok := e.mounted.(*App)
		return ok && child.holds(other, seen)
	})
}
