package tenontest

import (
	"encoding/json/jsontext"
	"fmt"
	"math/big"
	"slices"
	"strconv"
)

// checker holds a value against a JSON Schema (2020-12) of a document. It works on the published text of the document,
// not on what the text was made of, and knows the words that package schema writes; other words say nothing to it.
type checker struct {
	document *node
	lines    []string
}

func (c *checker) add(at, format string, args ...any) {
	if at == "" {
		at = "(whole body)"
	}
	c.lines = append(c.lines, at+": "+fmt.Sprintf(format, args...))
}

// check adds a line for each place where v breaks the schema s.
func (c *checker) check(at string, s, v *node) {
	switch s.kind {
	case jsontext.KindTrue:
		return
	case jsontext.KindFalse:
		c.add(at, "no value is allowed here")
		return
	}
	if ref := s.member("$ref"); ref != nil {
		c.reference(at, ref.str(), v)
	}
	c.checkType(at, s, v)
	c.checkValues(at, s, v)
	c.checkCombinations(at, s, v)
	switch v.kind {
	case jsontext.KindString:
		c.checkString(at, s, v)
	case jsontext.KindNumber:
		c.checkNumber(at, s, v)
	case jsontext.KindBeginArray:
		c.checkArray(at, s, v)
	case jsontext.KindBeginObject:
		c.checkObject(at, s, v)
	}
}

func (c *checker) reference(at, ref string, v *node) {
	target := follow(c.document, ref)
	if target == nil {
		c.add(at, "the schema refers to %s, which the document does not have", ref)
		return
	}
	c.check(at, target, v)
}

func (c *checker) checkType(at string, s, v *node) {
	types := s.member("type")
	if types == nil {
		return
	}
	names := []*node{types}
	if types.kind == jsontext.KindBeginArray {
		names = types.items
	}
	for _, name := range names {
		if hasType(v, name.str()) {
			return
		}
	}
	c.add(at, "%s is not of type %s", v.short(), types.short())
}

func hasType(v *node, name string) bool {
	switch v.kind {
	case jsontext.KindString:
		return name == "string"
	case jsontext.KindNumber:
		return name == "number" || name == "integer" && isWhole(v.text)
	case jsontext.KindTrue, jsontext.KindFalse:
		return name == "boolean"
	case jsontext.KindBeginObject:
		return name == "object"
	case jsontext.KindBeginArray:
		return name == "array"
	}
	return name == "null"
}

func isWhole(text string) bool {
	r, ok := rational(text)
	return ok && r.IsInt()
}

// rational reads a number; one with an exponent that would fill the memory is not read.
func rational(text string) (*big.Rat, bool) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f == 0 && decimal(text) != "0" {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

func (c *checker) checkValues(at string, s, v *node) {
	if want := s.member("const"); want != nil && !equal(want, v) {
		c.add(at, "%s is not %s", v.short(), want.short())
	}
	enum := s.member("enum")
	if enum != nil && !slices.ContainsFunc(enum.items, func(want *node) bool { return equal(want, v) }) {
		c.add(at, "%s is none of %s", v.short(), enum.short())
	}
}

// equal compares by value. A string that looks like a placeholder is just a string here.
func equal(a, b *node) bool {
	if a.kind != b.kind || len(a.names) != len(b.names) || len(a.items) != len(b.items) {
		return false
	}
	if a.kind == jsontext.KindNumber {
		return decimal(a.text) == decimal(b.text)
	}
	for _, name := range a.names {
		if b.members[name] == nil || !equal(a.members[name], b.members[name]) {
			return false
		}
	}
	for i := range a.items {
		if !equal(a.items[i], b.items[i]) {
			return false
		}
	}
	return a.text == b.text
}

func (c *checker) checkCombinations(at string, s, v *node) {
	if all := s.member("allOf"); all != nil {
		for _, one := range all.items {
			c.check(at, one, v)
		}
	}
	if some := s.member("anyOf"); some != nil && c.matching(some, v) == 0 {
		c.add(at, "%s matches no schema of anyOf", v.short())
	}
	if one := s.member("oneOf"); one != nil {
		if n := c.matching(one, v); n != 1 {
			c.add(at, "%s matches %d schemas of oneOf, want 1", v.short(), n)
		}
	}
	if not := s.member("not"); not != nil && c.matches(not, v) {
		c.add(at, "%s matches a schema that it must not", v.short())
	}
}

func (c *checker) matching(list, v *node) int {
	n := 0
	for _, s := range list.items {
		if c.matches(s, v) {
			n++
		}
	}
	return n
}

func (c *checker) matches(s, v *node) bool {
	probe := checker{document: c.document}
	probe.check("", s, v)
	return len(probe.lines) == 0
}
