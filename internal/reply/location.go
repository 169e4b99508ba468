package reply

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
)

// locationPlan makes the Location of what was created from one member of the body.
type locationPlan struct {
	index []int
	text  textOf
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
			p.located = &locationPlan{index: f.Index, text: text}
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
	v = p.bodyOf(v)
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return fields, nil
		}
		v = v.Elem()
	}
	text, present, err := p.located.text(v.FieldByIndex(p.located.index))
	if err != nil {
		return nil, fmt.Errorf("header Location: %w", err)
	}
	if present && text != "" && text != "." && text != ".." { // those no route takes
		path := strings.TrimSuffix(strings.TrimSuffix(r.URL.EscapedPath(), "/"), r.Suffix)
		fields = append(fields, field{"Location", path + "/" + url.PathEscape(text)})
	}
	return fields, nil
}
