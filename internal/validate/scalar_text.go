package validate

import (
	"encoding"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"
	"uuid"

	"github.com/tenon-go/tenon/internal/duration"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/problem"
)

func setBytes(c *Checks) Setter {
	return func(dst reflect.Value, text string, f *Faults) {
		data, err := base64.StdEncoding.Strict().DecodeString(text)
		if err != nil || strings.ContainsAny(text, "\r\n") {
			f.Add("format", "must be base64 text")
			return
		}
		c.String(text, f)
		dst.SetBytes(data)
	}
}

func setTime(c *Checks) Setter {
	return func(dst reflect.Value, text string, f *Faults) {
		var t time.Time
		if !isDateTime(text) || t.UnmarshalText([]byte(text)) != nil { // which alone is lax about digits
			f.Add("format", "must be a date and time with an offset, such as 2006-01-02T15:04:05Z")
			return
		}
		if year := t.UTC().Year(); year < 0 || year > 9999 {
			f.Add("range", "must be in the years 0 to 9999 of UTC")
			return
		}
		c.String(text, f)
		if p, ok := reflect.TypeAssert[*time.Time](dst.Addr()); ok {
			*p = t
		}
	}
}

// httpDates are the forms of a date that HTTP reads; only the first is still written (RFC 9110, section 5.6.7).
var httpDates = [...]string{http.TimeFormat, "Monday, 02-Jan-06 15:04:05 GMT", time.ANSIC}

func setHTTPDate(c *Checks) Setter {
	return func(dst reflect.Value, text string, f *Faults) {
		for _, form := range httpDates {
			t, err := time.Parse(form, text)
			if err != nil || t.Format(form) != text { // Parse alone is lax: about the day of the week, for one
				continue
			}
			c.String(text, f)
			if p, ok := reflect.TypeAssert[*time.Time](dst.Addr()); ok {
				*p = t
			}
			return
		}
		f.Add("format", "must be an HTTP date such as Mon, 02 Jan 2006 15:04:05 GMT")
	}
}

func setDuration(c *Checks) Setter {
	return func(dst reflect.Value, text string, f *Faults) {
		d, err := duration.Parse(text)
		switch {
		case err == nil:
			c.String(text, f)
			dst.SetInt(int64(d))
		case errors.Is(err, duration.ErrRange):
			f.Add("range", "must be within 292 years")
		default:
			f.Add("format", "must be a duration such as PT1H30M")
		}
	}
}

var (
	uuidType        = reflect.TypeFor[uuid.UUID]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

func setText(t *shape.Type, c *Checks) (Setter, error) {
	if t.Go == uuidType {
		return setUUID(c), nil
	}
	if !reflect.PointerTo(t.Go).Implements(textUnmarshaler) {
		return nil, fmt.Errorf("%s has MarshalText but no UnmarshalText on its pointer, so it cannot be read", t.Go)
	}
	return func(dst reflect.Value, text string, f *Faults) {
		if !utf8.ValidString(text) {
			f.Add("type", "must be text in UTF-8")
			return
		}
		before := f.Len()
		text = c.Transform(text)
		c.String(text, f)
		if strings.IndexByte(text, 0) >= 0 {
			return
		}
		m, ok := reflect.TypeAssert[encoding.TextUnmarshaler](dst.Addr())
		if !ok {
			f.Add("format", malformedText)
			return
		}
		err := m.UnmarshalText([]byte(text))
		if err != nil && f.Len() == before { // a broken rule says more than the type does
			textFault(err).add(f)
		}
	}, nil
}

const malformedText = "must have the form of its type"

// textFault takes the words of a problem.Fault. The text of any other error may hold the value, so it is not used.
func textFault(err error) rule {
	r := rule{"format", malformedText}
	if fault, ok := errors.AsType[problem.Fault](err); ok {
		if fault.Code != "" {
			r.code = fault.Code
		}
		if fault.Message != "" {
			r.message = fault.Message
		}
	}
	return r
}

func setUUID(c *Checks) Setter {
	return func(dst reflect.Value, text string, f *Faults) {
		text = c.Transform(text)
		if !isUUID(text) {
			f.Add("format", "must be a UUID")
			return
		}
		c.String(text, f)
		id, err := uuid.Parse(text)
		if err != nil {
			f.Add("format", "must be a UUID")
			return
		}
		if p, ok := reflect.TypeAssert[*uuid.UUID](dst.Addr()); ok {
			*p = id
		}
	}
}
