package docsui

import (
	"net/http"
	"strings"
)

// emptyStyle is the hash of nothing. ReDoc's style library adds empty style elements and fills them through the object
// model, which no policy restricts; the hash lets the elements in and nothing else.
const emptyStyle = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"

// policy lets a page load from its own origin only. style holds what the page needs beside styles from there.
func policy(style string) string {
	return strings.TrimSpace("default-src 'none'; script-src 'self'; style-src 'self' "+style) + "; img-src 'self' data:; font-src 'self'; " +
		"connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
}

// secure sets the header fields that every answer has.
func secure(h http.Header, policy string) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
}
