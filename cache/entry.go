package cache

import (
	"encoding/binary"
	"net/http"
	"slices"
	"strings"
	"time"
)

// entry is an answer that is kept. Nobody changes it.
type entry struct {
	created  time.Time
	lifetime time.Duration // for which it is fresh
	strict   bool          // it is not served when it is not fresh
	status   int
	stamp    []byte // of its tags
	fields   []field
	body     []byte
}

// field is a line of the header.
type field struct{ name, value string }

// own are fields that belong to one request, or to one connection, and are not kept (RFC 9111, section 3.1).
var own = map[string]bool{
	"Age": true, "Connection": true, "Content-Length": true, "Keep-Alive": true, "Proxy-Authenticate": true,
	"Proxy-Authentication-Info": true, "Proxy-Authorization": true, "Proxy-Connection": true, "Ratelimit": true, "Ratelimit-Policy": true,
	"Retry-After": true, "Server-Timing": true, "Te": true, "Traceparent": true, "Tracestate": true, "Trailer": true,
	"Transfer-Encoding": true, "Upgrade": true, "X-Request-Id": true, "Cache-Status": true,
}

// fieldsOf are those of a header that are kept, in the order of their names.
func fieldsOf(h http.Header) []field {
	named := map[string]bool{} // by Connection
	for _, line := range h["Connection"] {
		for name := range strings.SplitSeq(line, ",") {
			named[http.CanonicalHeaderKey(strings.TrimSpace(name))] = true
		}
	}
	var fields []field
	for name, values := range h {
		if own[name] || named[name] {
			continue
		}
		for _, value := range values {
			fields = append(fields, field{name, value})
		}
	}
	slices.SortStableFunc(fields, func(a, b field) int { return strings.Compare(a.name, b.name) })
	return fields
}

// get is the value of the first field of a name; "" is none.
func (e *entry) get(name string) string {
	for _, f := range e.fields {
		if f.name == name {
			return f.value
		}
	}
	return ""
}

// age is how old it is.
func (e *entry) age(now time.Time) time.Duration { return max(now.Sub(e.created), 0) }

// form begins every entry; another is not read.
const form = 1

// bytes is the entry as it is kept.
func (e *entry) bytes() []byte {
	size := 64 + len(e.stamp) + len(e.body)
	for _, f := range e.fields {
		size += len(f.name) + len(f.value) + 8
	}
	b := make([]byte, 0, size)
	b = append(b, form)
	b = binary.BigEndian.AppendUint64(b, uint64(e.created.UnixNano()))
	b = binary.AppendUvarint(b, uint64(e.lifetime))
	b = binary.AppendUvarint(b, uint64(e.status))
	if e.strict {
		b = append(b, 1)
	} else {
		b = append(b, 0)
	}
	b = text(b, string(e.stamp))
	b = binary.AppendUvarint(b, uint64(len(e.fields)))
	for _, f := range e.fields {
		b = text(text(b, f.name), f.value)
	}
	return append(binary.AppendUvarint(b, uint64(len(e.body))), e.body...)
}

// readEntry reads what bytes made; false is what is none. The body is not copied.
func readEntry(b []byte) (*entry, bool) {
	if len(b) < 9 || b[0] != form {
		return nil, false
	}
	e := &entry{created: time.Unix(0, int64(binary.BigEndian.Uint64(b[1:])))}
	r := reader{b: b[9:]}
	e.lifetime, e.status = time.Duration(r.number()), int(r.number())
	e.strict = r.number() == 1
	e.stamp = r.bytes()
	n := r.number()
	if r.bad || n > uint64(len(r.b)) {
		return nil, false
	}
	e.fields = make([]field, 0, n)
	for range n {
		e.fields = append(e.fields, field{known(r.bytes()), string(r.bytes())})
	}
	e.body = r.bytes()
	return e, !r.bad && len(r.b) == 0 && e.lifetime >= 0 && e.status >= 200 && e.status < 600
}

// known is a name as a string, without memory of its own for those that most answers have.
func known(name []byte) string {
	switch string(name) {
	case "Cache-Control":
		return "Cache-Control"
	case "Content-Type":
		return "Content-Type"
	case "Etag":
		return "Etag"
	case "Vary":
		return "Vary"
	case "Link":
		return "Link"
	case "Date":
		return "Date"
	}
	return string(name)
}

// reader reads numbers and texts.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) number() uint64 {
	n, read := binary.Uvarint(r.b)
	if read <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[read:]
	return n
}

func (r *reader) bytes() []byte {
	n := r.number()
	if n > uint64(len(r.b)) {
		r.bad, r.b = true, nil
		return nil
	}
	b := r.b[:n:n]
	r.b = r.b[n:]
	return b
}
