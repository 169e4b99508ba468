package tenon

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

// older makes of the handler of a plan, which is that of the newest version, one of this version: an ordinary one, of other types. What
// is provided goes into the newest input, so a request is raised to it before.
func (v *version) older(p *plan) error {
	vs, h := v.of, p.handler
	in, raise, inErr := vs.chain(h.in, v, true)
	out, lower, outErr := vs.chain(h.out, v, false)
	if err := errors.Join(inErr, outErr); err != nil || h.call == nil {
		return err
	}
	if raise != nil {
		slices.Reverse(raise)
		judge, err := vs.judge(h.in, in)
		if err != nil {
			return err
		}
		p.handler.in = in
		p.handler.newIn = func() (any, *call) { return reflect.New(in).Interface(), new(call) }
		p.raise = func(ctx context.Context, input any) (any, error) {
			input, err := take(ctx, input, raise)
			if err != nil {
				return nil, refused(err)
			}
			return input, judge(ctx, input)
		}
	}
	if lower != nil {
		p.handler.out = out
		p.handler.call = func(ctx context.Context, input any) (any, error) {
			output, err := h.call(ctx, input)
			if err != nil || output == nil {
				return nil, err
			}
			return take(ctx, output, lower)
		}
	}
	return nil
}

// take takes a value through steps.
func take(ctx context.Context, value any, steps []migrator) (any, error) {
	for _, migrate := range steps {
		var err error
		if value, err = migrate(ctx, value); err != nil {
			return nil, err
		}
	}
	return value, nil
}

// refused makes the answer to a request that cannot be carried over: faults are those of the request.
func refused(err error) error {
	if faults, ok := validate.Located(err); ok {
		for i := range faults {
			if faults[i].In == "" {
				faults[i].In = string(tag.Body)
			}
		}
		return problem.Invalid(faults...)
	}
	return err
}

// judge holds what was made of an older request against the rules of the newest. A fault is told where the client can find it.
func (vs *versionSet) judge(newest, older reflect.Type) (func(context.Context, any) error, error) {
	typ, faults := vs.app.shapes.Read(newest)
	sent, sentFaults := vs.app.shapes.Read(older)
	if faults = append(faults, sentFaults...); faults != nil {
		return nil, sharedError{errors.Join(faults...)}
	}
	for _, f := range sent.Fields {
		if f.Source == tag.Dep {
			return nil, fmt.Errorf("type %s: field %s: what is provided goes into %s, after the migration", older, f.GoName, newest)
		}
	}
	value, faults := validate.Value(typ, tag.Rules{}, vs.app.formats)
	return func(ctx context.Context, in any) error {
		found := validate.Faults{In: string(tag.Body), TextBytes: vs.app.cfg.Limits.StringBytes}
		if err := value(ctx, reflect.ValueOf(in).Elem(), &found); err != nil {
			return err
		}
		if found.Len() == 0 {
			return nil
		}
		for i := range found.List {
			found.List[i].Pointer = sent.Locate(found.List[i].In, found.List[i].Pointer)
		}
		return problem.Invalid(found.List...)
	}, errors.Join(faults...)
}

// chain is what a type of the newest version is in an older one, and the steps to it, the newest first.
func (vs *versionSet) chain(t reflect.Type, v *version, up bool) (reflect.Type, []migrator, error) {
	var steps []migrator
	for _, later := range slices.Backward(vs.list[v.index+1:]) {
		to, taken, err := vs.over(t, later, up)
		if err != nil {
			return t, nil, err
		}
		if taken != nil {
			t, steps = to, append(steps, taken)
		}
	}
	return t, steps, vs.unreached(t, v, up)
}

