package auth

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/problem"
)

// guard is the middleware of the slot Auth: it finds the caller in the header, and asks the rule.
func (a *access) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, s, err := a.caller(r, a.fresh(r))
		rec := record.From(r.Context())
		if err != nil {
			if rec != nil {
				rec.Event = eventOf(err)
			}
			problem.Write(w, r, a.refusals.of(err))
			return
		}
		if p != nil {
			if !a.lets(p) {
				refused, event := a.refusal(p, s)
				if rec != nil {
					rec.Principal, rec.Event = p.of.Subject, event
				}
				problem.Write(w, r, refused)
				return
			}
			if rec != nil {
				rec.Caller, rec.Principal, rec.Guard = &Principal{p.of, a}, p.of.Subject, a.beside(rec.Guard)
			}
		}
		next.ServeHTTP(w, r)
	})
}

// Guard makes a middleware of Required and rules, for what is no operation, such as tenon.Docs.Guard:
//
//	guard, err := auth.Guard(auth.Required(scheme), auth.Roles(roles...), auth.Role("admin"))
//
// Middleware that an option adds runs too, in the order of its slots. Other options are refused: nothing would come of them.
func Guard(opts ...tenon.Option) (tenon.Middleware, error) {
	o := &tenon.Operation{Method: http.MethodGet}
	for i, opt := range opts {
		if opt == nil {
			return nil, fmt.Errorf("auth.Guard: option %d is nil", i)
		}
		opt(o)
	}
	a := o.Part[access]()
	rest := *o
	rest.BeforeAuth, rest.Auth, rest.AfterAuth = nil, nil, nil
	only := rest.Only[access]()
	a.Complete(o)
	switch err := o.Err(); {
	case err != nil:
		return nil, err
	case !only:
		return nil, errors.New("auth.Guard: an option says more than who may call, of which nothing would come")
	case a.schemes == nil || a.public != "":
		return nil, errors.New("auth.Guard needs auth.Required")
	}
	chain := slices.Concat(o.BeforeAuth, o.Auth, o.AfterAuth)
	return func(next http.Handler) http.Handler {
		for _, mw := range slices.Backward(chain) {
			next = mw(next)
		}
		return next
	}, nil
}

// caller finds who calls, and by which scheme; fresh is that no cache answers. Nobody without an error is one who may be nobody. A request shows one
// credential: of two, each could be of somebody else.
func (a *access) caller(r *http.Request, fresh bool) (found *Principal, by Scheme, err error) { //nolint:ireturn // Schemes are known by what they do.
	for _, s := range a.schemes {
		p, err := s.Authenticate(r, fresh)
		if err != nil {
			return nil, nil, &schemeError{s, err}
		}
		if p == nil {
			continue
		}
		if found != nil {
			return nil, nil, ErrAmbiguous
		}
		if p.of == nil {
			return nil, nil, &schemeError{s, ErrUnknown}
		}
		found, by = p, s
	}
	if found == nil && (a.optional == "" || r.Header["Authorization"] != nil) { // one of a scheme that we do not know does not count
		return nil, nil, errNoCredential
	}
	return found, by, nil
}

// schemeError says which scheme refused a credential.
type schemeError struct {
	scheme Scheme
	err    error
}

// Error is the cause.
func (e *schemeError) Error() string { return e.err.Error() }

// Unwrap is the cause.
func (e *schemeError) Unwrap() error { return e.err }

// lets asks the rule.
func (a *access) lets(p *Principal) bool {
	return a.rule.allows(&claimant{of: p.of, by: a})
}

// refusal is the problem of a caller whom the rule does not let in, and who was found by a scheme: only Bearer has words for a scope that lacks, and for a
// login that was too long ago. That is no event for those who watch over the service: it happens to whoever works for a while.
func (a *access) refusal(p *Principal, by Scheme) (refused *problem.Error, event string) {
	if _, ok := by.(*bearer); ok {
		switch {
		case a.rule.allows(&claimant{of: p.of, by: a, allScopes: true}):
			return a.refusals.scope, "authz_fail"
		case a.refusals.again != nil && a.rule.allows(&claimant{of: p.of, by: a, lately: true}):
			return a.refusals.again, ""
		}
	}
	return a.refusals.forbidden, "authz_fail"
}

// refusals are the problems of an operation that a caller may be answered, with their challenges (RFC 6750, section 3).
type refusals struct {
	all       string // the challenges of all schemes
	forbidden *problem.Error
	scope     *problem.Error // the credential lacks a scope; nil: no scope would help
	again     *problem.Error // the caller signed in too long ago; nil: no rule asks when
}

func newRefusals(schemes []Scheme, asked rule) refusals {
	scopes := asked.scopes()
	r := refusals{forbidden: problem.New(problem.CodeForbidden, "")}
	var challenges []string
	for _, s := range schemes {
		challenges = append(challenges, s.Challenge())
		if b, ok := s.(*bearer); ok && r.scope == nil {
			r.again = tooLongAgo(b, asked)
			challenge := s.Challenge() + `, error="insufficient_scope"`
			if len(scopes) > 0 {
				challenge += `, scope="` + strings.Join(scopes, " ") + `"`
			}
			r.scope = problem.New(problem.CodeForbidden, "").WithHeader("WWW-Authenticate", challenge)
		}
	}
	r.all = strings.Join(challenges, ", ")
	return r
}

// of is the problem of a request that shows nobody. Its cause is for the log: a client learns that a credential does not count, and not why.
func (r *refusals) of(err error) *problem.Error {
	if !refused(err) {
		return problem.Wrap(problem.CodeUnavailable, "", err)
	}
	challenge := r.all
	if of, ok := errors.AsType[*schemeError](err); ok {
		challenge = challengeOf(of.scheme, err)
	}
	e := problem.New(problem.CodeUnauthorized, "").WithHeader("WWW-Authenticate", challenge)
	if errors.Is(err, errNoCredential) {
		return e // which happens all the time
	}
	return e.Wrap(err)
}

// challengeOf is that of the scheme which refused; only Bearer has words for why.
func challengeOf(s Scheme, err error) string {
	challenge := s.Challenge()
	if _, ok := s.(*bearer); !ok {
		return challenge
	}
	if invalidRequest(err) {
		return challenge + `, error="invalid_request"`
	}
	return challenge + `, error="invalid_token"`
}
