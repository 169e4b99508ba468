package tenon

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/tenon-go/tenon/internal/admit"
	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/middleware"
	"github.com/tenon-go/tenon/problem"
)

// Critical lets an operation use the places that others leave when a server has more to do than it can: for health, for revoking what
// must not go on, for those who can do something about it. Mark few operations, and cheap ones.
func Critical() Option { return func(o *Operation) { o.Critical = true } }

// gate is what bounds how much a server works on; nil is no bound.
func (c Config) gate() (*admit.Gate, error) {
	if c.Admission.Critical != nil {
		return nil, errors.New("Critical is for other handlers; an operation says tenon.Critical()")
	}
	l := c.Admission
	gate, err := admit.Open(admit.Limits{Requests: l.Requests, Queue: l.Queue, Patience: l.Patience, Streams: l.Streams})
	if err != nil || l.Requests == 0 {
		return nil, err
	}
	return gate, nil
}

// errOverloaded is what the document says of a refusal.
func errOverloaded() *problem.Error { return middleware.ErrOverloaded.WithHeader("Retry-After", "1") }

// slots puts the middleware of an operation around its handler. Between those that are for everyone and those that know the caller a
// server bounds how much is worked on.
func (a *App) slots(op *Operation, h http.Handler) (http.Handler, error) {
	inner, err := chain(h, slices.Concat(op.Auth, op.AfterAuth))
	outer, errOuter := chain(a.gated(op.Critical, inner), op.BeforeAuth)
	return outer, errors.Join(err, errOuter)
}

// bounded is serve for an operation without middleware, of which a server works on so many at once.
func (a *App) bounded(w http.ResponseWriter, r *http.Request, rec *record.Record, p *plan, ex *exchange) {
	if !a.letIn(w, r, rec, p.op.Critical) {
		return
	}
	defer rec.Place.Leave()
	defer a.recover(w, r, p, never)
	a.run(w, r, rec, p, ex)
}

// letIn takes a place for a request that Serve bounds. It stands behind the BeforeAuth middleware, so that a refusal is one that a page
// of another origin can read, and before all that costs more. When it reports true, Leave of the place ends it; else it has answered.
func (a *App) letIn(w http.ResponseWriter, r *http.Request, rec *record.Record, critical bool) bool {
	gate := rec.Gate
	rec.Gate = nil // what is mounted below has its place already
	err := gate.Enter(r.Context(), critical, &rec.Place)
	if err == nil {
		return true
	}
	if errors.Is(err, admit.ErrFull) {
		a.overloaded(w, r)
	} else {
		w.WriteHeader(statusClientLeft)
	}
	return false
}

func (a *App) overloaded(w http.ResponseWriter, r *http.Request) {
	a.answer(w, r, middleware.ErrOverloaded.WithHeader("Retry-After", strconv.Itoa(admit.RetryAfter())))
}

// gated is letIn as a middleware.
func (a *App) gated(critical bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := record.From(r.Context())
		if rec == nil || rec.Gate == nil {
			next.ServeHTTP(w, r)
			return
		}
		if a.letIn(w, r, rec, critical) {
			defer rec.Place.Leave()
			next.ServeHTTP(w, r)
		}
	})
}

// streaming gives the place of a request back: what it waits for from now on is its client, or the next item. It reports false, and has
// answered, when there are too many such requests.
func (a *App) streaming(w http.ResponseWriter, r *http.Request) bool {
	if rec := record.From(r.Context()); rec != nil && !rec.Stream() {
		a.overloaded(w, r)
		return false
	}
	return true
}
