package validate

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"

	"github.com/tenon-go/tenon/internal/exact"
	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/problem"
)

// longestDecimal is the longest text of a decimal that is looked at.
const longestDecimal = 1024

// decimals are the rules for a number that is judged by its text, without rounding.
type decimals struct {
	limits  []decimalLimit
	step    *exact.Step
	uneven  problem.Fault
	enum    []exact.Number
	foreign problem.Fault
}

// decimalLimit is one bound. allowed tells, by the order of the value and the bound, whether the value meets it.
type decimalLimit struct {
	above   bool
	bound   exact.Number
	allowed func(order int) bool
	beyond  problem.Fault
}

// Decimal judges a number by its text, which is one of JSON.
func (c *Checks) Decimal(text string, f *Faults) {
	if c == nil || c.exact == nil {
		return
	}
	n, ok := exact.Parse(text)
	if !ok {
		return
	}
	for i := range c.exact.limits {
		if l := &c.exact.limits[i]; !l.allowed(n.Compare(l.bound)) {
			f.Add(l.beyond)
		}
	}
	if c.exact.step != nil && !n.IsMultipleOf(*c.exact.step) {
		f.Add(c.exact.uneven)
	}
	if c.exact.enum != nil && !slices.Contains(c.exact.enum, n) {
		f.Add(c.exact.foreign)
	}
}

func compileDecimals(r tag.Rules) (*decimals, []error) {
	x := &decimals{}
	for _, b := range []struct {
		text    string
		says    *problem.Text
		above   bool
		allowed func(order int) bool
	}{
		{r.Minimum, message.Minimum, true, func(order int) bool { return order >= 0 }},
		{r.ExclusiveMinimum, message.ExclusiveMinimum, true, func(order int) bool { return order > 0 }},
		{r.Maximum, message.Maximum, false, func(order int) bool { return order <= 0 }},
		{r.ExclusiveMaximum, message.ExclusiveMaximum, false, func(order int) bool { return order < 0 }},
	} {
		if bound, ok := exact.Parse(b.text); ok {
			x.limits = append(x.limits, decimalLimit{above: b.above, bound: bound, allowed: b.allowed, beyond: b.says.With(exactly(b.text))})
		}
	}
	if r.MultipleOf != "" {
		step, err := stepOf(r.MultipleOf)
		if err != nil {
			return nil, []error{fmt.Errorf("tag multipleOf: %s %w", r.MultipleOf, err)}
		}
		x.step, x.uneven = &step, message.MultipleOf.With(exactly(r.MultipleOf))
	}
	if err := x.empty(); err != nil {
		return nil, []error{err}
	}
	if x.limits == nil && x.step == nil {
		return nil, nil
	}
	return x, nil
}

// empty reports bounds that exclude each other.
func (x *decimals) empty() error {
	for _, low := range x.limits {
		for _, high := range x.limits {
			if !low.above || high.above {
				continue
			}
			order := low.bound.Compare(high.bound)
			if order > 0 || order == 0 && (!low.allowed(0) || !high.allowed(0)) {
				return fmt.Errorf("%s and %s exclude every value", low.beyond.Code, high.beyond.Code)
			}
		}
	}
	return nil
}

func exactNumbers(texts []string) []exact.Number {
	numbers := make([]exact.Number, 0, len(texts))
	for _, text := range texts {
		if n, ok := exact.Parse(text); ok { // each was read before
			numbers = append(numbers, n)
		}
	}
	return numbers
}

func setDecimal(t *shape.Type, c *Checks) (Setter, error) {
	if !reflect.PointerTo(t.Go).Implements(textUnmarshaler) {
		return nil, fmt.Errorf("%s has MarshalText but no UnmarshalText on its pointer, so it cannot be read", t.Go)
	}
	return func(dst reflect.Value, text string, f *Faults) {
		switch {
		case len(text) > longestDecimal:
			f.Add(message.RangeLength.With(longestDecimal))
			return
		case !exact.IsNumber(text):
			f.Add(message.Number.With())
			return
		}
		before := f.Len()
		c.Decimal(text, f)
		m, _ := reflect.TypeAssert[encoding.TextUnmarshaler](dst.Addr())
		if err := m.UnmarshalText([]byte(text)); err != nil && f.Len() == before { // a broken rule says more than the type does
			f.Add(decimalFault(err))
		}
	}, nil
}

// decimalFault takes the words of a problem.Fault, as textFault does.
func decimalFault(err error) problem.Fault {
	if _, ok := errors.AsType[problem.Fault](err); ok {
		return textFault(err)
	}
	return message.RangeNumber.With()
}

// appendDecimal writes equal numbers alike.
func appendDecimal(b []byte, v reflect.Value) ([]byte, bool) {
	quoted, ok := appendText(nil, v)
	if !ok {
		return b, false
	}
	text, err := strconv.Unquote(string(quoted))
	n, isNumber := exact.Parse(text)
	if err != nil || !isNumber {
		return b, false
	}
	b, err = n.AppendText(b)
	return b, err == nil
}
