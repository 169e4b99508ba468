package ratelimit

import (
	"context"
	"net/http"
	"slices"

	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/problem"
)

// admitted is that authentication let a request in, so that the limits of callers count it.
type admitted struct{ yes bool }

func letIn(r *http.Request) {
	if rec := record.From(r.Context()); rec != nil {
		record.Local[admitted](rec).yes = true
	}
}

// watched counts those whom authentication refuses by their address, at the rates of the limits that count callers, and refuses an address that has
// used one up before anything of the next credential is looked at. They are counted apart from those who may be nobody.
func (g *guard) watched(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := record.From(r.Context())
		if rec == nil {
			next.ServeHTTP(w, r)
			return
		}
		a := attempts.Get().(*attempt)
		for i := range g.second {
			if g.second[i].stranger(a, rec); len(a.rules) == 0 {
				continue
			}
			if g.keeper.look(a); !a.ok {
				tell(w.Header(), rec, "", a.said())
				refusal := a.refusal()
				attempts.Put(a)
				g.keeper.refuse(w, r, refusal)
				return
			}
		}
		attempts.Put(a)
		in := record.Local[admitted](rec)
		in.yes = false
		next.ServeHTTP(w, r)
		if !in.yes && rec.Problem == string(problem.CodeUnauthorized) {
			g.refused(r.Context(), rec)
		}
	})
}

func (g *guard) refused(ctx context.Context, rec *record.Record) {
	a := attempts.Get().(*attempt)
	defer attempts.Put(a)
	for i := range g.second {
		if g.second[i].stranger(a, rec); len(a.rules) > 0 {
			_ = g.keeper.take(ctx, a) // it is counted in any case
			g.keeper.remember(ctx, a)
		}
	}
}

// stranger readies an attempt for an address whose credential does not count: at the rates of the first plan, which is that of who is nobody.
func (c *counted) stranger(a *attempt, rec *record.Record) {
	a.rules, a.cost, a.local = c.strangers, c.cost, c.local
	a.key = appendAddress(append(append(a.key[:0], c.prefixes[0]...), 'r'), nil, rec)
}

// rates are the rules of a plan but for places, which who is refused does not hold.
func (p *plan) rates() []rule {
	return slices.DeleteFunc(slices.Clone(p.rules), func(r rule) bool { return r.holds })
}

// look makes an attempt that takes nothing, at what is known in the process, so that it costs those with a good credential no call of the store.
func (k *Keeper) look(a *attempt) {
	a.looks = true
	_ = k.here.UpdateScratch(a.key, a.change) // which takes any key of the right length
	a.looks = false
}

// remember keeps what the store said of a key for look.
func (k *Keeper) remember(ctx context.Context, a *attempt) {
	if k.local != nil && !a.local && len(a.state) > 0 {
		_ = k.local.Set(ctx, string(a.key), slices.Clone(a.state), a.ttl) // until then nobody is refused
	}
}
