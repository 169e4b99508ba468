package middleware

import (
	"slices"
	"strings"
)

// maxElements bounds what is kept of one line of Forwarded, from its end: no service stands behind so many proxies, and what a client put
// before what they wrote must not hide it.
const maxElements = 32

// eachForwarded reads the field Forwarded (RFC 7239, section 4), its elements from the right. A line that is malformed ends the walk:
// nothing to the left of it can be told from what a client made up.
func eachForwarded(lines []string) func(yield func(hop) bool) {
	return func(yield func(hop) bool) {
		for _, line := range slices.Backward(lines) {
			var room [4]hop
			elements, ok := forwardedLine(line, room[:0])
			if !ok {
				yield(hop{})
				return
			}
			for _, h := range slices.Backward(elements) {
				if !yield(h) {
					return
				}
			}
		}
	}
}

// forwardedLine reads the elements of one line, in order.
func forwardedLine(line string, elements []hop) ([]hop, bool) {
	for rest := line; ; {
		h, after, some, ok := forwardedElement(rest)
		if !ok {
			return nil, false
		}
		if some && len(elements) == maxElements {
			elements = slices.Delete(elements, 0, 1)
		}
		if some {
			elements = append(elements, h)
		}
		if after == "" {
			return elements, true
		}
		rest = after[1:] // the comma
	}
}

// forwardedElement reads pairs up to a comma or the end. A parameter that is given twice makes it malformed.
func forwardedElement(s string) (h hop, after string, some, ok bool) {
	var seen []string
	s = strings.TrimLeft(s, " \t")
	if s == "" || s[0] == ',' {
		return h, s, false, true // lists may have empty elements
	}
	for {
		name, value, rest, ok := forwardedPair(s)
		name = strings.ToLower(name)
		if !ok || slices.Contains(seen, name) {
			return hop{}, "", false, false
		}
		seen = append(seen, name)
		switch name {
		case "for":
			h.from = node(value, true)
		case "proto":
			h.proto = value
		case "host":
			h.host = value
		}
		rest = strings.TrimLeft(rest, " \t")
		if rest == "" || rest[0] == ',' {
			return h, rest, true, true
		}
		if rest[0] != ';' {
			return hop{}, "", false, false
		}
		s = strings.TrimLeft(rest[1:], " \t")
	}
}

// forwardedPair reads a token, "=" and a token or quoted string.
func forwardedPair(s string) (name, value, rest string, ok bool) {
	i := tokenEnd(s)
	if i == 0 || i == len(s) || s[i] != '=' {
		return "", "", "", false
	}
	name, s = s[:i], s[i+1:]
	if s == "" || s[0] != '"' {
		i = tokenEnd(s)
		return name, s[:i], s[i:], i > 0
	}
	var b strings.Builder
	for i = 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return name, b.String(), s[i+1:], true
		case c == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case c == '\\' || c < ' ' && c != '\t' || c == 0x7f:
			return "", "", "", false
		default:
			b.WriteByte(c)
		}
	}
	return "", "", "", false
}

// tokenEnd is the length of the token that s begins with (RFC 9110, section 5.6.2). Addresses with a port are let through without
// quotes, as many proxies write them.
func tokenEnd(s string) int {
	for i := range len(s) {
		c := s[i]
		if !letter(c) && !digit(c) && !strings.ContainsRune("!#$%&'*+-.^_`|~:", rune(c)) {
			return i
		}
	}
	return len(s)
}
