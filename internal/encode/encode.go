// Package encode writes Go values as JSON. A type is compiled once, at start, into one Append function; a request only
// calls it. What is written follows the same reading of types and tags as the schema (package shape).
//
// The rules are those of encoding/json/v2 with deterministic maps, except for these: time.Time is in UTC, time.Duration
// is an ISO 8601 string, an array of bytes is an array, the text methods of a type win over its MarshalJSON, and a member
// that is writeOnly or an unset Opt is left out.
package encode

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/tenon-go/tenon/internal/shape"
)

// Append appends the JSON form of v to b. v is of the compiled type; make it addressable (the Elem of a pointer), or values
// with methods of their own are copied first. On an error b comes back as it was; the error names the path of Go
// fields and is for the log. Safe for concurrent use.
type Append func(b []byte, v reflect.Value) ([]byte, error)

// Compile prepares the encoder of t. The faults name the path of Go fields to what cannot be encoded: a secret (method
// NeverEncode) outside a writeOnly member, a type that can only be decoded, a field with a source other than json.
func Compile(t *shape.Type) (Append, []error) {
	c := &compiler{root: t, nodes: map[*shape.Type]*node{}}
	top := c.compile(t, "")
	if len(c.faults) > 0 {
		return nil, c.faults
	}
	return func(b []byte, v reflect.Value) ([]byte, error) {
		out, err := top.append(b, v, 0)
		if err != nil {
			return b, err
		}
		return out, nil
	}, nil
}

// appender is Append with the depth of arrays and objects around v.
type appender func(b []byte, v reflect.Value, depth int) ([]byte, error)

// node is a type that is compiled or, within its own recursion, about to be.
type node struct{ append appender }

type compiler struct {
	root   *shape.Type
	nodes  map[*shape.Type]*node
	faults []error
}

func (c *compiler) faultf(path, format string, args ...any) {
	if path != "" {
		format = strings.ReplaceAll(path, "%", "%%") + " " + format
	}
	c.faults = append(c.faults, fmt.Errorf("output %s: "+format, append([]any{c.root.Go}, args...)...))
}

// compile returns the node of t. Path is the Go path by which t was reached first.
func (c *compiler) compile(t *shape.Type, path string) *node {
	if n := c.nodes[t]; n != nil {
		return n
	}
	n := &node{}
	c.nodes[t] = n
	if t.Secret {
		c.faultf(path, "is a secret and would be sent (type %s has the method NeverEncode); leave it out, or tag it writeOnly:\"true\"", t.Go)
		return n
	}
	if t.Go.Kind() == reflect.Interface && t.Kind != shape.Any {
		c.faultf(path, "cannot be encoded: %s is an interface", t.Go)
		return n
	}
	n.append = c.build(t, path)
	return n
}

func (c *compiler) build(t *shape.Type, path string) appender {
	switch t.Kind {
	case shape.Bool:
		return appendBool
	case shape.Int:
		return appendInt
	case shape.Uint:
		return appendUint
	case shape.Float:
		return floats(t.Bits)
	case shape.String:
		return appendText
	case shape.Bytes:
		return appendBytes
	case shape.Time:
		return appendTime
	case shape.Duration:
		return appendDuration
	case shape.Text:
		return c.text(t, path)
	case shape.Decimal:
		return c.number(t, path)
	case shape.Custom:
		return c.custom(t, path)
	case shape.Struct:
		return c.object(t, path)
	case shape.Any:
		if t.Go.Kind() != reflect.Interface {
			return c.custom(t, path)
		}
		return appendAny
	case shape.Union:
		return c.union(t, path)
	case shape.Map:
		return c.mapping(t, path)
	case shape.Slice, shape.Array:
		return arrays(c.compile(t.Elem, path+"[]"))
	case shape.Pointer:
		return pointers(c.compile(t.Elem, path))
	case shape.Null, shape.Opt:
		return wrappers(t, c.compile(t.Elem, path))
	}
	c.faultf(path, "cannot be encoded: %s has no JSON form", t.Go)
	return nil
}

// maxDepth bounds the nesting of arrays and objects, so that a value that contains itself is an error.
const maxDepth = 1000

var errDepth = errors.New("arrays and objects are nested more than 1000 deep, or a value contains itself")

// located is an error at a path of Go fields.
type located struct {
	path string
	err  error
}

func (e *located) Error() string { return "encode " + e.path + ": " + e.err.Error() }

func (e *located) Unwrap() error { return e.err }

// at puts one more step in front of the path of err. Of a long path the end is kept.
func at(step string, err error) error {
	var l *located
	if !errors.As(err, &l) {
		return &located{path: step, err: err}
	}
	if len(l.path) > 200 {
		return err
	}
	if l.path[0] != '[' {
		step += "."
	}
	l.path = step + l.path
	return l
}
