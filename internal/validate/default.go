package validate

import (
	"encoding/json/jsontext"
	jsonv2 "encoding/json/v2"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
)

// Default returns what sets a value of t, wrappers included, to the tag default. r are the whole rules of the field, for the
// default of a slice must suit its items. A scalar is written as in a query; a slice as its items separated by commas, "" for
// none; a type with JSON methods as JSON. Anything else has no default.
//
// Each value is the request's own: a handler may change it without changing what the next request gets.
func Default(t *shape.Type, r tag.Rules, formats Formats) (func(dst reflect.Value), error) {
	c, errs := Compile(t, withoutSamples(r), formats)
	if errs != nil {
		return nil, errors.Join(errs...)
	}
	set, err := sample(t, r, formats, c)
	if err != nil {
		return nil, fmt.Errorf("tag default: %w", err)
	}
	v := reflect.New(t.Go).Elem()
	if err := try(set, v, r.Default); err != nil {
		return nil, fmt.Errorf("tag default: %q %w", r.Default, err)
	}
	switch {
	case flat(t.Go):
		return func(dst reflect.Value) { dst.Set(v) }, nil
	case t.Go.Kind() == reflect.Slice && flat(t.Go.Elem()):
		return func(dst reflect.Value) {
			dst.Set(reflect.MakeSlice(t.Go, v.Len(), v.Len()))
			reflect.Copy(dst, v)
		}, nil
	}
	return func(dst reflect.Value) { set(dst, r.Default, &Faults{}) }, nil // the text was read without a fault above
}

// flat reports whether a copy of a value shares nothing with it that can be changed.
func flat(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return false
	case reflect.Array:
		return flat(t.Elem())
	case reflect.Struct:
		for f := range t.Fields() {
			if !flat(f.Type) {
				return t == reflect.TypeFor[time.Time]()
			}
		}
	}
	return true
}

func withoutSamples(r tag.Rules) tag.Rules {
	r.HasDefault, r.Default, r.Examples = false, "", nil
	return r
}

// samples checks the default and the examples of a field by its own rules.
func samples(t *shape.Type, r tag.Rules, formats Formats, c *Checks) []error {
	if !r.HasDefault && len(r.Examples) == 0 {
		return nil
	}
	set, err := sample(t, r, formats, c)
	if err != nil {
		if r.HasDefault {
			return []error{fmt.Errorf("tag default: %w", err)}
		}
		return nil // the example of an object: it is for the reader only
	}
	var errs []error
	if r.HasDefault {
		if err := try(set, reflect.New(t.Go).Elem(), r.Default); err != nil {
			errs = append(errs, fmt.Errorf("tag default: %q %w", r.Default, err))
		}
	}
	for _, example := range r.Examples {
		if err := try(set, reflect.New(t.Go).Elem(), example); err != nil {
			errs = append(errs, fmt.Errorf("tag example: %q %w", example, err))
		}
	}
	return errs
}

// sample returns what reads the text of a default or example, or an error when values of t cannot be written in a tag.
func sample(t *shape.Type, r tag.Rules, formats Formats, c *Checks) (Setter, error) {
	var set Setter
	switch plain := t.Plain(); plain.Kind {
	case shape.Custom, shape.Any:
		set = setJSON
	case shape.Slice:
		_, rules := shape.SplitRules(plain, r)
		checks, errs := Compile(plain.Elem, rules, formats)
		if errs != nil {
			return nil, errors.Join(errs...)
		}
		item, err := Scalar(plain.Elem, checks)
		if err != nil {
			return nil, fmt.Errorf("a value of %s cannot be written in a tag", t.Go)
		}
		set = setList(item, c)
	default:
		scalar, err := Scalar(plain, c)
		if err != nil {
			return nil, fmt.Errorf("a value of %s cannot be written in a tag", t.Go)
		}
		set = scalar
	}
	return wrap(t, set)
}

// setList reads a list of scalars that are separated by commas.
func setList(item Setter, c *Checks) Setter {
	return func(dst reflect.Value, text string, f *Faults) {
		var parts []string
		if text != "" {
			parts = strings.Split(text, ",")
		}
		dst.Set(reflect.MakeSlice(dst.Type(), len(parts), len(parts)))
		for i, part := range parts {
			f.PushIndex(i)
			item(dst.Index(i), part, f)
			f.Pop()
		}
		c.Items(len(parts), f)
		c.Unique(dst, f)
	}
}

func setJSON(dst reflect.Value, text string, f *Faults) {
	if !jsontext.Value(text).IsValid() || jsonv2.Unmarshal([]byte(text), dst.Addr().Interface()) != nil {
		f.Add(message.JSON.With())
	}
}
