package bind

import (
	"fmt"
	"strings"
)

// bindCookies reads the Cookie header whole. A client sends at most one such line (RFC 6265, section 5.4), and HTTP/2 and HTTP/3
// lines have been joined before.
func (p *Plan) bindCookies(b *binding, lines []string) error {
	if len(lines) > 1 {
		return unreadable("cookie", "syntax", "The request has more than one Cookie header.")
	}
	var c counts
	seen := p.cookie.count(&c)
	rest := ""
	if len(lines) == 1 {
		rest = lines[0]
	}
	more := rest != ""
	for n, at := 0, 0; more; n++ {
		if n == p.limits.Cookies {
			return unreadable("cookie", "pairs", fmt.Sprintf("The request has more than %d cookies.", p.limits.Cookies))
		}
		var pair string
		pair, rest, more = strings.Cut(rest, "; ")
		name, value, ok := cutCookie(pair)
		if !ok {
			return unreadable("cookie", "syntax", fmt.Sprintf("The Cookie header has a bad pair at byte %d.", at))
		}
		at += len(pair) + len("; ")
		if i := p.cookie.find(name); i >= 0 {
			if err := p.cookie.take(b, seen, i, value); err != nil {
				return err
			}
		}
	}
	return p.cookie.finish(b, seen)
}

// cutCookie reads a cookie-pair of RFC 6265, section 4.1.1. Quotes around the value are not part of it.
func cutCookie(pair string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(pair, "=")
	if !ok || !isName(name) {
		return "", "", false
	}
	if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
		value = value[1 : len(value)-1]
	}
	for i := range len(value) {
		if !isCookieOctet(value[i]) {
			return "", "", false
		}
	}
	return name, value, true
}

// isName reports whether s may name a cookie or a header field.
func isName(s string) bool {
	for i := range len(s) {
		if !isToken(s[i]) {
			return false
		}
	}
	return s != ""
}

// isToken reports whether c may stand in a token (RFC 9110, section 5.6.2).
func isToken(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || (c != 0 && strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0)
}

// isCookieOctet reports whether c may stand in the value of a cookie.
func isCookieOctet(c byte) bool {
	return c > ' ' && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\'
}
