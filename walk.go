package tenon

import (
	"net/url"
	"strings"
)

// walk matches the rest of a path; done says that no segment is left. It calls itself only where a wildcard may take what an edge
// cannot lead to the end.
func (n *node) walk(path string, done, escaped bool, m *match) *route {
	for !done {
		text, tail, last := firstSegment(path)
		if escaped || text == "" || text[0] == '.' {
			var ok bool
			if text, ok = decode(text, escaped); !ok {
				return nil
			}
		}
		next := n.edge(text)
		switch {
		case next == nil && n.wild == nil:
			return n.takeRest(path, escaped, m)
		case next == nil && n.rest == nil:
			m.values[m.n] = text
			m.n++
			next = n.wild
		case n.wild != nil || n.rest != nil:
			return n.either(next, path, text, tail, last, escaped, m)
		}
		n, path, done = next, tail, last
	}
	return n.route
}

// either tries an edge, then the wildcard, then the rest.
func (n *node) either(next *node, path, text, tail string, last, escaped bool, m *match) *route {
	taken := m.n
	if next != nil {
		if found := next.walk(tail, last, escaped, m); found != nil {
			return found
		}
	}
	if n.wild != nil {
		m.values[taken] = text
		m.n = taken + 1
		if found := n.wild.walk(tail, last, escaped, m); found != nil {
			return found
		}
	}
	m.n = taken
	return n.takeRest(path, escaped, m)
}

// takeRest gives all that is left of a path to {rest...}, where there is one.
func (n *node) takeRest(path string, escaped bool, m *match) *route {
	if n.rest == nil {
		return nil
	}
	value, ok := decodeRest(path, escaped)
	if !ok {
		return nil
	}
	m.values[m.n] = value
	m.n++
	return n.rest
}

// firstSegment cuts a path after its first segment; last says that there is no other. Segments are short: a loop finds their end
// faster than a call.
func firstSegment(path string) (head, tail string, last bool) {
	for i := range len(path) {
		if path[i] == '/' {
			return path[:i], path[i+1:], false
		}
	}
	return path, "", true
}

func (n *node) edge(text string) *node {
	if len(n.edges) > 16 {
		if i, ok := n.search(text); ok {
			return n.edges[i].next
		}
		return nil
	}
	for i := range n.edges {
		if n.edges[i].text == text {
			return n.edges[i].next
		}
	}
	return nil
}

// decode reads one segment. Empty and dot segments are refused: nothing may walk up a path.
func decode(s string, escaped bool) (string, bool) {
	if escaped && strings.IndexByte(s, '%') >= 0 {
		text, err := url.PathUnescape(s)
		if err != nil {
			return "", false
		}
		s = text
	}
	return s, s != "" && (s[0] != '.' || s != "." && s != "..")
}

// decodeRest reads all the segments that {rest...} takes. An encoded slash is refused here: once decoded, nobody could
// tell it from a separator.
func decodeRest(path string, escaped bool) (string, bool) {
	if escaped && strings.IndexByte(path, '%') >= 0 {
		if strings.Contains(strings.ToUpper(path), "%2F") {
			return "", false
		}
		text, err := url.PathUnescape(path)
		if err != nil {
			return "", false
		}
		path = text
	}
	for s := range strings.SplitSeq(path, "/") {
		if s == "" || s == "." || s == ".." {
			return "", false
		}
	}
	return path, true
}
