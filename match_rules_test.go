package tenon //nolint:testpackage // the router is not exported

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// byRules is what the rules say of a path: of the routes that match, the one that is narrower at the first segment in which two differ.
func byRules(routes []*route, path string) (*route, []string) {
	var best *route
	var values []string
	segments := strings.Split(strings.TrimSuffix(path[1:], "/"), "/")
	for _, r := range routes {
		if v, ok := takes(r.segments, segments); ok && (best == nil || narrower(r.segments, best.segments)) {
			best, values = r, v
		}
	}
	return best, values
}

func takes(pattern []segment, path []string) (values []string, ok bool) {
	for i, s := range pattern {
		switch {
		case i == len(path) || path[i] == "":
			return nil, false
		case s.kind == rest:
			return append(values, strings.Join(path[i:], "/")), !slices.Contains(path[i:], "")
		case s.kind == wildcard:
			values = append(values, path[i])
		case s.text != path[i]:
			return nil, false
		}
	}
	return values, len(pattern) == len(path)
}

func narrower(a, b []segment) bool {
	for i := range min(len(a), len(b)) {
		if a[i].kind != b[i].kind {
			return a[i].kind < b[i].kind
		}
	}
	return false
}

// TestMatchFollowsTheRules compares the router with the rules, over random sets of patterns and all paths of four segments or fewer.
func TestMatchFollowsTheRules(t *testing.T) {
	t.Parallel()
	paths := []string{"/a", "/b", "/z", "/a/", "/a//"}
	for start := 0; len(paths) < 300; {
		next := len(paths)
		for _, path := range paths[start:next] {
			paths = append(paths, path+"/a", path+"/b", path+"/z")
		}
		start = next
	}
	random := rand.New(rand.NewPCG(4, 7))
	for range 300 {
		rt, routes := randomRouter(t, random)
		for _, path := range paths {
			var m match
			found := rt.find(http.MethodGet, &url.URL{Path: path}, &m)
			want, values := byRules(routes, path)
			if found != want || found != nil && !slices.Equal(m.path(), values) {
				t.Fatalf("%s leads to %v with %q, want %v with %q, of %v", path, found, m.path(), want, values, routes)
			}
		}
	}
}

// randomRouter has the routes of a random set that do not clash.
func randomRouter(tb testing.TB, random *rand.Rand) (*router, []*route) {
	tb.Helper()
	rt := &router{}
	var routes []*route
	for range 1 + random.IntN(12) {
		var words []string
		for i := range 1 + random.IntN(4) {
			words = append(words, []string{"a", "b", "c", fmt.Sprintf("{w%d}", i), fmt.Sprintf("{w%d}", i)}[random.IntN(5)])
		}
		if random.IntN(4) == 0 {
			words = append(words, "{rest...}")
		}
		pattern := "/" + strings.Join(words, "/")
		segments, names, err := parsePattern(pattern)
		if err != nil {
			tb.Fatal(err)
		}
		r := &route{method: http.MethodGet, pattern: pattern, segments: segments, names: names}
		if rt.add(r) == nil {
			routes = append(routes, r)
		}
	}
	return rt, routes
}
