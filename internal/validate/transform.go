package validate

import (
	"fmt"
	"strings"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
)

// Transform makes of a submitted text what the rules are about. A text with U+0000 is left to them: they refuse it.
func (c *Checks) Transform(s string) string {
	if c == nil || c.change == nil || strings.IndexByte(s, 0) >= 0 {
		return s
	}
	return c.change(s)
}

// compileTransform puts the transforms that the tag names into a row. The default must be what they make of it, so that the
// document tells the value that the handler gets.
func (c *Checks) compileTransform(t *shape.Type, r tag.Rules, formats Formats) []error {
	if r.Transform == nil {
		return nil
	}
	var all []func(string) string
	var errs []error
	for _, name := range r.Transform {
		one := formats[name].Transform
		if one == nil {
			known := formats.known(func(f Format) bool { return f.Transform != nil })
			errs = append(errs, fmt.Errorf("tag transform: %q is not known, want one of %s", name, known))
		}
		all = append(all, one)
	}
	if errs != nil {
		return errs
	}
	change := func(s string) string {
		for _, one := range all {
			s = one(s)
		}
		return s
	}
	defaults := []string{r.Default}
	if isList(t.Kind) { // the change is for the items
		defaults = strings.Split(r.Default, ",")
	} else {
		c.change = change
	}
	if !r.HasDefault {
		return nil
	}
	for _, text := range defaults {
		changed, err := atStart(change, text)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("tag default: %w", err))
		case changed != text:
			errs = append(errs, fmt.Errorf("tag default: the transform makes %q of %q; write it so", changed, text))
		}
	}
	return errs
}

// atStart is what a transform makes of a text of the program. Its panic is a fault of the field.
func atStart(change func(string) string, text string) (changed string, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("the transform panicked at %q: %v", text, v)
		}
	}()
	return change(text), nil
}

// isEmpty reports whether there is nothing to do for any value.
func (c *Checks) isEmpty() bool {
	return c.change == nil && c.text == nil && c.ints == nil && c.uints == nil && c.floats == nil && c.exact == nil && c.items == nil
}
