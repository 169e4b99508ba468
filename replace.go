package tenon

import (
	"fmt"
	"maps"
	"slices"

	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

// registry is what was registered, but for faults and the groups' own. A copy of the app has all of it: what is registered in another
// place is lost to it.
type registry struct {
	cfg       Config
	formats   validate.Formats
	codecs    []*codecEntry
	entries   []*entry
	providers []*provider // in the order of their registration
	replaced  map[*provider]*provider
	mappings  []func(error) *problem.Error
	webhooks  []*outgoing
}

func (r registry) clone() registry {
	r.formats, r.codecs, r.entries = maps.Clone(r.formats), slices.Clone(r.codecs), slices.Clone(r.entries)
	r.providers, r.replaced, r.mappings = slices.Clone(r.providers), maps.Clone(r.replaced), slices.Clone(r.mappings)
	r.webhooks = slices.Clone(r.webhooks)
	return r
}

// Replacement is a provider that takes the place of others in a copy of an app; see App.With.
type Replacement struct {
	provider *provider
}

// Replace makes a replacement of every provider that returns a *O, in whatever group it is, and of a singleton. It lives as long as
// what it replaces. The options are its own: those of the replaced provider do not apply.
func Replace[I, O any](h Handler[I, O], opts ...Option) Replacement {
	return Replacement{newProvider(h, opts, caller())}
}

// With makes a copy of the app with other providers, such as for one test:
//
//	s := tenontest.New(t, app.With(tenon.Replace(fakeUser)))
//
// The app stays as it is, and the two run side by side: the copy compiles, makes its own singletons and its own document. Handlers,
// options and mounted handlers are the same values in both. A type that nobody provides, or that is replaced twice, is a fault of the
// copy's Compile.
func (a *App) With(replacements ...Replacement) *App {
	root := Group{own: a.root.own, opts: a.root.opts, site: a.root.site, provided: maps.Clone(a.root.provided)}
	c := newApp(a.clone(), root)
	c.faults = a.registrationFaults()
	c.versions = a.versions.copy(c)
	for i, e := range c.entries {
		own := *e
		if e.versions == a.versions {
			own.versions = c.versions
		}
		c.entries[i] = &own
	}
	for i, r := range replacements {
		if r.provider == nil {
			c.fault(caller(), fmt.Errorf("tenon.With: replacement %d is a zero value, want one of tenon.Replace", i))
			continue
		}
		for _, other := range replacements[:i] {
			if other.provider != nil && other.provider.out == r.provider.out {
				c.fault(r.provider.site, fmt.Errorf("tenon.Replace: %s is replaced already, at %s", r.provider.name(), other.provider.site))
			}
		}
		if !c.replace(r.provider) {
			c.fault(r.provider.site, fmt.Errorf("tenon.Replace: no provider for %s", r.provider.name()))
		}
	}
	return c
}

// replace puts a provider in the place of all those of its type, and reports whether there are any.
func (a *App) replace(by *provider) bool {
	found := false
	for i, p := range a.providers {
		if p.out != by.out {
			continue
		}
		found = true
		place := *by
		place.single = p.single
		if a.replaced == nil {
			a.replaced = map[*provider]*provider{}
		}
		for from, to := range a.replaced {
			if to == p {
				a.replaced[from] = &place
			}
		}
		a.replaced[p] = &place
		a.providers[i] = &place
	}
	return found
}

// close ends registration.
func (a *App) close() {
	a.closing.Lock()
	defer a.closing.Unlock()
	a.closed, a.early = true, slices.Clone(a.faults)
}

// registrationFaults are those that a copy has as well.
func (a *App) registrationFaults() []error {
	a.closing.Lock()
	defer a.closing.Unlock()
	if a.closed {
		return slices.Clone(a.early)
	}
	return slices.Clone(a.faults)
}
