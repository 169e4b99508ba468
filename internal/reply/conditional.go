package reply

import (
	"net/http"
	"slices"
	"time"
)

// Validators reports whether a 200 of the output says an ETag or when it was modified, so that a GET may be conditional.
func (p *Plan) Validators() bool {
	named := slices.ContainsFunc(p.Headers, func(h Header) bool { return h.Name == etag || h.Name == lastModified })
	if p.Ranges() {
		return true
	}
	if p.Outcomes == nil {
		return slices.Contains(p.Statuses, http.StatusOK) && (named || p.HashBody)
	}
	for _, o := range p.Outcomes {
		if o.Plan.Statuses[0] == http.StatusOK && (named || o.Plan.Validators()) {
			return true
		}
	}
	return false
}

// Hash gives a 200 of the output that is made whole before it is sent an ETag of its body, and reports whether it has one.
func (p *Plan) Hash() bool {
	for _, o := range p.Outcomes {
		if o.Plan.Statuses[0] == http.StatusOK {
			p.HashBody = o.Plan.Hash()
		}
	}
	if p.Outcomes == nil {
		p.HashBody = slices.Contains(p.Statuses, http.StatusOK) && p.Buffered()
	}
	return p.HashBody
}

// Buffered reports whether the body is made whole before it is sent.
func (p *Plan) Buffered() bool {
	if p.Body == nil || p.special != nil {
		return false
	}
	switch p.Body.content.(type) {
	case jsonContent, textContent, bytesContent:
		return true
	}
	return false
}

// Sends reports whether the body may be sent piece by piece, which takes as long as its client does.
func (p *Plan) Sends() bool {
	for _, o := range p.Outcomes {
		if o.Plan.Sends() {
			return true
		}
	}
	if p.special != nil {
		return p.special.Open != nil
	}
	return p.Body != nil && !p.Buffered()
}

// The names of the validators in the form of net/http.
const (
	etag         = "Etag"
	lastModified = "Last-Modified"
)

// Condition is what the conditions of a request come to (RFC 9110, section 13).
type Condition int

// The conditions.
const (
	Holds       Condition = iota // answer as if there were none
	NotModified                  // the client holds what would be sent: 304
	Failed                       // the resource is not in the state that the client wants: 412
)

// Evaluate holds the conditions of a GET or HEAD against the validators of what would be sent; "" is one that it has not.
func Evaluate(request http.Header, tag EntityTag, modified string) Condition {
	at, dated := httpTime(modified)
	if lines := request["If-Match"]; lines != nil {
		if !anyTag(lines, func(t EntityTag) bool { return t.MatchesStrongly(tag) }) {
			return Failed
		}
	} else if since, ok := httpTime(request.Get("If-Unmodified-Since")); ok && dated && at.After(since) {
		return Failed
	}
	if lines := request["If-None-Match"]; lines != nil {
		if anyTag(lines, func(t EntityTag) bool { return t.MatchesWeakly(tag) }) {
			return NotModified
		}
	} else if since, ok := httpTime(request.Get("If-Modified-Since")); ok && dated && !at.After(since) {
		return NotModified
	}
	return Holds
}

func httpTime(text string) (time.Time, bool) {
	if text == "" {
		return time.Time{}, false
	}
	t, err := http.ParseTime(text)
	return t, err == nil
}

// conditional turns a 200 into the 304 or 412 that the conditions of the request ask for.
func (p *Plan) conditional(a Answer, fields []field, r *Request) (Answer, []field) {
	if a.Status != http.StatusOK || p.special != nil {
		return a, fields // a file sees to it by itself, since ranges come into it
	}
	tag, modified := valueOf(fields, etag), valueOf(fields, lastModified)
	if tag == "" && p.HashBody && a.Sender == nil && a.Items == nil {
		tag = string(TagOf(a.Body))
		fields = append(fields, field{etag, tag})
	}
	if tag == "" && modified == "" {
		return a, fields
	}
	switch Evaluate(r.Header, EntityTag(tag), modified) {
	case NotModified:
		a.Status, a.Body, a.Items = http.StatusNotModified, a.Body[:0], nil
		fields = slices.DeleteFunc(fields, func(f field) bool {
			return f.name == "Content-Type" || f.name == "X-Content-Type-Options" || f.name == lastModified && tag != ""
		})
	case Failed:
		a.Status, a.Items = http.StatusPreconditionFailed, nil
	case Holds:
	}
	return a, fields
}

func valueOf(fields []field, name string) string {
	for _, f := range fields {
		if f.name == name {
			return f.value
		}
	}
	return ""
}
