package tenon

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/tenon-go/tenon/internal/bind"
	"github.com/tenon-go/tenon/internal/reply"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/problem"
)

// plan is a compiled operation: everything a request needs is decided.
type plan struct {
	op      *Operation
	name    string // "GET /users/{id}"
	site    string
	handler erased
	version *version                                                  // nil is none
	raise   func(ctx context.Context, in any) (newest any, err error) // makes the input of the newest version; nil is none
	entry   *entry

	needs   *needs // nil: nothing is provided
	bind    *bind.Plan
	names   []string  // wildcards of the path
	body    *bodyPlan // nil: no body
	custom  func(context.Context, reflect.Value, *validate.Faults) error
	in      *shape.Type
	params  []*shape.Field // those of the input, for the document
	others  []*shape.Field // those of the providers that it does not have
	out     *reply.Plan
	media   []string       // what the body of a success can be; nil: no body
	forms   []*codecEntry  // those that JSON can be carried over to
	words   map[int]string // the ResponseDescriptions of the app and groups
	formats *formats       // that a client may pick by name; nil is none

	hook, to string       // of what the service sends: its name, and where a callback goes
	sent     *shape.Field // the body of that; nil is none
	calls    []*plan      // the callbacks

	events bool // the output can be a stream of events
	lines  bool // or of lines

	bare        bool        // the input takes nothing from the request
	brief       bool        // the answer depends on nothing of the request but its path
	choosy      bool        // media types are not all that agree looks at
	direct      bool        // nothing stands between input and handler, and the answer is brief
	conditional bool        // a GET whose answer may be 304 or 412
	ranges      bool        // a GET whose answer may be 206 or 416
	conditions  []condition // what a write says of the state that it changes
	tagged      bool        // the input has If-Match or If-None-Match

	deadline time.Duration // of providers and handler; 0 is none
	bounded  bool          // Serve may have no room for it
}

// compile turns the registrations into routes, plans and the document, or returns every fault.
func (a *App) compile() error {
	a.close()
	a.checkConfig()
	shared := a.appOperation()
	miss, err := chain(http.HandlerFunc(a.serveMiss), shared.BeforeAuth)
	a.miss = miss
	told := a.tell(a.root.site, slices.DeleteFunc(sharedFaults(append(shared.faults, err)), isNone), map[string]bool{})
	a.readProviders()
	a.planSingles()
	a.checkVersions()
	var plans []*plan
	for _, e := range a.entries {
		plans = append(plans, a.enter(e, told)...)
	}
	a.unusedMigrations()
	a.plans = plans
	a.planWebhooks()
	for _, p := range plans {
		a.planCallbacks(p)
	}
	a.checkExtras(slices.Concat(plans, a.hooks))
	a.checkSecurity(slices.Concat(plans, a.hooks))
	a.checkCodes(plans)
	a.describeAll(plans)
	if len(a.faults) == 0 {
		for _, p := range plans {
			p.bare = p.needs == nil && p.bind.None() && p.body == nil && p.custom == nil
			p.brief = p.needs == nil && p.out.Brief() && !p.conditional && p.forms == nil && (p.formats == nil || !p.out.Location())
			p.choosy = p.formats != nil || p.conditions != nil || p.body != nil
			p.direct = p.brief && p.raise == nil && p.deadline > 0
		}
		a.serveDocs(shared.BeforeAuth)
	} else {
		a.document = nil
	}
	return a.joined()
}

func (a *App) checkConfig() {
	a.fault("tenon.Config: Errors", a.cfg.Errors.check())
	_, err := a.cfg.gate()
	a.fault("tenon.Config: Admission", err)
	l := a.cfg.Limits
	for _, limit := range []struct {
		name  string
		value int64
	}{
		{"Body", l.Body}, {"BodyTime", int64(l.BodyTime)}, {"Depth", int64(l.Depth)}, {"Items", int64(l.Items)}, {"StringBytes", int64(l.StringBytes)},
		{"Total", int64(l.Total)},
		{"QueryPairs", int64(l.QueryPairs)}, {"Cookies", int64(l.Cookies)},
		{"Form.Parts", int64(l.Form.Parts)}, {"Form.PartHeaders", int64(l.Form.PartHeaders)}, {"Form.PartHeaderBytes", int64(l.Form.PartHeaderBytes)},
		{"Form.NameBytes", int64(l.Form.NameBytes)}, {"Form.FileBytes", l.Form.FileBytes}, {"Form.MemoryBytes", l.Form.MemoryBytes},
	} {
		if limit.value < 0 {
			a.fault("tenon.Config: Limits."+limit.name, fmt.Errorf("%d is wrong, want 0 (the default) or more", limit.value))
		}
	}
	if l.Depth > 64 {
		a.fault("tenon.Config: Limits.Depth", fmt.Errorf("%d is wrong, want 64 or less", l.Depth))
	}
}

