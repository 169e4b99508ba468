package tenon

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// ending is what an app knows of its end.
type ending struct {
	draining atomic.Bool
	open     streams
}

// Ready reports whether the app should be sent requests: it compiles, and neither Serve nor Drain has begun to end it. A balancer
// asks for it through package health.
func (a *App) Ready() bool { return !a.ending.draining.Load() && a.Compile() == nil }

// Drain begins the end of an app that runs inside a server of your own; Serve does it by itself. From now on Ready is false and every
// answer asks its client to close the connection, while all requests are still answered. When balancers have noticed, after 3 seconds
// or so, call Shutdown of the server, which EndStreams is registered with, and then Stop of the app.
func (a *App) Drain() {
	a.ending.draining.Store(true)
	for _, child := range a.children {
		child.Drain()
	}
}

// EndStreams tells all open streams, and those that come, to end: the cause of their contexts is ErrStopping. It is for
// RegisterOnShutdown of a server of your own; Serve does it by itself.
func (a *App) EndStreams() {
	a.ending.open.events.stop()
	a.ending.open.lines.stop()
	for _, child := range a.children {
		child.EndStreams()
	}
}

// begin takes back what Drain and EndStreams said, when an app that was stopped starts anew.
func (e *ending) begin() {
	e.draining.Store(false)
	e.open.events.begin()
	e.open.lines.begin()
}

// drain ends a server without losing a request: readiness goes off, balancers have the delay to notice while everything is answered,
// then nothing new is accepted and what is under way comes to its end. A fifth of the time is left for the singletons.
func (s *serving) drain(whole context.Context, delay time.Duration) error {
	whole, cancelAll := context.WithTimeout(whole, s.patience)
	defer cancelAll()
	ctx, cancel := context.WithTimeout(whole, forRequests(s.patience))
	defer cancel()
	s.app.Drain()
	failure := s.keep(ctx, delay)
	open := &s.app.ending.open
	open.events.stop()
	half := time.AfterFunc(s.patience/2-delay, open.lines.stop) // half of Drain: until then, what is being sent may come to its end
	defer half.Stop()
	err := s.public.Shutdown(ctx)
	if err != nil {
		_ = s.public.Close()
		err = fmt.Errorf("tenon: requests did not finish while the server stopped: %w", err)
	}
	return errors.Join(failure, err, s.app.waitForWork(ctx), s.app.stopIn(whole))
}

// forRequests is what requests have of a drain.
func forRequests(drain time.Duration) time.Duration { return drain - min(finishTime, drain/5) }

// keep goes on serving for a while, unless a listener fails in the meantime.
func (s *serving) keep(ctx context.Context, delay time.Duration) error {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case err := <-s.failed:
		return err
	}
	return nil
}
