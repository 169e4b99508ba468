package schema

import (
	"reflect"

	"github.com/tenon-go/tenon/internal/shape"
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
type Set struct {
	reader *shape.Reader
}

type component struct{}

// NewSet makes an empty Set.
func NewSet() *Set { return &Set{reader: shape.NewReader()} }

// Of returns the schema of t: a reference when t is a named struct type. A type that cannot be described gives the schema
// that allows everything; whoever compiles the type reports why.
func (s *Set) Of(t reflect.Type, d Direction) *Schema { return &Schema{} }

// Field returns the schema of one field: its type with the words of its tag. A parameter is never null, also where its
// type is a pointer or Null.
func (s *Set) Field(f *shape.Field, d Direction) *Schema { return &Schema{} }

// Define adds a component that is not made of a Go type, and returns a reference to it. Its name is kept: a Go type of
// that name is called by its package and name. Defining a name again replaces it.
func (s *Set) Define(name string, schema *Schema) *Schema { return &Schema{} }

// Components returns the components that were mentioned so far, sorted by name. Names do not depend on the order in which
// types were asked for.
func (s *Set) Components() []Named { return nil }