// appOperation is what the options of the app alone say; it serves requests that match no route.
func (a *App) appOperation() *Operation {
	op := &Operation{common: &a.common}
	op.apply(a.root.opts)
	return op
}

// enter makes the routes of a registration, one for each version that it is part of, and returns the plans of those that are right.
// What is wrong with the newest is not told again of the older ones.
func (a *App) enter(e *entry, told map[string]bool) []*plan {
	variants, err := a.variants(e)
	a.fault(e.site, err)
	var plans []*plan
	for _, variant := range variants {
		r, faults := a.route(variant)
		a.tell(e.site, faults, told)
		if r == nil {
			break
		}
		if err := a.place(r); err != nil {
			a.fault(e.site, err)
			break
		}
		for _, other := range r.suffixed {
			a.fault(e.site, a.place(other))
		}
		if len(faults) > 0 {
			break
		}
		if r.plan != nil {
			plans = append(plans, r.plan)
		}
	}
	return plans
}

func (a *App) route(e *entry) (*route, []error) {
	op := &Operation{Method: e.method, Path: e.path, common: &a.common, template: e.template}
	p := &plan{op: op, name: e.method + " " + e.path, site: e.site, handler: e.handler, entry: e, bounded: a.cfg.Admission.Requests > 0}
	op.apply(e.groupOpts)
	unmet := a.planNeeds(p, e)
	faults := append(sharedFaults(op.faults), unmet...)
	op.faults, op.said = nil, nil
	defaults, words := maps.Clone(op.Defaults), maps.Clone(op.ResponseDescriptions)
	op.applyOwn(e.opts)
	op.complete()
	faults = append(faults, op.faults...)
	if op.Method != e.method || op.Path != e.path {
		return nil, append(faults, fmt.Errorf("an option changes %s %s into %s %s", e.method, e.path, op.Method, op.Path))
	}
	segments, names, err := parsePattern(e.path)
	if err != nil {
		return nil, append(faults, err)
	}
	r := &route{method: e.method, pattern: e.path, segments: segments, names: names, site: e.site, version: e.version, successor: e.successor}
	if e.method == anyMethod {
		r.handler, err = a.slots(op, e.mounted)
		return r, slices.DeleteFunc(append(faults, a.mountBelow(r), a.mountApp(e), sharedError{err}), isNone)
	}
	p.names, p.words, p.version = names, words, e.version
	r.plan = p
	if e.version != nil {
		if err := e.version.older(p); err != nil {
			return r, append(faults, fmt.Errorf("%s: %w", p.name, err))
		}
	}
	if len(op.BeforeAuth)+len(op.Auth)+len(op.AfterAuth) > 0 {
		r.handler, err = a.slots(op, a.core(p))
		faults = append(faults, sharedError{err})
	}
	own := map[string]string{}
	for name, value := range op.Defaults {
		if old, ok := defaults[name]; !ok || old != value {
			own[name] = value
		}
	}
	for _, err := range slices.Concat(p.check(), a.checkExtensions(op), a.planInput(p, own), a.planOutput(p)) {
		faults = append(faults, fmt.Errorf("%s: %w", p.name, err))
	}
	if p.out != nil {
		faults = append(faults, p.planFormats(r))
	}
	if faults = slices.DeleteFunc(faults, isNone); len(faults) == 0 {
		p.planDeadline()
		faults = append(p.idle(), p.planned()...)
	}
	e.link.made.Do(func() {
		e.link.target, e.link.err = reply.NewTarget(e.path, p.params)
		e.link.since, e.link.until = e.since, e.until
	})
	return r, faults
}

