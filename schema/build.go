package schema

import (
	"cmp"
	"encoding/json/jsontext"
	"reflect"
	"slices"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
)

// schema makes the schema of a type with the words of a field. In JSON, null is allowed where the type says so, and the limits of a
// body hold.
func (s *Set) schema(t *shape.Type, r tag.Rules, d Direction, json bool) *Schema {
	plain := t.Plain()
	nullable := json && (t.Kind == shape.Pointer || t.Kind == shape.Null || t.Kind == shape.Opt && t.Elem != plain)
	own, item := shape.SplitRules(plain, r)
	out := s.base(plain, item, d)
	constrain(out, plain, own)
	if d == Input {
		out.Transform = own.Transform
	}
	if json && out.target == nil {
		s.limit(out, plain, d)
	}
	if nullable {
		out = orNull(out)
	}
	annotate(out, plain, own)
	return out
}

// limit adds the bound of a list or map that declares none.
func (s *Set) limit(out *Schema, t *shape.Type, d Direction) {
	if d == Output || s.cfg.Items == 0 {
		return
	}
	switch t.Kind {
	case shape.Slice:
		out.MaxItems = cmp.Or(out.MaxItems, &s.cfg.Items)
	case shape.Map:
		out.MaxProperties = cmp.Or(out.MaxProperties, &s.cfg.Items)
	}
}

func (s *Set) base(t *shape.Type, item tag.Rules, d Direction) *Schema {
	switch t.Kind {
	case shape.Struct, shape.Union, shape.Slice, shape.Array, shape.Map:
		if t.Go.Name() != "" && (t.Kind == shape.Struct || t.Kind == shape.Union || holds(t, t, map[*shape.Type]bool{})) {
			return s.refer(t, d)
		}
		return s.structure(t, item, d)
	}
	return scalar(t)
}

// structure makes the schema of an object or array itself, not a reference to it.
func (s *Set) structure(t *shape.Type, item tag.Rules, d Direction) *Schema {
	switch t.Kind {
	case shape.Struct:
		return s.object(t, d)
	case shape.Union:
		return s.union(t, d)
	case shape.Map:
		return &Schema{Types: []string{"object"}, AdditionalProperties: s.schema(t.Elem, item, d, true), PropertyNames: mapKey(t.Key)}
	case shape.Array:
		return &Schema{Types: []string{"array"}, Items: s.schema(t.Elem, item, d, true), MinItems: new(t.Len), MaxItems: new(t.Len)}
	}
	return &Schema{Types: []string{"array"}, Items: s.schema(t.Elem, item, d, true)}
}

func (s *Set) object(t *shape.Type, d Direction) *Schema {
	out := &Schema{Types: []string{"object"}, Closed: d == Input && !t.AdditionalProperties}
	for _, f := range t.Fields {
		if f.Source != tag.Member || d == Output && f.Tag.Rules.WriteOnly || d == Input && f.Tag.Rules.ReadOnly && !t.AdditionalProperties {
			continue
		}
		out.Properties = append(out.Properties, Named{Name: f.Name, Schema: s.Field(f, d)})
		if required(f, d) && !t.Sparse {
			out.Required = append(out.Required, f.Name)
		}
	}
	return out
}

// union makes the schema of a union. Each variant is a component of its own, for its struct may be used elsewhere, without the
// discriminator.
func (s *Set) union(t *shape.Type, d Direction) *Schema {
	out := &Schema{Discriminator: &Discriminator{PropertyName: t.Discriminator}}
	for _, v := range t.Variants {
		ref := s.mention(key{t.Go, v.Name}, d, func() *Schema {
			form := s.object(v.Type, d)
			value := &Schema{Types: []string{"string"}, Const: quoted(v.Name)}
			form.Properties = slices.Insert(form.Properties, 0, Named{Name: t.Discriminator, Schema: value})
			form.Required = slices.Insert(form.Required, 0, t.Discriminator)
			return form
		})
		out.OneOf = append(out.OneOf, ref)
		out.Discriminator.Mapping = append(out.Discriminator.Mapping, Named{Name: v.Name, Schema: ref})
	}
	return out
}

// required reports whether a member must be sent, or is always sent. What only the service writes is not asked of a client.
func required(f *shape.Field, d Direction) bool {
	if d == Input {
		return f.Required && !f.Tag.Rules.ReadOnly
	}
	return f.Type.Kind != shape.Opt && !f.Tag.OmitZero && !f.Tag.OmitEmpty
}

// holds reports whether t holds whole by its own items and the members of structs without a name: written in place, its
// schema would have no end.
func holds(t, whole *shape.Type, seen map[*shape.Type]bool) bool {
	next := make([]*shape.Type, 0, 1+len(t.Fields))
	next = append(next, t.Elem)
	for _, f := range t.Fields {
		next = append(next, f.Type)
	}
	for _, n := range next {
		if n == nil || (n.Kind == shape.Struct || n.Kind == shape.Union) && n.Go.Name() != "" {
			continue
		}
		if n.Go == whole.Go {
			return true
		}
		if !seen[n] {
			seen[n] = true
			if holds(n, whole, seen) {
				return true
			}
		}
	}
	return false
}

// orNull allows null besides what s allows.
func orNull(s *Schema) *Schema {
	anything := reflect.DeepEqual(s, &Schema{})
	switch {
	case anything || slices.Contains(s.Types, "null"):
		return s
	case len(s.Types) > 0 && s.Const == nil && s.Ref == "" && s.target == nil:
		s.Types = append(slices.Clip(s.Types), "null")
		if s.Enum != nil {
			s.Enum = append(slices.Clip(s.Enum), jsontext.Value("null"))
		}
		return s
	}
	return &Schema{AnyOf: []*Schema{s, {Types: []string{"null"}}}}
}
