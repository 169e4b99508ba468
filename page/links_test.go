package page_test

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/page"
)

func TestDR06LinksKeepTheQuery(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, target string
		query        page.Query
		total        int64
		want         string
	}{
		{"the first page has no prev", "/users", page.Query{Page: 1, Size: 10}, 25,
			`<?page=1>; rel="first", <?page=2>; rel="next", <?page=3>; rel="last"`},
		{"a page in the middle has all four", "/users?page=2", page.Query{Page: 2, Size: 10}, 25,
			`<?page=1>; rel="first", <?page=1>; rel="prev", <?page=3>; rel="next", <?page=3>; rel="last"`},
		{"the last page has no next", "/users?page=3", page.Query{Page: 3, Size: 10}, 25,
			`<?page=1>; rel="first", <?page=2>; rel="prev", <?page=3>; rel="last"`},
		{"an empty list is its own first and last", "/users", page.Query{}, 0,
			`<?page=1>; rel="first", <?page=1>; rel="last"`},
		{"a page past the end goes back to the last", "/users?page=9", page.Query{Page: 9, Size: 10}, 25,
			`<?page=1>; rel="first", <?page=3>; rel="prev", <?page=3>; rel="last"`},
		{"other parameters keep their places", "/users?z=1&page=1&a=2&size=10", page.Query{Page: 1, Size: 10}, 11,
			`<?z=1&page=1&a=2&size=10>; rel="first", <?z=1&page=2&a=2&size=10>; rel="next", <?z=1&page=2&a=2&size=10>; rel="last"`},
		{"repeated, empty and bare parameters stay as they are", "/?tag=a&tag=b&x=&y", page.Query{}, 0,
			`<?tag=a&tag=b&x=&y&page=1>; rel="first", <?tag=a&tag=b&x=&y&page=1>; rel="last"`},
		{"bytes that end a reference are escaped", "/?q=%3E%22%0D%0Aä<", page.Query{}, 0,
			`<?q=%3E%22%0D%0A%C3%A4%3C&page=1>; rel="first", <?q=%3E%22%0D%0A%C3%A4%3C&page=1>; rel="last"`},
		{"the host is not repeated", "http://evil.example/users", page.Query{}, 0,
			`<?page=1>; rel="first", <?page=1>; rel="last"`},
		{"a last page too deep to be asked for is left out", "/", page.Query{Page: 1, Size: 10}, 1_000_000,
			`<?page=1>; rel="first", <?page=2>; rel="next"`},
		{"so is a next page too deep", "/", page.Query{Page: 1001, Size: 10}, 1_000_000,
			`<?page=1>; rel="first", <?page=1000>; rel="prev"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			u, err := url.Parse(tt.target)
			if err != nil {
				t.Fatal(err)
			}
			if got := page.New[int](tt.query, nil, tt.total).Links(u); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

var link = regexp.MustCompile(`^<(\?[!-;=?-~]*)>; rel="(first|prev|next|last)"$`)

// FuzzLinks shows that whatever the query is, the value is well-formed, and that a query that can be read reaches the
// next request unchanged, but for its page.
func FuzzLinks(f *testing.F) {
	for _, seed := range []string{"", "page=1", "a=1&page=2&b=3", "q=%3E%22", "page&page=", "a;b", "%zz=1&x", "&&=", "p%61ge=4", "+=+"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		value := page.New[int](page.Query{Page: 2, Size: 10}, nil, 25).Links(&url.URL{RawQuery: query})
		for one := range strings.SplitSeq(value, ", ") {
			parts := link.FindStringSubmatch(one)
			if parts == nil {
				t.Fatalf("not a link: %q", one)
			}
			checkTarget(t, query, parts[1], parts[2])
		}
	})
}

func checkTarget(t *testing.T, query, target, rel string) {
	t.Helper()
	got, err := url.ParseQuery(target[1:])
	if err != nil {
		t.Fatalf("the target %q cannot be read: %v", target, err)
	}
	want := map[string]string{"first": "1", "prev": "1", "next": "3", "last": "3"}[rel]
	if !slices.Equal(got["page"], []string{want}) {
		t.Errorf("%s has page %q, want %s", target, got["page"], want)
	}
	before, err := url.ParseQuery(query)
	if err != nil {
		return
	}
	delete(before, "page")
	delete(got, "page")
	if before.Encode() != got.Encode() {
		t.Errorf("%q became %q", query, target)
	}
}
