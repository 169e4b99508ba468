package problem

import (
	"encoding/json/jsontext"
	"strconv"
)

// Occurrence is what an answer adds to a problem. The zero value adds nothing.
type Occurrence struct {
	// TypeBase comes before the code in the type URI. Default "/problems/".
	TypeBase string
	// RequestID becomes the instance: "urn:uuid:" and the id when it is a UUID (RFC 9562), "request:" and the id otherwise. Default: no instance.
	RequestID string
	// Members are extension members as a JSON object. Default: those of the problem, as encoding/json writes them.
	Members []byte
	// Faults are located faults beside those of the problem itself.
	Faults []Fault
}

// Append appends the body of the problem as RFC 9457 shapes it: type, title, status, detail, instance, code, params and errors. What is
// wrapped is no part of it.
func (e *Error) Append(b []byte, o Occurrence) []byte {
	base := o.TypeBase
	if base == "" {
		base = "/problems/"
	}
	b = append(b, `{"type":`...)
	b = appendString(b, base+e.code)
	b = append(b, `,"title":`...)
	b = appendString(b, e.title)
	b = append(b, `,"status":`...)
	b = strconv.AppendInt(b, int64(e.status), 10)
	if e.detail != "" {
		b = append(b, `,"detail":`...)
		b = appendString(b, e.detail)
	}
	if o.RequestID != "" {
		b = append(b, `,"instance":`...)
		b = appendInstance(b, o.RequestID)
	}
	b = append(b, `,"code":`...)
	b = appendString(b, e.code)
	b = appendParams(b, e.params)
	b = appendMembers(b, e, o.Members)
	if len(e.faults)+len(o.Faults) > 0 {
		b = append(b, `,"errors":[`...)
		b = appendFaults(b, e.faults)
		b = appendFaults(b, o.Faults)
		b[len(b)-1] = ']'
	}
	return append(b, '}')
}

// appendFaults appends faults, each with a comma after it.
func appendFaults(b []byte, faults []Fault) []byte {
	for i := range faults {
		f := &faults[i]
		b = append(b, `{"in":`...)
		b = appendString(b, f.In)
		b = append(b, `,"pointer":`...)
		b = appendString(b, f.Pointer)
		b = append(b, `,"code":`...)
		b = appendString(b, f.Code)
		b = append(b, `,"message":`...)
		b = appendString(b, f.Message)
		b = appendParams(b, f.Params)
		b = append(b, `},`...)
	}
	return b
}

func appendParams(b []byte, p Params) []byte {
	if p.object == "" {
		return b
	}
	b = append(b, `,"params":`...)
	return append(b, p.object...)
}

func appendString(b []byte, s string) []byte {
	b, _ = jsontext.AppendQuote(b, s) // the error is for invalid UTF-8, which is replaced
	return b
}

// appendInstance writes the URI of a request.
func appendInstance(b []byte, requestID string) []byte {
	if !isUUID(requestID) {
		return appendString(b, "request:"+requestID)
	}
	b = append(b, `"urn:uuid:`...)
	b = append(b, requestID...)
	return append(b, '"')
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		hyphen := i == 8 || i == 13 || i == 18 || i == 23
		hex := '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
		if hyphen != (c == '-') || !hyphen && !hex {
			return false
		}
	}
	return true
}
