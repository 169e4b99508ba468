package validate

import (
	"context"
	"encoding/base64"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/tenon-go/tenon/internal/duration"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
)

// Judge holds a Go value, which is addressable, against the rules of its type, and adds what is wrong with it to f. Texts become what
// their transforms make of them. The error is one of a Validate method that is not a fault.
type Judge func(ctx context.Context, v reflect.Value, f *Faults) error

// Value compiles the rules of a type and of all that it holds, for values that were made by a program and not read from text. r are the
// rules of the field that holds the value. What nobody sends is not judged: an Opt that is not set, members that are read-only,
// dependencies, and what a body holds as it was sent.
func Value(t *shape.Type, r tag.Rules, formats Formats) (Judge, []error) {
	c := &judges{formats: formats, begun: map[*shape.Type]*Judge{}}
	j := c.value(t, r)
	return j, c.faults
}

type judges struct {
	formats Formats
	begun   map[*shape.Type]*Judge // of structs, which may hold themselves
	faults  []error
}

func pass(context.Context, reflect.Value, *Faults) error { return nil }

func (c *judges) value(t *shape.Type, r tag.Rules) Judge {
	switch t.Kind {
	case shape.Pointer:
		return present(c.value(t.Elem, r), func(v reflect.Value) (reflect.Value, bool) { return v.Elem(), !v.IsNil() })
	case shape.Null, shape.Opt:
		value, mark, err := wrapperFields(t)
		if err != nil {
			c.faults = append(c.faults, err)
			return pass
		}
		return present(c.value(t.Elem, r), func(v reflect.Value) (reflect.Value, bool) { return v.Field(value), v.Field(mark).Bool() })
	case shape.Struct:
		return c.object(t)
	case shape.Union:
		return c.union(t)
	}
	checks, errs := Compile(t, r, c.formats)
	c.faults = append(c.faults, errs...)
	own := scalarJudge(t, checks)
	switch t.Kind {
	case shape.Slice, shape.Array:
		_, item := shape.SplitRules(t, r)
		own = listJudge(checks, c.value(t.Elem, item))
	case shape.Map:
		_, item := shape.SplitRules(t, r)
		own = mapJudge(checks, c.value(t.Elem, item))
	}
	if custom := Custom(t); custom != nil {
		return inTurn(own, custom)
	}
	return own
}

func present(inner Judge, open func(reflect.Value) (reflect.Value, bool)) Judge {
	return func(ctx context.Context, v reflect.Value, f *Faults) error {
		inside, ok := open(v)
		if !ok {
			return nil
		}
		return inner(ctx, inside, f)
	}
}

func inTurn(first, second Judge) Judge {
	return func(ctx context.Context, v reflect.Value, f *Faults) error {
		if err := first(ctx, v, f); err != nil {
			return err
		}
		return second(ctx, v, f)
	}
}

// object judges the fields of a struct, and then the whole. The fields of an input stand in their sources.
func (c *judges) object(t *shape.Type) Judge {
	if begun := c.begun[t]; begun != nil {
		return func(ctx context.Context, v reflect.Value, f *Faults) error { return (*begun)(ctx, v, f) }
	}
	made := new(Judge)
	c.begun[t] = made
	type part struct {
		in, name string
		index    []int
		judge    Judge
	}
	var parts []part
	for _, field := range t.Fields {
		if field.Source == tag.Dep || field.Tag.Rules.ReadOnly || field.Type.Kind == shape.Raw {
			continue
		}
		p := part{name: field.Name, index: field.Index, judge: c.value(field.Type, field.Tag.Rules)}
		if t.IsInput() {
			p.in = string(field.Source)
		}
		parts = append(parts, p)
	}
	custom := Custom(t)
	*made = func(ctx context.Context, v reflect.Value, f *Faults) error {
		for _, p := range parts {
			if p.in != "" {
				f.In = p.in
			}
			if p.in != string(tag.Body) {
				f.Push(p.name)
			}
			err := p.judge(ctx, v.FieldByIndex(p.index), f)
			if p.in != string(tag.Body) {
				f.Pop()
			}
			if err != nil {
				return err
			}
		}
		if custom == nil {
			return nil
		}
		if t.IsInput() {
			f.In = string(tag.Body)
		}
		return custom(ctx, v, f)
	}
	return *made
}

