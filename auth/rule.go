package auth

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tenon-go/tenon"
)

// rule says whom an operation is for.
type rule interface {
	// allows reports whether the rule holds for a caller.
	allows(c *claimant) bool
	// String says the rule in words.
	String() string
	// check finds roles and permissions that the service has not.
	check(known *roles) []error
	// scopes are those without which the rule holds for nobody.
	scopes() []string
}

// claimant is a caller, as rules see one.
type claimant struct {
	of        *Identity
	by        *access // what is known of the service
	allScopes bool    // whatever the credential says
	lately    bool    // as if they had just signed in
}

// isOne reports whether the caller has one of some roles.
func (c *claimant) isOne(of func(*roles) []string) bool {
	return c.by != nil && c.by.roles != nil && intersects(c.of.Roles, of(c.by.roles))
}

// Role is the rule that the caller has a role, by itself or by one that includes it. Like all rules it narrows what others say, and stands in a
// group that Required guards.
func Role(name string) tenon.Option { return narrow(roleRule(name)) }

// Scope is the rule that the credential has a scope.
func Scope(name string) tenon.Option { return narrow(scopeRule(name)) }

// Permission is the rule that the caller has a role with the permission.
func Permission(name string) tenon.Option { return narrow(permissionRule(name)) }

// When is a rule of one's own. text says it for people, such as "of the tenant that pays"; holds must be safe for concurrent use, and should need
// nothing but the principal.
func When(text string, holds func(*Principal) bool) tenon.Option {
	if text == "" || holds == nil {
		return wrong(errors.New("auth.When wants a text and a function"))
	}
	return narrow(whenRule{text, holds})
}

// And is the rule that all of the rules hold.
func And(rules ...tenon.Option) tenon.Option {
	all, err := rulesOf("auth.And", rules)
	if err != nil {
		return wrong(err)
	}
	return narrow(andRule(all))
}

// Or is the rule that one of the rules holds.
func Or(rules ...tenon.Option) tenon.Option {
	all, err := rulesOf("auth.Or", rules)
	if err != nil {
		return wrong(err)
	}
	return narrow(orRule(all))
}

// Not is the rule that a rule does not hold. It is for signed-in callers too.
func Not(rule tenon.Option) tenon.Option {
	all, err := rulesOf("auth.Not", []tenon.Option{rule})
	if err != nil {
		return wrong(err)
	}
	return narrow(notRule{all[0]})
}

func narrow(r rule) tenon.Option {
	return func(o *tenon.Operation) { o.Part[access]().narrow(o, r) }
}

func wrong(err error) tenon.Option {
	return func(o *tenon.Operation) { o.Part[access]().fault(o, err) }
}

// rulesOf takes the rule out of each option. What else an option says would be lost, so it is refused.
func rulesOf(who string, opts []tenon.Option) ([]rule, error) {
	if len(opts) == 0 {
		return nil, fmt.Errorf("%s has no rule", who)
	}
	var all []rule
	for i, opt := range opts {
		if opt == nil {
			return nil, fmt.Errorf("%s: rule %d is nil", who, i)
		}
		o := &tenon.Operation{}
		opt(o)
		a := o.Part[access]()
		switch err := o.Err(); {
		case err != nil:
			return nil, fmt.Errorf("%s: %w", who, err)
		case len(a.rules) == 0 || a.schemes != nil || a.roles != nil || a.public != "" || a.optional != "" || len(a.objects) > 0:
			return nil, fmt.Errorf("%s: option %d is no rule, such as auth.Role", who, i)
		case !o.Only[access]():
			return nil, fmt.Errorf("%s: option %d says more than a rule, which would be lost here", who, i)
		}
		all = append(all, a.narrowed())
	}
	return all, nil
}

// narrowed is all that rules say together.
func (a *access) narrowed() rule { //nolint:ireturn // Rules are known by what they do.
	if len(a.rules) == 1 {
		return a.rules[0].rule
	}
	var all andRule
	for _, r := range a.rules {
		all = append(all, r.rule)
	}
	return all
}

type roleRule string

func (r roleRule) allows(c *claimant) bool {
	return c.isOne(func(known *roles) []string { return known.having[string(r)] })
}
func (r roleRule) String() string { return "role " + string(r) }
func (roleRule) scopes() []string { return nil }

