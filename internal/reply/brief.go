package reply

import (
	"net/http"
	"net/url"
	"reflect"
)

// Brief reports whether the output is a body in memory and perhaps a Location, and nothing else, so that WriteBrief can answer with it.
func (p *Plan) Brief() bool { return p.simple }

// WriteBrief does for such an output what Write does for any, when the answer depends on nothing of the request but its path: it appends
// the body to b, sets the header fields in h, but for a Location, and returns the body. The status is the first of the plan.
func (p *Plan) WriteBrief(b []byte, h http.Header, room *Room, out any) ([]byte, error) {
	if out == nil {
		return b, errNoOutput
	}
	body, _, err := p.Body.content.write(b, p.bodyOf(reflect.ValueOf(out).Elem()))
	if err != nil {
		return b, err
	}
	if p.Body.ContentType == ContentType {
		v := room.take(1)
		v[0] = ContentType
		h["Content-Type"] = v[:1:1]
		return body, nil
	}
	v := room.take(2)
	v[0], v[1] = p.Body.ContentType, "nosniff"
	h["Content-Type"], h["X-Content-Type-Options"] = v[:1:1], v[1:2:2]
	return body, nil
}

// WriteLocation sets in h where the output of a brief answer is, below the path u of its request, before which a proxy took off a prefix.
func (p *Plan) WriteLocation(h http.Header, room *Room, u *url.URL, prefix string, out any) error {
	at, err := p.located.under(u, "", p.bodyOf(reflect.ValueOf(out).Elem()))
	if at != "" {
		room.set(h, "Location", Public(prefix, at))
	}
	return err
}
