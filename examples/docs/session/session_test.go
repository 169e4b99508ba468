package session_test

import (
	"testing"

	"github.com/tenon-go/tenon/examples/docs/session"
)

func TestParse(t *testing.T) {
	t.Parallel()
	text := "# region: a\n$ curl \\\n    -s x\none\n\ntwo\n# endregion: a\n\n# region: b\n$ true\n# endregion: b\n"
	want := []session.Step{
		{Head: "# region: a\n$ curl \\\n    -s x\n", Command: "curl \\\n    -s x\n", Output: "one\n\ntwo\n"},
		{Head: "# endregion: a\n\n# region: b\n$ true\n", Command: "true\n"},
		{Head: "# endregion: b\n"},
	}
	got := session.Parse(text)
	if len(got) != len(want) {
		t.Fatalf("%d steps, want %d: %q", len(got), len(want), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("step %d is %q, want %q", i, got[i], want[i])
		}
	}
}
