package validate

import (
	"encoding/json/jsontext"
	"fmt"
	"regexp"

	"github.com/tenon-go/tenon/internal/exact"
	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/problem"
)

// Compile compiles the rules of r for a value of type t; wrappers around t (Opt, Null, pointers) are ignored. A type's own Enum
// counts as a rule. The rules of an array or map may be given whole or already parted by shape.SplitRules: words for items are left to the
// Compile of the items.
//
// Faults: a word that does not suit the type, an unknown format, bounds outside the type or that no value can meet, a value of
// enum that the type or another rule refuses, a default or example that breaks the field's own rules.
func Compile(t *shape.Type, r tag.Rules, formats Formats) (*Checks, []error) {
	plain := t.Plain()
	if errs := misfits(plain, &r); errs != nil {
		return nil, errs
	}
	c := &Checks{}
	var errs []error
	switch k := plain.Kind; {
	case isText(k):
		errs = c.compileText(plain, r, formats)
	case k == shape.Int:
		c.ints, errs = compileNumbers(plain, r, func(s string) (int64, error) { return exactInt(s, plain.Bits) })
	case k == shape.Uint:
		c.uints, errs = compileNumbers(plain, r, func(s string) (uint64, error) { return exactUint(s, plain.Bits) })
	case k == shape.Float:
		c.floats, errs = compileNumbers(plain, r, func(s string) (float64, error) { return nearestFloat(s, plain.Bits) })
	case k == shape.Decimal:
		c.exact, errs = compileDecimals(r)
	case isList(k):
		errs = c.compileItems(plain, r)
	}
	if errs == nil {
		errs = c.compileTransform(plain, r, formats)
	}
	if errs == nil {
		errs = c.compileMultiple(plain, r)
	}
	if errs == nil {
		errs = c.compileEnum(plain, r)
	}
	if errs == nil {
		errs = samples(t, r, formats, c)
	}
	if errs != nil {
		return nil, errs
	}
	if c.isEmpty() {
		return nil, nil
	}
	return c, nil
}

func (c *Checks) compileText(t *shape.Type, r tag.Rules, formats Formats) (errs []error) {
	x := &text{maxLength: -1}
	if r.MinLength != nil {
		x.minLength = *r.MinLength
		x.shorter = message.MinLength.With(x.minLength)
	}
	if r.MaxLength != nil {
		x.maxLength = *r.MaxLength
		x.longer = message.MaxLength.With(x.maxLength)
		if x.minLength > x.maxLength {
			errs = append(errs, fmt.Errorf("minLength %d is more than maxLength %d", x.minLength, x.maxLength))
		}
	}
	if r.Pattern != "" {
		pattern, err := regexp.Compile(r.Pattern)
		if err != nil {
			errs = append(errs, fmt.Errorf("tag pattern: %w", err))
		}
		x.pattern = pattern
		x.mismatch = message.Pattern.With(r.Pattern)
	}
	if err := x.compileFormat(t, r.Format, formats); err != nil {
		errs = append(errs, err)
	}
	if x.minLength > 0 || x.maxLength >= 0 || x.pattern != nil || x.format != nil {
		c.text = x
	}
	return errs
}

func (x *text) compileFormat(t *shape.Type, name string, formats Formats) error {
	own := map[shape.Kind]string{shape.Time: "date-time", shape.HTTPDate: "http-date", shape.Duration: "duration"}[t.Kind]
	switch {
	case name == "" || name == own:
		return nil // the type is the check
	case own != "":
		return fmt.Errorf("tag format: %s has the format %s, not %s", t.Go, own, name)
	}
	format, ok := formats[name]
	if ok && format.Check == nil && format.Transform == nil {
		return fmt.Errorf("tag format: %q has no check", name)
	}
	if format.Check == nil {
		return fmt.Errorf("tag format: %q is not known, want one of %s", name, formats.known(func(f Format) bool { return f.Check != nil }))
	}
	x.format = format.Check
	x.malformed = format.Fault
	return nil
}

