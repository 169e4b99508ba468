package ratelimit

import (
	"context"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/store"
)

// guard counts the requests of one operation: first by keys that need no caller, then, for those who were let in, by the others.
type guard struct {
	keeper        *Keeper
	policy        string // of the limits that hold for every caller
	first, second []counted
}

// counted is a limit at an operation.
type counted struct {
	*limit

	prefixes  []string // of keys in the store, by plan
	strangers []rule   // for those whom authentication refuses
}

// keyPrefix begins the keys of this package in a store.
const keyPrefix = "ratelimit:"

func (g *guard) add(l *limit, scope string) {
	c := counted{limit: l}
	for _, p := range l.plans {
		c.prefixes = append(c.prefixes, g.keeper.prefix+keyPrefix+scope+":"+p.name+":")
	}
	if l.choose == nil {
		g.policy = joined(g.policy, l.plans[0].policy)
	}
	if l.by.after {
		c.strangers = l.plans[0].rates()
		g.second = append(g.second, c)
		return
	}
	g.first = append(g.first, c)
}

// joined is a list (RFC 9651, section 3.1) with one more item.
func joined(list, item string) string {
	switch {
	case list == "":
		return item
	case item == "":
		return list
	}
	return list + ", " + item
}

// before is the middleware of the slot BeforeAuth.
func (g *guard) before(next http.Handler) http.Handler {
	if quick := g.quick(next); quick != nil {
		return quick
	}
	if len(g.second) > 0 {
		next = g.watched(next)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { g.pass(w, r, next, g.first, g.policy) })
}

// after is the middleware of the slot AfterAuth.
func (g *guard) after(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		letIn(r)
		g.pass(w, r, next, g.second, "")
	})
}

// pass goes on to next where all limits let the request through.
func (g *guard) pass(w http.ResponseWriter, r *http.Request, next http.Handler, limits []counted, policy string) {
	a, rec := attempts.Get().(*attempt), record.From(r.Context())
	var held *holding
	defer func() { held.end() }() // before what may panic: functions of the limits, and the store
	said, ok := "", true
	for i := 0; i < len(limits) && ok; i++ {
		l := &limits[i]
		if l.exempt(r) {
			continue
		}
		p := l.plan(r)
		a.prepare(l, p, r, rec)
		_ = g.keeper.take(r.Context(), a) // it is counted in any case
		if l.choose != nil {
			policy = joined(policy, l.plans[p].policy)
		}
		said, ok = joined(said, a.said()), a.ok
		if ok && a.cost > 0 && l.plans[p].holds {
			if held == nil {
				held = &holding{keeper: g.keeper, ctx: context.WithoutCancel(r.Context())}
			}
			held.holds = append(held.holds, hold{key: string(a.key), rules: a.rules, id: a.id, local: a.local, asked: a.asked})
		}
	}
	tell(w.Header(), rec, policy, said)
	if !ok {
		refusal := a.refusal()
		attempts.Put(a)
		g.keeper.refuse(w, r, refusal)
		return
	}
	attempts.Put(a)
	held.begin()
	next.ServeHTTP(w, r)
}

func (k *Keeper) refuse(w http.ResponseWriter, r *http.Request, b Beyond) {
	k.counted.refused.Add(1)
	problem.Write(w, r, b.problem())
}

// tell adds items to the fields of the answer.
func tell(h http.Header, rec *record.Record, policy, said string) {
	if policy == "" && said == "" {
		return
	}
	values := room(rec) // of this answer alone: middleware may write into it
	if len(h) > 0 {
		policy, said = joined(first(h[policyField]), policy), joined(first(h[stateField]), said)
	}
	if policy != "" {
		values[0] = policy
		h[policyField] = values[0:1:1]
	}
	if said != "" {
		values[1] = said
		h[stateField] = values[1:2:2]
	}
}

// room is for the values of two fields: in the record of the request for the first who asks, so that it costs no memory of its own.
func room(rec *record.Record) *[2]string {
	if rec != nil {
		if values := rec.Pair(); values != nil {
			return values
		}
	}
	return new([2]string)
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func (l *limit) exempt(r *http.Request) bool {
	for i := range l.except {
		if l.except[i].When(r) {
			return true
		}
	}
	return false
}

// plan is which one holds for a request.
func (l *limit) plan(r *http.Request) int {
	if l.choose == nil {
		return 0
	}
	name := l.choose(r)
	for i := range l.plans {
		if l.plans[i].name == name {
			return i
		}
	}
	return 0
}

// prepare readies an attempt for one limit.
func (a *attempt) prepare(l *counted, plan int, r *http.Request, rec *record.Record) {
	a.rules, a.cost, a.local = l.plans[plan].rules, l.cost, l.local
	if l.costOf != nil {
		if a.cost = int64(l.costOf(r)); a.cost < 0 {
			a.cost = 1
		}
	}
	if l.plans[plan].holds {
		a.id = rand.Uint64() //nolint:gosec // It tells requests apart, and whoever guesses it can do nothing with it.
	}
	a.key = l.by.of(append(a.key[:0], l.prefixes[plan]...), r, rec)
	if len(a.key) > store.MaxKey {
		a.key = append(append(a.key[:0], l.prefixes[plan]...), sumText(string(a.key))...)
	}
}

// said are the items of RateLimit.
func (a *attempt) said() (text string) {
	if len(a.readings) == 1 {
		text, a.text = a.rules[0].said(a.readings[0].left, seconds(a.readings[0].full), a.text)
		return text
	}
	b := a.text[:0]
	for i, seen := range a.readings {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = a.rules[i].write(b, seen.left, seconds(seen.full))
	}
	a.text = b
	return string(b)
}

// refusal is what the rule says that asks for the longest wait.
func (a *attempt) refusal() Beyond {
	var b Beyond
	longest := time.Duration(0)
	for i, seen := range a.readings {
		if seen.wait > longest {
			longest = seen.wait
			b = Beyond{Limit: a.rules[i].name, RetryAfter: seconds(seen.wait)}
		}
	}
	return b
}
