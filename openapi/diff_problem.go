package openapi

import (
	"maps"
	"slices"

	"github.com/tenon-go/tenon/schema"
)

const problemType = "application/problem+json"

// problems compares what is answered of one status, where both are problems. Each is known by its code: one of another code is new, as one of another
// status is, and clients pass over the members that they do not know. What has any code stands for those that are named no more.
func (d *differ) problems(was, is *schema.Schema) {
	before, after := d.before.coded(was), d.after.coded(is)
	compared := map[[2]*schema.Schema]bool{}
	for _, code := range slices.Sorted(maps.Keys(after)) {
		old := before[code]
		if code == "" {
			for _, named := range slices.Sorted(maps.Keys(before)) {
				if after[named] == nil {
					old = append(slices.Clip(old), before[named]...)
				}
			}
		} else if old == nil {
			old = before[""] // or it is new
		}
		for _, a := range old {
			for _, b := range after[code] {
				if pair := [2]*schema.Schema{a, b}; !compared[pair] {
					compared[pair] = true
					d.schema(schema.Output, a, b)
				}
			}
		}
	}
}

// coded are the problems of a schema by the codes that each may have, which they no longer say; "" is any.
func (d *Document) coded(s *schema.Schema) map[string][]*schema.Schema {
	s = d.target(s)
	variants := slices.Concat(s.OneOf, s.AnyOf)
	if len(variants) == 0 {
		variants = []*schema.Schema{s}
	}
	all := map[string][]*schema.Schema{}
	for _, v := range variants {
		flat, codes := uncoded(d.flat(v))
		for _, code := range codes {
			all[code] = append(all[code], flat)
		}
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

// uncoded is a problem without the codes that it may have, and these; "" is any.
func uncoded(s *schema.Schema) (*schema.Schema, []string) {
	at := slices.IndexFunc(s.Properties, func(p schema.Named) bool { return p.Name == "code" && p.Schema != nil && len(p.Schema.Enum) > 0 })
	if at < 0 {
		return s, []string{""}
	}
	bare, code := *s, *s.Properties[at].Schema
	var codes []string
	for _, value := range code.Enum {
		codes = append(codes, string(value))
	}
	code.Enum = nil
	bare.Properties = slices.Clone(s.Properties)
	bare.Properties[at].Schema = &code
	return &bare, codes
}
