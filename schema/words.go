package schema

import (
	"cmp"
	"encoding/json/jsontext"
	"slices"
	"strconv"
	"strings"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
)

// constrain adds the words that a value must satisfy, and those of the type itself.
func constrain(s *Schema, t *shape.Type, r tag.Rules) {
	s.Format = cmp.Or(r.Format, s.Format)
	if allowed := enum(t, r.Enum); allowed != nil {
		s.Enum = allowed
	}
	s.MinLength = cmp.Or(r.MinLength, s.MinLength)
	s.MaxLength = cmp.Or(r.MaxLength, s.MaxLength)
	s.Pattern = cmp.Or(r.Pattern, s.Pattern)
	s.MultipleOf = cmp.Or(r.MultipleOf, s.MultipleOf)
	bound(&s.Minimum, &s.ExclusiveMinimum, r.Minimum, r.ExclusiveMinimum)
	bound(&s.Maximum, &s.ExclusiveMaximum, r.Maximum, r.ExclusiveMaximum)
	if t.Kind == shape.Map {
		s.MinProperties, s.MaxProperties = r.MinItems, r.MaxItems
	} else {
		s.MinItems = cmp.Or(r.MinItems, s.MinItems)
		s.MaxItems = cmp.Or(r.MaxItems, s.MaxItems)
	}
	s.UniqueItems = s.UniqueItems || r.UniqueItems
	if len(r.Accept) == 1 && !strings.Contains(r.Accept[0], "*") {
		s.ContentMediaType = r.Accept[0]
	}
	if r.MaxBytes > 0 {
		s.MaxLength = new(int(r.MaxBytes)) // of binary data the length is that in bytes (OpenAPI, section 4.8.14.3)
	}
}

// bound replaces the bound of the type's width by what the tag says.
func bound(inclusive, exclusive *string, tagInclusive, tagExclusive string) {
	if tagInclusive != "" || tagExclusive != "" {
		*inclusive, *exclusive = tagInclusive, tagExclusive
	}
}

// annotate adds the words that say something about a value without restricting it.
func annotate(s *Schema, t *shape.Type, r tag.Rules) {
	s.Description = cmp.Or(r.Doc, s.Description)
	if r.HasDefault {
		s.Default = literal(t, r.Default)
	}
	if len(r.Examples) > 0 {
		s.Examples = values(t, r.Examples)
	}
	s.ReadOnly = s.ReadOnly || r.ReadOnly
	s.WriteOnly = s.WriteOnly || r.WriteOnly
	s.Deprecated = s.Deprecated || r.Deprecated
}

// enum is what both the type's method Enum and the tag allow.
func enum(t *shape.Type, tagged []string) []jsontext.Value {
	allowed := t.Enum
	switch {
	case allowed == nil:
		allowed = tagged
	case tagged != nil:
		allowed = slices.DeleteFunc(slices.Clone(tagged), func(v string) bool { return !slices.Contains(t.Enum, v) })
	}
	return values(t, allowed)
}

func values(t *shape.Type, texts []string) []jsontext.Value {
	if texts == nil {
		return nil
	}
	out := make([]jsontext.Value, len(texts))
	for i, text := range texts {
		out[i] = literal(t, text)
	}
	return out
}

// literal makes the JSON value of a text in a tag. Lists of scalars are separated by commas; other objects and arrays are
// written as JSON.
func literal(t *shape.Type, text string) jsontext.Value {
	t = t.Plain()
	switch t.Kind {
	case shape.Bool:
		if b, err := strconv.ParseBool(text); err == nil {
			return strconv.AppendBool(nil, b)
		}
	case shape.Int:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return strconv.AppendInt(nil, n, 10)
		}
	case shape.Uint:
		if n, err := strconv.ParseUint(text, 10, 64); err == nil {
			return strconv.AppendUint(nil, n, 10)
		}
	case shape.Float, shape.Decimal:
		return number(text)
	case shape.Slice, shape.Array:
		if isScalar(t.Elem.Plain()) {
			return list(t.Elem, text)
		}
		return anyValue(text)
	case shape.Map, shape.Struct, shape.Union, shape.Custom, shape.Any:
		return anyValue(text)
	}
	return quoted(text)
}

func isScalar(t *shape.Type) bool {
	switch t.Kind {
	case shape.Slice, shape.Array, shape.Map, shape.Struct, shape.Union, shape.Custom, shape.Any:
		return false
	}
	return true
}

func list(item *shape.Type, text string) jsontext.Value {
	if text == "" {
		return jsontext.Value("[]")
	}
	var parts []string
	for part := range strings.SplitSeq(text, ",") {
		parts = append(parts, string(literal(item, part)))
	}
	return jsontext.Value("[" + strings.Join(parts, ",") + "]")
}

func number(text string) jsontext.Value {
	v := jsontext.Value(text)
	if v.IsValid() && v.Kind() == '0' {
		return v
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && f-f == 0 {
		return jsontext.AppendFloat(nil, f, 64)
	}
	return quoted(text)
}

// anyValue is text as JSON if it is that, else as a string.
func anyValue(text string) jsontext.Value {
	v := jsontext.Value(text)
	if v.Compact() != nil {
		return quoted(text)
	}
	return v
}

func quoted(text string) jsontext.Value {
	b, _ := jsontext.AppendQuote(nil, strings.ToValidUTF8(text, "\uFFFD"))
	return b
}
