package schema

import (
	"bytes"
	"cmp"
	"encoding/json/jsontext"
	"slices"
)

// Components returns the components that were mentioned so far, sorted by name. Names do not depend on the order in which
// types were asked for. A type that is asked for later may change them, also in the references that were given out.
func (s *Set) Components() []Named {
	s.settle()
	var out []Named
	for name, schema := range s.defined {
		out = append(out, Named{Name: name, Schema: schema})
	}
	for _, c := range s.components {
		if c.split || c.forms[Input] == nil {
			out = append(out, Named{Name: c.names[Output], Schema: c.forms[Output]})
		}
		if c.forms[Input] != nil {
			out = append(out, Named{Name: c.names[Input], Schema: c.forms[Input]})
		}
	}
	slices.SortFunc(out, func(x, y Named) int { return cmp.Compare(x.Name, y.Name) })
	return out
}

// settle decides which components differ by direction, and what all are called.
func (s *Set) settle() {
	if s.settled {
		return
	}
	s.settled = true // before: comparing writes references
	all := s.sorted()
	s.separate(all)
	taken := map[string]bool{}
	for name := range s.defined {
		taken[name] = true
	}
	names := name(all, taken)
	for i, c := range all {
		c.names = [2]string{names[i], names[i]}
	}
	for _, c := range all {
		if c.split {
			c.names[Input] = free(c.names[Output]+"Input", c.names[Output]+".Input", taken)
		}
	}
}

// sorted returns the components in an order that does not depend on that of the questions.
func (s *Set) sorted() []*component {
	all := make([]*component, 0, len(s.components))
	for _, c := range s.components {
		all = append(all, c)
		c.names = [2]string{c.id(), c.id()}
	}
	slices.SortFunc(all, func(x, y *component) int {
		return cmp.Or(cmp.Compare(x.id(), y.id()), bytes.Compare(x.text(), y.text()))
	})
	return all
}

func (c *component) id() string {
	return c.key.typ.PkgPath() + "." + c.key.typ.Name() + "·" + c.key.variant
}

// text is the component with its references by type rather than by name; two types within functions may share an id.
func (c *component) text() []byte {
	return slices.Concat(c.forms[Input].text(), c.forms[Output].text())
}

// separate marks the components that have two forms: those whose own words differ, apart from the refusal of unknown
// members, and those that refer to one that has two.
func (s *Set) separate(all []*component) {
	for _, c := range all {
		in, out := c.forms[Input], c.forms[Output]
		c.split = in != nil && out != nil && !bytes.Equal(in.text(), out.text())
	}
	for again := true; again; {
		again = false
		for _, c := range all {
			if !c.split && c.forms[Input] != nil && c.forms[Output] != nil && c.forms[Output].refersToSplit() {
				c.split, again = true, true
			}
		}
	}
}

func (s *Schema) refersToSplit() bool {
	found := s.target != nil && s.target.component.split
	s.children(func(child *Schema) { found = found || child.refersToSplit() })
	return found
}

// children calls fn for each schema directly in s.
func (s *Schema) children(fn func(*Schema)) {
	for _, p := range s.Properties {
		fn(p.Schema)
	}
	for _, one := range []*Schema{s.Items, s.AdditionalProperties, s.PropertyNames} {
		if one != nil {
			fn(one)
		}
	}
	for _, list := range [][]*Schema{s.AnyOf, s.OneOf, s.AllOf} {
		for _, one := range list {
			fn(one)
		}
	}
}

// text is s for comparison, without the refusal of unknown members and transforms, which say nothing of what is sent.
func (s *Schema) text() []byte {
	if s == nil {
		return nil
	}
	var b bytes.Buffer
	w := writer{enc: jsontext.NewEncoder(&b), open: true}
	w.schema(s)
	return b.Bytes()
}

// free returns the first of the two names that is not taken, and takes it.
func free(first, second string, taken map[string]bool) string {
	if taken[first] {
		first = second
	}
	taken[first] = true
	return first
}
