package reply

import (
	"net/url"
	"strings"
)

// public is the URL as the client wrote it.
func (r *Request) public() *url.URL {
	if r.Prefix == "" {
		return r.URL
	}
	u := *r.URL
	u.Path = r.Prefix + u.Path
	if u.RawPath != "" {
		u.RawPath = r.Prefix + u.RawPath
	}
	return &u
}

// prefixed puts the prefix before a Location that is a path.
func (r *Request) prefixed(fields []field) {
	for i, f := range fields {
		if f.name == "Location" {
			fields[i].value = Public(r.Prefix, f.value)
		}
	}
}

// Public is a location as a client has to write it, behind a proxy that takes a prefix off: a path has it, anything else stays.
func Public(prefix, location string) string {
	if strings.HasPrefix(location, "/") && !strings.HasPrefix(location, "//") {
		return prefix + location
	}
	return location
}
