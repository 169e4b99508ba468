package tenon

import (
	"net/http"
	"net/url"
	"strings"
)

// tellBodies says in the answer to OPTIONS what may be sent to a URL: Accept-Patch (RFC 5789, section 3.1) and Accept-Post (W3C
// Linked Data Platform, section 7.1).
func (a *App) tellBodies(h http.Header, u *url.URL) {
	path, escaped, ok := relative(u)
	for _, field := range [...]struct{ method, name string }{{http.MethodPatch, "Accept-Patch"}, {http.MethodPost, "Accept-Post"}} {
		var m match
		if !ok {
			continue
		}
		found := a.router.tree(field.method).lookup(path, escaped, &m)
		if found == nil {
			continue
		}
		if p := found.plan; p != nil && p.body != nil {
			h.Set(field.name, strings.Join(p.body.mediaTypes(), ", "))
		}
	}
}
