package validate

import (
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/problem"
)

// longestList is how many values of an enum a message names.
const longestList = 20

// compileEnum adds the values of the tag, or else those of the type's Enum method. The values must pass the rules compiled so far.
func (c *Checks) compileEnum(t *shape.Type, r tag.Rules) []error {
	values, source := r.Enum, "tag enum"
	if values == nil {
		values, source = t.Enum, fmt.Sprintf("method Enum of %s", t.Go)
	}
	if values == nil || isList(t.Kind) {
		return nil
	}
	var errs []error
	set, err := Scalar(t, c)
	if err != nil {
		return []error{err}
	}
	for _, value := range values {
		if r.Enum != nil && t.Enum != nil && !slices.Contains(t.Enum, value) {
			errs = append(errs, fmt.Errorf("tag enum: %q is not a value of %s", value, t.Go))
			continue
		}
		changed, err := atStart(c.change, value)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", source, err))
			continue
		}
		if changed != value {
			errs = append(errs, fmt.Errorf("%s: %q would never be met: the transform makes %q of it", source, value, changed))
			continue
		}
		if err := try(set, reflect.New(t.Go).Elem(), value); err != nil {
			errs = append(errs, fmt.Errorf("%s: %q %w", source, value, err))
		}
	}
	if errs != nil {
		return errs
	}
	foreign := listed(values, t.Kind)
	switch t.Kind {
	case shape.Int:
		c.ints = orNew(c.ints)
		c.ints.enum, c.ints.foreign = sorted(values, func(s string) (int64, error) { return exactInt(s, t.Bits) }), foreign
	case shape.Uint:
		c.uints = orNew(c.uints)
		c.uints.enum, c.uints.foreign = sorted(values, func(s string) (uint64, error) { return exactUint(s, t.Bits) }), foreign
	case shape.Float:
		c.floats = orNew(c.floats)
		c.floats.enum, c.floats.foreign = sorted(values, func(s string) (float64, error) { return nearestFloat(s, t.Bits) }), foreign
	case shape.Decimal:
		c.exact = orNew(c.exact)
		c.exact.enum, c.exact.foreign = exactNumbers(values), foreign
	default:
		if c.text == nil {
			c.text = &text{maxLength: -1}
		}
		c.text.enum, c.text.foreign = slices.Sorted(slices.Values(values)), foreign
	}
	return nil
}

func sorted[N int64 | uint64 | float64](values []string, parse func(string) (N, error)) []N {
	numbers := make([]N, 0, len(values))
	for _, value := range values {
		if n, err := parse(value); err == nil { // each was read before
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers
}

func listed(values []string, kind shape.Kind) problem.Fault {
	if len(values) > longestList {
		return message.EnumOfMany.With(len(values))
	}
	if !isNumber(kind) {
		return message.Enum.With(values)
	}
	numbers := make([]jsontext.Value, len(values))
	for i, value := range values {
		numbers[i] = jsontext.Value(value)
	}
	return message.Enum.With(numbers)
}

// try sets dst from the text of a tag. The fault is worded to follow the value: "breaks minimum: must be 1 or more". A panic of
// what the program brought, such as a transform, is one.
func try(set Setter, dst reflect.Value, text string) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("makes its reading panic: %v", v)
		}
	}()
	var f Faults
	set(dst, text, &f)
	errs := make([]error, 0, f.Len())
	for _, fault := range f.List {
		errs = append(errs, fmt.Errorf("breaks %s%s: %s", fault.Code, at(fault.Pointer), fault.Message))
	}
	return errors.Join(errs...)
}

func at(pointer string) string {
	if pointer == "" {
		return ""
	}
	return " at " + pointer
}
