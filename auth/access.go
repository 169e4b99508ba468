package auth

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// access is what options say of who may call one operation.
type access struct {
	schemes  []Scheme
	public   string // why anybody may
	optional string // why those may who show nothing
	lifted   bool   // Public or Optional at the operation itself lets the rules of its groups go
	rules    []placed
	roles    *roles
	objects  []object
	faults   []error

	rule      andRule
	besides   bool // other middleware of the slot Auth stands behind the guard
	demanding bool // the rule, and not only that of what it is about, asks for what a caller may have lost
	refusals  refusals
}

// placed is a rule and where it stands.
type placed struct {
	rule  rule
	own   bool // at the operation itself
	group bool // at its groups or the app, not at a provider
}

// object is a thing that some callers may reach and others may not.
type object struct {
	name string
	all  rule // of those who may reach every one; nil is nobody
	list bool // it is a list of such things, which leaves out those of others
}

// Required guards operations: every one is for callers who show who they are by one of the schemes, and for nobody else, unless Public or Optional
// says otherwise. What else a caller must be is said by rules such as Role. Handlers get the caller as *Principal, tagged dep:"".
//
// Required again, in a group or at an operation, takes the place of the schemes. The one that clients should prefer stands first. Options of a provider
// can narrow an operation by rules, and say nothing else of who may call: Required, Public, Optional and Roles are refused there.
func Required(schemes ...Scheme) tenon.Option {
	provides := tenon.Provides(provide, tenon.PerCaller())
	err := checkSchemes(schemes)
	return func(o *tenon.Operation) {
		a := o.Part[access]()
		if a.supplied(o, "auth.Required") {
			return
		}
		provides(o)
		if err != nil {
			a.fault(o, err)
			return
		}
		a.schemes, a.public, a.optional, a.lifted = schemes, "", "", false
	}
}

func checkSchemes(schemes []Scheme) error {
	var errs []error
	if len(schemes) == 0 {
		errs = append(errs, errors.New("auth.Required has no scheme"))
	}
	places := map[string]bool{}
	for i, s := range schemes {
		if s == nil {
			errs = append(errs, fmt.Errorf("auth.Required: scheme %d is nil", i))
			continue
		}
		if c, ok := s.(checker); ok {
			errs = append(errs, c.Check())
		}
		if p, ok := s.(placer); ok {
			if places[p.place()] {
				errs = append(errs, fmt.Errorf("auth.Required: two schemes read %s; the second would never be asked", p.place()))
			}
			places[p.place()] = true
		}
	}
	return errors.Join(errs...)
}

// Public opens an operation, or a group, to everybody; credentials are not looked at. reason says why, for those who review it: it stands in the
// document. At an operation it lifts the rules of the groups around it; a group that is public has none.
func Public(reason string) tenon.Option {
	return func(o *tenon.Operation) {
		a := o.Part[access]()
		if a.supplied(o, "auth.Public") {
			return
		}
		if reason == "" {
			a.fault(o, errors.New("auth.Public wants a reason"))
			return
		}
		a.open(o)
		a.public, a.optional = reason, ""
	}
}

// Optional also serves callers who show nothing; reason says why. Who shows a credential that does not count is refused. Handlers get the caller
// as *Principal tagged dep:"optional", which is nil for nobody. At an operation it lifts the rules of the groups around it.
func Optional(reason string) tenon.Option {
	return func(o *tenon.Operation) {
		a := o.Part[access]()
		switch {
		case a.supplied(o, "auth.Optional"):
			return
		case reason == "":
			a.fault(o, errors.New("auth.Optional wants a reason"))
			return
		case a.schemes == nil:
			a.fault(o, errors.New("auth.Optional needs auth.Required on the app or a group, which says how callers show who they are"))
			return
		}
		a.open(o)
		a.public, a.optional = "", reason
	}
}

// open notes that the rules of the groups go, where an operation itself is opened; Required takes the note back. What stands together is a contradiction.
func (a *access) open(o *tenon.Operation) {
	if a.schemes != nil {
		o.Perhaps[Principal]()
	}
	a.lifted = o.Own()
}

// supplied refuses an option of a provider that could open an operation whose line does not say so.
func (a *access) supplied(o *tenon.Operation, option string) bool {
	if o.Supplied() {
		a.fault(o, fmt.Errorf("%s stands at an operation, its group or the app; a provider can only narrow it by rules", option))
	}
	return o.Supplied()
}

// fault tells what is wrong with one option, and remembers that there is something: the rest is not looked at then.
func (a *access) fault(o *tenon.Operation, err error) {
	a.faults = append(a.faults, err)
	o.Fault(err)
}

func (a *access) narrow(o *tenon.Operation, r rule) {
	a.rules = append(a.rules, placed{r, o.Own(), !o.Own() && !o.Supplied()})
}

// said reports whether anything was said of who may call.
func (a *access) said() bool {
	return len(a.schemes)+len(a.rules)+len(a.objects) > 0 || a.public != "" || a.optional != ""
}

