package tenon //nolint:testpackage // the router is not exported

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
)

// manyRoutes are 1,000 routes in 50 groups, as an app has them: half of them with one wildcard, some with two.
func manyRoutes(tb testing.TB) *router {
	tb.Helper()
	rt := &router{}
	for g := range 50 {
		for r := range 4 {
			path := fmt.Sprintf("/groups/%d/items%d", g, r)
			for _, of := range []struct{ method, path string }{
				{http.MethodGet, path}, {http.MethodPost, path}, {http.MethodGet, path + "/{id}"}, {http.MethodPut, path + "/{id}"},
				{http.MethodGet, path + "/{id}/parts/{part}"},
			} {
				segments, names, err := parsePattern(of.path)
				if err == nil {
					err = rt.add(&route{method: of.method, pattern: of.path, segments: segments, names: names})
				}
				if err != nil {
					tb.Fatal(err)
				}
			}
		}
	}
	return rt
}

func targets() map[string]string {
	return map[string]string{
		"static":        "/groups/33/items2",
		"one wildcard":  "/groups/33/items2/8401",
		"two wildcards": "/groups/33/items2/8401/parts/7",
	}
}

// TestMatchDoesNotAllocate holds the table's promise; BenchmarkMatch says how long a match takes.
//
//nolint:paralleltest // testing.AllocsPerRun counts those of other tests too
func TestMatchDoesNotAllocate(t *testing.T) {
	rt := manyRoutes(t)
	for name, target := range targets() {
		var m match
		u := &url.URL{Path: target}
		var found *route
		if n := testing.AllocsPerRun(100, func() { found = rt.find(http.MethodGet, u, &m) }); n > 0 || found == nil {
			t.Errorf("%s: found %v with %v allocations, want none", name, found, n)
		}
	}
}

// BenchmarkMatch finds one of 1,000 routes.
func BenchmarkMatch(b *testing.B) {
	rt := manyRoutes(b)
	for name, target := range targets() {
		b.Run(name, func(b *testing.B) {
			var m match
			u := &url.URL{Path: target}
			b.ReportAllocs()
			for b.Loop() {
				rt.find(http.MethodGet, u, &m)
			}
		})
	}
}

// BenchmarkRoutes adds 1,000 routes, each of which could clash with those before it.
func BenchmarkRoutes(b *testing.B) {
	for b.Loop() {
		manyRoutes(b)
	}
}
