package cache

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/schema"
)

// Describe says in the document what clients see of what is kept.
func (p *part) Describe(o *openapi.Operation) {
	if !p.caches() {
		return
	}
	for key, r := range o.Responses {
		if status, err := strconv.Atoi(key); err == nil && r.Ref == "" && (slices.Contains(keepable, status) || slices.Contains(passing, status)) {
			describe(r, status)
		}
	}
	if o.Responses["304"] == nil {
		o.Responses["304"] = &openapi.Response{Description: http.StatusText(http.StatusNotModified)}
	}
	describe(o.Responses["304"], http.StatusNotModified)
}

func describe(r *openapi.Response, status int) {
	if r.Headers == nil {
		r.Headers = map[string]*openapi.Header{}
	}
	say := func(name, typ, about string) {
		if r.Headers[name] == nil {
			r.Headers[name] = &openapi.Header{Schema: &schema.Schema{Types: []string{typ}}, Description: about}
		}
	}
	say("Cache-Control", "string", "For how long the answer is fresh, and for whom (RFC 9111).")
	say("Age", "integer", "For how many seconds the answer has been kept.")
	say("Cache-Status", "string", "Whether the answer was kept (RFC 9211).")
	if status == http.StatusOK || status == http.StatusNotModified {
		say("ETag", "string", "Names this state of the answer, for If-None-Match.")
	}
}
