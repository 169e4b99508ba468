package valkey

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/valkey-io/valkey-go"

	"github.com/tenon-go/tenon/store"
)

// The server is given up after so many failures in a row, for so long; then it is tried, which no call waits for.
const (
	failures = 5
	pause    = time.Second
)

// line is the way to the server: a client, made at the first call, behind a breaker.
type line struct {
	cfg     Config
	options valkey.ClientOption
	breaker circuitbreaker.CircuitBreaker[any]

	opened, failed, refused atomic.Int64

	client  atomic.Pointer[valkey.Client]
	connect sync.Mutex // held while the client is made
	closed  bool       // under connect
	tried   time.Time  // under connect: when the client could not be made
	because error      // under connect: why
}

// Stats says how the server did.
type Stats struct {
	// State is "closed" while the server is used, "open" while it is given up, and "half-open" while it is tried.
	State string
	// Opened is how often it was given up.
	Opened int64
	// Failed calls were not answered in time, or at all.
	Failed int64
	// Refused calls were not made, since the server was given up.
	Refused int64
}

// Stats says how the server did since New.
func (s *Store) Stats() Stats {
	l := s.line
	return Stats{l.breaker.State().String(), l.opened.Load(), l.failed.Load(), l.refused.Load()}
}

func newLine(cfg Config, options valkey.ClientOption) *line {
	l := &line{cfg: cfg, options: options}
	l.breaker = circuitbreaker.NewBuilder[any]().WithFailureThreshold(failures).WithDelay(pause).WithSuccessThreshold(1).
		OnStateChanged(l.changed).Build()
	return l
}

func (l *line) changed(e circuitbreaker.StateChangedEvent) {
	switch {
	case e.NewState == circuitbreaker.OpenState && e.OldState == circuitbreaker.ClosedState:
		l.opened.Add(1)
		l.cfg.Logger.Warn("valkey does not answer; calls are refused until it does", "failures", failures)
	case e.NewState == circuitbreaker.ClosedState:
		l.cfg.Logger.Info("valkey answers again")
	}
}

// answers are those of the server, or errors.
type answers []valkey.ValkeyResult

func one(r valkey.ValkeyResult) answers { return answers{r} }

// do asks the server, and returns when it has answered or when the time of the call is over, also while the client waits for a connection. What
// the server is asked for goes on then for as long as the bounds of a call and of a connection let it, so f holds on to nothing that
// its caller changes.
func (l *line) do(ctx context.Context, f func(context.Context, valkey.Client) answers) (answers, error) {
	if !l.breaker.TryAcquirePermit() || l.tries(ctx) {
		l.refused.Add(1)
		return nil, unavailable(circuitbreaker.ErrOpen)
	}
	return l.asked(ctx, f)
}

// asked asks the server, given up or not.
func (l *line) asked(ctx context.Context, f func(context.Context, valkey.Client) answers) (answers, error) {
	bound, cancel := context.WithTimeout(ctx, l.cfg.Timeout)
	defer cancel()
	began, c := time.Now(), &call{line: l, done: make(chan struct{})}
	go c.ask(context.WithoutCancel(ctx), f)
	select {
	case <-c.done:
		return c.got, c.err
	case <-bound.Done():
		if time.Since(began) >= l.cfg.Timeout*9/10 { // else it was the caller who did not wait, which says nothing about the server
			c.judge(false)
		}
		return nil, unavailable(bound.Err())
	}
}

// tries has a server that was given up asked whether it answers again, beside the call whose permit it was to find out. False is that it was not given up.
func (l *line) tries(ctx context.Context) bool {
	if !l.breaker.IsHalfOpen() {
		return false
	}
	go l.asked(context.WithoutCancel(ctx), ping) //nolint:errcheck // the breaker hears of it
	return true
}

func ping(ctx context.Context, c valkey.Client) answers { return one(c.Do(ctx, c.B().Ping().Build())) }

// call is one question to the server.
type call struct {
	line   *line
	judged atomic.Bool
	done   chan struct{} // closed when got and err are there
	got    answers
	err    error
}

// ask asks the server. Whoever answers is up, whatever it says.
func (c *call) ask(ctx context.Context, f func(context.Context, valkey.Client) answers) {
	defer close(c.done)
	ctx, cancel := context.WithTimeout(ctx, c.line.cfg.Timeout)
	defer cancel()
	client, err := c.line.connected()
	if err == nil {
		c.got = f(ctx, client)
		for _, r := range c.got {
			err = errors.Join(err, r.NonValkeyError())
		}
	}
	c.judge(err == nil)
	if err != nil {
		c.err = unavailable(err)
		return
	}
	for _, r := range c.got {
		if err := r.Error(); err != nil && !valkey.IsValkeyNil(err) {
			c.err = meaning(err)
			return
		}
	}
}

// judge tells the breaker, once, how the call went.
func (c *call) judge(up bool) {
	switch {
	case c.judged.Swap(true):
	case up:
		c.line.breaker.RecordSuccess()
	default:
		c.line.failed.Add(1)
		c.line.breaker.RecordFailure()
	}
}

// connected is the client. One call makes it, and those that wait for that get the same error.
func (l *line) connected() (valkey.Client, error) { //nolint:ireturn // the library has no other type for it
	if c := l.client.Load(); c != nil {
		return *c, nil
	}
	came := time.Now()
	l.connect.Lock()
	defer l.connect.Unlock()
	switch c := l.client.Load(); {
	case l.closed:
		return nil, valkey.ErrClosing
	case c != nil:
		return *c, nil
	case l.tried.After(came):
		return nil, l.because
	}
	c, err := valkey.NewClient(l.options)
	if err != nil {
		l.tried, l.because = time.Now(), err
		return nil, err
	}
	l.client.Store(&c)
	return c, nil
}

func (l *line) close() {
	l.connect.Lock()
	defer l.connect.Unlock()
	l.closed = true
	if c := l.client.Load(); c != nil {
		(*c).Close()
	}
}

// meaning is what an error of the server says. Its own text may quote what it was sent.
func meaning(err error) error {
	switch text := err.Error(); {
	case strings.Contains(text, "value is not an integer"):
		return fmt.Errorf("%w: a value that is no number, or a sum beyond 64 bits", store.ErrCounter)
	case strings.Contains(text, "would overflow"):
		return fmt.Errorf("%w: the sum is beyond 64 bits", store.ErrCounter)
	}
	return unavailable(err)
}

func unavailable(err error) error {
	if errors.Is(err, store.ErrUnavailable) {
		return err
	}
	return fmt.Errorf("%w: valkey: %w", store.ErrUnavailable, err)
}