// Complete puts together what options said.
func (a *access) Complete(o *tenon.Operation) {
	if a.lifted {
		a.rules = slices.DeleteFunc(slices.Clone(a.rules), func(r placed) bool { return r.group })
	}
	a.rule = nil
	for _, r := range a.rules {
		a.rule = append(a.rule, r.rule)
	}
	if len(a.faults) == 0 {
		a.contradictions(o)
		a.unknown(o)
	}
	if len(a.faults) > 0 || !a.said() {
		return
	}
	o.Rule = a.text()
	o.Extensions = maps.Clone(o.Extensions)
	if o.Extensions == nil {
		o.Extensions = map[string]any{}
	}
	o.Extensions["x-access"] = o.Rule
	if a.public != "" {
		return
	}
	a.demanding = demands(a.rule)
	a.refusals = newRefusals(a.schemes, a.rule)
	a.besides = len(o.Auth) > 0
	o.Auth = append([]tenon.Middleware{a.guard}, o.Auth...)
	o.Fails = append(o.Fails, a.problems()...)
	var oneOf []tenon.Security
	for _, s := range a.schemes {
		if b, ok := s.(*bearer); ok {
			a.offered(o, b)
		}
		security := s.Security()
		security.Scopes = slices.Concat(security.Scopes, a.rule.scopes())
		oneOf = append(oneOf, security)
	}
	if a.optional != "" {
		oneOf = append(oneOf, tenon.Security{})
	}
	o.Secure(oneOf...)
}

// offered tells of scopes that a rule asks for and the form of a token's scheme does not offer, so that nobody could get them there. A form without
// any is one that does not let its user choose.
func (a *access) offered(o *tenon.Operation, b *bearer) {
	if b.cfg.TokenURL == "" || b.cfg.Scopes == nil || b.cfg.Scheme != nil {
		return
	}
	for _, scope := range named(a.rule) {
		if _, ok := b.cfg.Scopes[scope]; !ok {
			a.fault(o, fmt.Errorf("the rule %q asks for scope %s, which BearerConfig.Scopes does not offer", a.rule, scope))
		}
	}
}

// contradictions are what options cannot say together.
func (a *access) contradictions(o *tenon.Operation) {
	opened := a.public + a.optional
	switch {
	case opened != "" && len(a.rules) > 0:
		a.fault(o, fmt.Errorf("anybody may call it (%s), and yet only with %s; leave one out", opened, a.rule))
	case a.schemes == nil && len(a.rules) > 0:
		a.fault(o, fmt.Errorf("the rule %q needs auth.Required on the operation, its group or the app: nobody says who calls", a.rule))
	case opened != "" && len(a.objects) > 0:
		a.fault(o, fmt.Errorf("anybody may call it (%s), and yet it is about the caller's own %s", opened, a.objects[0].name))
	case a.schemes == nil && len(a.objects) > 0:
		a.fault(o, fmt.Errorf("the caller's own %s needs auth.Required on the operation, its group or the app: nobody says who calls", a.objects[0].name))
	}
}

// unknown tells of roles and permissions that the service has not; those of a group once.
func (a *access) unknown(o *tenon.Operation) {
	for _, r := range a.rules {
		for _, err := range r.rule.check(a.roles) {
			if r.own {
				a.fault(o, err)
				continue
			}
			a.faults = append(a.faults, err)
			o.GroupFault(err)
		}
	}
	for _, thing := range a.objects {
		if thing.all == nil {
			continue
		}
		for _, err := range thing.all.check(a.roles) {
			a.faults = append(a.faults, err)
			o.GroupFault(err)
		}
	}
}

// text says who may call.
func (a *access) text() string {
	var text string
	switch {
	case a.public != "":
		return "public: " + a.public
	case a.optional != "":
		text = "anybody, signed in or not: " + a.optional
	case len(a.rule) == 0:
		text = "signed in"
	default:
		text = a.rule.String()
	}
	texts := []string{text}
	for _, thing := range a.objects {
		texts = append(texts, thing.text())
	}
	return strings.Join(texts, "; ")
}

func (o object) text() string {
	text := "own " + o.name
	if o.list {
		text = "lists " + text
	}
	if o.all != nil {
		text += ", every " + o.name + " with " + o.all.String()
	}
	return text
}

// problems are those that the guard answers.
func (a *access) problems() []*problem.Error {
	all := []*problem.Error{problem.New(problem.CodeUnauthorized, "")}
	if len(a.rule) > 0 {
		all = append(all, problem.New(problem.CodeForbidden, ""))
	}
	if a.refusals.again != nil {
		all = append(all, ErrTooLongAgo)
	}
	for _, s := range a.schemes {
		if own, ok := s.(selfReliant); !ok || !own.selfReliant() {
			return append(all, problem.New(problem.CodeUnavailable, ""))
		}
	}
	return all
}

// demands reports whether a rule asks for a role or a permission, which may be taken from a caller before the credential ends.
func demands(r rule) bool {
	switch r.(type) {
	case roleRule, permissionRule, whenRule, withinRule:
		return true
	}
	return slices.ContainsFunc(parts(r), demands)
}

// fresh reports whether a request must not be judged by what a cache says.
func (a *access) fresh(r *http.Request) bool {
	return a.demanding || r.Method != http.MethodGet && r.Method != http.MethodHead
}
