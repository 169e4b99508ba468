package reply

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
)

var (
	cookieType   = reflect.TypeFor[http.Cookie]()
	linksType    = reflect.TypeFor[interface{ Links(*url.URL) string }]()
	locationType = reflect.TypeFor[interface{ Location() string }]()
)

// Compile makes the plan of an output for an operation with this method. The status of success is 0 when nobody said it. Every
// fault is returned.
func Compile(out *shape.Type, method string, status int, specials []Special) (*Plan, []error) {
	c := &compiler{method: method, specials: specials}
	p, faults := c.compile(out, status)
	if p != nil && p.Buffered() {
		p.simple = p.Outcomes == nil && p.statusAt == nil && !p.Links && !p.locates && p.Headers == nil && p.cookies == nil
	}
	return p, faults
}

type compiler struct {
	method   string
	specials []Special
}

func (c *compiler) compile(out *shape.Type, status int) (*Plan, []error) {
	if s := c.special(out.Go); s != nil {
		return s.compile(status)
	}
	if err := out.Whole(); err != nil {
		return nil, []error{err}
	}
	if bodiless(status) {
		return nil, []error{fmt.Errorf("status %d has no body: the output must be *tenon.NoContent, not *%s", status, out.Go)}
	}
	if status >= http.StatusMultipleChoices {
		return nil, []error{fmt.Errorf("status %d is that of a *tenon.Redirect, not of a *%s", status, out.Go)}
	}
	said := status != 0
	if !said {
		status = http.StatusOK
		if c.method == http.MethodPost {
			status = http.StatusCreated
		}
	}
	pointer := reflect.PointerTo(out.Go)
	p := &Plan{Statuses: []int{status}, Links: pointer.Implements(linksType), locates: pointer.Implements(locationType)}
	if out.Kind != shape.Struct || !out.IsInput() {
		return p, c.body(p, out, nil)
	}
	faults := c.parts(p, out, said)
	if p.Outcomes == nil && p.Ranges() {
		if !said && p.statusAt == nil {
			p.Statuses = []int{http.StatusOK}
		}
		if len(p.Statuses) != 1 || p.Statuses[0] != http.StatusOK {
			faults = append(faults, fmt.Errorf("type %s: a file is answered with 200, not with %d", out.Go, slices.Max(p.Statuses)))
		}
	}
	return p, faults
}

// parts reads an output whose fields are status, header fields, cookies and the body, or several outcomes.
func (c *compiler) parts(p *Plan, out *shape.Type, said bool) []error {
	var faults []error
	for _, f := range out.Fields {
		for _, err := range c.part(p, f) {
			faults = append(faults, fmt.Errorf("type %s: field %s: %w", out.Go, f.GoName, err))
		}
	}
	if err := p.checkType(); err != nil && len(faults) == 0 {
		faults = append(faults, fmt.Errorf("type %s: %w", out.Go, err))
	}
	if p.Outcomes == nil {
		return faults
	}
	if p.statusAt != nil || p.Body != nil || said || p.Links || p.locates {
		faults = append(faults, fmt.Errorf("type %s: it has outcomes, which say status, body and what their methods make", out.Go))
	}
	p.Statuses = nil
	return faults
}

func (c *compiler) part(p *Plan, f *shape.Field) []error {
	switch f.Source {
	case tag.Status:
		if f.Tag.Code != 0 {
			return c.addOutcome(p, f)
		}
		statuses, err := statusValues(f)
		if err != nil {
			return []error{err}
		}
		if p.statusAt != nil {
			return []error{errors.New("a second status")}
		}
		p.statusAt, p.Statuses = f.Index, statuses
	case tag.Header:
		if err := p.header(f); err != nil {
			return []error{err}
		}
	case tag.Cookie:
		if f.Type.Plain().Go != cookieType {
			return []error{errors.New("a cookie of an output is an http.Cookie or a pointer to one")}
		}
		p.cookies = append(p.cookies, f.Index)
	case tag.Body:
		if p.Body != nil {
			return []error{errors.New("a second body")}
		}
		return c.body(p, f.Type, f)
	default:
		return []error{fmt.Errorf("%s is for inputs; an output has status, header, cookie and body", f.Source)}
	}
	return nil
}

func statusValues(f *shape.Field) ([]int, error) {
	if f.Type.Kind != shape.Int || len(f.Tag.Rules.Enum) == 0 {
		return nil, errors.New("a status is an int that lists its values, such as status:\"\" enum:\"200,201\"")
	}
	var statuses []int
	for _, text := range f.Tag.Rules.Enum {
		code, err := strconv.Atoi(text)
		if err != nil || code < 200 || code > 299 || bodiless(code) {
			return nil, fmt.Errorf("%q is not the status of a success with a body", text)
		}
		statuses = append(statuses, code)
	}
	return slices.Clip(statuses), nil
}
