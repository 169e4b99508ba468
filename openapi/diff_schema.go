package openapi

import (
	"cmp"
	"encoding/json/jsontext"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/schema"
)

// pair is a comparison that was made or begun; schemas may be recursive.
type pair struct {
	was, is *schema.Schema
	way     schema.Direction
}

// target follows references.
func (d *Document) target(s *schema.Schema) *schema.Schema {
	for range 100 {
		if s == nil || s.Reference() == "" || d.Components == nil {
			break
		}
		s = d.Components.Schemas[strings.TrimPrefix(s.Reference(), "#/components/schemas/")]
	}
	if s == nil {
		s = &schema.Schema{} // which allows everything
	}
	return s
}

// schema compares what may be sent or answered.
func (d *differ) schema(way schema.Direction, was, is *schema.Schema) {
	was, nullBefore := d.before.plain(was)
	is, nullAfter := d.after.plain(is)
	at := pair{was, is, way}
	c := &comparison{differ: d, way: way}
	c.flag("null is allowed", !nullBefore, !nullAfter, !nullAfter)
	if d.pointer == "" {
		clear(d.seen) // each pair is told once of a body, so that components that refer to each other take no longer than others
	}
	if d.seen[at] {
		return
	}
	d.seen[at] = true
	c.types(was, is)
	c.values(was, is)
	c.bounds(was, is)
	c.all("*", "items", was.Items, is.Items)
	c.all("*", "contentSchema", was.ContentSchema, is.ContentSchema)
	c.properties(was, is)
	c.alternatives(was, is)
}

// plain follows references and takes off what allows null: a type in a list, or a schema of its own in anyOf.
func (d *Document) plain(s *schema.Schema) (plain *schema.Schema, null bool) {
	s = d.target(s)
	if len(s.AnyOf) == 2 && slices.Equal(s.AnyOf[1].Types, []string{"null"}) {
		return d.target(s.AnyOf[0]), true
	}
	if len(s.Types) == 0 && len(s.OneOf) == 0 && len(s.AnyOf) == 0 {
		return s, true
	}
	return s, slices.Contains(s.Types, "null")
}

// comparison is that of two schemas in one direction.
type comparison struct {
	*differ
	way schema.Direction
}

// narrower and wider note that fewer or more values are allowed.
func (c *comparison) narrower(format string, args ...any) {
	c.add(c.way == schema.Input, format, args...)
}

func (c *comparison) wider(format string, args ...any) {
	c.add(c.way == schema.Output, format, args...)
}

func (c *comparison) below(name string, was, is *schema.Schema) {
	old := c.pointer
	c.pointer += "/" + problem.EscapeToken(name)
	c.schema(c.way, was, is)
	c.pointer = old
}

func (c *comparison) types(was, is *schema.Schema) {
	before, after := kinds(was), kinds(is)
	switch {
	case slices.Equal(before, after):
	case includes(after, before):
		c.wider("the type is %s, was %s", typed(after), typed(before))
	case includes(before, after):
		c.narrower("the type is %s, was %s", typed(after), typed(before))
	default:
		c.add(true, "the type is %s, was %s", typed(after), typed(before))
	}
}

// kinds are the types apart from null; none is any.
func kinds(s *schema.Schema) []string {
	list := slices.DeleteFunc(slices.Clone(s.Types), func(t string) bool { return t == "null" })
	slices.Sort(list)
	return list
}

func typed(list []string) string { return cmp.Or(strings.Join(list, " or "), "any") }

// includes reports whether whole allows all types of part.
func includes(whole, part []string) bool {
	if len(whole) == 0 {
		return true
	}
	for _, t := range part {
		if !slices.Contains(whole, t) && (t != "integer" || !slices.Contains(whole, "number")) {
			return false
		}
	}
	return len(part) > 0
}

// values compares enum and const, and words that are there or not.
func (c *comparison) values(was, is *schema.Schema) {
	before, after := listed(was), listed(is)
	for _, v := range before {
		if len(after) > 0 && !slices.Contains(after, v) {
			c.narrower("the value %s is gone", v)
		}
	}
	for _, v := range after {
		if len(before) > 0 && !slices.Contains(before, v) {
			c.wider("the value %s is new", v)
		}
	}
	c.flag("the values are listed", len(before) > 0, len(after) > 0, len(after) > 0)
	c.word("pattern", was.Pattern, is.Pattern)
	c.word("format", was.Format, is.Format)
	c.word("contentEncoding", was.ContentEncoding, is.ContentEncoding)
	c.word("contentMediaType", was.ContentMediaType, is.ContentMediaType)
	c.word("multipleOf", was.MultipleOf, is.MultipleOf)
	c.flag("uniqueItems", was.UniqueItems, is.UniqueItems, is.UniqueItems)
	if string(was.Default) != string(is.Default) && c.way == schema.Input {
		c.add(true, "the default is %s, was %s", cmp.Or(string(is.Default), "none"), cmp.Or(string(was.Default), "none"))
	}
	c.deprecated(was.Deprecated, is.Deprecated)
}

// listed are the values of enum or const, apart from null.
func listed(s *schema.Schema) []string {
	var list []string
	for _, v := range append(slices.Clone(s.Enum), s.Const) {
		if len(v) > 0 && v.Kind() != jsontext.KindNull {
			list = append(list, string(v))
		}
	}
	return list
}

