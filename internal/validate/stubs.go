package validate

import (
	"context"
	"reflect"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
)

// Format is a named form of text. Message says what a value must be.
type Format struct {
	Check   func(string) bool
	Message string
}

// Formats are the formats that a tag may name.
type Formats map[string]Format

// Builtin returns the formats of the framework, a fresh map each time.
func Builtin() Formats { return Formats{} }

// Checks are the compiled rules for one value. A nil *Checks has no rules. It is read-only and safe for concurrent use.
type Checks struct{}

// Compile compiles the rules of r for a value of type t; wrappers around t are ignored.
func Compile(t *shape.Type, r tag.Rules, formats Formats) (*Checks, []error) { return nil, nil }

// String judges a string: U+0000 always (also when c is nil), then the words.
func (c *Checks) String(s string, f *Faults) {}

// Int judges an integer.
func (c *Checks) Int(n int64, f *Faults) {}

// Uint judges an integer of 0 or more.
func (c *Checks) Uint(n uint64, f *Faults) {}

// Float judges a number.
func (c *Checks) Float(n float64, f *Faults) {}

// Items judges the number of items of an array, or of members of a map.
func (c *Checks) Items(n int, f *Faults) {}

// Unique judges the items of a slice or array.
func (c *Checks) Unique(v reflect.Value, f *Faults) {}

// Split parts the rules of an array or map into its own and those of its items.
func Split(t *shape.Type, r tag.Rules) (own, item tag.Rules) { return r, r }

// Setter parses text, checks it and sets dst.
type Setter func(dst reflect.Value, text string, f *Faults)

// Scalar compiles the reading of text into a scalar.
func Scalar(t *shape.Type, c *Checks) (Setter, error) { return nil, nil }

// Default returns the value of the tag default.
func Default(t *shape.Type, r tag.Rules, formats Formats) (reflect.Value, error) {
	return reflect.Value{}, nil
}

// Custom returns what runs the type's own Validate methods; nil when it has none.
func Custom(t *shape.Type) func(ctx context.Context, v reflect.Value, f *Faults) error { return nil }