func (c *judges) union(t *shape.Type) Judge {
	variants := make([]Judge, len(t.Variants))
	for i, variant := range t.Variants {
		variants[i] = c.value(variant.Type, tag.Rules{})
	}
	return func(ctx context.Context, v reflect.Value, f *Faults) error {
		for i, variant := range t.Variants {
			if form := v.Field(variant.Index); !form.IsNil() {
				return variants[i](ctx, form.Elem(), f)
			}
		}
		return fmt.Errorf("a %s has none of its forms", t.Go)
	}
}

func listJudge(checks *Checks, item Judge) Judge {
	return func(ctx context.Context, v reflect.Value, f *Faults) error {
		checks.Items(v.Len(), f)
		checks.Unique(v, f)
		for i := range v.Len() {
			if f.Full() {
				return nil
			}
			f.PushIndex(i)
			err := item(ctx, v.Index(i), f)
			f.Pop()
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// mapJudge judges copies of the members, which cannot be addressed where they are, and puts them back.
func mapJudge(checks *Checks, member Judge) Judge {
	return func(ctx context.Context, v reflect.Value, f *Faults) error {
		checks.Items(v.Len(), f)
		for _, key := range v.MapKeys() {
			if f.Full() {
				return nil
			}
			own := reflect.New(v.Type().Elem()).Elem()
			own.Set(v.MapIndex(key))
			f.Push(Clip(fmt.Sprint(key)))
			err := member(ctx, own, f)
			f.Pop()
			if err != nil {
				return err
			}
			v.SetMapIndex(key, own)
		}
		return nil
	}
}

func scalarJudge(t *shape.Type, c *Checks) Judge {
	switch t.Kind {
	case shape.String: // of which U+0000 is always looked for
		return func(_ context.Context, v reflect.Value, f *Faults) error {
			if text, ok := c.Transform(v.String(), f); ok {
				v.SetString(text)
				c.String(text, f)
			}
			return nil
		}
	case shape.Text, shape.Decimal:
		if c != nil {
			return textJudge(t.Kind == shape.Decimal, c)
		}
	}
	judge := numberJudge(t, c)
	if c == nil || judge == nil {
		return pass
	}
	return func(_ context.Context, v reflect.Value, f *Faults) error {
		judge(v, f)
		return nil
	}
}

// numberJudge judges what has a text only on the wire.
func numberJudge(t *shape.Type, c *Checks) func(v reflect.Value, f *Faults) {
	switch t.Kind {
	case shape.Int:
		return func(v reflect.Value, f *Faults) { c.Int(v.Int(), f) }
	case shape.Uint:
		return func(v reflect.Value, f *Faults) { c.Uint(v.Uint(), f) }
	case shape.Float:
		return func(v reflect.Value, f *Faults) { c.Float(v.Float(), f) }
	case shape.Bytes:
		return func(v reflect.Value, f *Faults) { c.String(base64.StdEncoding.EncodeToString(v.Bytes()), f) }
	case shape.Duration:
		return func(v reflect.Value, f *Faults) { c.String(duration.Format(time.Duration(v.Int())), f) }
	case shape.Time:
		return func(v reflect.Value, f *Faults) {
			if at, ok := reflect.TypeAssert[time.Time](v); ok {
				c.String(at.Format(time.RFC3339Nano), f)
			}
		}
	}
	return nil
}

// textJudge judges a type by the text that it writes of itself. A secret shows its text to a function alone.
func textJudge(number bool, c *Checks) Judge {
	return func(_ context.Context, v reflect.Value, f *Faults) error {
		if secret, ok := reflect.TypeAssert[interface {
			Use(fn func([]byte) error) error
		}](v); ok {
			return secret.Use(func(text []byte) error {
				c.String(string(text), f)
				return nil
			})
		}
		quoted, ok := appendText(nil, v)
		text, err := strconv.Unquote(string(quoted))
		switch {
		case !ok || err != nil:
			return fmt.Errorf("a %s does not write its text", v.Type())
		case number:
			c.Decimal(text, f)
		default:
			c.String(text, f)
		}
		return nil
	}
}
