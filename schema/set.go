package schema

import (
	"reflect"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
)

// Direction says which way a value travels. The two differ in which members are required, which are left out, and
// whether unknown members are refused.
type Direction uint8

// The directions.
const (
	Input  Direction = iota // a request: what a client sends
	Output                  // a response: what the service sends
)

// Set makes the schemas of one document. Named struct types become components, and what mentions them a reference. A Set
// belongs to one goroutine until Components has been called; after that, reading is safe for concurrent use.
//
// A type that is used in both directions has one component when the two are alike: it is then closed to unknown members
// as the input is. When they differ, the output has the name of the type and the input that name with "Input" behind it.
//
// A variant of a union is a component too: that of cat in Pet is PetCat.
//
// The name of a component is the name of its type, with the type arguments of a generic type behind it:
// Pair[string,User] is PairStringUser. The package stands in front where the name alone says nothing, having fewer than
// three letters (page.Of[User] is PageOfUser), and where two types have one name (StoreUser and AuthUser); if that is not
// enough, the whole import path does.
type Set struct {
	cfg        Config
	components map[key]*component
	defined    map[string]*Schema
	settled    bool
}

// Config says what a Set is made with. The zero value is ready.
type Config struct {
	// Types is the reading of types, shared with what else is made of them. Default a new one.
	Types *shape.Reader
	// Items is the most items of an array, or members of a map, that a JSON body may have where no maxItems is declared: the schema
	// of an input says so. Default 0, which is not said.
	Items int
}

// NewSet makes an empty Set.
func NewSet(cfg Config) *Set {
	if cfg.Types == nil {
		cfg.Types = shape.NewReader()
	}
	return &Set{cfg: cfg, components: map[key]*component{}, defined: map[string]*Schema{}}
}

// Of returns the schema of t: a reference when t is a named struct type. A type that cannot be described gives the schema
// that allows everything; whoever compiles the type reports why.
func (s *Set) Of(t reflect.Type, d Direction) *Schema {
	typ, faults := s.cfg.Types.Read(t)
	if len(faults) > 0 {
		return &Schema{}
	}
	return s.schema(typ, tag.Rules{}, d, true)
}

// Members returns the schema of the members of a struct in a response, written in place: for an object that has others besides.
func (s *Set) Members(t reflect.Type) *Schema {
	typ, faults := s.cfg.Types.Read(t)
	if len(faults) > 0 || typ.Kind != shape.Struct {
		return &Schema{}
	}
	return s.object(typ, Output)
}

// Field returns the schema of one field: its type with the words of its tag. A parameter is never null, also where its
// type is a pointer or Null.
func (s *Set) Field(f *shape.Field, d Direction) *Schema {
	return s.schema(f.Type, f.Tag.Rules, d, f.Source == tag.Member || f.Source == tag.Body)
}

// Raw returns the schema of a body that is text as it was sent, with the words of its tag.
func (s *Set) Raw(f *shape.Field) *Schema {
	text := &shape.Type{Go: f.Type.Plain().Go, Kind: shape.String}
	return s.schema(text, f.Tag.Rules, Input, false)
}

// Define adds a component that is not made of a Go type, and returns a reference to it. Its name is kept: a Go type of
// that name is called by its package and name. Defining a name again replaces it. The schema must not change afterwards.
func (s *Set) Define(name string, schema *Schema) *Schema {
	s.defined[name] = schema
	s.settled = false
	return &Schema{Ref: componentsPath + name}
}

// key names a component: a Go type, or a variant of one that is a union.
type key struct {
	typ     reflect.Type
	variant string
}

// component is a type that schemas refer to, in the directions in which it was mentioned.
type component struct {
	set   *Set
	key   key
	forms [2]*Schema // by Direction; nil is not mentioned
	names [2]string  // once settled
	split bool       // once settled: the two forms differ
}

// target is a component in one direction.
type target struct {
	component *component
	direction Direction
}

const componentsPath = "#/components/schemas/"

// Reference is the value of $ref: Ref or, of a reference that a Set made, the place of its component.
func (s *Schema) Reference() string {
	if s.target == nil {
		return s.Ref
	}
	s.target.component.set.settle()
	return componentsPath + s.target.component.names[s.target.direction]
}

// refer returns a reference to the component of t, which is made when it is mentioned first.
func (s *Set) refer(t *shape.Type, d Direction) *Schema {
	return s.mention(key{typ: t.Go}, d, func() *Schema {
		form := s.structure(t, tag.Rules{}, d)
		s.limit(form, t, d)
		return form
	})
}

// mention returns a reference to a component, which is made when it is mentioned first.
func (s *Set) mention(k key, d Direction, structure func() *Schema) *Schema {
	c := s.components[k]
	if c == nil {
		c = &component{set: s, key: k}
		s.components[k] = c
	}
	if c.forms[d] == nil {
		c.forms[d] = &Schema{} // found by the type's own recursion
		s.settled = false
		*c.forms[d] = *structure()
	}
	return &Schema{target: &target{component: c, direction: d}}
}
