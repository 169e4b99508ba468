package tenon

import (
	"encoding/json/jsontext"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/internal/reply"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/schema"
)

// announce sets the header fields that tell a client which version answers, and what becomes of it.
func (v *version) announce(h http.Header, r *http.Request, route *route) {
	if rec := record.From(r.Context()); rec != nil {
		rec.Version = v.Name
	}
	v.identify(h)
	if v.Deprecated.IsZero() {
		return
	}
	h["Deprecation"] = []string{"@" + strconv.FormatInt(v.Deprecated.Unix(), 10)}
	if !v.Sunset.IsZero() {
		h["Sunset"] = []string{v.Sunset.UTC().Format(http.TimeFormat)}
	}
	var links []string
	if v.Link != "" {
		links = append(links, `<`+v.Link+`>; rel="deprecation"; type="text/html"`)
		if !v.Sunset.IsZero() {
			links = append(links, `<`+v.Link+`>; rel="sunset"; type="text/html"`)
		}
	}
	if route != nil && route.successor != "" {
		links = append(links, `<`+reply.Public(prefixOf(r), v.of.moved(r.URL.EscapedPath(), route.successor))+`>; rel="successor-version"`)
	}
	if links != nil {
		h["Link"] = append(h["Link"], strings.Join(links, ", "))
	}
}

// identify says which version answers, where a header field of the request decides that.
func (v *version) identify(h http.Header) {
	b := &v.of.cfg.By
	if !b.inHeader() || h["Vary"] != nil {
		v.of.vary(h)
	}
	if !b.inHeader() {
		return
	}
	values := []string{b.name, v.Name} // of this answer alone: middleware may write into them
	if h[b.name] = values[1:]; h["Vary"] == nil {
		h["Vary"] = values[:1:1]
	}
}

// vary tells caches what the version depends on.
func (vs *versionSet) vary(h http.Header) {
	switch b := vs.cfg.By; {
	case b.inHeader():
		h["Vary"] = append(h["Vary"], b.name)
	case b.kind == byMediaType:
		h["Vary"] = append(h["Vary"], "Accept")
	}
}

// moved is a path, as it is sent, with the name of another version.
func (vs *versionSet) moved(path, name string) string {
	parts := strings.Split(path, "/")
	if at := slices.Index(strings.Split(vs.prefix, "/"), versionWildcard); at < len(parts) {
		parts[at] = name
	}
	return strings.Join(parts, "/")
}

// notice documents what announce does, and what a request has to say to get the version.
func (d *description) notice(op *openapi.Operation, p *plan) {
	v := p.version
	if v == nil || d.bare {
		return
	}
	if param := v.parameter(); param != nil {
		op.Parameters = append(op.Parameters, param)
	}
	if v.Gone {
		gone := problem.New(problem.CodeVersionGone, "")
		op.Responses[strconv.Itoa(gone.Status())] = d.problemResponse([]*problem.Error{gone})
	}
	headers := map[string]*openapi.Header{}
	if b := v.of.cfg.By; b.inHeader() {
		headers[b.name] = &openapi.Header{Schema: enumOf(v.Name), Description: "The version that answers.", Required: true}
	}
	if !v.Deprecated.IsZero() {
		op.Deprecated = true
		headers["Deprecation"] = &openapi.Header{Schema: text(""), Description: "When the version was deprecated (RFC 9745).", Required: true}
		if v.Link != "" || v.of.inPath() && v != v.of.newest() {
			headers["Link"] = &openapi.Header{Schema: text(""), Description: "What to read, and where the next version is (RFC 8288)."}
		}
	}
	if !v.Sunset.IsZero() {
		headers["Sunset"] = &openapi.Header{Schema: text(""), Description: "When the version may go away (RFC 8594).", Required: true}
	}
	if len(headers) == 0 {
		return
	}
	for status, r := range op.Responses {
		op.Responses[status] = d.withHeaders("Versioned", r, headers)
	}
}

// parameter is how a request names the version; nil where the path does, or where OpenAPI has no way to say it.
func (v *version) parameter() *openapi.Parameter {
	b := v.of.cfg.By
	p := &openapi.Parameter{Name: b.name, In: string(tag.Header), Required: v != v.of.fallback(), Schema: enumOf(v.Name), Description: "The version."}
	switch b.kind {
	case byQuery:
		p.In = string(tag.Query)
	case byDate:
		p.Schema = text("date")
		p.Description = "A date: the last version that is not after it is " + v.Name + "."
	case byPath, byMediaType:
		return nil
	}
	return p
}

func enumOf(value string) *schema.Schema {
	s := text("")
	s.Enum = []jsontext.Value{rawJSON(strconv.Quote(value))}
	return s
}
