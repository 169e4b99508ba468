package openapi

import (
	"cmp"
	"encoding/json/v2"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/schema"
)

// alternatives compares the variants of a union by the value of their discriminator, or else by what they are.
func (c *comparison) alternatives(was, is *schema.Schema) {
	before, after := variants(was), variants(is)
	if len(before)+len(after) == 0 {
		return
	}
	if was.Discriminator != nil && is.Discriminator != nil && was.Discriminator.PropertyName != is.Discriminator.PropertyName {
		c.add(true, "the discriminator is %s, was %s", is.Discriminator.PropertyName, was.Discriminator.PropertyName)
	}
	for _, name := range names(before, after) {
		switch a, b := before[name], after[name]; {
		case b == nil:
			c.narrower("the variant %s is gone", name)
		case a == nil:
			c.wider("the variant %s is new", name)
		default:
			c.below("("+name+")", a, b)
		}
	}
}

func variants(s *schema.Schema) map[string]*schema.Schema {
	if s.Discriminator != nil {
		return named(s.Discriminator.Mapping)
	}
	all := map[string]*schema.Schema{}
	for _, one := range slices.Concat(s.OneOf, s.AnyOf, s.AllOf) {
		text, err := json.Marshal(one)
		if err == nil {
			all[cmp.Or(strings.TrimPrefix(one.Reference(), "#/components/schemas/"), string(text))] = one
		}
	}
	return all
}
