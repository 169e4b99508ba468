package tenontest

import (
	"encoding/json/jsontext"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/tenon-go/tenon/problem"
)

func (c *checker) checkString(at string, s, v *node) {
	length := utf8.RuneCountInString(v.text)
	c.checkCount(at, s, "minLength", "maxLength", length, "code points")
	if pattern := s.member("pattern"); pattern != nil {
		re, err := regexp.Compile(pattern.str())
		if err != nil {
			c.add(at, "the pattern of the schema cannot be read: %v", err)
		} else if !re.MatchString(v.text) {
			c.add(at, "%s does not match the pattern %s", v.short(), pattern.str())
		}
	}
	if content := s.member("contentSchema"); content != nil && jsonMedia(s.member("contentMediaType").str()) {
		value, err := parse([]byte(v.text))
		if err != nil {
			c.add(at, "%s is not the JSON that it should hold: %v", v.short(), err)
		} else {
			c.check(at, content, value)
		}
	}
	valid := map[string]func(string) bool{"date-time": isTime, "date": isDate, "uuid": isUUID}[s.member("format").str()]
	if valid != nil && !valid(v.text) {
		c.add(at, "%s has not the format %s", v.short(), s.member("format").str())
	}
}

// checkCount holds a count against two words that bound it.
func (c *checker) checkCount(at string, s *node, least, most string, n int, unit string) {
	if bound := s.member(least); bound != nil && n < number(bound) {
		c.add(at, "%d %s, %s is %s", n, unit, least, bound.text)
	}
	if bound := s.member(most); bound != nil && n > number(bound) {
		c.add(at, "%d %s, %s is %s", n, unit, most, bound.text)
	}
}

func number(n *node) int {
	value, err := strconv.Atoi(n.text)
	if err != nil {
		return 0
	}
	return value
}

func (c *checker) checkNumber(at string, s, v *node) {
	value, ok := rational(v.text)
	if !ok {
		c.add(at, "%s does not fit a 64-bit float", v.short())
		return
	}
	for _, word := range []struct {
		name  string
		holds func(order int) bool
	}{
		{"minimum", func(order int) bool { return order >= 0 }},
		{"maximum", func(order int) bool { return order <= 0 }},
		{"exclusiveMinimum", func(order int) bool { return order > 0 }},
		{"exclusiveMaximum", func(order int) bool { return order < 0 }},
	} {
		bound := s.member(word.name)
		if bound == nil {
			continue
		}
		if limit, ok := rational(bound.text); ok && !word.holds(value.Cmp(limit)) {
			c.add(at, "%s breaks %s %s", v.short(), word.name, bound.text)
		}
	}
	if step := s.member("multipleOf"); step != nil {
		if unit, ok := rational(step.text); ok && unit.Sign() > 0 && !new(big.Rat).Quo(value, unit).IsInt() {
			c.add(at, "%s is not a multiple of %s", v.short(), step.text)
		}
	}
}

func (c *checker) checkArray(at string, s, v *node) {
	c.checkCount(at, s, "minItems", "maxItems", len(v.items), "items")
	if items := s.member("items"); items != nil {
		for i, item := range v.items {
			c.check(at+"/"+strconv.Itoa(i), items, item)
		}
	}
	if unique := s.member("uniqueItems"); unique == nil || unique.kind != jsontext.KindTrue {
		return
	}
	for i, item := range v.items {
		if slices.ContainsFunc(v.items[:i], func(before *node) bool { return equal(before, item) }) {
			c.add(at+"/"+strconv.Itoa(i), "%s is there twice", item.short())
		}
	}
}

func (c *checker) checkObject(at string, s, v *node) {
	c.checkCount(at, s, "minProperties", "maxProperties", len(v.names), "members")
	if required := s.member("required"); required != nil {
		for _, name := range required.items {
			if v.members[name.text] == nil {
				c.add(at+"/"+problem.EscapeToken(name.text), "absent, but required")
			}
		}
	}
	for _, name := range v.names {
		c.checkMember(at+"/"+problem.EscapeToken(name), s, name, v.members[name])
		if names := s.member("propertyNames"); names != nil {
			c.check(at+"/"+problem.EscapeToken(name), names, &node{kind: jsontext.KindString, text: name})
		}
	}
}

func (c *checker) checkMember(at string, s *node, name string, v *node) {
	declared := s.member("properties").member(name)
	switch extra := s.member("additionalProperties"); {
	case declared != nil:
		if flag := declared.member("writeOnly"); flag != nil && flag.kind == jsontext.KindTrue {
			c.add(at, "the member is writeOnly, but was sent")
		}
		c.check(at, declared, v)
	case extra == nil:
	case extra.kind == jsontext.KindFalse:
		c.add(at, "the member is not declared")
	default:
		c.check(at, extra, v)
	}
}
