package ratelimit

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Strategy says how units are used up and come back.
type Strategy string

// The strategies.
const (
	// SlidingWindow never lets more through than the limit, in any window of its length. It is the default.
	SlidingWindow Strategy = "sliding window"
	// FixedWindow begins a window with the first request after the last one. Up to twice the limit can pass within the length of a window, at
	// the end of one and the beginning of the next. It keeps the least of a key.
	FixedWindow Strategy = "fixed window"
	// TokenBucket lets Burst requests through at once, and then one whenever a unit comes back, which they do at even distances.
	TokenBucket Strategy = "token bucket"
)

// rule is one rate of a limit, ready to be counted.
type rule struct {
	strategy

	all    int64  // units
	holds  bool   // they are given back
	name   string // as clients see it
	text   string // as people and checks see it
	policy string // its item of RateLimit-Policy
	item   string // the beginning of its item of RateLimit
	kept   *[64]atomic.Pointer[standing]
}

// mostKept is of how many units the items are kept: those of more are seldom the same.
const mostKept = 1000

// standing is an item of RateLimit that was written.
type standing struct {
	left, full int64
	text       string
}

// said is the item of RateLimit: how many units are left, and in how many seconds all are. Most are asked for again and again. One that is not known
// is written into room, which is returned.
func (r *rule) said(left, full int64, room []byte) (text string, used []byte) {
	if r.holds {
		full = 0
	}
	at := &r.kept[uint64(left)%uint64(len(r.kept))]
	if r.all <= mostKept {
		if s := at.Load(); s != nil && s.left == left && s.full == full {
			return s.text, room
		}
	}
	room = r.write(room[:0], left, full)
	text = string(room)
	if r.all <= mostKept {
		at.Store(&standing{left, full, text})
	}
	return text, room
}

// write appends the item to b.
func (r *rule) write(b []byte, left, full int64) []byte {
	b = strconv.AppendInt(append(b, r.item...), left, 10)
	if !r.holds {
		b = strconv.AppendInt(append(b, ";t="...), full, 10)
	}
	return b
}

// cost is what a request takes that costs so much: what costs more than there is costs all.
func (r *rule) cost(units int64) int64 {
	if r.holds {
		return min(units, 1)
	}
	return min(units, r.all)
}

// Plan is how often callers of one kind may call.
type Plan struct {
	// Name is what Limit.Choose returns. Required, but for the first plan, which is that of names that no plan has.
	Name string
	// Per is that of Limit.
	Per string
	// Concurrent is that of Limit.
	Concurrent int
	// Strategy is that of Limit.
	Strategy Strategy
	// Burst is that of Limit.
	Burst int
}

// lease is how long a request holds its place, unless it goes on.
const lease = 60 * time.Second

// maxConcurrent bounds what is kept of one key.
const maxConcurrent = 1000

// rules are what a plan counts. of and by name them: by the name of the limit, or by what they are.
func (p *Plan) rules(of, by string) ([]rule, error) {
	var rules []rule
	var errs []error
	add := func(s strategy, text, policy string) {
		name := text + by
		if of != "" {
			name = of
		}
		_, holds := s.(held)
		rules = append(rules, rule{strategy: s, all: s.units(), holds: holds, name: name, text: text + by, policy: policy})
	}
	switch p.Strategy {
	case "", SlidingWindow, FixedWindow, TokenBucket:
	default:
		errs = append(errs, fmt.Errorf("the Strategy is %q, want SlidingWindow, FixedWindow or TokenBucket", string(p.Strategy)))
	}
	if p.Concurrent < 0 || p.Concurrent > maxConcurrent {
		errs = append(errs, fmt.Errorf("the number Concurrent is %d, want 0 (no bound) to %d", p.Concurrent, maxConcurrent))
	}
	if p.Burst < 0 || p.Burst > 0 && p.Strategy != TokenBucket {
		errs = append(errs, fmt.Errorf("the Burst is %d, want 0 (all of the rate), or 1 or more with TokenBucket", p.Burst))
	}
	if p.Per == "" && p.Concurrent == 0 {
		errs = append(errs, errors.New("it says neither Per nor Concurrent"))
	}
	var rates []rate
	if p.Per != "" {
		var err error
		if rates, err = parse(p.Per); err != nil {
			errs = append(errs, fmt.Errorf("Per: %w", err))
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	for _, r := range rates {
		s, err := p.strategy(r)
		errs = append(errs, err)
		q, window := r.count, r.window
		text := r.String()
		if b, ok := s.(*bucket); ok {
			q, window = b.burst, time.Duration(b.burst)*b.gap
			if p.Burst > 0 {
				text += ", " + strconv.Itoa(p.Burst) + " at once"
			}
		}
		add(s, text, ";q="+strconv.FormatInt(q, 10)+";w="+strconv.FormatInt(seconds(window), 10))
	}
	if n := p.Concurrent; n > 0 {
		add(&places{int64(n), lease}, strconv.Itoa(n)+" concurrent", ";q="+strconv.Itoa(n)+`;qu="concurrent-requests"`)
	}
	for i := range rules {
		r := &rules[i]
		if of != "" && len(rules) > 1 {
			r.name += " " + strings.TrimSuffix(r.text, by)
		}
		r.kept = new([64]atomic.Pointer[standing])
		r.policy, r.item = `"`+r.name+`"`+r.policy, `"`+r.name+`";r=`
	}
	return rules, errors.Join(errs...)
}

func (p *Plan) strategy(r rate) (strategy, error) { //nolint:ireturn // Strategies are known by what they do.
	switch p.Strategy {
	case FixedWindow:
		return &fixed{r.count, r.window}, nil
	case TokenBucket:
		b := &bucket{cmp.Or(int64(p.Burst), r.count), (r.window + time.Duration(r.count) - 1) / time.Duration(r.count)}
		if b.burst > maxCount || time.Duration(b.burst) > 10*maxWindow/b.gap {
			return b, fmt.Errorf("the Burst is %d, which takes more than 100 years to come back at %s", p.Burst, r)
		}
		return b, nil
	}
	return newSliding(r), nil
}

// seconds rounds up.
func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }
