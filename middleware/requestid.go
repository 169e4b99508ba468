package middleware

import (
	"net/http"

	"github.com/tenon-go/tenon/internal/record"
)

// RequestID names each request: a fresh UUID of version 7, or the X-Request-Id of a proxy that Forwarded trusts, when that is 1 to 64
// letters, digits, dots, underscores and hyphens. The id stands in X-Request-Id of the answer, in the access log and in problems. The
// trace id of a well-formed traceparent is kept beside it, whoever sends it.
func RequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, rec := record.Of(r)
		identify(rec, w, r)
		next.ServeHTTP(w, r)
	})
}

// identify does the work of RequestID for a request that has a record.
func identify(rec *record.Record, w http.ResponseWriter, r *http.Request) {
	if ids := r.Header["X-Request-Id"]; rec.Trusted && len(ids) == 1 && safeID(ids[0]) {
		rec.ID = ids[0]
	}
	if parents := r.Header["Traceparent"]; len(parents) == 1 {
		rec.TraceID = traceID(parents[0])
	}
	w.Header()["X-Request-Id"] = rec.Named()
}

func safeID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if !letter(c) && !digit(c) && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	return true
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func digit(c byte) bool { return '0' <= c && c <= '9' }

// traceID reads traceparent as W3C Trace Context says: version, trace id, parent id and flags in lower-case hexadecimal, none of the
// ids all zero. Later versions may have more, after a hyphen.
func traceID(parent string) string {
	const whole = len("00-0123456789abcdef0123456789abcdef-0123456789abcdef-01")
	if len(parent) < whole || parent[2] != '-' || parent[35] != '-' || parent[52] != '-' {
		return ""
	}
	version, trace, span, flags := parent[:2], parent[3:35], parent[36:52], parent[53:55]
	if !lowerHex(version) || !lowerHex(trace) || !lowerHex(span) || !lowerHex(flags) || version == "ff" || zeros(trace) || zeros(span) {
		return ""
	}
	if len(parent) > whole && (version == "00" || parent[whole] != '-') {
		return ""
	}
	return trace
}

func lowerHex(s string) bool {
	for i := range len(s) {
		if !digit(s[i]) && (s[i] < 'a' || s[i] > 'f') {
			return false
		}
	}
	return true
}

func zeros(s string) bool {
	for i := range len(s) {
		if s[i] != '0' {
			return false
		}
	}
	return true
}
