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
	trees []tree
	added int // routes so far
}

// tree holds the routes of one method. There are few methods, so they are compared one by one.
type tree struct {
	method string
	root   *node

	fixed [64][]fixed // the first without a wildcard, which win over all others, by the length of their paths
}

// fixed is the route of a path without wildcards.
type fixed struct {
	path  string
	route *route
}

// manyFixed is how many paths of one length are compared one by one.
const manyFixed = 8

// route is a pattern and what it leads to.
type route struct {
	method   string // "" is every method (a mounted handler)
	pattern  string
	segments []segment
	names    []string // wildcards in order
	site     string
	order    int          // of registration
	plan     *plan        // an operation
	format   *format      // that the path picks; nil is none
	suffixed []*route     // the same with a suffix that picks a format
	picks    bool         // the end of the path may pick a format
	handler  http.Handler // the chain around it, or a mounted handler

	version   *version // nil is none
	successor string   // the version in whose path the same is found; "" is none
	byVersion []*route // stands for these where the path does not name the version; nil ones are not part of it
}

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

// match holds the decoded values of the wildcards of a route that was found. The route itself is not kept in it: what holds a match
// is used again, and each write of a pointer there costs while garbage is collected.
type match struct {
	values [maxWildcards]string
	n      int
}

func (m *match) path() []string { return m.values[:m.n] }

// anyMethod holds the routes of mounted handlers, which take every method.
const anyMethod = ""

// add puts a route into its tree, or says which route it clashes with.
func (rt *router) add(r *route) error {
	if other := rt.clash(r); other != nil {
		return fmt.Errorf("%s clashes with %s registered at %s", r, other, other.site)
	}
	t := rt.tree(r.method)
	if t == nil {
		rt.trees = append(rt.trees, tree{method: r.method, root: &node{}})
		t = &rt.trees[len(rt.trees)-1]
	}
	rt.added++
	r.order = rt.added
	if len(r.names) == 0 {
		t.addFixed(r)
	}
	at := t.root
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

func (rt *router) tree(method string) *tree {
	for i := range rt.trees {
		if rt.trees[i].method == method {
			return &rt.trees[i]
		}
	}
	return nil
}

// addFixed notes the route of a path without wildcards, so that it is found without a walk, unless there are many like it.
func (t *tree) addFixed(r *route) {
	var path strings.Builder
	for _, s := range r.segments {
		path.WriteString("/" + s.text)
	}
	same := &t.fixed[path.Len()%len(t.fixed)]
	if path.Len() > 0 && len(*same) < manyFixed {
		*same = append(*same, fixed{path.String(), r})
	}
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
	i, found := n.search(s.text)
	if !found {
		n.edges = slices.Insert(n.edges, i, edge{s.text, &node{}})
	}
	return n.edges[i].next
}

// search looks for an edge in the sorted list.
func (n *node) search(text string) (int, bool) {
	return slices.BinarySearchFunc(n.edges, text, func(e edge, s string) int { return strings.Compare(e.text, s) })
}

// find looks for the route of a method and URL. HEAD is answered by the operation for GET. Nil is none.
func (rt *router) find(method string, u *url.URL, m *match) *route {
	t := rt.tree(method)
	if t != nil && u.RawPath == "" {
		for _, f := range t.fixed[len(u.Path)%len(t.fixed)] {
			if f.path == u.Path {
				m.n = 0
				return f.route
			}
		}
	}
	path, escaped, ok := relative(u)
	if !ok {
		return nil
	}
	found := t.lookup(path, escaped, m)
	if found == nil && method == http.MethodHead {
		found = rt.tree(http.MethodGet).lookup(path, escaped, m)
	}
	if found == nil {
		found = rt.tree(anyMethod).lookup(path, escaped, m)
	}
	return found
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

// lookup finds a path in the tree of a method; that of a method without routes is nil.
func (t *tree) lookup(path string, escaped bool, m *match) *route {
	if t == nil {
		return nil
	}
	m.n = 0
	return t.root.walk(path, path == "", escaped, m)
}

// allowed lists the methods that the path of a URL has, sorted, with HEAD and OPTIONS; nil when it has none.
func (rt *router) allowed(u *url.URL) []string {
	var methods []string
	var m match
	path, escaped, ok := relative(u)
	for i := range rt.trees {
		t := &rt.trees[i]
		if ok && t.method != anyMethod && t.lookup(path, escaped, &m) != nil {
			methods = append(methods, t.method)
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
