package tenon

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// router finds the route of a request: one tree of path segments for each method.
//
// It matches on the path as it was sent, so %2F stays inside its segment. One trailing slash means nothing. An empty
// segment or a dot segment matches nothing; there are no redirects. A static segment wins over a wildcard, and that over
// {rest...}; two patterns of which neither is more specific are refused when they are added, as net/http does.
type router struct {
	trees  map[string]*node
	routes []*route
}

// route is a pattern and what it leads to.
type route struct {
	method   string // "" is every method (a mounted handler)
	pattern  string
	segments []segment
	names    []string // wildcards in order
	site     string
	plan     *plan        // an operation
	handler  http.Handler // the chain around it, or a mounted handler
}

type segment struct {
	text string // of a static segment, or the name of a wildcard
	kind segmentKind
}

type segmentKind uint8

const (
	static segmentKind = iota
	wildcard
	rest
)

type node struct {
	edges []edge
	wild  *node
	rest  *route
	route *route
}

type edge struct {
	text string
	next *node
}

// maxWildcards bounds the path values kept without an allocation.
const maxWildcards = 8

// match is what was found: the route and the decoded values of its wildcards.
type match struct {
	route  *route
	values [maxWildcards]string
	n      int
}

func (m *match) path() []string { return m.values[:m.n] }

func parsePattern(pattern string) ([]segment, []string, error) {
	if !strings.HasPrefix(pattern, "/") {
		return nil, nil, fmt.Errorf("path %q does not begin with /", pattern)
	}
	var segments []segment
	var names []string
	parts := strings.Split(strings.TrimSuffix(pattern[1:], "/"), "/")
	if len(parts) == 1 && parts[0] == "" {
		return nil, nil, nil
	}
	for i, part := range parts {
		s, err := parseSegment(part)
		if err != nil {
			return nil, nil, fmt.Errorf("path %q: %w", pattern, err)
		}
		if s.kind == rest && i != len(parts)-1 {
			return nil, nil, fmt.Errorf("path %q: {%s...} is not the last segment", pattern, s.text)
		}
		if s.kind != static {
			if slices.Contains(names, s.text) {
				return nil, nil, fmt.Errorf("path %q: wildcard %s occurs twice", pattern, s.text)
			}
			names = append(names, s.text)
		}
		segments = append(segments, s)
	}
	if len(names) > maxWildcards {
		return nil, nil, fmt.Errorf("path %q has %d wildcards, want %d or fewer", pattern, len(names), maxWildcards)
	}
	return segments, names, nil
}

func parseSegment(part string) (segment, error) {
	switch {
	case part == "" || part == "." || part == "..":
		return segment{}, fmt.Errorf("segment %q can never match", part)
	case !strings.ContainsAny(part, "{}"):
		text, err := url.PathUnescape(part)
		if err != nil || strings.ContainsAny(text, "?#") {
			return segment{}, fmt.Errorf("segment %q is not a path segment", part)
		}
		return segment{text: text}, nil
	}
	inner, ok := strings.CutPrefix(part, "{")
	inner, ok2 := strings.CutSuffix(inner, "}")
	name, isRest := strings.CutSuffix(inner, "...")
	if !ok || !ok2 || name == "" || strings.ContainsAny(name, "{}.:*") {
		return segment{}, fmt.Errorf("segment %q: a wildcard is a whole segment, {name} or {name...}", part)
	}
	if isRest {
		return segment{text: name, kind: rest}, nil
	}
	return segment{text: name, kind: wildcard}, nil
}

// anyMethod holds the routes of mounted handlers, which take every method.
const anyMethod = ""

// add puts a route into its tree, or says which route it clashes with.
func (rt *router) add(r *route) error {
	for _, other := range rt.routes {
		if r.clashes(other) {
			return fmt.Errorf("%s clashes with %s registered at %s", r, other, other.site)
		}
	}
	rt.routes = append(rt.routes, r)
	if rt.trees == nil {
		rt.trees = map[string]*node{}
	}
	at := rt.trees[r.method]
	if at == nil {
		at = &node{}
		rt.trees[r.method] = at
	}
	for _, s := range r.segments {
		if s.kind == rest {
			at.rest = r
			return nil
		}
		at = at.child(s)
	}
	at.route = r
	return nil
}

func (r *route) String() string {
	if r.method == anyMethod {
		return r.pattern
	}
	return r.method + " " + r.pattern
}

