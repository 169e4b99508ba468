// Package reply compiles outputs: how what a handler returns becomes a status, header fields and a body. Each kind of body has
// a file of its own: json.go, raw.go, special.go, stream.go.
package reply

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"

	"github.com/tenon-go/tenon/internal/shape"
)

// Plan writes one type of output. It is safe for concurrent use once the app is compiled.
type Plan struct {
	// Statuses are those that the output can have by itself; the first is the default. With Outcomes there are none.
	Statuses []int
	// Body is nil when there is none.
	Body *Body
	// Headers are the header fields that the output sets, without those that its methods make.
	Headers []Header
	// Links reports whether the output makes a Link field, by its method Links(*url.URL) string.
	Links bool
	// Outcomes are the answers of which an output holds exactly one.
	Outcomes []Outcome
	// HashBody says that a 200 has a strong ETag made of its body, unless the output says one; see Hash.
	HashBody bool

	statusAt  []int // field tagged status:""; nil is none
	cookies   [][]int
	typed     bool // a field says the Content-Type
	locates   bool // the output has Location() string
	located   *locationPlan
	linksBody bool // Links is a method of the body, not of the output
	special   *Special
	simple    bool // the output is a body in memory and nothing else, unless it is located
}

// Header is one header field that the output sets.
type Header struct {
	// Name is in canonical form.
	Name string
	// Field is the field of the output.
	Field *shape.Field

	text textOf
}

// Answer is what an output has become.
type Answer struct {
	// Status is the status code.
	Status int
	// Body is the whole body, or empty when there are a Sender, Items or no body.
	Body []byte
	// Sender sends a body that is not held in memory; nil is none. Whoever takes it closes it.
	Sender Sender
	// Items are a body that is sent item by item; nil is none.
	Items *Items
	// Header are the fields of an answer that is sent piece by piece, for whoever sends it; those of another are set already.
	Header http.Header
}

// Sender is a body that is sent piece by piece.
type Sender interface {
	// Send writes the status and, unless the method is HEAD, the body. It may set further header fields first: those of w are its
	// own until the status is written, so what fails before that leaves none behind. An error says that the body could not be
	// made; that the client left is none.
	Send(w http.ResponseWriter, r *http.Request, status int) error
	// Close frees what the body is read from. It is called once, also when nothing was sent.
	Close() error
}

// Cookies reports whether the output can set cookies.
func (p *Plan) Cookies() bool { return len(p.cookies) > 0 }

// Location reports whether a 201 of this output has a Location.
func (p *Plan) Location() bool { return p.locates || p.located != nil }

// Ranges reports whether a GET of the output may ask for a part.
func (p *Plan) Ranges() bool {
	for _, o := range p.Outcomes {
		if o.Plan.Ranges() {
			return true
		}
	}
	if p.Body != nil {
		if c, ok := p.Body.content.(specialContent); ok {
			return c.special.Ranges
		}
	}
	return p.special != nil && p.special.Ranges
}

// Streams reports whether the output can have a stream of events, and whether one of lines.
func (p *Plan) Streams() (events, lines bool) {
	if p.Body != nil && p.Body.Stream != nil {
		events = p.Body.Stream.Events()
		return events, !events
	}
	for _, o := range p.Outcomes {
		e, l := o.Plan.Streams()
		events, lines = events || e, lines || l
	}
	return events, lines
}

// Media are the media types of all bodies that the output can have.
func (p *Plan) Media() []string {
	var media []string
	if p.Body != nil {
		media = p.Body.Media
	}
	for _, o := range p.Outcomes {
		for _, m := range o.Plan.Media() {
			if !slices.Contains(media, m) {
				media = append(slices.Clip(media), m)
			}
		}
	}
	return media
}

var errNoOutput = errors.New("the handler returned neither an output nor an error")

// Request is what an answer depends on besides the output.
type Request struct {
	// URL is what the links of the output are relative to.
	URL *url.URL
	// Prefix is the path that a proxy took off before URL; a Location and the links have it.
	Prefix string
	// Suffix is what the path ends with that picked the form, such as .json; a Location is without it.
	Suffix string
	// Header holds the conditions of a GET or HEAD; nil when the request is another.
	Header http.Header
	// Form takes the place of JSON; nil is JSON.
	Form *Form
	// Version is the version of the answer where its URL does not say it; "" is none.
	Version string
	// Room is used again from answer to answer.
	Room *Room
	// Vary reports that another Accept field could have been answered in another form.
	Vary bool
}

// represented is an entity tag of the representation that is answered.
func (r *Request) represented(tag string) string {
	t := EntityTag(tag)
	if r.Version != "" {
		t = t.In(r.Version)
	}
	if r.Form != nil {
		t = t.In(r.Form.Media)
	}
	return string(t)
}

// Form is a media type that JSON is carried over to.
type Form struct {
	// Media is the media type.
	Media string
	// FromJSON makes a body of JSON text.
	FromJSON func(text []byte) ([]byte, error)
}

