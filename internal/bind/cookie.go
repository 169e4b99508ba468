package bind

import (
	"strings"

	"github.com/tenon-go/tenon/internal/ascii"
	"github.com/tenon-go/tenon/internal/message"
)

// bindCookies reads the Cookie header. Its pairs are told apart as browsers write them (RFC 6265, section 5.4), over all lines, for
// HTTP/2 may send one for each pair (RFC 9113, section 8.2.3). Only the cookies that the operation names are judged: whoever else sets
// cookies for a host must not be able to lock a browser out with one that is malformed.
func (p *Plan) bindCookies(b *binding, lines []string) error {
	var c counts
	seen := p.cookie.count(&c)
	n := 0
	for _, line := range lines {
		for at := 0; at < len(line); {
			pair, _, _ := strings.Cut(line[at:], ";")
			start := at
			at += len(pair) + len(";")
			if pair = strings.Trim(pair, " \t"); pair == "" {
				continue
			}
			if n++; n > p.limits.Cookies {
				return message.Unreadable(message.CookieHeader, "cookie", message.Pairs.With(p.limits.Cookies))
			}
			name, value, _ := strings.Cut(pair, "=")
			if name == "" || len(name) == len(pair) || !ascii.IsFieldValue(pair) {
				return message.Unreadable(message.CookieHeader, "cookie", message.PairOfCookie.With(start))
			}
			if err := p.takeCookie(b, seen, name, value); err != nil {
				return err
			}
		}
	}
	return p.cookie.finish(b, seen)
}

func (p *Plan) takeCookie(b *binding, seen []uint8, name, value string) error {
	i := p.cookie.find(name)
	if i < 0 {
		return nil
	}
	value, ok := cookieValue(value)
	if !ok {
		seen[i] = max(seen[i], 1)
		b.f.AddAt(name, message.CookieSyntax.With())
		return nil
	}
	return p.cookie.take(b, seen, i, value)
}

// cookieValue reads a cookie-value of RFC 6265, section 4.1.1. Quotes around it are not part of it.
func cookieValue(s string) (value string, ok bool) {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		s = s[1 : len(s)-1]
	}
	for i := range len(s) {
		if !isCookieOctet(s[i]) {
			return "", false
		}
	}
	return s, true
}

// isCookieOctet reports whether c may stand in the value of a cookie.
func isCookieOctet(c byte) bool {
	return c > ' ' && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\'
}