// flag compares a rule that is there or not; narrows says what it does now.
func (c *comparison) flag(name string, was, is, narrows bool) {
	switch {
	case was == is:
	case narrows && strings.HasPrefix(name, "null"):
		c.narrower("null is not allowed any more")
	case strings.HasPrefix(name, "null"):
		c.wider("null is allowed")
	case narrows:
		c.narrower("%s: now", name)
	default:
		c.wider("%s: no more", name)
	}
}

// word compares a rule whose values have no order, except that a format may be the narrower of two of one kind.
func (c *comparison) word(name, was, is string) {
	wide := map[string]string{"int32": "int64", "float": "double"}
	switch {
	case was == is:
	case is == "" || wide[was] == is:
		c.wider("%s is %s, was %s", name, cmp.Or(is, "none"), was)
	case was == "" || wide[is] == was:
		c.narrower("%s is %s, was %s", name, is, cmp.Or(was, "none"))
	default:
		c.add(true, "%s is %s, was %s", name, is, was)
	}
}

// bounds compares the words that say how small or large. A least bound narrows as it grows, a greatest as it shrinks.
func (c *comparison) bounds(was, is *schema.Schema) {
	if !spelled(was) || !spelled(is) {
		c.bound("minLength", count(was.MinLength), count(is.MinLength), 1)
		c.bound("maxLength", count(was.MaxLength), count(is.MaxLength), -1)
	}
	c.bound("minItems", count(was.MinItems), count(is.MinItems), 1)
	c.bound("maxItems", count(was.MaxItems), count(is.MaxItems), -1)
	c.bound("minProperties", count(was.MinProperties), count(is.MinProperties), 1)
	c.bound("maxProperties", count(was.MaxProperties), count(is.MaxProperties), -1)
	c.bound("minimum", was.Minimum, is.Minimum, 1)
	c.bound("maximum", was.Maximum, is.Maximum, -1)
	c.bound("exclusiveMinimum", was.ExclusiveMinimum, is.ExclusiveMinimum, 1)
	c.bound("exclusiveMaximum", was.ExclusiveMaximum, is.ExclusiveMaximum, -1)
}

// spelled reports whether a schema lists its texts, so that bounds of their length, which all of them meet, say nothing more.
func spelled(s *schema.Schema) bool {
	list := listed(s)
	return len(list) > 0 && !slices.ContainsFunc(list, func(v string) bool {
		text, err := jsontext.AppendUnquote(nil, v)
		n := utf8.RuneCount(text)
		return err != nil || s.MinLength != nil && n < *s.MinLength || s.MaxLength != nil && n > *s.MaxLength
	})
}

func count(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

func (c *comparison) bound(name, was, is string, narrows int) {
	a, b := rational(was), rational(is)
	switch {
	case was == is:
	case is == "" || a != nil && b != nil && b.Cmp(a) == -narrows:
		c.wider("%s is %s, was %s", name, cmp.Or(is, "none"), was)
	case was == "" || a != nil && b != nil && b.Cmp(a) == narrows:
		c.narrower("%s is %s, was %s", name, is, cmp.Or(was, "none"))
	case a == nil || b == nil:
		c.add(true, "%s is %s, was %s", name, is, was)
	}
}

// rational is the exact value of a number; nil for none, and for one whose exponent would fill the memory.
func rational(text string) *big.Rat {
	f, err := strconv.ParseFloat(text, 64)
	mantissa, _, _ := strings.Cut(strings.ToLower(text), "e")
	if err != nil || f == 0 && strings.ContainsAny(mantissa, "123456789") {
		return nil
	}
	r, _ := new(big.Rat).SetString(text)
	return r
}

func (c *comparison) properties(was, is *schema.Schema) {
	before, after := named(was.Properties), named(is.Properties)
	for _, name := range names(before, after) {
		old := c.pointer
		a, b := before[name], after[name]
		needed, needs := slices.Contains(was.Required, name), slices.Contains(is.Required, name)
		switch {
		case b == nil:
			c.pointer += "/" + problem.EscapeToken(name)
			c.add(c.way == schema.Output && needed || c.way == schema.Input && is.Closed, "the member is gone")
		case a == nil:
			c.pointer += "/" + problem.EscapeToken(name)
			c.add(c.way == schema.Input && needs, "the member is new; required is %t", needs)
		default:
			c.below(name, a, b)
			c.pointer += "/" + problem.EscapeToken(name)
			if needed != needs {
				c.add(needs == (c.way == schema.Input), "required is %t, was %t", needs, needed)
			}
		}
		c.pointer = old
	}
	if c.way == schema.Input && len(was.Properties)+len(is.Properties) > 0 {
		c.flag("unknown members are refused", was.Closed, is.Closed, is.Closed)
	}
	c.all("*", "additionalProperties", was.AdditionalProperties, is.AdditionalProperties)
	c.all("(name)", "propertyNames", was.PropertyNames, is.PropertyNames)
}

// all compares a schema for all items, members or names; without one, all are allowed.
func (c *comparison) all(place, word string, was, is *schema.Schema) {
	switch {
	case was != nil && is != nil:
		c.below(place, was, is)
	case is != nil:
		c.narrower("%s: now", word)
	case was != nil:
		c.wider("%s: no more", word)
	}
}

func named(list []schema.Named) map[string]*schema.Schema {
	all := map[string]*schema.Schema{}
	for _, n := range list {
		all[n.Name] = n.Schema
	}
	return all
}
