package codec

import (
	"fmt"
	"reflect"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/internal/validate"
)

// compiler turns types into nodes. Types may hold themselves: what was begun is found again in objects and begun.
type compiler struct {
	formats validate.Formats
	limits  Limits
	objects map[*shape.Type]*object
	unions  map[*shape.Type]*union
	begun   map[*shape.Type]*later
	faults  []error
}

func (c *compiler) fault(at string, err error) {
	c.faults = append(c.faults, fmt.Errorf("%s: %w", at, err))
}

// compile makes the node for a value of type t with the rules r; at names the field for faults.
func (c *compiler) compile(t *shape.Type, r tag.Rules, at string) node {
	switch t.Kind {
	case shape.Pointer:
		return &pointer{elem: t.Elem.Go, value: c.compile(t.Elem, r, at)}
	case shape.Null:
		return &nullable{valueField: fieldOf(t, "Value"), validField: fieldOf(t, "Valid"), value: c.compile(t.Elem, r, at)}
	case shape.Opt:
		return &optional{valueField: fieldOf(t, "Value"), setField: fieldOf(t, "Set"), value: c.compile(t.Elem, r, at)}
	case shape.Struct:
		if t.Sparse {
			c.fault(at, fmt.Errorf("%s is for answers: a request sends the whole, or a type whose members are Opt", t.Go))
		}
		c.checks(t, r, at)
		return c.object(t)
	}
	n := c.plain(t, r, at)
	if t.Validates {
		return &validated{value: n, check: validate.Custom(t)}
	}
	return n
}

func fieldOf(t *shape.Type, name string) int {
	f, _ := t.Go.FieldByName(name)
	return f.Index[0]
}

// plain is compile for what is neither a wrapper nor a struct.
func (c *compiler) plain(t *shape.Type, r tag.Rules, at string) node {
	switch t.Kind {
	case shape.Slice, shape.Array, shape.Map:
		return c.collection(t, r, at)
	case shape.Bool:
		c.checks(t, r, at)
		return boolean{}
	case shape.Int:
		return newInteger(t.Bits, c.checks(t, r, at))
	case shape.Uint:
		return newUnsigned(t.Bits, c.checks(t, r, at))
	case shape.Float:
		return newFloat(t.Bits, c.checks(t, r, at))
	case shape.String:
		if r.Transform != nil {
			return c.text(t, r, at)
		}
		return &str{limit: c.stringLimit(r), checks: c.checks(t, r, at)}
	case shape.Bytes, shape.Time, shape.Duration, shape.Text:
		return c.text(t, r, at)
	case shape.Decimal:
		return c.decimal(t, r, at)
	case shape.Any:
		c.checks(t, r, at)
		return &anything{raw: t.Go.Kind() == reflect.Slice, items: c.limits.Items, stringBytes: c.limits.StringBytes}
	case shape.Union:
		c.checks(t, r, at)
		return c.union(t)
	case shape.Custom:
		c.checks(t, r, at)
		return c.custom(t, at)
	}
	c.fault(at, fmt.Errorf("%s cannot be read from JSON", t.Go))
	return nil
}

func (c *compiler) checks(t *shape.Type, r tag.Rules, at string) *validate.Checks {
	checks, errs := validate.Compile(t, r, c.formats)
	for _, err := range errs {
		c.fault(at, err)
	}
	return checks
}

// stringLimit is the number of bytes that a string may have: a code point takes up to four.
func (c *compiler) stringLimit(r tag.Rules) int {
	if r.MaxLength == nil {
		return c.limits.StringBytes
	}
	return max(c.limits.StringBytes, 4**r.MaxLength)
}

func (c *compiler) text(t *shape.Type, r tag.Rules, at string) node {
	setter, err := validate.Scalar(t, c.checks(t, r, at))
	if err != nil {
		c.fault(at, err)
	}
	return &text{limit: c.stringLimit(r), setter: setter}
}

// collection compiles arrays and maps. A type that holds itself without a struct between, such as type Tree []Tree, has
// one node for all levels, so it takes no rules.
func (c *compiler) collection(t *shape.Type, r tag.Rules, at string) node {
	ruled := hasChecks(r)
	if l := c.begun[t]; l != nil {
		if ruled || l.ruled {
			c.fault(at, fmt.Errorf("type %s holds itself, so rules cannot be given to it", t.Go))
		}
		return l
	}
	l := &later{ruled: ruled}
	c.begun[t] = l
	own, item := shape.SplitRules(t, r)
	l.value = c.list(t, own, c.compile(t.Elem, item, at), at)
	delete(c.begun, t)
	return l.value
}

func (c *compiler) list(t *shape.Type, r tag.Rules, item node, at string) node {
	checks := c.checks(t, r, at)
	limit, own := c.limits.Items, true
	if r.MaxItems != nil {
		limit, own = *r.MaxItems, false
	}
	switch t.Kind {
	case shape.Array:
		return &list{goType: t.Go, item: item, fixed: true, limit: t.Len, checks: checks}
	case shape.Slice:
		// Room for few large items, so that many short arrays cannot claim much memory.
		first := max(1, min(4, 512/max(1, int(t.Elem.Go.Size()))))
		return &list{goType: t.Go, item: item, first: first, limit: limit, own: own, checks: checks}
	}
	key, err := validate.Scalar(t.Key, nil)
	if err != nil {
		c.fault(at, err)
	}
	return &mapping{goType: t.Go, key: key, value: item, limit: limit, own: own, nameBytes: c.limits.StringBytes, checks: checks}
}

// hasChecks reports whether r has words beyond those that only describe.
func hasChecks(r tag.Rules) bool {
	r.ReadOnly, r.WriteOnly, r.Deprecated, r.HasDefault, r.Default, r.Examples, r.Doc = false, false, false, false, "", nil, ""
	return !reflect.ValueOf(r).IsZero()
}
