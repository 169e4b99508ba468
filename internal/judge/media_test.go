package judge_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tenon-go/tenon/internal/judge"
)

const (
	urlencoded = "application/x-www-form-urlencoded"
	multiparts = "multipart/form-data"
)

// until lets a stream go on until it has begun.
type until struct {
	*httptest.ResponseRecorder
	cancel context.CancelFunc
}

func (u *until) WriteHeader(status int) {
	u.ResponseRecorder.WriteHeader(status)
	u.cancel()
}

// serveUntil lets a stream be cut, which is no fault.
func serveUntil(app http.Handler, w http.ResponseWriter, r *http.Request) {
	defer func() {
		if v := recover(); v != nil && v != http.ErrAbortHandler { //nolint:errorlint,err113 // a panic is no error
			panic(v)
		}
	}()
	app.ServeHTTP(w, r)
}

// upload is a file of a form.
type upload struct{ content string }

const pixel = "\x89PNG\r\n\x1a\n"

func (o published) isForm() bool { return o.media == urlencoded || o.media == multiparts }

func (o published) isJSON() bool { return strings.HasSuffix(o.media, "json") }

// value is a body that the schema allows. The contents of files are not of its making: a schema says nothing of them.
func (o published) value(gen *judge.Generator) any {
	if !o.isJSON() && !o.isForm() && o.body["type"] == nil {
		return pixel
	}
	v := gen.Value(o.body)
	if fields, ok := v.(map[string]any); ok && o.isForm() {
		for name := range fields {
			switch {
			case !o.isFile(name):
			case member(member(o.body, "properties"), name)["type"] == "array":
				fields[name] = []any{upload{pixel}, upload{pixel}}
			default:
				fields[name] = upload{pixel}
			}
		}
	}
	return v
}

// isFile reports whether a field of a form has files: a schema without a type, in no media type of JSON.
func (o published) isFile(name string) bool {
	schema := member(member(o.body, "properties"), name)
	if schema["type"] == "array" {
		schema = member(schema, "items")
	}
	return schema != nil && schema["type"] == nil && schema["$ref"] == nil && !o.isPart(name)
}

// isPart reports whether a field of a form is a part in JSON.
func (o published) isPart(name string) bool {
	return member(o.encoding, name)["contentType"] == "application/json"
}

// mutant is a body with one thing changed; ok is false where no body can be written of it. Files stay as they are.
func (o published) mutant(gen *judge.Generator, body any) (mutant any, ok bool) {
	fields, isObject := body.(map[string]any)
	switch {
	case o.isForm() && isObject:
		sent := maps.Clone(fields)
		maps.DeleteFunc(sent, func(name string, _ any) bool { return o.isFile(name) })
		changed, isForm := gen.Mutant(sent).(map[string]any)
		if !isForm {
			return nil, false
		}
		for name, v := range fields {
			if o.isFile(name) {
				changed[name] = v
			}
		}
		return changed, o.writable(changed)
	case !o.isJSON():
		v, isText := gen.Mutant(body).(string)
		return v, isText && utf8.ValidString(v) && o.body["type"] != nil
	}
	return gen.Mutant(body), true
}

// writable reports whether each field of a form has a text, or texts.
func (o published) writable(fields map[string]any) bool {
	for name, v := range fields {
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		for _, item := range list {
			switch item := item.(type) {
			case bool, json.Number, upload:
			case string:
				if !utf8.ValidString(item) { // half of a letter
					return false
				}
			default:
				if !o.isPart(name) {
					return false
				}
			}
		}
	}
	return true
}

// bodyAsRead is a body as its schema means it: the texts of a form are what they stand for, one of them is a list where a list is
// wanted, and none is nothing.
func (o published) bodyAsRead(p *property, body any) any {
	fields, ok := body.(map[string]any)
	if !ok || !o.isForm() {
		return body
	}
	out := map[string]any{}
	for name, v := range fields {
		if o.isPart(name) {
			out[name] = v
			continue
		}
		if o.isFile(name) {
			out[name] = "a file"
			if _, many := v.([]any); many {
				out[name] = []any{"a file", "a file"}
			}
			continue
		}
		schema := member(member(o.body, "properties"), name)
		items := []any{}
		for _, text := range texts(v) {
			if schema["type"] == "array" {
				items = append(items, p.asRead(member(schema, "items"), text))
			} else {
				items = append(items, p.asRead(schema, text))
			}
		}
		switch {
		case len(items) == 0:
		case schema["type"] != "array" && len(items) == 1:
			out[name] = items[0]
		default:
			out[name] = items
		}
	}
	return out
}

// encode writes a body in its media type.
func (o published) encode(t *testing.T, body any) (content, mediaType string) {
	t.Helper()
	fields, _ := body.(map[string]any)
	switch {
	case o.isJSON():
		return text(body), o.media
	case o.media == urlencoded:
		form := url.Values{}
		for name, v := range fields {
			form[name] = texts(v)
		}
		return form.Encode(), o.media
	case o.media == multiparts:
		return o.parts(t, fields)
	}
	return fmt.Sprint(body), strings.NewReplacer("image/*", "image/gif", "*/*", "application/zip").Replace(o.media)
}

func (o published) parts(t *testing.T, fields map[string]any) (content, mediaType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part := func(name, contentType, fileName, content string) {
		disposition := fmt.Sprintf("form-data; name=%q", name)
		if fileName != "" {
			disposition += fmt.Sprintf("; filename=%q", fileName)
		}
		to, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {disposition}, "Content-Type": {contentType}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if o.isPart(name) {
			part(name, "application/json", "", text(fields[name]))
			continue
		}
		list, many := fields[name].([]any)
		if !many {
			list = []any{fields[name]}
		}
		for _, item := range list {
			if file, ok := item.(upload); ok {
				part(name, "image/png", "a.png", file.content)
			} else {
				part(name, "text/plain", "", texts(item)[0])
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}