func (c *Checks) compileItems(t *shape.Type, r tag.Rules) []error {
	x := &items{maxItems: -1}
	fewer, more := message.MinItems, message.MaxItems
	if t.Kind == shape.Map {
		fewer, more = message.MinProperties, message.MaxProperties
	}
	if r.MinItems != nil {
		x.minItems = *r.MinItems
		x.fewer = fewer.With(x.minItems)
	}
	if r.MaxItems != nil {
		x.maxItems = *r.MaxItems
		x.more = more.With(x.maxItems)
		if x.minItems > x.maxItems {
			return []error{fmt.Errorf("minItems %d is more than maxItems %d", x.minItems, x.maxItems)}
		}
	}
	if r.UniqueItems {
		x.unique = t.Elem
		x.repeated = message.UniqueItems.With()
	}
	if x.minItems > 0 || x.maxItems >= 0 || x.unique != nil {
		c.items = x
	}
	return nil
}

// compileNumbers reads the four bounds; parse reads a number exactly as the type holds it.
func compileNumbers[N bound](t *shape.Type, r tag.Rules, parse func(string) (N, error)) (*numbers[N], []error) {
	x := &numbers[N]{}
	var errs []error
	for _, b := range []struct {
		text          string
		says          *problem.Text
		above, strict bool
	}{
		{r.Minimum, message.Minimum, true, false},
		{r.ExclusiveMinimum, message.ExclusiveMinimum, true, true},
		{r.Maximum, message.Maximum, false, false},
		{r.ExclusiveMaximum, message.ExclusiveMaximum, false, true},
	} {
		if b.text == "" {
			continue
		}
		bound, err := parse(b.text)
		if err != nil {
			errs = append(errs, fmt.Errorf("tag %s: %s %w (%s)", b.says.Code(), b.text, err, t.Go))
			continue
		}
		x.limits = append(x.limits, limit[N]{above: b.above, strict: b.strict, bound: bound, beyond: b.says.With(exactly(b.text))})
	}
	if errs != nil {
		return nil, errs
	}
	if err := x.empty(); err != nil {
		return nil, []error{err}
	}
	if x.limits == nil {
		return nil, nil
	}
	return x, nil
}

// empty reports bounds that exclude each other.
func (r *numbers[N]) empty() error {
	for i := range r.limits {
		for j := range r.limits {
			low, high := &r.limits[i], &r.limits[j]
			if !low.above || high.above {
				continue
			}
			if low.bound > high.bound || (low.bound == high.bound && (low.strict || high.strict)) {
				return fmt.Errorf("%s and %s exclude every value", low.beyond.Code, high.beyond.Code)
			}
		}
	}
	return nil
}

func (c *Checks) compileMultiple(t *shape.Type, r tag.Rules) []error {
	if r.MultipleOf == "" {
		return nil
	}
	uneven := message.MultipleOf.With(exactly(r.MultipleOf))
	var err error
	switch t.Kind {
	case shape.Int:
		var m int64
		if m, err = exactInt(r.MultipleOf, t.Bits); err == nil && m > 0 {
			c.ints = orNew(c.ints)
			c.ints.multiple, c.ints.uneven = func(n int64) bool { return n%m == 0 }, uneven
		}
		if err == nil && m <= 0 {
			err = errNotAbove0
		}
	case shape.Uint:
		var m uint64
		if m, err = exactUint(r.MultipleOf, t.Bits); err == nil && m > 0 {
			c.uints = orNew(c.uints)
			c.uints.multiple, c.uints.uneven = func(n uint64) bool { return n%m == 0 }, uneven
		}
		if err == nil && m == 0 {
			err = errNotAbove0
		}
	case shape.Float:
		var step exact.Step
		if step, err = stepOf(r.MultipleOf); err == nil {
			c.floats = orNew(c.floats)
			c.floats.multiple, c.floats.uneven = func(n float64) bool { return step.DividesFloat(n, t.Bits) }, uneven
		}
	}
	if err != nil {
		return []error{fmt.Errorf("tag multipleOf: %s %w (%s)", r.MultipleOf, err, t.Go)}
	}
	return nil
}

func orNew[T any](p *T) *T {
	if p == nil {
		return new(T)
	}
	return p
}

// exactly is a number of a tag as a parameter: JSON where it is written so.
func exactly(text string) any {
	if exact.IsNumber(text) {
		return jsontext.Value(text)
	}
	return text
}
