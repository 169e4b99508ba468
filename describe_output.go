package tenon

import (
	"net/http"

	"github.com/tenon-go/tenon/internal/reply"
	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/schema"
)

// success describes an answer from the plan of the output and, where it is one of several, that of the outcome.
func (d *description) success(p *plan, status int, plans ...*reply.Plan) *openapi.Response {
	r := &openapi.Response{Description: http.StatusText(status), Headers: map[string]*openapi.Header{}}
	for _, o := range plans {
		for _, h := range o.Headers {
			r.Headers[h.Field.Name] = &openapi.Header{
				Schema: d.undescribed(h.Field, schema.Output), Description: h.Field.Tag.Rules.Doc, Deprecated: h.Field.Tag.Rules.Deprecated,
			}
		}
		delete(r.Headers, "Content-Type") // OpenAPI says it by the keys of content
		if o.Cookies() {
			r.Headers["Set-Cookie"] = &openapi.Header{Schema: text("")}
		}
		if o.Links {
			r.Headers["Link"] = &openapi.Header{Schema: text(""), Description: "Related pages (RFC 8288)."}
		}
		if status == http.StatusCreated && o.Location() {
			r.Headers["Location"] = &openapi.Header{Schema: text("uri-reference"), Description: "Where the new resource is.", Required: true}
		}
		if p.conditional && o.HashBody && status == http.StatusOK && r.Headers["ETag"] == nil {
			r.Headers["ETag"] = &openapi.Header{Schema: text(""), Description: "Names this state of the resource."}
		}
		if status == http.StatusOK && len(o.Outcomes) == 0 && o.Ranges() {
			fileHeaders(r.Headers)
		}
		if status >= http.StatusMultipleChoices {
			r.Headers["Location"] = &openapi.Header{Required: true, Schema: text("uri-reference"), Description: "Where to go."}
		}
		if o.Body != nil {
			r.Content = d.content(p, o.Body)
		}
	}
	if len(r.Headers) == 0 {
		r.Headers = nil
	}
	return r
}

// fileHeaders are what a file says of itself.
func fileHeaders(headers map[string]*openapi.Header) {
	for name, doc := range map[string]string{
		"Accept-Ranges": "Ranges of bytes can be asked for.", "Content-Disposition": "The name of the file (RFC 6266).",
		"ETag": "Names the content.", "Last-Modified": "When the content changed last.",
	} {
		if headers[name] == nil {
			headers[name] = &openapi.Header{Schema: text(""), Description: doc}
		}
	}
}

// partial describes the answer to a GET that asks for ranges of a file.
func (d *description) partial(p *plan) *openapi.Response {
	r := &openapi.Response{Description: http.StatusText(http.StatusPartialContent), Headers: map[string]*openapi.Header{
		"Content-Range": {Schema: text(""), Description: "Which bytes these are, where they are one range."},
	}}
	fileHeaders(r.Headers)
	r.Content = map[string]*openapi.MediaType{"multipart/byteranges": {}}
	plans := []*reply.Plan{p.out}
	for _, o := range p.out.Outcomes {
		plans = append(plans, o.Plan)
	}
	for _, o := range plans {
		if len(o.Outcomes) > 0 || !o.Ranges() {
			continue
		}
		for _, name := range o.Media() {
			r.Content[name] = &openapi.MediaType{}
		}
	}
	return r
}

// notModified describes the answer to a client that holds what a GET would send.
func (d *description) notModified(p *plan) *openapi.Response {
	r := &openapi.Response{Description: http.StatusText(http.StatusNotModified), Headers: map[string]*openapi.Header{}}
	plans := []*reply.Plan{p.out}
	for _, o := range p.out.Outcomes {
		if o.Plan.Statuses[0] == http.StatusOK {
			plans = append(plans, o.Plan)
		}
	}
	for _, name := range []string{"ETag", "Cache-Control", "Vary"} {
		if h := d.success(p, http.StatusOK, plans...).Headers[name]; h != nil {
			r.Headers[name] = h
		}
	}
	if len(r.Headers) == 0 {
		r.Headers = nil
	}
	return r
}

// content describes a body. One that is not JSON has no schema: OpenAPI 3.1 says binary data and free text by their media type.
func (d *description) content(p *plan, b *reply.Body) map[string]*openapi.MediaType {
	content := map[string]*openapi.MediaType{}
	for _, name := range b.Media {
		content[name] = &openapi.MediaType{}
		if b.Stream != nil {
			content[name].Schema = d.stream(b.Stream)
		}
		if b.JSON != nil {
			content[name].Schema = d.set.Of(b.JSON.Go, schema.Output)
		}
	}
	if b.ContentType == jsonType {
		for _, c := range p.forms {
			content[c.media] = content[jsonType]
		}
	}
	return content
}
