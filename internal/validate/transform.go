package validate

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
)

// Transforms may make the texts of one request so much longer: growthBytes, and growthTimes what was sent. NFC needs three times at most.
const (
	growthBytes = 1 << 20
	growthTimes = 3
)

// Transform makes of a submitted text what the rules are about. A text with U+0000 is left to them: they refuse it. A text that became
// longer than texts may be, alone or with the others of the request, is a fault, and ok is false.
func (c *Checks) Transform(s string, f *Faults) (made string, ok bool) {
	if c == nil || c.change == nil || strings.IndexByte(s, 0) >= 0 {
		return s, true
	}
	made = c.change(s)
	f.sent += len(s)
	f.made += len(made)
	if len(made) <= len(s) {
		return made, true
	}
	most := cmp.Or(f.TextBytes, 64<<10)
	if c.text != nil {
		most = max(most, utf8.UTFMax*c.text.maxLength)
	}
	switch {
	case len(made) > most:
		f.Add(message.MaxLengthBytes.With(most))
	case f.made > growthTimes*f.sent+growthBytes:
		f.Add(message.Grown.With())
	default:
		return made, true
	}
	return "", false
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

// atStart is what a transform, if there is one, makes of a text of the program. Its panic is a fault of the field.
func atStart(change func(string) string, text string) (changed string, err error) {
	if change == nil {
		return text, nil
	}
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
