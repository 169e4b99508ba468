package ratelimit

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/schema"
)

// limits are what options say of one operation.
type limits struct {
	all    []placed
	lifted string // why those of the groups do not hold
	keeper *Keeper
}

// placed is a limit and where it stands.
type placed struct {
	*limit

	supplied bool // by a provider
}

func (l *limits) add(o *tenon.Operation, of *limit) { l.all = append(l.all, placed{of, o.Supplied()}) }

func (l *limits) lift(_ *tenon.Operation, reason string) {
	l.all = slices.DeleteFunc(slices.Clone(l.all), func(p placed) bool { return !p.supplied })
	l.lifted = reason
}

// Complete puts together what options said.
func (l *limits) Complete(o *tenon.Operation) {
	o.Uncounted = l.lifted
	if len(l.all) == 0 {
		return
	}
	app := o.Common[shared]()
	g := &guard{keeper: l.keeper}
	if g.keeper == nil {
		g.keeper = app.own()
	}
	names := map[string]bool{}
	for _, p := range l.all {
		for _, r := range p.rules() {
			if names[r.name] {
				o.Fault(fmt.Errorf("ratelimit: two limits have the name %q; give one of them another, or leave it out", r.name))
				return
			}
			names[r.name] = true
		}
		if err := app.know(p.limit); err != nil {
			o.Fault(err)
			return
		}
		o.Rates = append(o.Rates, p.texts()...)
	}
	for _, p := range slices.SortedStableFunc(slices.Values(l.all), func(a, b placed) int { return a.reach() - b.reach() }) {
		g.add(p.limit, scope(o, p.limit))
	}
	l.describe(o)
	o.BeforeAuth = append(o.BeforeAuth, g.before)
	if len(g.second) > 0 {
		o.AfterAuth = append([]tenon.Middleware{g.after}, o.AfterAuth...)
	}
}

// reach tells limits by how much share what they count. The narrow ones count first: whom they refuse uses up nothing of what others need.
func (l *limit) reach() int {
	switch {
	case l.by.name == Everybody().name:
		return 2
	case l.shared != "":
		return 1
	}
	return 0
}

// rules are those of all plans.
func (l *limit) rules() []*rule {
	var all []*rule
	for _, p := range l.plans {
		for i := range p.rules {
			all = append(all, &p.rules[i])
		}
	}
	return all
}

// scope names in the store what a limit counts together, without telling what that is: the route template, which GET and HEAD share, or the name. What
// the limit says is part of it, so that one that was changed begins anew.
func scope(o *tenon.Operation, l *limit) string {
	of := o.Method + " " + o.Template()
	if l.shared != "" {
		of = "shared " + l.shared
	}
	return sumText(of + "\n" + l.said())
}

func sumText(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// The fields that tell clients where they stand.
const (
	policyField = "Ratelimit-Policy" // as net/http has them
	stateField  = "Ratelimit"
)

// describe writes the limits into the document.
func (l *limits) describe(o *tenon.Operation) {
	o.Extensions = maps.Clone(o.Extensions)
	if o.Extensions == nil {
		o.Extensions = map[string]any{}
	}
	o.Extensions["x-rate-limits"] = slices.Clone(o.Rates)
	o.Fails = append(o.Fails, ErrLimited.Problem().WithHeader("Retry-After", "1"))
	text := &schema.Schema{Types: []string{"string"}}
	o.Announce("Limited", map[string]*openapi.Header{
		"RateLimit-Policy": {Schema: text, Description: "The limits that hold: the quota q of each, in a window of w seconds."},
		"RateLimit":        {Schema: text, Description: "Where the client stands: r requests are left, and all of the quota is there again in t seconds."},
	})
}

// shared is what the limits of one app have in common.
type shared struct {
	mu     sync.Mutex
	keeper *Keeper
	named  map[string]string
}

// own is the Keeper of an app that names none.
func (s *shared) own() *Keeper {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keeper == nil {
		s.keeper = newKeeper(Config{})
	}
	return s.keeper
}

// know refuses two limits of one name that differ: they would not count the same.
func (s *shared) know(l *limit) error {
	if l.shared == "" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.named == nil {
		s.named = map[string]string{}
	}
	said := strings.Join(l.texts(), "; ")
	if known, ok := s.named[l.shared]; ok && known != said {
		return fmt.Errorf("ratelimit: the limit shared as %q says %s here, and %s elsewhere", l.shared, said, known)
	}
	s.named[l.shared] = said
	return nil
}
