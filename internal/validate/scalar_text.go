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
	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/problem"
)

func setBytes(c *Checks) Setter {
	return func(dst reflect.Value, text string, f *Faults) {
		data, err := base64.StdEncoding.Strict().DecodeString(text)
		if err != nil || strings.ContainsAny(text, "\r\n") {
			f.Add(message.Base64.With())
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
			f.Add(message.DateTime.With())
			return
		}
		if year := t.UTC().Year(); year < 0 || year > 9999 {
			f.Add(message.RangeYears.With(0, 9999))
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
		f.Add(message.HTTPDate.With())
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
			f.Add(message.RangeTime.With(292))
		default:
			f.Add(message.Duration.With())
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
			f.Add(message.UTF8.With())
			return
		}
		before := f.Len()
		text, ok := c.Transform(text, f)
		if !ok {
			return
		}
		c.String(text, f)
		if strings.IndexByte(text, 0) >= 0 {
			return
		}
		m, ok := reflect.TypeAssert[encoding.TextUnmarshaler](dst.Addr())
		if !ok {
			f.Add(message.Text.With())
			return
		}
		err := m.UnmarshalText([]byte(text))
		if err != nil && f.Len() == before { // a broken rule says more than the type does
			f.Add(textFault(err))
		}
	}, nil
}

// textFault takes the words of a problem.Fault. The text of any other error may hold the value, so it is not used.
func textFault(err error) problem.Fault {
	fault, _ := errors.AsType[problem.Fault](err)
	return message.Or(fault, message.Text)
}

func setUUID(c *Checks) Setter {
	return func(dst reflect.Value, text string, f *Faults) {
		if text, _ = c.Transform(text, f); !isUUID(text) {
			f.Add(message.UUID.With())
			return
		}
		c.String(text, f)
		id, err := uuid.Parse(text)
		if err != nil {
			f.Add(message.UUID.With())
			return
		}
		if p, ok := reflect.TypeAssert[*uuid.UUID](dst.Addr()); ok {
			*p = id
		}
	}
}
