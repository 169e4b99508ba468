package tenon

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/tenon-go/tenon/internal/bind"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/internal/validate"
)

// planInput decides where each field of the input comes from. It goes on after faults of the type, as far as the type can be
// compiled, so that they are told together with those of its rules and of the path.
func (a *App) planInput(p *plan, defaults map[string]string) []error {
	in, typeFaults := a.shapes.Read(p.handler.in)
	faults := sharedFaults(typeFaults)
	if len(typeFaults) > 0 && !in.Sound() {
		return faults
	}
	if err := in.Whole(); err != nil {
		return append(faults, err)
	}
	p.in = in
	if in.Kind != shape.Struct || (len(in.Fields) > 0 && !in.IsInput()) {
		faults = append(faults, a.planBody(p, nil, in)...)
		faults = append(faults, a.planParams(p, &shape.Type{Go: in.Go, Kind: shape.Struct})...)
		return append(faults, p.unusedDefaults(defaults)...)
	}
	return append(faults, a.planFields(p, in, defaults)...)
}

func (a *App) planFields(p *plan, in *shape.Type, defaults map[string]string) []error {
	var faults []error
	var form []*shape.Field
	withDefaults := *in
	withDefaults.Fields = nil
	for _, f := range in.Fields {
		switch f.Source {
		case tag.Body:
			if p.body != nil {
				faults = append(faults, fmt.Errorf("type %s: field %s is a second body", in.Go, f.GoName))
				continue
			}
			faults = append(faults, a.planBody(p, f, f.Type)...)
		case tag.Form:
			form = append(form, f)
		case tag.Dep: // planNeeds
		case tag.Status:
			faults = append(faults, fmt.Errorf("type %s: field %s: status is for outputs", in.Go, f.GoName))
		case tag.Path, tag.Query, tag.Header, tag.Cookie:
			f = p.param(in, f)
			p.params = append(p.params, f)
		}
		withDefaults.Fields = append(withDefaults.Fields, f)
	}
	if form != nil {
		faults = append(faults, a.planForm(p, in, form)...)
	}
	faults = append(faults, a.planParams(p, &withDefaults)...)
	p.custom = customCheck(in)
	return append(faults, p.unusedDefaults(defaults)...)
}

// planParams compiles the parameters. Every operation has such a plan, also one without parameters: a query that cannot be
// read, or that names something unknown, is never ignored.
func (a *App) planParams(p *plan, in *shape.Type) []error {
	more, unmet := a.provided(p)
	for _, other := range more {
		for i, f := range other.Fields {
			f = p.param(other, f)
			other.Fields[i] = f
			if !slices.ContainsFunc(slices.Concat(p.params, p.others), func(g *shape.Field) bool { return bind.Same(f, g) }) {
				p.others = append(p.others, f)
			}
		}
	}
	plan, faults := a.bindings(in, p.names, more...)
	if p.bind = plan; plan != nil {
		plan.AllowUnknownQuery = p.op.AllowUnknownQuery
		if p.version != nil && p.version.of.cfg.By.kind == byQuery {
			plan.Elsewhere = append(plan.Elsewhere, p.version.of.cfg.By.name)
		}
	}
	return append(unmet, faults...)
}

func (a *App) bindings(in *shape.Type, names []string, more ...*shape.Type) (*bind.Plan, []error) {
	limits := bind.Limits{QueryPairs: a.cfg.Limits.QueryPairs, Cookies: a.cfg.Limits.Cookies}
	return bind.Compile(in, names, a.formats, limits, more...)
}

// param is a parameter of in as the operation has it: with the default that an option gives it.
func (p *plan) param(in *shape.Type, f *shape.Field) *shape.Field {
	if value, ok := p.op.Defaults[f.Name]; ok && f.Source != tag.Path {
		f = withDefault(f, value)
	}
	p.condition(in, f)
	return f
}

// unusedDefaults are the defaults of no parameter.
func (p *plan) unusedDefaults(defaults map[string]string) []error {
	for _, f := range slices.Concat(p.params, p.others) {
		if f.Source != tag.Path {
			delete(defaults, f.Name)
		}
	}
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(defaults)) {
		faults = append(faults, fmt.Errorf("Default names %q, which is no query, header or cookie parameter", name))
	}
	return faults
}

func withDefault(f *shape.Field, value string) *shape.Field {
	c := *f
	c.Tag.Rules.HasDefault, c.Tag.Rules.Default = true, value
	c.Required = false
	return &c
}

// customCheck runs the Validate methods of an input of several sources. A fault that names no parameter is one of the body.
func customCheck(in *shape.Type) func(context.Context, reflect.Value, *validate.Faults) error {
	check := validate.Custom(in)
	if check == nil {
		return nil
	}
	return func(ctx context.Context, v reflect.Value, faults *validate.Faults) error {
		faults.In = string(tag.Body)
		return check(ctx, v, faults)
	}
}
