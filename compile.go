package tenon

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"

	"github.com/tenon-go/tenon/internal/bind"
	"github.com/tenon-go/tenon/internal/reply"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/validate"
)

// plan is a compiled operation: everything a request needs is decided.
type plan struct {
	op      *Operation
	name    string // "GET /users/{id}"
	site    string
	handler erased

	bind   *bind.Plan
	names  []string  // wildcards of the path
	body   *bodyPlan // nil: no body
	custom func(*http.Request, reflect.Value, *validate.Faults) error
	in     *shape.Type
	params []*shape.Field // those of bind, for the document
	out    *reply.Plan
	media  []string      // what the body of a success can be; nil: no body
	forms  []*codecEntry // those that JSON can be carried over to

	conditional bool // a GET whose answer may be 304 or 412
	ifMatch     bool // a write that names the state that it changes
}

// compile turns the registrations into routes, plans and the document, or returns every fault.
func (a *App) compile() error {
	a.checkConfig()
	seen := map[string]bool{} // faults of types, told once however many operations use the type
	var plans []*plan
	for _, e := range a.entries {
		r, faults := a.route(e, seen)
		for _, err := range faults {
			a.fault(e.site, err)
		}
		if r == nil {
			continue
		}
		if err := a.router.add(r); err != nil {
			a.fault(e.site, err)
			continue
		}
		if r.plan != nil && len(faults) == 0 {
			plans = append(plans, r.plan)
		}
	}
	a.operationIDs(plans)
	a.locate(plans)
	if len(a.faults) == 0 {
		a.document = a.describe(plans)
		a.serveDocs()
	}
	a.miss = chain(http.HandlerFunc(a.serveMiss), a.appOperation().BeforeAuth)
	return a.joined()
}

func (a *App) checkConfig() {
	l := a.cfg.Limits
	for name, value := range map[string]int64{"Body": l.Body, "Depth": int64(l.Depth), "Items": int64(l.Items),
		"StringBytes": int64(l.StringBytes), "QueryPairs": int64(l.QueryPairs), "Cookies": int64(l.Cookies)} {
		if value < 0 {
			a.faults = append(a.faults, fmt.Errorf("tenon.Config: Limits.%s is %d, want 0 (the default) or more", name, value))
		}
	}
	if l.Depth > 64 {
		a.faults = append(a.faults, fmt.Errorf("tenon.Config: Limits.Depth is %d, want 64 or less", l.Depth))
	}
	slices.SortFunc(a.faults, func(x, y error) int { return cmp.Compare(x.Error(), y.Error()) })
}

// appOperation is what the options of the app alone say; it serves requests that match no route.
func (a *App) appOperation() *Operation {
	op := &Operation{}
	for _, opt := range a.root.opts {
		opt(op)
	}
	return op
}

func (a *App) route(e *entry, seen map[string]bool) (*route, []error) {
	op := &Operation{Method: e.method, Path: e.path}
	for _, opt := range e.groupOpts {
		opt(op)
	}
	shared := maps.Clone(op.Defaults)
	for _, opt := range e.opts {
		opt(op)
	}
	faults := op.faults
	segments, names, err := parsePattern(e.path)
	if err != nil {
		return nil, append(faults, err)
	}
	r := &route{method: e.method, pattern: e.path, segments: segments, names: names, site: e.site}
	if e.method == anyMethod {
		return a.mountRoute(r, e, op), faults
	}
	if !isMethod(e.method) {
		faults = append(faults, fmt.Errorf("%q is not a method that an operation can have", e.method))
	}
	p := &plan{op: op, name: r.String(), site: e.site, handler: e.handler, names: names}
	if e.handler.call == nil {
		faults = append(faults, fmt.Errorf("%s: the handler is nil", p.name))
	}
	own := map[string]string{}
	for name, value := range op.Defaults {
		if old, ok := shared[name]; !ok || old != value {
			own[name] = value
		}
	}
	for _, err := range slices.Concat(a.planInput(p, own, seen), a.planOutput(p, seen), checkFails(op)) {
		faults = append(faults, fmt.Errorf("%s: %w", p.name, err))
	}
	r.plan = p
	if mw := slices.Concat(op.BeforeAuth, op.Auth, op.AfterAuth); len(mw) > 0 {
		r.handler = chain(a.core(p), mw)
	}
	return r, faults
}

func isMethod(method string) bool {
	for _, c := range []byte(method) {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return method != "" && method != http.MethodConnect && method != http.MethodHead && method != http.MethodOptions && method != http.MethodTrace
}

// mountRoute serves a foreign handler at the prefix itself; the caller gets a second route for what is below it.
func (a *App) mountRoute(r *route, e *entry, op *Operation) *route {
	h := chain(e.mounted, slices.Concat(op.BeforeAuth, op.Auth, op.AfterAuth))
	r.handler = h
	below := *r
	below.segments = append(slices.Clone(r.segments), segment{text: "rest", kind: rest})
	below.names = append(slices.Clone(r.names), "rest")
	below.pattern = join(r.pattern, "/{rest...}")
	if err := a.router.add(&below); err != nil {
		a.fault(e.site, err)
	}
	return r
}

// chain wraps h so that the first middleware is the outermost.
func chain(h http.Handler, mw []Middleware) http.Handler {
	for _, m := range slices.Backward(mw) {
		h = m(h)
	}
	return h
}

func checkFails(op *Operation) []error {
	var faults []error
	for _, e := range op.Fails {
		if e == nil {
			faults = append(faults, errors.New("Fails has a nil problem"))
			continue
		}
		if err := e.Check(); err != nil {
			faults = append(faults, err)
		}
	}
	return faults
}

// fresh returns the faults of a type that were not told before.
func fresh(faults []error, seen map[string]bool) []error {
	return slices.DeleteFunc(faults, func(err error) bool {
		told := seen[err.Error()]
		seen[err.Error()] = true
		return told
	})
}

// operationIDs gives every operation an id and refuses one that is used twice.
func (a *App) operationIDs(plans []*plan) {
	first := map[string]*plan{}
	for _, p := range plans {
		if p.op.OperationID == "" {
			p.op.OperationID = operationID(p.op.Method, p.op.Path)
		}
		if other := first[p.op.OperationID]; other != nil {
			a.fault(p.site, fmt.Errorf("%s: operation id %q is that of %s registered at %s", p.name, p.op.OperationID, other.name, other.site))
			continue
		}
		first[p.op.OperationID] = p
	}
}
