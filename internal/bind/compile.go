package bind

import (
	"cmp"
	"errors"
	"fmt"
	"net/textproto"
	"slices"

	"github.com/tenon-go/tenon/internal/ascii"
	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

// Compile makes the plan for the fields of t that come from path, query, header or cookie; others are left alone. path are the
// names of the wildcards of the route, in their order.
//
// Scalars come from anywhere; slices of scalars from query parameters, in the style of their tag, and from header lists; flat structs
// and maps from query parameters in the style deepObject. In a parameter null does not
// exist: a pointer that is absent is nil, and Null[T] must be present and is then not null.
//
// more are further inputs of the same request. A parameter that several inputs have must have one type and the same rules.
func Compile(t *shape.Type, path []string, formats validate.Formats, lim Limits, more ...*shape.Type) (*Plan, []error) {
	p := &Plan{limits: Limits{QueryPairs: cmp.Or(lim.QueryPairs, 100), Cookies: cmp.Or(lim.Cookies, 50)}}
	c := &compiler{input: t, formats: formats, pairs: p.limits.QueryPairs}
	p.path = make([]*param, len(path))
	var query, cookie []*param
	var seen []*known
	for input, of := range append([]*shape.Type{t}, more...) {
		c.input = of
		for _, f := range of.Fields {
			i := slices.Index(path, f.Name)
			switch {
			case f.Source != tag.Path && f.Source != tag.Query && f.Source != tag.Header && f.Source != tag.Cookie:
				continue
			case f.Source == tag.Path && i < 0:
				c.fault(f, fmt.Errorf("the path has no wildcard {%s}", f.Name))
				continue
			}
			if input > 0 {
				if k := find(seen, f); k != nil {
					p.shares = append(p.shares, share{from: k.param, input: input, index: f.Index})
					c.agree(k, f)
					continue
				}
			}
			q := c.param(f)
			q.input = input
			seen = append(seen, &known{f, of, q})
			switch f.Source {
			case tag.Path:
				p.path[i] = q
			case tag.Query:
				query = append(query, q)
			case tag.Header:
				q.key = textproto.CanonicalMIMEHeaderKey(f.Name)
				p.header = append(p.header, q)
			case tag.Cookie:
				cookie = append(cookie, q)
			}
		}
	}
	c.input = t
	for i, name := range path {
		if p.path[i] == nil {
			c.errs = append(c.errs, fmt.Errorf("type %s: no field takes the wildcard {%s}; add one tagged path:%q", t.Go, name, name))
		}
	}
	if c.errs != nil {
		return nil, c.errs
	}
	c.overlaps(query)
	if c.errs != nil {
		return nil, c.errs
	}
	p.query, p.cookie = newTable(query), newTable(cookie)
	p.none = len(path)+len(query)+len(p.header)+len(cookie) == 0
	return p, nil
}

type compiler struct {
	input   *shape.Type
	formats validate.Formats
	pairs   int // the most items of a list that is one value and declares no maxItems
	errs    []error
}

func (c *compiler) fault(f *shape.Field, err error) {
	c.errs = append(c.errs, fmt.Errorf("type %s: field %s: %w", c.input.Go, f.GoName, err))
}

// param compiles one field. After a fault the result is not used, but it is never nil.
func (c *compiler) param(f *shape.Field) *param {
	q := &param{name: f.Name, key: f.Name, index: f.Index, required: f.Required}
	if err := suits(f); err != nil {
		c.fault(f, err)
		return q
	}
	if f.Tag.Style == tag.DeepObject {
		c.deep(f, q)
		return q
	}
	plain := f.Type.Plain()
	if isUpload(plain) {
		c.upload(f, q)
		return q
	}
	checks, errs := validate.Compile(f.Type, f.Tag.Rules, c.formats)
	for _, err := range errs {
		c.fault(f, err)
	}
	var err error
	if plain.Kind == shape.Slice {
		_, rules := shape.SplitRules(f.Type, f.Tag.Rules)
		items, itemErrs := validate.Compile(plain.Elem, rules, c.formats)
		if errs == nil { // else they are among them when a default made them known
			for _, err := range itemErrs {
				c.fault(f, err)
			}
		}
		errs = append(errs, itemErrs...)
		q.list = &list{target: open(f.Type), checks: checks, custom: validate.Custom(plain)}
		q.split, q.most, q.over = f.Tag.Separator(), c.pairs, message.MaxItems.With(c.pairs)
		if f.Tag.Rules.MaxItems != nil {
			q.most, q.over = *f.Tag.Rules.MaxItems+1, problem.Fault{} // one more, so that the rule sees it
		}
		q.custom = validate.Custom(plain.Elem)
		q.set, err = validate.Scalar(plain.Elem, items)
	} else {
		q.custom = validate.Custom(f.Type)
		q.set, err = validate.Scalar(f.Type, checks)
	}
	if err != nil {
		c.fault(f, err)
	}
	if f.Tag.Rules.HasDefault && errs == nil && err == nil {
		if q.fallback, err = validate.Default(f.Type, f.Tag.Rules, c.formats); err != nil {
			c.fault(f, err)
		}
	}
	return q
}

func isUpload(plain *shape.Type) bool {
	return plain.Kind == shape.Upload || plain.Kind == shape.Slice && plain.Elem.Kind == shape.Upload
}

// upload compiles a file of a form, or a list of files. What is in them is not judged here.
func (c *compiler) upload(f *shape.Field, q *param) {
	q.file = open(f.Type)
	plain := f.Type.Plain()
	rules := f.Tag.Rules
	if rules.HasDefault || rules.UniqueItems {
		c.fault(f, errors.New("an upload has no default, and uploads are not compared: the words default and uniqueItems do not apply"))
	}
	checks, errs := validate.Compile(f.Type, rules, c.formats)
	if plain.Kind == shape.Slice {
		_, item := shape.SplitRules(plain, rules)
		_, itemErrs := validate.Compile(plain.Elem, item, c.formats)
		errs = append(errs, itemErrs...)
		q.list = &list{target: q.file, checks: checks}
	}
	for _, err := range errs {
		c.fault(f, err)
	}
}

// suits reports why a field cannot be a parameter of its source.
func suits(f *shape.Field) error {
	if (f.Source == tag.Header || f.Source == tag.Cookie) && !ascii.IsToken(f.Name) {
		return fmt.Errorf("%q is not the name of a %s (a token of RFC 9110, section 5.6.2)", f.Name, f.Source)
	}
	plain := f.Type.Plain()
	switch plain.Kind {
	case shape.Struct, shape.Union, shape.Map, shape.Custom, shape.Any:
		if f.Source == tag.Query && (plain.Kind == shape.Struct || plain.Kind == shape.Map) {
			if f.Tag.Style == tag.DeepObject {
				break
			}
			return fmt.Errorf("%s has no text form for a query parameter; take it from the body, or give it UnmarshalText or style:\"deepObject\"", plain.Go)
		}
		return fmt.Errorf("%s has no text form for a %s parameter; take it from the body, or give it UnmarshalText", plain.Go, f.Source)
	case shape.Array:
		return fmt.Errorf("%s: use a slice with minItems and maxItems for a parameter", plain.Go)
	case shape.Slice:
		return suitsList(f, plain)
	}
	if f.Tag.Rules.ReadOnly || f.Tag.Rules.WriteOnly {
		return errors.New("readOnly and writeOnly are for members of a body, not for parameters")
	}
	if f.Source != tag.Path {
		return nil
	}
	switch {
	case f.Type.Kind == shape.Opt || f.Type.Kind == shape.Pointer || f.Type.Kind == shape.Null:
		return fmt.Errorf("a path parameter is always present: use %s, not %s", plain.Go, f.Type.Go)
	case f.Tag.Rules.HasDefault:
		return errors.New("a path parameter is always present, so it has no default")
	}
	return nil
}

func suitsList(f *shape.Field, plain *shape.Type) error {
	switch f.Source {
	case tag.Path:
		return fmt.Errorf("a path parameter holds one value, not %s", plain.Go)
	case tag.Cookie:
		return fmt.Errorf("a cookie holds one value, not %s", plain.Go)
	}
	switch plain.Elem.Plain().Kind {
	case shape.HTTPDate:
		return errors.New("an HTTP date holds a comma, so a header cannot list several")
	case shape.Upload:
		if plain.Elem.Kind != shape.Upload {
			return fmt.Errorf("%s: a list of files is a []tenon.Upload", plain.Go)
		}
	case shape.Slice, shape.Array, shape.Struct, shape.Union, shape.Map, shape.Custom, shape.Any:
		return fmt.Errorf("%s has items without a text form; take it from the body", plain.Go)
	}
	return nil
}