func (r roleRule) check(known *roles) []error {
	switch {
	case known == nil:
		return []error{fmt.Errorf("auth.Role(%q): no roles are known; say them with auth.Roles", string(r))}
	case known.having[string(r)] == nil:
		return []error{fmt.Errorf("auth.Role(%q): no such role; there are %s", string(r), strings.Join(known.names, ", "))}
	}
	return nil
}

type permissionRule string

func (r permissionRule) allows(c *claimant) bool {
	return c.isOne(func(known *roles) []string { return known.may[string(r)] })
}
func (r permissionRule) String() string { return "permission " + string(r) }
func (permissionRule) scopes() []string { return nil }

func (r permissionRule) check(known *roles) []error {
	if known == nil || known.may[string(r)] == nil {
		return []error{fmt.Errorf("auth.Permission(%q): no role has it; see auth.Roles", string(r))}
	}
	return nil
}

type scopeRule string

func (r scopeRule) allows(c *claimant) bool {
	return c.allScopes || slices.Contains(c.of.Scopes, string(r))
}
func (r scopeRule) String() string   { return "scope " + string(r) }
func (r scopeRule) scopes() []string { return []string{string(r)} }

func (r scopeRule) check(*roles) []error {
	if err := checkScope(string(r)); err != nil {
		return []error{fmt.Errorf("auth.Scope(%q): a scope %w", string(r), err)}
	}
	return nil
}

type whenRule struct {
	text  string
	holds func(*Principal) bool
}

func (r whenRule) allows(c *claimant) bool { return r.holds(&Principal{c.of, c.by}) }
func (r whenRule) String() string          { return r.text }
func (whenRule) check(*roles) []error      { return nil }
func (whenRule) scopes() []string          { return nil }

type andRule []rule

func (r andRule) allows(c *claimant) bool {
	for _, one := range r {
		if !one.allows(c) {
			return false
		}
	}
	return true
}
func (r andRule) String() string             { return joined(r, " and ") }
func (r andRule) check(known *roles) []error { return checkAll(r, known) }

func (r andRule) scopes() []string {
	var all []string
	for _, one := range r {
		all = append(all, one.scopes()...)
	}
	return all
}

type orRule []rule

func (r orRule) allows(c *claimant) bool {
	return slices.ContainsFunc(r, func(one rule) bool { return one.allows(c) })
}
func (r orRule) String() string             { return joined(r, " or ") }
func (r orRule) check(known *roles) []error { return checkAll(r, known) }

func (r orRule) scopes() []string {
	common := r[0].scopes()
	for _, one := range r[1:] {
		has := one.scopes()
		common = slices.DeleteFunc(slices.Clone(common), func(s string) bool { return !slices.Contains(has, s) })
	}
	return common
}

type notRule struct{ of rule }

func (r notRule) allows(c *claimant) bool {
	strict := *c
	strict.allScopes, strict.lately = false, false // more scopes, or another login, do not make it hold
	return !r.of.allows(&strict)
}
func (r notRule) String() string             { return "not " + bracketed(r.of) }
func (r notRule) check(known *roles) []error { return r.of.check(known) }
func (notRule) scopes() []string             { return nil }

// parts are the rules that a rule is made of; one that stands for itself has none.
func parts(r rule) []rule {
	switch r := r.(type) {
	case andRule:
		return r
	case orRule:
		return r
	case notRule:
		return []rule{r.of}
	}
	return nil
}

func checkAll(all []rule, known *roles) []error {
	var errs []error
	for _, one := range all {
		errs = append(errs, one.check(known)...)
	}
	return errs
}

func joined(all []rule, by string) string {
	if len(all) == 1 {
		return all[0].String()
	}
	texts := make([]string, len(all))
	for i, one := range all {
		texts[i] = bracketed(one)
	}
	return strings.Join(texts, by)
}

// bracketed is a rule as a part of another.
func bracketed(r rule) string {
	switch r := r.(type) {
	case andRule:
		if len(r) == 1 {
			return bracketed(r[0])
		}
	case orRule:
		if len(r) == 1 {
			return bracketed(r[0])
		}
	default:
		return r.String()
	}
	return "(" + r.String() + ")"
}
