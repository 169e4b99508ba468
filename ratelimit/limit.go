package ratelimit

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tenon-go/tenon"
)

// Limit is how often an operation may be called. One of Per, Concurrent and Plans is required; the zero value of every other field is its default.
type Limit struct {
	// Per is one rate or several, such as "10/minute", "10 per minute", "5/2minutes" or "10/second; 1000/day". Units are second, minute, hour, day,
	// month (30 days) and year (360 days).
	Per string
	// Concurrent is the most requests at once, up to 1000. A request that goes on keeps its place; that of a replica which was killed is free after
	// a minute.
	Concurrent int
	// By says for whom is counted. Default Address().
	By Key
	// Strategy says how units are used up and come back. Default SlidingWindow.
	Strategy Strategy
	// Burst is how many may come at once, with TokenBucket. Default: all of the rate.
	Burst int
	// Name is what clients see. Default: the rate and the key, such as "10/minute per address".
	Name string
	// Cost is how many units a request takes; one that takes more than there are takes all. Default 1.
	Cost int
	// CostOf is the cost of a request, in the place of Cost; 0 is free, and what is below counts as 1. It must be safe for concurrent use, and
	// knows the caller where the key is one of callers. Default none.
	CostOf func(*http.Request) int
	// Local has each process count by itself, in its memory, whatever store the others of its Keeper are counted in: for a limit so generous that it
	// is not worth a call of the store for each request. With n replicas a client has up to n times as much. Default false.
	Local bool
	// Except are requests that are not counted. Default none.
	Except []Exception
	// Choose names the plan of a request, with the conditions of CostOf. Default none.
	Choose func(*http.Request) string
	// Plans are what Choose chooses from; one that it does not know is the first. They take the place of Per, Concurrent, Strategy and Burst.
	// Default none.
	Plans []Plan
}

// Exception is a set of requests that a limit does not count.
type Exception struct {
	// Reason says for people which these are, such as "monitoring". Required.
	Reason string
	// When reports whether a request is one of them, with the conditions of Limit.CostOf. Required.
	When func(*http.Request) bool
}

// Per is the limit of a rate by address: see Limit.Per for what it may say.
func Per(text string) tenon.Option { return Limit{Per: text}.Option() }

// Concurrent is the limit of so many requests at once by address.
func Concurrent(n int) tenon.Option { return Limit{Concurrent: n}.Option() }

// Option makes an option of the limit. On a group or the app it counts for each operation by itself; see Shared.
func (l Limit) Option() tenon.Option { return l.shared("") }

// Shared makes an option of a limit that counts all operations together that have it. name says for people and clients which it is; two limits of
// one app that differ have two names.
func Shared(name string, l Limit) tenon.Option {
	if name == "" {
		return func(o *tenon.Operation) { o.Fault(errors.New("ratelimit.Shared has no name")) }
	}
	if l.Name == "" {
		l.Name = name
	}
	return l.shared(name)
}

func (l Limit) shared(name string) tenon.Option {
	made, err := l.compile(name)
	return func(o *tenon.Operation) {
		if err != nil {
			o.Fault(fmt.Errorf("ratelimit: %w", err))
			return
		}
		o.Part[limits]().add(o, made)
	}
}

// NoLimit takes off the limits of the groups and the app, at an operation, or at a group for all that is in it. reason says why, for those who review
// it: it stands in what check and explain tell. Limits that follow it hold.
func NoLimit(reason string) tenon.Option {
	return func(o *tenon.Operation) {
		switch {
		case reason == "":
			o.Fault(errors.New("ratelimit.NoLimit wants a reason"))
		case o.Supplied():
			o.Fault(errors.New("ratelimit.NoLimit stands at an operation, its group or the app"))
		default:
			o.Part[limits]().lift(o, reason)
		}
	}
}

// limit is a Limit that was found right.
type limit struct {
	shared string // its name, if it counts several operations together
	by     Key
	plans  []plan
	choose func(*http.Request) string // nil: there is one plan
	cost   int64
	costOf func(*http.Request) int // nil is cost
	local  bool
	except []Exception
}