// Write makes the answer of an output: a pointer to the plan's type, or nil for one that is empty. Header fields are set in h,
// but those of an answer that is sent piece by piece; a body is appended to b. Nothing is sent, and after an error h is as it was,
// as after a condition that failed: 412.
func (p *Plan) Write(b []byte, h http.Header, r *Request, out any) (Answer, error) {
	if p.special != nil && p.special.Open == nil {
		return Answer{Status: p.Statuses[0], Body: b}, nil
	}
	if out == nil {
		return Answer{Body: b}, errNoOutput
	}
	a, fields, err := p.answer(b, r.Room.fields[:0], r, reflect.ValueOf(out).Elem(), out)
	if err == nil {
		err = checkFields(fields)
	}
	if err != nil {
		if a.Sender != nil {
			_ = a.Sender.Close() // the first error is the one to tell
		}
		return Answer{Body: b}, err
	}
	for i, f := range fields {
		if f.name == etag {
			fields[i].value = r.represented(f.value)
		}
	}
	if r.Header != nil {
		if a, fields = p.conditional(a, fields, r); a.Status == http.StatusPreconditionFailed {
			return a, nil
		}
	}
	if a.Status != http.StatusNotModified && (a.Sender != nil || a.Items != nil) {
		a.Header = make(http.Header, len(fields))
		h = a.Header
	}
	r.Room.setAll(h, fields)
	return a, nil
}

// answer makes the answer of one output or outcome and appends its header fields.
func (p *Plan) answer(b []byte, fields []field, r *Request, v reflect.Value, out any) (a Answer, _ []field, err error) {
	if p.Outcomes != nil {
		if a, fields, err = p.outcome(b, fields, r, v); err != nil {
			return a, nil, err
		}
		fields, err = p.fields(fields, v)
		return a, fields, err
	}
	a.Body = b
	if a.Status, err = p.status(v); err != nil {
		return a, nil, err
	}
	if p.special != nil {
		if p.special.Open != nil {
			a.Sender, err = p.special.Open(out, nil)
		}
		return a, fields, err
	}
	if p.Body != nil && p.Body.Stream != nil {
		if a.Items, err = p.Body.Stream.open(p.bodyOf(v)); err != nil {
			return a, nil, err
		}
		fields = p.Body.Stream.header(fields)
	} else if p.Body != nil {
		if a.Body, a.Sender, err = p.Body.content.write(b, p.bodyOf(v)); err != nil {
			return a, nil, err
		}
		if a.Body, fields, err = p.typeOf(a.Body, fields, r); err != nil {
			return a, nil, err
		}
	}
	if fields, err = p.fields(fields, v); err != nil {
		return a, nil, err
	}
	if p.Links {
		if links := p.self(v, out, p.linksBody).(interface{ Links(*url.URL) string }).Links(r.public()); links != "" {
			fields = append(fields, field{"Link", links})
		}
	}
	if a.Status == http.StatusCreated {
		fields, err = p.location(fields, v, out, r)
	}
	if r.Prefix != "" {
		r.prefixed(fields)
	}
	return a, fields, err
}

// typeOf adds the Content-Type of a body, and carries JSON over to another form.
func (p *Plan) typeOf(body []byte, fields []field, r *Request) ([]byte, []field, error) {
	if p.Body.ContentType != ContentType {
		if !p.typed && p.Body.ContentType != "" {
			fields = append(fields, field{"Content-Type", p.Body.ContentType}, field{"X-Content-Type-Options", "nosniff"})
		}
		return body, fields, nil
	}
	if r.Vary {
		fields = append(fields, field{"Vary", "Accept"})
	}
	if r.Form == nil {
		return body, append(fields, field{"Content-Type", ContentType}), nil
	}
	body, err := r.Form.FromJSON(body)
	if err != nil {
		return nil, nil, fmt.Errorf("write %s: %w", r.Form.Media, err)
	}
	return body, append(fields, field{"Content-Type", r.Form.Media}, field{"X-Content-Type-Options", "nosniff"}), nil
}

func (p *Plan) bodyOf(v reflect.Value) reflect.Value {
	if p.Body.index == nil {
		return v
	}
	if len(p.Body.index) == 1 {
		return v.Field(p.Body.index[0])
	}
	return v.FieldByIndex(p.Body.index)
}

func (p *Plan) status(v reflect.Value) (int, error) {
	if p.statusAt == nil {
		return p.Statuses[0], nil
	}
	status := int(v.FieldByIndex(p.statusAt).Int())
	if status == 0 {
		return p.Statuses[0], nil
	}
	if !slices.Contains(p.Statuses, status) {
		return 0, fmt.Errorf("status %d is not among %v", status, p.Statuses)
	}
	return status, nil
}

// self is what a method of the output is called on: the output, or its body.
func (p *Plan) self(v reflect.Value, out any, onBody bool) any {
	if !onBody {
		return out
	}
	body := p.bodyOf(v)
	if body.Kind() != reflect.Pointer {
		body = body.Addr()
	}
	return body.Interface()
}
