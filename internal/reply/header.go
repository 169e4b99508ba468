package reply

import (
	"errors"
	"fmt"
	"net/http"
	"net/textproto"
	"reflect"
	"slices"

	"github.com/tenon-go/tenon/internal/ascii"
	"github.com/tenon-go/tenon/internal/shape"
)

// owned are header fields that a field of an output cannot set, and who does.
var owned = map[string]string{
	"Connection": "the server", "Content-Length": "the body", "Content-Encoding": "middleware", "Content-Range": "a tenon.File", "Date": "the server",
	"Set-Cookie": "a field tagged cookie", "Trailer": "the server", "Transfer-Encoding": "the server",
}

// header adds a field of the output that becomes a header field.
func (p *Plan) header(f *shape.Field) error {
	name := textproto.CanonicalMIMEHeaderKey(f.Name)
	if who := owned[name]; who != "" {
		return fmt.Errorf("header %s is set by %s", name, who)
	}
	if plain := f.Type.Plain().Go; name == etag && (plain.PkgPath() != "github.com/tenon-go/tenon" || plain.Name() != "ETag") {
		return fmt.Errorf("an ETag is a tenon.ETag, which is always well-formed, not %s", f.Type.Go)
	}
	text, err := headerText(f.Type)
	if err != nil {
		return err
	}
	p.typed = p.typed || name == "Content-Type"
	p.Headers = append(p.Headers, Header{Name: name, Field: f, text: text})
	return nil
}

// checkType refuses a Content-Type where the body has but one, and its absence where the body has several.
func (p *Plan) checkType() error {
	several := p.Body != nil && p.Body.JSON == nil && len(p.Body.types) > 1 && p.Body.ContentType != ""
	switch {
	case p.typed && !several:
		return errors.New("header Content-Type is for a body of several media types; otherwise the tag body says it")
	case several && !p.typed:
		return errors.New("a body of several media types needs a field tagged header:\"Content-Type\" that says which it is")
	}
	return nil
}

// fields makes the header fields and cookies that stand in fields of the output.
func (p *Plan) fields(fields []field, v reflect.Value) ([]field, error) {
	for _, f := range p.Headers {
		text, present, err := f.text(v.FieldByIndex(f.Field.Index))
		if err != nil {
			return nil, fmt.Errorf("header %s: %w", f.Name, err)
		}
		if f.Name == "Content-Type" {
			if text == "" {
				text = p.Body.types[0]
			} else if !slices.Contains(p.Body.types, text) {
				return nil, fmt.Errorf("header Content-Type: the output says %q, which is not among %q", text, p.Body.types)
			}
			fields = append(fields, field{f.Name, text}, field{"X-Content-Type-Options", "nosniff"})
			continue
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

// checkFields refuses what cannot be the value of a header field as it stands: net/http would replace it, so that the client would read
// something else, or send it on.
func checkFields(fields []field) error {
	for _, f := range fields {
		if !ascii.IsFieldValue(f.value) {
			return fmt.Errorf("header %s: the value has a control character", f.name)
		}
	}
	return nil
}
