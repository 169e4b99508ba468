package validate

import (
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/problem"
)

// Checks are the compiled rules for one value. A nil *Checks has none. It is read-only and safe for concurrent use; a
// value that is fine costs no allocation, except in Unique.
type Checks struct {
	// change is what the word transform makes of a text before it is judged; nil changes nothing.
	change func(string) string
	text   *text
	ints   *numbers[int64]
	uints  *numbers[uint64]
	floats *numbers[float64]
	exact  *decimals
	items  *items
}

// text are the rules for the text of a string value. Lengths are code points; a negative one is none.
type text struct {
	minLength, maxLength int
	shorter, longer      problem.Fault
	pattern              *regexp.Regexp
	mismatch             problem.Fault
	format               func(string) bool
	malformed            problem.Fault
	enum                 []string // sorted
	foreign              problem.Fault
}

// String judges the text of a string value: U+0000 always, also when c is nil, then the words. For the types that have a text
// form (time.Time, []byte, encoding.TextUnmarshaler) s is the text as it was submitted.
func (c *Checks) String(s string, f *Faults) {
	if strings.IndexByte(s, 0) >= 0 {
		f.Add(message.NUL.With())
	}
	if c == nil || c.text == nil {
		return
	}
	t := c.text
	t.length(s, f)
	if t.pattern != nil && !t.pattern.MatchString(s) {
		f.Add(t.mismatch)
	}
	if t.format != nil && !t.format(s) {
		f.Add(t.malformed)
	}
	if t.enum != nil {
		if _, ok := slices.BinarySearch(t.enum, s); !ok {
			f.Add(t.foreign)
		}
	}
}

// length counts code points only when the number of bytes leaves the answer open: n bytes are n/4 to n code points.
func (t *text) length(s string, f *Faults) {
	count := -1
	if t.minLength > 0 && len(s) < 4*t.minLength {
		if count = utf8.RuneCountInString(s); count < t.minLength {
			f.Add(t.shorter)
		}
	}
	if t.maxLength >= 0 && len(s) > t.maxLength {
		if count < 0 {
			count = utf8.RuneCountInString(s)
		}
		if count > t.maxLength {
			f.Add(t.longer)
		}
	}
}

// bound is how the bound of a rule is held.
type bound interface{ int64 | uint64 | float64 }

// numbers are the rules for one kind of number.
type numbers[N bound] struct {
	limits   []limit[N]
	multiple func(N) bool
	uneven   problem.Fault
	enum     []N // sorted
	foreign  problem.Fault
}

// limit is one bound; above: the value must be bound or more. Strict excludes the bound itself.
type limit[N bound] struct {
	above, strict bool
	bound         N
	beyond        problem.Fault
}

func (l *limit[N]) allows(n N) bool {
	switch {
	case l.above && l.strict:
		return n > l.bound
	case l.above:
		return n >= l.bound
	case l.strict:
		return n < l.bound
	}
	return n <= l.bound
}

func (r *numbers[N]) check(n N, f *Faults) {
	if r == nil {
		return
	}
	for i := range r.limits {
		if !r.limits[i].allows(n) {
			f.Add(r.limits[i].beyond)
		}
	}
	if r.multiple != nil && !r.multiple(n) {
		f.Add(r.uneven)
	}
	if r.enum != nil {
		if _, ok := slices.BinarySearch(r.enum, n); !ok {
			f.Add(r.foreign)
		}
	}
}

// Int judges an integer.
func (c *Checks) Int(n int64, f *Faults) {
	if c != nil {
		c.ints.check(n, f)
	}
}

// Uint judges an integer of 0 or more.
func (c *Checks) Uint(n uint64, f *Faults) {
	if c != nil {
		c.uints.check(n, f)
	}
}

// IntRange is what is said of an integer that does not fit into so many bits: the bounds of the type, or of the rules where they
// are narrower.
func (c *Checks) IntRange(width int) problem.Fault {
	low, high := int64(math.MinInt64)>>(64-width), int64(math.MaxInt64)>>(64-width)
	if c != nil {
		low, high = c.ints.within(low, high)
	}
	return message.Range.With(low, high)
}

// UintRange is IntRange for integers of 0 or more.
func (c *Checks) UintRange(width int) problem.Fault {
	low, high := uint64(0), uint64(math.MaxUint64)>>(64-width)
	if c != nil {
		low, high = c.uints.within(low, high)
	}
	return message.Range.With(low, high)
}

// within narrows the range of a type by the rules.
func (r *numbers[N]) within(low, high N) (N, N) {
	if r == nil {
		return low, high
	}
	for _, l := range r.limits {
		switch {
		case l.above && l.strict:
			low = max(low, l.bound+1)
		case l.above:
			low = max(low, l.bound)
		case l.strict:
			high = min(high, l.bound-1)
		default:
			high = min(high, l.bound)
		}
	}
	return low, high
}

// Float judges a number. A float32 is given as its exact float64.
func (c *Checks) Float(n float64, f *Faults) {
	if c != nil {
		c.floats.check(n, f)
	}
}

// items are the rules for an array, or for the number of members of a map. A negative maximum is none.
type items struct {
	minItems, maxItems int
	fewer, more        problem.Fault
	unique             *shape.Type // the type of the items, when they must differ
	repeated           problem.Fault
}

// Items judges the number of items of an array, or of members of a map.
func (c *Checks) Items(n int, f *Faults) {
	if c == nil || c.items == nil {
		return
	}
	if n < c.items.minItems {
		f.Add(c.items.fewer)
	}
	if c.items.maxItems >= 0 && n > c.items.maxItems {
		f.Add(c.items.more)
	}
}

// Unique judges whether the items of a slice or array differ, as JSON values. Lists of more than 32 strings or integers, and
// lists of anything else, cost memory in proportion to their size.
func (c *Checks) Unique(v reflect.Value, f *Faults) {
	if c == nil || c.items == nil || c.items.unique == nil {
		return
	}
	if repeats(c.items.unique, v) {
		f.Add(c.items.repeated)
	}
}
