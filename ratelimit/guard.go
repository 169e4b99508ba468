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
		c.prefixes = append(c.prefixes, keyPrefix+scope+":"+p.name+":")
	}
	if l.choose == nil {
		g.policy = joined(g.policy, l.plans[0].policy())
	}
	if l.by.after {
		c.strangers = l.plans[0].rates()
		g.second = append(g.second, c)
		return
	}
	g.first = append(g.first, c)
}

func (p *plan) policy() string {
	text := ""
	for i := range p.rules {
		text = joined(text, p.rules[i].policy)
	}
	return text
}

// joined is a list (RFC 9651, section 3.1) with one more item.
func joined(list, item string) string {
	if list == "" || item == "" {
		return list + item
	}
	return list + ", " + item
}

// before is the middleware of the slot BeforeAuth.
func (g *guard) before(next http.Handler) http.Handler {
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
	a := attempts.Get().(*attempt)
	var held *holding
	defer func() { held.end() }() // before what may panic: functions of the limits, and the store
	said, ok := "", true
	for i := 0; i < len(limits) && ok; i++ {
		l := &limits[i]
		if l.exempt(r) {
			continue
		}
		p := l.plan(r)
		a.prepare(l, p, r)
		_ = g.keeper.take(r.Context(), a) // it is counted in any case
		if l.choose != nil {
			policy = joined(policy, l.plans[p].policy())
		}
		said, ok = joined(said, a.said()), a.ok
		if ok && a.cost > 0 && l.plans[p].holds() {
			if held == nil {
				held = &holding{keeper: g.keeper, ctx: context.WithoutCancel(r.Context())}
			}
			held.holds = append(held.holds, hold{string(a.key), a.rules, a.id, a.asked})
		}
	}
	tell(w.Header(), policy, said)
	refusal := a.refusal()
	attempts.Put(a)
	if !ok {
		g.keeper.refuse(w, r, refusal)
		return
	}
	held.begin()
	next.ServeHTTP(w, r)
}

func (k *Keeper) refuse(w http.ResponseWriter, r *http.Request, b Beyond) {
	k.counted.refused.Add(1)
	problem.Write(w, r, b.problem())
}

// tell adds items to the fields of the answer.
func tell(h http.Header, policy, said string) {
	values := new([2]string)
	for i, field := range [...]struct{ name, items string }{{policyField, policy}, {stateField, said}} {
		if field.items == "" {
			continue
		}
		values[i] = field.items
		if known := h[field.name]; len(known) > 0 {
			values[i] = joined(known[0], field.items)
		}
		h[field.name] = values[i : i+1 : i+1] // of this answer alone: middleware may write into them
	}
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
func (a *attempt) prepare(l *counted, plan int, r *http.Request) {
	a.rules, a.cost = l.plans[plan].rules, l.cost
	if l.costOf != nil {
		if a.cost = int64(l.costOf(r)); a.cost < 0 {
			a.cost = 1
		}
	}
	if l.plans[plan].holds() {
		a.id = rand.Uint64() //nolint:gosec // It tells requests apart, and whoever guesses it can do nothing with it.
	}
	a.key = l.by.of(append(a.key[:0], l.prefixes[plan]...), r, record.From(r.Context()))
	if len(a.key) > store.MaxKey {
		a.key = append(append(a.key[:0], l.prefixes[plan]...), sumText(string(a.key))...)
	}
}

func (p *plan) holds() bool {
	for i := range p.rules {
		if _, ok := p.rules[i].strategy.(held); ok {
			return true
		}
	}
	return false
}

// said are the items of RateLimit.
func (a *attempt) said() string {
	text := ""
	for i, seen := range a.readings {
		text = joined(text, a.rules[i].said(seen.left, seconds(seen.full)))
	}
	return text
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
