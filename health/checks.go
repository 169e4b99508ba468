package health

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tenon-go/tenon/internal/record"
)

// Report is what the checks said.
type Report struct {
	// Ready reports that the app and all checks are ready.
	Ready bool `json:"ready"`
	// App reports that the app is ready: it has not begun to end.
	App bool `json:"app"`
	// Checked is when the checks ran.
	Checked time.Time `json:"checked"`
	// Checks are their results, in the order of Config.
	Checks []Result `json:"checks"`
}

// Result is what one check said.
type Result struct {
	// Name is that of the check.
	Name string `json:"name"`
	// Tags are those of the check.
	Tags []string `json:"tags,omitempty"`
	// Error is what was wrong; "" is nothing.
	Error string `json:"error,omitempty"`
	// Seconds is how long the check took.
	Seconds float64 `json:"seconds"`
}

// tagged is the report of the checks that have one of the tags.
func (r Report) tagged(tags []string) Report {
	if tags == nil {
		return r
	}
	r.Checks, r.Ready = slices.DeleteFunc(slices.Clone(r.Checks), func(one Result) bool {
		return !slices.ContainsFunc(one.Tags, func(tag string) bool { return slices.Contains(tags, tag) })
	}), r.App
	for _, one := range r.Checks {
		r.Ready = r.Ready && one.Error == ""
	}
	return r
}

// failing names what is wrong, for the log.
func (r Report) failing() string {
	var lines []string
	for _, one := range r.Checks {
		if one.Error != "" {
			lines = append(lines, one.Name+": "+one.Error)
		}
	}
	return strings.Join(lines, "; ")
}

// checks runs all checks side by side, once for all who ask at the time, and keeps the report for a while.
type checks struct {
	cfg Config
	now func() time.Time

	mu     sync.Mutex
	flight chan struct{} // closed when the checks under way are done; nil is none under way
	last   Report
	busy   []bool // a check goes on after its time
}

func newChecks(cfg Config) *checks {
	return &checks{cfg: cfg, now: time.Now, busy: make([]bool, len(cfg.Checks))}
}

// report returns a report that is young enough. The error is that of ctx.
func (c *checks) report(ctx context.Context) (Report, error) {
	c.mu.Lock()
	if !c.last.Checked.IsZero() && c.now().Sub(c.last.Checked) < c.cfg.Cache {
		defer c.mu.Unlock()
		return c.last, nil
	}
	flight := c.flight
	if flight == nil {
		flight = make(chan struct{})
		c.flight = flight
		go c.run(context.WithoutCancel(ctx), flight) // whoever asked may leave; the others wait for it, too
	}
	c.mu.Unlock()
	if rec := record.From(ctx); rec != nil {
		rec.Leave() // who waits for the checks of all does no work, and liveness needs the place
	}
	select {
	case <-flight:
	case <-ctx.Done():
		return Report{}, ctx.Err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last, nil
}

func (c *checks) run(ctx context.Context, flight chan struct{}) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	results := make([]Result, len(c.cfg.Checks))
	var all sync.WaitGroup
	for i := range c.cfg.Checks {
		all.Go(func() { results[i] = c.one(ctx, i) })
	}
	all.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = Report{Ready: true, Checked: c.now(), Checks: results}
	for _, one := range results {
		c.last.Ready = c.last.Ready && one.Error == ""
	}
	c.flight = nil
	close(flight)
}

// errBusy is said of a check that ignores its context: it is not started again before it has ended.
var errBusy = errors.New("the check before has not ended")

func (c *checks) one(ctx context.Context, i int) Result {
	start := c.now()
	err := errBusy
	if c.take(i) {
		done := make(chan error, 1)
		go func() {
			defer c.leave(i)
			done <- safely(ctx, c.cfg.Checks[i].Ping)
		}()
		select {
		case err = <-done:
		case <-ctx.Done():
			err = fmt.Errorf("no answer within %v", c.cfg.Timeout)
		}
	}
	result := Result{Name: c.cfg.Checks[i].Name, Tags: c.cfg.Checks[i].Tags, Seconds: c.now().Sub(start).Seconds()}
	if err != nil {
		result.Error = err.Error()
	}
	return result
}

func (c *checks) take(i int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	free := !c.busy[i]
	c.busy[i] = true
	return free
}

func (c *checks) leave(i int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy[i] = false
}

// safely makes an error of a panic.
func safely(ctx context.Context, ping func(context.Context) error) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("panic: %v", reason)
		}
	}()
	return ping(ctx)
}
