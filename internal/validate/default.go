package validate

import (
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"reflect"
	"strings"

	jsonv2 "encoding/json/v2"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
)

// Default returns the value of the tag default as a value of t, wrappers included. r are the whole rules of the field, for the
// default of a slice must suit its items. A scalar is written as in a query; a slice as its items separated by commas, "" for
// none; a type with JSON methods as JSON. Anything else has no default.
//
// The value is shared by all requests: what it points to (the items of a slice) must be copied before it is handed out.
func Default(t *shape.Type, r tag.Rules, formats Formats) (reflect.Value, error) {
	c, errs := Compile(t, withoutSamples(r), formats)
	if errs != nil {
		return reflect.Value{}, errors.Join(errs...)
	}
	read, err := sample(t, r, formats, c)
	if err != nil {
		return reflect.Value{}, fmt.Errorf("tag default: %w", err)
	}
	v, err := read(r.Default)
	if err != nil {
		return reflect.Value{}, fmt.Errorf("tag default: %q %w", r.Default, err)
	}
	return v, nil
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
	read, err := sample(t, r, formats, c)
	if err != nil {
		if r.HasDefault {
			return []error{fmt.Errorf("tag default: %w", err)}
		}
		return nil // the example of an object: it is for the reader only
	}
	var errs []error
	if r.HasDefault {
		if _, err := read(r.Default); err != nil {
			errs = append(errs, fmt.Errorf("tag default: %q %w", r.Default, err))
		}
	}
	for _, example := range r.Examples {
		if _, err := read(example); err != nil {
			errs = append(errs, fmt.Errorf("tag example: %q %w", example, err))
		}
	}
	return errs
}

// sample returns what reads the text of a default or example, or an error when values of t cannot be written in a tag.
func sample(t *shape.Type, r tag.Rules, formats Formats, c *Checks) (func(string) (reflect.Value, error), error) {
	var set Setter
	switch plain := t.Plain(); plain.Kind {
	case shape.Custom:
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
	set, err := wrap(t, set)
	if err != nil {
		return nil, err
	}
	return func(text string) (reflect.Value, error) {
		v := reflect.New(t.Go).Elem()
		return v, try(set, v, text)
	}, nil
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
		f.Add("type", "must be JSON that the type accepts")
	}
}
