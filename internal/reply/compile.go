package reply

import (
	"errors"
	"fmt"
	"net/http"
	"net/textproto"
	"net/url"
	"reflect"
	"slices"
	"strconv"

	"github.com/tenon-go/tenon/internal/encode"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
)

var (
	cookieType   = reflect.TypeFor[http.Cookie]()
	linksType    = reflect.TypeFor[interface{ Links(*url.URL) string }]()
	locationType = reflect.TypeFor[interface{ Location() string }]()
)

// Empty is the plan of an output without a body. The status is 204 or 205.
func Empty(status int) (*Plan, error) {
	if status != http.StatusNoContent && status != http.StatusResetContent {
		return nil, fmt.Errorf("NoContent goes with status 204 or 205, not %d", status)
	}
	return &Plan{Statuses: []int{status}, empty: true}, nil
}

// Compile makes the plan of an output for an operation with this method and status of success. Every fault is returned.
func Compile(out *shape.Type, method string, status int) (*Plan, []error) {
	if status == http.StatusNoContent || status == http.StatusResetContent {
		return nil, []error{fmt.Errorf("status %d has no body: the output must be *tenon.NoContent, not *%s", status, out.Go)}
	}
	pointer := reflect.PointerTo(out.Go)
	p := &Plan{Statuses: []int{status}, Links: pointer.Implements(linksType), locates: pointer.Implements(locationType)}
	if out.Kind == shape.Struct && out.IsInput() {
		return p, p.parts(out, method)
	}
	return p, p.body(out, nil, method)
}

// parts reads an output whose fields are status, header fields, cookies and the body.
func (p *Plan) parts(out *shape.Type, method string) []error {
	var faults []error
	for _, f := range out.Fields {
		errs := p.part(f, method)
		for _, err := range errs {
			faults = append(faults, fmt.Errorf("type %s: field %s: %w", out.Go, f.GoName, err))
		}
	}
	return faults
}

func (p *Plan) part(f *shape.Field, method string) []error {
	switch f.Source {
	case tag.Status:
		statuses, err := statusValues(f)
		if err != nil {
			return []error{err}
		}
		if p.statusAt != nil {
			return []error{errors.New("a second status")}
		}
		p.statusAt, p.Statuses = f.Index, statuses
	case tag.Header:
		text, err := textFor(f.Type)
		if err != nil {
			return []error{err}
		}
		p.Headers = append(p.Headers, Header{Name: textproto.CanonicalMIMEHeaderKey(f.Name), Field: f, text: text})
	case tag.Cookie:
		if f.Type.Plain().Go != cookieType {
			return []error{errors.New("a cookie of an output is an http.Cookie or a pointer to one")}
		}
		p.cookies = append(p.cookies, f.Index)
	case tag.Body:
		if p.Body != nil {
			return []error{errors.New("a second body")}
		}
		return p.body(f.Type, f.Index, method)
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
		if err != nil || code < 200 || code > 299 || code == http.StatusNoContent || code == http.StatusResetContent {
			return nil, fmt.Errorf("%q is not the status of a success with a body", text)
		}
		statuses = append(statuses, code)
	}
	return slices.Clip(statuses), nil
}

func (p *Plan) body(typ *shape.Type, index []int, method string) []error {
	p.Body, p.bodyAt = typ, index
	plain := typ.Plain()
	if method == http.MethodGet && (plain.Kind == shape.Slice || plain.Kind == shape.Array) {
		return []error{fmt.Errorf("type %s: a GET does not return a bare list: return a page.Of, or an object that bounds its list", typ.Go)}
	}
	if index != nil && !p.Links && reflect.PointerTo(plain.Go).Implements(linksType) {
		p.Links, p.linksBody = true, true
	}
	var faults []error
	p.encode, faults = encode.Compile(typ)
	return faults
}
