package shape

import "github.com/tenon-go/tenon/internal/tag"

// SplitRules divides the rule words of one field between an array or object and what it holds. Words about the whole stay
// with it: minItems, maxItems (on a map they bound the number of members, minProperties and maxProperties in the schema),
// uniqueItems, readOnly, writeOnly, deprecated, default, example and doc. Words about one string or number (minLength,
// pattern, minimum, enum, format, transform and the like) go to the items; for items that are arrays themselves, split again. With any
// other type every word is its own. Wrappers around t do not matter.
func SplitRules(t *Type, r tag.Rules) (own, item tag.Rules) {
	switch t.Plain().Kind {
	case Slice, Array, Map:
	default:
		return r, tag.Rules{}
	}
	item = tag.Rules{
		MinLength: r.MinLength, MaxLength: r.MaxLength, Pattern: r.Pattern,
		Minimum: r.Minimum, Maximum: r.Maximum,
		ExclusiveMinimum: r.ExclusiveMinimum, ExclusiveMaximum: r.ExclusiveMaximum,
		MultipleOf: r.MultipleOf, Enum: r.Enum, Format: r.Format, Transform: r.Transform,
		Accept: r.Accept, MaxBytes: r.MaxBytes, MaxPixels: r.MaxPixels,
	}
	own = tag.Rules{
		MinItems: r.MinItems, MaxItems: r.MaxItems, UniqueItems: r.UniqueItems,
		ReadOnly: r.ReadOnly, WriteOnly: r.WriteOnly, Deprecated: r.Deprecated,
		HasDefault: r.HasDefault, Default: r.Default, Examples: r.Examples, Doc: r.Doc,
	}
	return own, item
}
