package tenon

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/internal/validate"
)

// needs is what an operation is provided with: worked out at start, and walked by each request.
type needs struct {
	steps    []step   // the providers that run, in their order
	fields   []supply // of the input of the handler
	finishes bool     // some of what is provided may have to be finished
	order    []int    // in which the values of the steps are finished
	answers  bool     // some of it may add to the header of the answer
	adds     bool     // some of it is made for that
}

// step is the run of one provider.
type step struct {
	p      *provider
	in     *shape.Type
	fields []supply // of its input
	custom func(context.Context, reflect.Value, *validate.Faults) error
	last   bool   // its value is finished after all others
	chain  string // what needs it, for messages
}

// supply is how one dep field gets its value.
type supply struct {
	index    []int
	from     int  // of the steps; of the values of the app when it is negative: ^from
	value    bool // the field holds the value, not a pointer to it
	optional bool
	maker    *provider
}

func supplies(f *shape.Field, from int, maker *provider) supply {
	return supply{index: f.Index, from: from, value: f.Type.Go.Kind() != reflect.Pointer, optional: f.Tag.Optional, maker: maker}
}

// resolver works out the needs of one operation.
type resolver struct {
	app    *App
	group  *Group
	offers offers // of options
	needs  *needs
	at     map[reflect.Type]int // steps that are there
	failed map[reflect.Type]bool
	path   []*provider // that wait for the one being resolved
	faults []error
}

// resolve works out what an operation of group g needs: first what options say, then the dep fields of its input.
func (a *App) resolve(g *Group, in *shape.Type, of *Operation) (*needs, []error) {
	r := &resolver{app: a, group: g, offers: of.offers, needs: &needs{}, at: map[reflect.Type]int{}, failed: map[reflect.Type]bool{}}
	for _, t := range of.needs {
		if _, ok := r.need(depKey(t)); !ok {
			r.missing(depKey(t), "tenon.Needs: ")
		}
	}
	r.needs.fields = r.fields(in)
	if len(r.needs.fields) == 0 && len(r.needs.steps) == 0 {
		return nil, r.faults
	}
	r.needs.order = finishOrder(r.needs.steps)
	return r.needs, r.faults
}

// finishOrder is the reverse of that of the steps, but for those that are finished after all others.
func finishOrder(steps []step) []int {
	var order, last []int
	for i := range slices.Backward(steps) {
		if steps[i].last {
			last = append(last, i)
		} else {
			order = append(order, i)
		}
	}
	return append(order, last...)
}

// fields resolves the dep fields of an input.
func (r *resolver) fields(in *shape.Type) []supply {
	var all []supply
	if in == nil || in.Kind != shape.Struct {
		return nil
	}
	for _, f := range in.Fields {
		if f.Source != tag.Dep {
			continue
		}
		if len(r.path) == 0 { // those of providers are told with them
			r.faults = append(r.faults, checkDep(in, f)...)
		}
		key := depKey(f.Type.Go)
		from, ok := r.need(key)
		if !ok {
			if !f.Tag.Optional {
				r.missing(key, fmt.Sprintf("type %s: field %s: ", in.Go, f.GoName))
			}
			continue
		}
		if r.offers.perhaps(key) && !f.Tag.Optional {
			r.absent(key, in, f)
		}
		all = append(all, supplies(f, from, r.provider(key)))
	}
	return all
}

// missing tells once for each type that nothing provides it.
func (r *resolver) missing(t reflect.Type, where string) {
	if r.failed[t] {
		return
	}
	r.failed[t] = true
	if len(r.path) > 0 {
		where = r.chain() + " needs " + depName(t) + ": "
	}
	r.faults = append(r.faults, fmt.Errorf("%sno provider for %s", where, depName(t)))
}

func (r *resolver) chain() string { return strings.Join(names(r.path), " needs ") }

func names(path []*provider) []string {
	var all []string
	for _, p := range path {
		all = append(all, p.name())
	}
	return all
}

// need resolves one type; it reports false when nothing provides it.
func (r *resolver) need(t reflect.Type) (from int, ok bool) {
	if i, ok := r.at[t]; ok {
		return i, true
	}
	p := r.provider(t)
	if p == nil {
		return 0, false
	}
	if p.single {
		return ^r.app.singleAt[p], true
	}
	if i := slices.Index(r.path, p); i >= 0 {
		r.faults = append(r.faults, cycle(r.path[i:]))
		return 0, true
	}
	m := r.app.typed(p)
	r.path = append(r.path, p)
	s := step{p: p, in: m.in, last: m.last, chain: r.chain()}
	s.fields = r.fields(m.in)
	r.path = r.path[:len(r.path)-1]
	if m.in != nil && !m.broken {
		s.custom = customCheck(m.in)
	}
	r.at[t] = len(r.needs.steps)
	r.needs.steps = append(r.needs.steps, s)
	r.needs.finishes = r.needs.finishes || m.finishes
	r.needs.answers = r.needs.answers || m.answers
	r.needs.adds = r.needs.adds || m.adds
	return r.at[t], true
}

// cycle is the fault of providers that wait for each other.
func cycle(path []*provider) error {
	var sites []string
	for _, p := range path {
		sites = append(sites, p.name()+" is registered at "+p.site)
	}
	return fmt.Errorf("%s -> %s: providers wait for each other; %s", strings.Join(names(path), " -> "), path[0].name(), strings.Join(sites, ", "))
}

// planNeeds works out what an operation needs, before its own options are applied, and applies those of its providers.
func (a *App) planNeeds(p *plan, e *entry) []error {
	if e.method == anyMethod {
		return nil
	}
	in, _ := a.shapes.Read(p.handler.in)
	var faults []error
	p.needs, faults = a.resolve(e.group, in, asked(e))
	for i, err := range faults {
		faults[i] = fmt.Errorf("%s: %w", p.name, err)
	}
	if p.needs == nil {
		return faults
	}
	for _, s := range p.needs.steps {
		before := len(p.op.faults)
		p.op.supplied = true
		p.op.apply(s.p.opts)
		p.op.supplied = false
		for i, err := range p.op.faults[before:] {
			p.op.faults[before+i] = fmt.Errorf("provider of %s registered at %s: %w", s.p.name(), s.p.site, err)
		}
	}
	return faults
}

// needsKey is the type of an input, by which the needs of functions given to Call are kept.
type needsKey = reflect.Type

// asked is an operation with the options of its own, its groups and the app, for what they need and offer.
func asked(e *entry) *Operation {
	op := &Operation{Method: e.method, Path: e.path}
	op.apply(e.groupOpts)
	op.applyOwn(e.opts)
	return op
}

// errMountNeeds is of a mounted handler in a group that needs something.
var errMountNeeds = errors.New("tenon.Needs is for operations; nothing can be provided to what is mounted")

// provided are the inputs of the providers that an operation needs, as far as they can be read.
func (a *App) provided(p *plan) (inputs []*shape.Type, faults []error) {
	if p.needs == nil {
		return nil, nil
	}
	for _, s := range p.needs.steps {
		in := &shape.Type{Go: s.p.in, Kind: shape.Struct}
		if m := a.made[s.p]; !m.broken && m.in != nil {
			for _, f := range m.in.Fields {
				if f.Source == tag.Dep {
					continue
				}
				if f.Source == tag.Path && !slices.Contains(p.names, f.Name) {
					faults = append(faults, fmt.Errorf("%s needs the wildcard {%s}, which the path has not", s.chain, f.Name))
					continue
				}
				in.Fields = append(in.Fields, f)
			}
		}
		inputs = append(inputs, in)
	}
	return inputs, faults
}
