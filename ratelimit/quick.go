package ratelimit

import (
	"net/http"
	"time"

	"github.com/tenon-go/tenon/internal/record"
)

// quick counts the requests of an operation whose only limit is one rate by address, in the process, as most are. It does what guard.pass does, in two
// thirds of the time, since it needs no memory but the stack.
type quick struct {
	keeper *Keeper
	rule   *rule
	cost   int64
	prefix string
	next   http.Handler
}

// keyRoom is for a key, and for an item of RateLimit; longer ones take memory.
const keyRoom = 96

// quick is nil where there is more to be counted.
func (g *guard) quick(next http.Handler) http.Handler {
	if len(g.first) != 1 || len(g.second) > 0 || g.keeper.memory == nil && !g.first[0].local {
		return nil
	}
	l := &g.first[0]
	if l.by.name != Address().name || len(l.except) > 0 || l.choose != nil || l.costOf != nil || len(l.plans[0].rules) > 1 || l.plans[0].holds {
		return nil
	}
	r := &l.plans[0].rules[0]
	return &quick{keeper: g.keeper, rule: r, cost: r.cost(l.cost), prefix: l.prefixes[0], next: next}
}

func (q *quick) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	seen := q.count(w.Header(), record.From(r.Context()))
	if seen.wait > 0 {
		q.keeper.refuse(w, r, Beyond{Limit: q.rule.name, RetryAfter: seconds(seen.wait)})
		return
	}
	q.next.ServeHTTP(w, r)
}

// count takes what a request costs, and tells where the client stands then.
func (q *quick) count(h http.Header, rec *record.Record) reading {
	var key, text [keyRoom]byte
	var seen reading
	_ = q.keeper.here.UpdateScratch( // which takes any key of the right length
		appendAddress(append(key[:0], q.prefix...), nil, rec),
		func(now time.Time, old []byte) ([]byte, time.Duration, bool) {
			next, reads := q.rule.step(now.UnixNano(), old, q.cost)
			seen = reads
			return next, seen.full + slack, seen.wait > 0
		},
	)
	said, _ := q.rule.said(seen.left, seconds(seen.full), text[:0])
	tell(h, rec, q.rule.policy, said)
	return seen
}

// step takes cost units, and writes the state over the old one, where there are as many; else it says how long to wait.
func (r *rule) step(now int64, old []byte, cost int64) (next []byte, seen reading) {
	state, rest := section(old)
	into := old[:len(old)-len(state)-len(rest)] // the length, which stays where nothing is taken
	if len(state) == 0 {
		into = make([]byte, 1, firstState)
	}
	var ok bool
	if next, seen.left, seen.full, ok = r.take(now, state, cost, 0, into); !ok {
		seen.wait = max(r.wait(now, state, cost), 1)
		return old, seen
	}
	return sealed(next, len(into)), seen
}

// firstState is room for what all strategies but places keep of a key first.
const firstState = 24
