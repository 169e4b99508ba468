package openapi

import (
	"cmp"
	"maps"
	"slices"

	"github.com/tenon-go/tenon/schema"
)

const problemType = "application/problem+json"

// problems compares what is answered of one status, where both are problems. Each is known by its code: one of another code is new, as one of another
// status is, and clients pass over the members that they do not know.
func (d *differ) problems(was, is *schema.Schema) {
	before, after := d.before.coded(was), d.after.coded(is)
	for _, code := range slices.Sorted(maps.Keys(after)) {
		if a := cmp.Or(before[code], before[""]); a != nil {
			d.schema(schema.Output, a, after[code])
			continue
		}
		if code != "" {
			continue // a new problem
		}
		for _, old := range slices.Sorted(maps.Keys(before)) { // any code
			d.schema(schema.Output, before[old], after[code])
		}
	}
}

// coded are the problems of a schema by their codes; "" is any.
func (d *Document) coded(s *schema.Schema) map[string]*schema.Schema {
	s = d.target(s)
	variants := slices.Concat(s.OneOf, s.AnyOf)
	if len(variants) == 0 {
		variants = []*schema.Schema{s}
	}
	all := map[string]*schema.Schema{}
	for _, v := range variants {
		flat := d.flat(v)
		all[codeOf(flat)] = flat
	}
	return all
}

// flat is a schema with what it says by allOf.
func (d *Document) flat(s *schema.Schema) *schema.Schema {
	s = d.target(s)
	if len(s.AllOf) == 0 {
		return s
	}
	all := *s
	all.AllOf = nil
	for _, part := range s.AllOf {
		part = d.flat(part)
		if len(all.Types) == 0 {
			all.Types = part.Types
		}
		all.Required = append(slices.Clip(all.Required), part.Required...)
		for _, p := range part.Properties {
			at := slices.IndexFunc(all.Properties, func(q schema.Named) bool { return q.Name == p.Name })
			all.Properties = slices.Clone(all.Properties)
			if at < 0 {
				all.Properties = append(all.Properties, p)
			} else {
				all.Properties[at] = p // which says more
			}
		}
	}
	return &all
}

// codeOf is the one code that a problem may have, or "".
func codeOf(s *schema.Schema) string {
	for _, p := range s.Properties {
		if p.Name == "code" && p.Schema != nil && len(p.Schema.Enum) == 1 {
			return string(p.Schema.Enum[0])
		}
	}
	return ""
}
