package tenon

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
)

var errNoOutput = errors.New("the handler returned neither an output nor an error")

// respond writes an output: status, header fields, body, in one Write. Nothing is written before all of it is encoded.
func (a *App) respond(w http.ResponseWriter, r *http.Request, p *plan, ex *exchange, out any) {
	o := &p.out
	if o.empty {
		w.WriteHeader(o.status)
		return
	}
	if out == nil {
		a.internal(w, r, p, errNoOutput)
		return
	}
	v := reflect.ValueOf(out).Elem()
	status, err := o.statusOf(v)
	if err != nil {
		a.internal(w, r, p, err)
		return
	}
	body, err := o.encodeBody(ex.out, v)
	ex.out = body
	if err != nil {
		a.internal(w, r, p, fmt.Errorf("encode: %w", err))
		return
	}
	h := w.Header()
	if err := o.setHeader(h, r, v, out, status); err != nil {
		a.internal(w, r, p, err)
		return
	}
	if o.encode == nil {
		h["Content-Length"] = []string{"0"}
		w.WriteHeader(status)
		return
	}
	h["Content-Type"] = []string{jsonType}
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that left is nobody's fault
	}
}

func (o *outPlan) encodeBody(b []byte, v reflect.Value) ([]byte, error) {
	if o.encode == nil {
		return b, nil
	}
	if o.bodyAt != nil {
		v = fieldAt(v, o.bodyAt)
	}
	return o.encode(b, v)
}

func (o *outPlan) statusOf(v reflect.Value) (int, error) {
	if o.statusAt == nil {
		return o.status, nil
	}
	status := int(fieldAt(v, o.statusAt).Int())
	if status == 0 {
		return o.statuses[0], nil
	}
	if !slices.Contains(o.statuses, status) {
		return 0, fmt.Errorf("status %d is not among %v", status, o.statuses)
	}
	return status, nil
}

func (o *outPlan) setHeader(h http.Header, r *http.Request, v reflect.Value, out any, status int) error {
	for _, f := range o.headers {
		text, present, err := f.text(fieldAt(v, f.index))
		if err != nil {
			return fmt.Errorf("header %s: %w", f.name, err)
		}
		if present && text != "" {
			h[f.name] = []string{text}
		}
	}
	for _, index := range o.cookies {
		field := fieldAt(v, index)
		if field.Kind() != reflect.Pointer {
			field = field.Addr()
		}
		if cookie, _ := field.Interface().(*http.Cookie); cookie != nil && cookie.Name != "" {
			if err := cookie.Valid(); err != nil {
				return fmt.Errorf("cookie: %w", err)
			}
			h.Add("Set-Cookie", cookie.String())
		}
	}
	if o.links {
		if links := o.self(v, out).(interface{ Links(*url.URL) string }).Links(r.URL); links != "" {
			h["Link"] = []string{links}
		}
	}
	if status == http.StatusCreated {
		return o.setLocation(h, v, out)
	}
	return nil
}

func (o *outPlan) setLocation(h http.Header, v reflect.Value, out any) error {
	switch {
	case o.locates:
		h["Location"] = []string{o.self(v, out).(interface{ Location() string }).Location()}
	case o.located != nil:
		if o.bodyAt != nil {
			v = fieldAt(v, o.bodyAt)
		}
		for v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return nil
			}
			v = v.Elem()
		}
		text, present, err := o.located.text(fieldAt(v, o.located.index))
		if err != nil {
			return fmt.Errorf("Location: %w", err)
		}
		if present {
			h["Location"] = []string{o.located.prefix + url.PathEscape(text)}
		}
	}
	return nil
}

// self is what the methods Links and Location are called on: the output, or its body when only that has them.
func (o *outPlan) self(v reflect.Value, out any) any {
	if o.bodyAt == nil {
		return out
	}
	body := fieldAt(v, o.bodyAt)
	if body.Kind() != reflect.Pointer {
		body = body.Addr()
	}
	return body.Interface()
}
