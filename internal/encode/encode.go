// Package encode writes Go values as JSON. A type is compiled once, at start, into one Append function; a request only
// calls it. What is written follows the same reading of types and tags as the schema (package shape).
package encode

import (
	"reflect"

	"github.com/tenon-go/tenon/internal/shape"
)

// Append appends the JSON form of v to b. v is of the compiled type; make it addressable (the Elem of a pointer), or types
// with pointer methods are copied first. On an error b comes back as it was. Safe for concurrent use.
type Append func(b []byte, v reflect.Value) ([]byte, error)

// Compile prepares the encoder of t. The faults name the path of Go fields to what cannot be encoded: a secret (method
// NeverEncode) outside a writeOnly member, a type that can only be decoded, a field with a source other than json.
func Compile(t *shape.Type) (Append, []error) {
	return nil, nil
}
