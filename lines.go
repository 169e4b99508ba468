package tenon

import (
	"bytes"
	"net"
	"net/http"
	"strconv"
	"strings"
)

// headerLines watches what comes over a connection of HTTP/1.1 for lines of a header that two parsers may see in different places: those
// that end in LF alone, and those that go on in a folded one (RFC 9112, sections 2.2 and 5.2). net/http takes both, so what makes a line one
// of them is put out of shape on its way, and net/http answers 400 and closes. The zero value is at the start of a connection.
type headerLines struct {
	part   []byte // of the line that has not come whole
	inside bool   // a header, whose first line was seen
	old    bool   // it is one of HTTP/1.0
	opaque bool   // what follows the header is no request: it is chunked, or another protocol
	length int64  // of the body that follows
	left   int64  // of the body that comes
	over   bool   // nothing is looked at any more
}

// watch looks at what was read, and changes what must be refused.
func (l *headerLines) watch(p []byte) {
	for len(p) > 0 && !l.over {
		if l.left > 0 {
			n := min(l.left, int64(len(p)))
			l.left -= n
			p = p[n:]
			continue
		}
		if l.inside && len(l.part) == 0 && (p[0] == ' ' || p[0] == '\t') {
			p[0], l.over = ':', true // a field without a name
			return
		}
		end := bytes.IndexByte(p, '\n')
		if end < 0 {
			l.part = append(l.part, p...)
			return
		}
		line := p[:end]
		if len(l.part) > 0 {
			l.part = append(l.part, line...)
			line = l.part
		}
		whole, ok := bytes.CutSuffix(line, []byte("\r"))
		if !ok || !l.read(whole) {
			p[end], l.over = 0, true
			return
		}
		l.part = l.part[:0]
		p = p[end+1:]
	}
}

// read reads one line, and reports false for one that must be refused. What net/http refuses by itself, it lets pass.
func (l *headerLines) read(line []byte) bool {
	switch {
	case len(line) == 0 && l.inside:
		l.over = l.opaque // guard closes the connection after it
		l.inside, l.left, l.length = false, l.length, 0
		return true
	case len(line) == 0: // net/http ignores an empty line behind a body
		return true
	case !l.inside:
		l.inside, l.old = true, bytes.HasSuffix(line, []byte(" HTTP/1.0"))
		l.opaque = bytes.HasPrefix(line, []byte(http.MethodConnect+" "))
		return true
	}
	name, value, _ := bytes.Cut(line, []byte(":"))
	switch len(name) {
	case len("Upgrade"):
		l.opaque = l.opaque || strings.EqualFold(string(name), "Upgrade")
	case len("Content-Length"):
		if strings.EqualFold(string(name), "Content-Length") {
			n, err := strconv.ParseUint(string(bytes.TrimSpace(value)), 10, 63)
			l.length, l.opaque = int64(n), l.opaque || err != nil
		}
	case len("Transfer-Encoding"):
		if strings.EqualFold(string(name), "Transfer-Encoding") {
			l.opaque = true
			return !l.old // for which net/http ignores it
		}
	}
	return true
}

// ends reports whether a request is the last of its connection, whatever its handler says: RFC 9112, section 6.1, demands it of one that is
// chunked and has a length as well, which net/http does not show; and behind another protocol there are no requests.
func ends(r *http.Request) bool {
	return r.ProtoMajor == 1 && (r.TransferEncoding != nil || r.Header["Upgrade"] != nil || r.Method == http.MethodConnect)
}

// hijacked stops watching a connection that a handler has taken over.
func hijacked(conn net.Conn, state http.ConnState) {
	if c, ok := conn.(*boundedConn); ok && c.lines != nil && state == http.StateHijacked {
		c.lines.over = true
	}
}