// check looks at what the options and the registration say, without the types.
func (p *plan) check() []error {
	var faults []error
	fault := func(wrong bool, format string, args ...any) {
		if wrong {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	method := p.op.Method
	reserved := []string{"", http.MethodConnect, http.MethodHead, http.MethodOptions, http.MethodTrace}
	isMethod := strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" && !slices.Contains(reserved, method)
	fault(!isMethod, "%q is not a method that an operation can have", method)
	fault(!p.op.Hidden && !new(openapi.PathItem).Set(method, nil), "OpenAPI 3.1 cannot describe the method %s; add tenon.Hidden()", method)
	fault(p.handler.call == nil, "the handler is nil")
	fault(p.op.Status != 0 && (p.op.Status < 200 || p.op.Status > 399), "status %d is not a success, want 200..299, or 300..399 for a redirect", p.op.Status)
	fault(p.op.BodyLimit < 0, "the body limit is %d bytes, want 1 or more", p.op.BodyLimit)
	fault(slices.Contains(p.op.Tags, ""), "a tag is empty")
	fault(p.version == nil && p.op.Since+p.op.Until != "", "Since and Until are for the operations of App.Versions")
	return append(faults, p.checkFails()...)
}

// mountBelow adds a second route for what is below the prefix of a mounted handler.
func (a *App) mountBelow(r *route) error {
	for _, s := range r.segments {
		if s.kind == rest || s.text == "rest" && s.kind == wildcard {
			return fmt.Errorf("%s: what is mounted takes all that is below it; leave {%s} out of the prefix", r.pattern, s.text)
		}
	}
	below := *r
	below.pattern = join(r.pattern, "/{rest...}")
	var err error
	if below.segments, below.names, err = parsePattern(below.pattern); err != nil {
		return err
	}
	return a.place(&below)
}

// chain wraps h so that the first middleware is the outermost.
func chain(h http.Handler, mw []Middleware) (http.Handler, error) {
	if h == nil {
		return http.NotFoundHandler(), errors.New("the mounted handler is nil")
	}
	for _, m := range slices.Backward(mw) {
		if m == nil {
			return h, errors.New("a middleware is nil")
		}
		if h = m(h); h == nil {
			return http.NotFoundHandler(), errors.New("a middleware returns a nil handler")
		}
	}
	return h, nil
}

func (p *plan) checkFails() []error {
	var faults []error
	statuses, types := map[string]int{}, map[string]string{}
	for _, e := range p.op.Fails {
		if e == nil {
			faults = append(faults, errors.New("Fails has a nil problem"))
			continue
		}
		if err := e.Check(); err != nil {
			faults = append(faults, err)
		}
		if own := problem.New(problem.Code(e.Code()), ""); own.Code() == e.Code() && own.Status() != e.Status() {
			faults = append(faults, fmt.Errorf("problem %q: the code is the framework's own, with status %d", e.Code(), own.Status()))
		}
		if status, ok := statuses[e.Code()]; ok && status != e.Status() {
			faults = append(faults, fmt.Errorf("problem %q has status %d and status %d", e.Code(), status, e.Status()))
		}
		statuses[e.Code()] = e.Status()
		members, _ := e.Extension()
		typ := fmt.Sprintf("%T", members)
		if other, ok := types[e.Code()]; ok && other != typ {
			faults = append(faults, fmt.Errorf("problem %q has members of %s and of %s", e.Code(), other, typ))
		}
		types[e.Code()] = typ
	}
	return faults
}

// wildcardNames refuses two names for one wildcard of a path: OpenAPI takes templated paths that differ in names alone for one.
func (a *App) wildcardNames(plans []*plan) {
	first := map[string]*plan{}
	for _, p := range plans {
		shape := p.op.Path
		for _, name := range p.names {
			shape = strings.Replace(shape, "{"+name, "{", 1)
		}
		other := first[shape]
		if other == nil {
			first[shape] = p
		} else if other.op.Path != p.op.Path {
			a.fault(p.site, fmt.Errorf("%s: the path is that of %s registered at %s; give the wildcards the same names",
				p.name, other.name, other.site))
		}
	}
}