// plan is one of a limit.
type plan struct {
	name   string
	rules  []rule
	policy string // its items of RateLimit-Policy
	holds  bool   // a request holds something until it ends
}

func newPlan(name string, rules []rule) plan {
	p := plan{name: name, rules: rules}
	for i := range rules {
		p.policy, p.holds = joined(p.policy, rules[i].policy), p.holds || rules[i].holds
	}
	return p
}

func (l Limit) compile(shared string) (*limit, error) {
	errs := l.check()
	made := &limit{
		shared: shared, by: l.By.named(), choose: l.Choose, cost: int64(max(l.Cost, 1)), costOf: l.CostOf, local: l.Local, except: slices.Clone(l.Except),
	}
	plans := l.Plans
	if l.Plans == nil {
		plans = []Plan{{Per: l.Per, Strategy: l.Strategy, Burst: l.Burst, Concurrent: l.Concurrent}}
	}
	known := map[string]bool{}
	for i := range plans {
		p := &plans[i]
		by := " per " + made.by.name
		if made.by.name == Everybody().name {
			by = " for everybody"
		}
		of := l.Name
		if p.Name != "" {
			by += " on plan " + p.Name
			if of != "" {
				of += " " + p.Name
			}
		}
		rules, err := p.rules(of, by)
		switch {
		case err != nil && p.Name != "":
			err = fmt.Errorf("plan %s: %w", p.Name, err)
		case known[p.Name]:
			err = fmt.Errorf("two plans have the name %q", p.Name)
		case p.Name != "" && !plain(p.Name):
			err = fmt.Errorf("the name of plan %q is not 1 to %d letters of ASCII without quotes", p.Name, maxName)
		}
		errs, known[p.Name] = append(errs, err), true
		made.plans = append(made.plans, newPlan(p.Name, rules))
	}
	return made, errors.Join(errs...)
}

// check is what is wrong with all but the plans.
func (l Limit) check() []error {
	var errs []error
	fault := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	fault(l.By.err != nil, "%w", l.By.err)
	fault(l.Name != "" && !plain(l.Name), "the name %q is not 1 to %d letters of ASCII without quotes", l.Name, maxName)
	fault(l.Cost < 0, "the Cost is %d, want 0 (1) or more", l.Cost)
	fault(l.Cost != 0 && l.CostOf != nil, "it says both Cost and CostOf")
	fault((l.Choose == nil) != (l.Plans == nil), "Choose and Plans need each other")
	fault(l.Plans != nil && len(l.Plans) == 0, "Plans has no plan")
	fault(l.Plans != nil && (l.Per != "" || l.Concurrent != 0 || l.Strategy != "" || l.Burst != 0),
		"Plans take the place of Per, Concurrent, Strategy and Burst")
	for i := range l.Except {
		e := &l.Except[i]
		fault(strings.TrimSpace(e.Reason) == "", "exception %d has no Reason", i)
		fault(e.When == nil, "the exception %q has no When", e.Reason)
	}
	return errs
}

// texts say the limit for people.
func (l *limit) texts() []string {
	var texts []string
	var rest strings.Builder
	if l.cost != 1 {
		fmt.Fprintf(&rest, ", a call costs %d", l.cost)
	}
	if l.costOf != nil {
		rest.WriteString(", by the cost of a call")
	}
	if l.local {
		rest.WriteString(", in each replica")
	}
	for i := range l.except {
		rest.WriteString(", except " + l.except[i].Reason)
	}
	if l.shared != "" {
		rest.WriteString(", shared as " + l.shared)
	}
	for _, p := range l.plans {
		for i := range p.rules {
			r := &p.rules[i]
			text := r.text
			if _, exact := r.strategy.(*fixed); exact {
				text += " (" + string(FixedWindow) + ")"
			}
			texts = append(texts, text+rest.String())
		}
	}
	return texts
}

// said tells limits of one app apart: what it counts, not for whom it makes exceptions.
func (l *limit) said() string {
	var all []string
	for _, p := range l.plans {
		for i := range p.rules {
			all = append(all, fmt.Sprintf("%s %s %T%s", p.name, p.rules[i].name, p.rules[i].strategy, p.rules[i].text))
		}
	}
	return strings.Join(all, "; ")
}
