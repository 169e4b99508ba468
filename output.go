package tenon

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

// outPlan writes one type of output.
type outPlan struct {
	empty    bool // 204: nothing but the status
	status   int
	statusAt []int // field tagged status, nil is none
	statuses []int // what that field may hold
	headers  []headerPlan
	cookies  [][]int
	body     *shape.Type // nil: no body
	bodyAt   []int       // field tagged body, nil is the whole output
	encode   encode.Append
	links    bool // the output has Links(*url.URL) string
	locates  bool // the output has Location() string
	located  *locationPlan
}

// headerPlan writes one field of an output as a header field.
type headerPlan struct {
	name  string // canonical
	index []int
	field *shape.Field
	text  textOf
}

var (
	noContentType = reflect.TypeFor[NoContent]()
	cookieType    = reflect.TypeFor[http.Cookie]()
	linksType     = reflect.TypeFor[interface{ Links(*url.URL) string }]()
	locationType  = reflect.TypeFor[interface{ Location() string }]()
)

// planOutput decides how an output becomes status, header fields and body.
func (a *App) planOutput(p *plan, seen map[string]bool) []error {
	o := &p.out
	o.status = p.op.Status
	if p.handler.out == noContentType {
		o.empty = true
		if o.status == 0 {
			o.status = http.StatusNoContent
		}
		if o.status != http.StatusNoContent && o.status != http.StatusResetContent {
			return []error{fmt.Errorf("NoContent goes with status 204 or 205, not %d", o.status)}
		}
		return nil
	}
	if o.status == 0 {
		o.status = http.StatusOK
		if p.op.Method == http.MethodPost {
			o.status = http.StatusCreated
		}
	}
	if o.status == http.StatusNoContent || o.status == http.StatusResetContent {
		return []error{fmt.Errorf("status %d has no body: the output must be *tenon.NoContent, not *%s", o.status, p.handler.out)}
	}
	out, typeFaults := a.shapes.Read(p.handler.out)
	if len(typeFaults) > 0 {
		return fresh(typeFaults, seen)
	}
	pointer := reflect.PointerTo(p.handler.out)
	o.links, o.locates = pointer.Implements(linksType), pointer.Implements(locationType)
	if out.Kind == shape.Struct && out.IsInput() {
		return a.planParts(p, out, seen)
	}
	return o.planBody(p, out, nil, seen)
}

// planParts reads an output whose fields are status, header fields, cookies and the body.
func (a *App) planParts(p *plan, out *shape.Type, seen map[string]bool) []error {
	o := &p.out
	var faults []error
	fault := func(f *shape.Field, format string, args ...any) {
		faults = append(faults, fmt.Errorf("type %s: field %s: "+format, append([]any{out.Go, f.GoName}, args...)...))
	}
	for _, f := range out.Fields {
		switch f.Source {
		case tag.Status:
			statuses, err := statusValues(f)
			if err != nil || o.statusAt != nil {
				fault(f, "%w", cmpErr(err, errors.New("a second status")))
				continue
			}
			o.statusAt, o.statuses = f.Index, statuses
		case tag.Header:
			text, err := textFor(f.Type)
			if err != nil {
				fault(f, "%w", err)
				continue
			}
			o.headers = append(o.headers, headerPlan{name: textproto.CanonicalMIMEHeaderKey(f.Name), index: f.Index, field: f, text: text})
		case tag.Cookie:
			if f.Type.Plain().Go != cookieType {
				fault(f, "a cookie of an output is an http.Cookie or a pointer to one")
				continue
			}
			o.cookies = append(o.cookies, f.Index)
		case tag.Body:
			if o.body != nil {
				fault(f, "a second body")
				continue
			}
			faults = append(faults, o.planBody(p, f.Type, f.Index, seen)...)
		default:
			fault(f, "%s is for inputs; an output has status, header, cookie and body", f.Source)
		}
	}
	return faults
}

func cmpErr(err, other error) error {
	if err != nil {
		return err
	}
	return other
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
	return statuses, nil
}

func (o *outPlan) planBody(p *plan, typ *shape.Type, index []int, seen map[string]bool) []error {
	p.accept = true
	o.body, o.bodyAt = typ, index
	plain := typ.Plain()
	if p.op.Method == http.MethodGet && (plain.Kind == shape.Slice || plain.Kind == shape.Array) {
		return []error{fmt.Errorf("type %s: a GET does not return a bare list: return a page.Of, or an object that bounds its list", typ.Go)}
	}
	pointer := reflect.PointerTo(plain.Go)
	if index != nil {
		o.links = o.links || pointer.Implements(linksType)
		o.locates = o.locates || pointer.Implements(locationType)
	}
	var faults []error
	o.encode, faults = encode.Compile(typ)
	return fresh(faults, seen)
}

func (o *outPlan) allStatuses() []int {
	if o.statusAt == nil {
		return []int{o.status}
	}
	return slices.Sorted(slices.Values(o.statuses))
}
