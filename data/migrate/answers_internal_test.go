package migrate

import (
	"strings"
	"testing"
)

// TestTerminal answers what a person is asked.
func TestTerminal(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, typed string
		want        rename
		fails       bool
	}{
		{"the second name", "2\n", rename{"posts", "heading", "title"}, false},
		{"after answers that are none", "\n7\nyes\n1\n", rename{"posts", "heading", "slug"}, false},
		{"it may go", "3\n", rename{}, false},
		{"nobody is there", "", rename{}, true},
	} {
		var out strings.Builder
		a := &answers{ask: terminal(strings.NewReader(tt.typed), &out)}
		list, err := a.decide("posts", []string{"heading"}, []string{"slug", "title"})
		if tt.fails != (err != nil) || tt.want.to == "" != (len(list) == 0) || len(list) > 0 && list[0] != tt.want {
			t.Errorf("%s: %v, %v", tt.name, list, err)
		}
		question := "posts.heading is gone from the models.\n  1) it is slug now\n  2) it is title now\n  3) drop it, with what is in it\nWhich? "
		if !strings.HasPrefix(out.String(), question) {
			t.Errorf("%s: %q", tt.name, out.String())
		}
		if tt.fails {
			continue
		}
		a.ask = nil // the other engine does not ask again
		if again, err := a.decide("posts", []string{"heading"}, []string{"slug", "title"}); err != nil || len(again) != len(list) {
			t.Errorf("%s, again: %v, %v", tt.name, again, err)
		}
	}
}