// over takes a type over one version: by a migration of it, or of its body.
func (vs *versionSet) over(t reflect.Type, later *version, up bool) (reflect.Type, migrator, error) {
	if m := later.migration(t, up); m != nil {
		vs.used[m] = true
		return m.older(), m.migrator(), nil
	}
	l, ok := vs.layout(t)
	if !ok {
		return t, nil, nil
	}
	body := t.FieldByIndex(l.index[l.body]).Type
	if body.Kind() == reflect.Pointer {
		body = body.Elem()
	}
	m := later.migration(body, up)
	if m == nil {
		return t, nil, nil
	}
	vs.used[m] = true
	if !up && reflect.PointerTo(t).NumMethod() > 0 {
		return t, nil, fmt.Errorf("%s reaches the body of %s, which has methods that an older output would lose; migrate %s as a whole", m.words(), t, t)
	}
	old := l.older(m.older())
	if up {
		return old.typ, m.bodyMigrator(old, l), nil
	}
	return old.typ, m.bodyMigrator(l, old), nil
}

// migration is that of a type in the version's changes; nil is none.
func (v *version) migration(newer reflect.Type, up bool) *Migration {
	for _, m := range v.migrations() {
		if m.up == up && m.newer() == newer {
			return m
		}
	}
	return nil
}

// layout is that of an input or output with a body.
func (vs *versionSet) layout(t reflect.Type) (layout, bool) {
	typ, faults := vs.app.shapes.Read(t)
	if faults != nil || typ.Kind != shape.Struct {
		return layout{}, false
	}
	l := layout{typ: t, body: -1}
	for _, f := range typ.Fields {
		if f.Source == tag.Dep {
			continue // filled in the newest input
		}
		if f.Source == tag.Body {
			l.body = len(l.index)
		}
		l.index = append(l.index, f.Index)
	}
	return l, l.body >= 0
}

// unreached finds types that later versions migrate inside of what an older one would take or answer, where no migration comes.
func (vs *versionSet) unreached(t reflect.Type, v *version, up bool) error {
	var faults []error
	seen := map[reflect.Type]bool{}
	var look func(at reflect.Type)
	look = func(at reflect.Type) {
		if seen[at] {
			return
		}
		seen[at] = true
		for _, later := range vs.list[v.index+1:] {
			if m := later.migration(at, up); m != nil && at != m.older() {
				vs.used[m] = true
				faults = append(faults, fmt.Errorf("version %s: %s, which %s does, is not applied inside of %s; migrate that type too",
					v.Name, m.words(), later.Name, t))
				return
			}
		}
		for _, part := range parts(at) {
			look(part)
		}
	}
	look(t)
	return errors.Join(faults...)
}

// parts are the types that a type is made of.
func parts(t reflect.Type) []reflect.Type {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return []reflect.Type{t.Elem()}
	case reflect.Map:
		return []reflect.Type{t.Key(), t.Elem()}
	case reflect.Func: // iter.Seq2[T, error]
		if t.NumIn() == 1 && t.In(0).Kind() == reflect.Func && t.In(0).NumIn() > 0 {
			return []reflect.Type{t.In(0).In(0)}
		}
	case reflect.Struct:
		var all []reflect.Type
		for f := range t.Fields() {
			if _, dep := f.Tag.Lookup(string(tag.Dep)); !dep && (f.IsExported() || f.Anonymous) {
				all = append(all, f.Type)
			}
		}
		return all
	}
	return nil
}

// unusedMigrations finds migrations that no operation needs, and two of one type in one version, of which one could never be applied.
func (a *App) unusedMigrations() {
	if a.versions == nil || len(a.faults) > 0 {
		return
	}
	for _, v := range a.versions.list {
		all := v.migrations()
		for i, m := range all {
			twin := slices.IndexFunc(all[:i], func(o *Migration) bool { return o.up == m.up && o.newer() == m.newer() })
			switch {
			case twin >= 0:
				a.fault(m.site, fmt.Errorf("version %s: %s: the one of %s is of the same type", v.Name, m.words(), all[twin].site))
			case !a.versions.used[m]:
				a.fault(m.site, fmt.Errorf("version %s: %s is not used: no operation of an older version has a %s as its %s, or as the body of it",
					v.Name, m.words(), m.newer(), map[bool]string{true: "input", false: "output"}[m.up]))
			}
		}
	}
}
