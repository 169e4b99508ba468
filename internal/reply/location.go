package reply

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/tenon-go/tenon/internal/shape"
)

// locationPlan makes the Location of what was created from one member of the body.
type locationPlan struct {
	index  []int
	text   textOf
	number bool // it is an integer that writes itself
}

// Creates reports whether 201 is what the output is by default, or one of its outcomes.
func (p *Plan) Creates() bool {
	for _, o := range p.Outcomes {
		if o.Plan.Creates() {
			return true
		}
	}
	return len(p.Statuses) > 0 && p.Statuses[0] == http.StatusCreated
}

// Locate lets a 201 point below the path of its request to {member}, a scalar member of the body. It changes nothing when
// there is no such member, or when the output has a method Location() string.
func (p *Plan) Locate(member string) {
	for _, o := range p.Outcomes {
		if o.Plan.Statuses[0] == http.StatusCreated {
			o.Plan.Locate(member)
		}
	}
	if p.locates || p.Body == nil || p.Body.JSON == nil {
		return
	}
	for _, f := range p.Body.JSON.Plain().Fields {
		if text, err := textFor(f.Type); f.Name == member && err == nil {
			p.located = &locationPlan{index: f.Index, text: text, number: f.Type.Kind == shape.Int}
		}
	}
}

func (p *Plan) location(fields []field, v reflect.Value, out any, r *Request) ([]field, error) {
	if p.locates {
		return append(fields, field{"Location", out.(interface{ Location() string }).Location()}), nil
	}
	if p.located == nil || slices.ContainsFunc(fields, func(f field) bool { return f.name == "Location" }) {
		return fields, nil
	}
	at, err := p.located.under(r.URL, r.Suffix, p.bodyOf(v))
	if at != "" {
		fields = append(fields, field{"Location", at})
	}
	return fields, err
}

// under is the path of what was created below that of its request, which may end with a suffix that picked the form; "" when the body
// does not say which it is.
func (l *locationPlan) under(u *url.URL, suffix string, v reflect.Value) (string, error) {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return "", nil
		}
		v = v.Elem()
	}
	v = v.FieldByIndex(l.index)
	path := strings.TrimSuffix(strings.TrimSuffix(u.EscapedPath(), "/"), suffix)
	if l.number {
		var digits [20]byte // of the stack: the text is allocated once, whole
		return path + "/" + string(strconv.AppendInt(digits[:0], v.Int(), 10)), nil
	}
	text, present, err := l.text(v)
	switch {
	case err != nil:
		return "", fmt.Errorf("header Location: %w", err)
	case !present || text == "" || text == "." || text == "..": // those no route takes
		return "", nil
	}
	return path + "/" + url.PathEscape(text), nil
}
