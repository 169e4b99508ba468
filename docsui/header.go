package docsui

import (
	"encoding/json/v2"
	"net/http"
	"strconv"

	"github.com/tenon-go/tenon/problem"
)

// policy lets a page load from its own origin only.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"

// secure sets the header fields that every answer has.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
}

// fail answers with a problem (RFC 9457).
func fail(w http.ResponseWriter, p *problem.Error) {
	body, err := json.Marshal(struct {
		Type   string `json:"type"`
		Title  string `json:"title"`
		Status int    `json:"status"`
		Code   string `json:"code"`
	}{"about:blank", p.Title(), p.Status(), p.Code()})
	if err != nil {
		panic("docsui: " + err.Error())
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(p.Status())
	_, _ = w.Write(body) // fails when the client has gone
}