func (n *node) child(s segment) *node {
	if s.kind == wildcard {
		if n.wild == nil {
			n.wild = &node{}
		}
		return n.wild
	}
	for i := range n.edges {
		if n.edges[i].text == s.text {
			return n.edges[i].next
		}
	}
	next := &node{}
	n.edges = append(n.edges, edge{s.text, next})
	slices.SortFunc(n.edges, func(a, b edge) int { return strings.Compare(a.text, b.text) })
	return next
}

// clashes reports whether some request matches both routes and neither is more specific than the other. A route of one
// method is more specific than a mounted handler, unless its path is wider.
func (r *route) clashes(other *route) bool {
	if r.method != other.method && r.method != anyMethod && other.method != anyMethod {
		return false
	}
	both, wider, narrower := compare(r.segments, other.segments)
	switch {
	case !both:
		return false
	case r.method == other.method:
		return wider == narrower
	case r.method == anyMethod:
		return narrower
	}
	return wider
}

// compare says whether some path matches both a and b, and whether each is wider than the other somewhere.
func compare(a, b []segment) (both, aWider, bWider bool) {
	for i := 0; ; i++ {
		switch {
		case i == len(a) || i == len(b):
			return len(a) == len(b), aWider, bWider // {rest...} needs at least one segment
		case a[i].kind == rest || b[i].kind == rest:
			return true, aWider || b[i].kind != rest, bWider || a[i].kind != rest
		case a[i].kind == static && b[i].kind == static:
			if a[i].text != b[i].text {
				return false, false, false
			}
		default:
			aWider = aWider || b[i].kind == static
			bWider = bWider || a[i].kind == static
		}
	}
}

// find looks for the route of a method and URL. It reports false when there is none.
func (rt *router) find(method string, u *url.URL, m *match) bool {
	path, escaped, ok := relative(u)
	return ok && (rt.lookup(method, path, escaped, m) || rt.lookup(anyMethod, path, escaped, m))
}

// relative is the path without its first slash and one trailing slash, as it was sent.
func relative(u *url.URL) (path string, escaped, ok bool) {
	path = u.Path
	if u.RawPath != "" {
		path, escaped = u.RawPath, true
	}
	if path == "" || path[0] != '/' {
		return "", false, false
	}
	return strings.TrimSuffix(path[1:], "/"), escaped, true
}

func (rt *router) lookup(method, path string, escaped bool, m *match) bool {
	tree := rt.trees[method]
	if tree == nil {
		return false
	}
	m.n = 0
	return tree.walk(path, path == "", escaped, m)
}

// walk matches the rest of a path; done says that no segment is left.
func (n *node) walk(path string, done, escaped bool, m *match) bool {
	if done {
		m.route = n.route
		return n.route != nil
	}
	head, tail, more := strings.Cut(path, "/")
	text, ok := decode(head, escaped)
	if !ok {
		return false
	}
	if next := n.edge(text); next != nil && next.walk(tail, !more, escaped, m) {
		return true
	}
	if n.wild != nil {
		m.values[m.n] = text
		m.n++
		if n.wild.walk(tail, !more, escaped, m) {
			return true
		}
		m.n--
	}
	if n.rest != nil {
		value, ok := decodeRest(path, escaped)
		if ok {
			m.values[m.n] = value
			m.n++
			m.route = n.rest
		}
		return ok
	}
	return false
}

func (n *node) edge(text string) *node {
	if len(n.edges) > 16 {
		i, ok := slices.BinarySearchFunc(n.edges, text, func(e edge, s string) int { return strings.Compare(e.text, s) })
		if ok {
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
	return s, s != "" && s != "." && s != ".."
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

// allowed lists the methods that the path of a URL has, sorted, with HEAD and OPTIONS; nil when it has none.
func (rt *router) allowed(u *url.URL) []string {
	var methods []string
	var m match
	path, escaped, ok := relative(u)
	for method := range rt.trees {
		if ok && method != anyMethod && rt.lookup(method, path, escaped, &m) {
			methods = append(methods, method)
		}
	}
	if len(methods) == 0 {
		return nil
	}
	if slices.Contains(methods, http.MethodGet) && !slices.Contains(methods, http.MethodHead) {
		methods = append(methods, http.MethodHead)
	}
	if !slices.Contains(methods, http.MethodOptions) {
		methods = append(methods, http.MethodOptions)
	}
	slices.Sort(methods)
	return methods
}
