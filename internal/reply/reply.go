// Package reply compiles outputs: how what a handler returns becomes a status, header fields and a body.
package reply

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"

	"github.com/tenon-go/tenon/internal/encode"
	"github.com/tenon-go/tenon/internal/shape"
)

// ContentType is the media type of every body.
const ContentType = "application/json"

// Plan writes one type of output. It is safe for concurrent use once the app is compiled.
type Plan struct {
	// Statuses are those that the output can have; the first is the default.
	Statuses []int
	// Body is the type of the body; nil is none.
	Body *shape.Type
	// Headers are the header fields that the output sets, without those that its methods make.
	Headers []Header
	// Links reports whether the output makes a Link field, by its method Links(*url.URL) string.
	Links bool

	empty     bool  // 204 or 205: nothing but the status
	statusAt  []int // field tagged status; nil is none
	cookies   [][]int
	bodyAt    []int // field tagged body; nil is the whole output
	encode    encode.Append
	locates   bool // the output has Location() string
	located   *locationPlan
	linksBody bool // Links is a method of the body, not of the output
}

// Header is one header field that the output sets.
type Header struct {
	// Name is in canonical form.
	Name string
	// Field is the field of the output.
	Field *shape.Field

	text textOf
}

// Cookies reports whether the output can set cookies.
func (p *Plan) Cookies() bool { return len(p.cookies) > 0 }

// Location reports whether a 201 of this output has a Location.
func (p *Plan) Location() bool { return p.locates || p.located != nil }

var errNoOutput = errors.New("the handler returned neither an output nor an error")

// Write makes a status, header fields in h, and a body appended to b, of an output: a pointer to the plan's type, or nil for
// one that is empty. Nothing is sent, and after an error h is as it was.
func (p *Plan) Write(b []byte, h http.Header, target *url.URL, out any) (status int, body []byte, err error) {
	if p.empty {
		return p.Statuses[0], b, nil
	}
	if out == nil {
		return 0, b, errNoOutput
	}
	v := reflect.ValueOf(out).Elem()
	if status, err = p.status(v); err != nil {
		return 0, b, err
	}
	if p.encode != nil {
		if b, err = p.encode(b, p.bodyOf(v)); err != nil {
			return 0, b, fmt.Errorf("encode: %w", err)
		}
	}
	var fields []field
	if fields, err = p.fields(fields, v); err != nil {
		return 0, b, err
	}
	if p.Links {
		if links := p.self(v, out, p.linksBody).(interface{ Links(*url.URL) string }).Links(target); links != "" {
			fields = append(fields, field{"Link", links})
		}
	}
	if status == http.StatusCreated {
		if fields, err = p.location(fields, v, out); err != nil {
			return 0, b, err
		}
	}
	for _, f := range fields {
		if f.name == "Set-Cookie" {
			h.Add(f.name, f.value)
			continue
		}
		h[f.name] = []string{f.value}
	}
	if p.encode != nil {
		h["Content-Type"] = []string{ContentType}
	}
	h["Content-Length"] = []string{strconv.Itoa(len(b))}
	return status, b, nil
}

// field is a header field to send.
type field struct{ name, value string }

func (p *Plan) bodyOf(v reflect.Value) reflect.Value {
	if p.bodyAt == nil {
		return v
	}
	return v.FieldByIndex(p.bodyAt)
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

// fields makes the header fields and cookies that stand in fields of the output.
func (p *Plan) fields(fields []field, v reflect.Value) ([]field, error) {
	for _, f := range p.Headers {
		text, present, err := f.text(v.FieldByIndex(f.Field.Index))
		if err != nil {
			return nil, fmt.Errorf("header %s: %w", f.Name, err)
		}
		if present && text != "" {
			fields = append(fields, field{f.Name, text})
		}
	}
	for _, index := range p.cookies {
		at := v.FieldByIndex(index)
		if at.Kind() != reflect.Pointer {
			at = at.Addr()
		}
		if cookie, _ := reflect.TypeAssert[*http.Cookie](at); cookie != nil && cookie.Name != "" {
			if err := cookie.Valid(); err != nil {
				return nil, fmt.Errorf("cookie: %w", err)
			}
			fields = append(fields, field{"Set-Cookie", cookie.String()})
		}
	}
	return fields, nil
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
