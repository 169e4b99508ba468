package form_test

import (
	"testing"

	"github.com/tenon-go/tenon/internal/form"
)

func TestFileNameRefusesWhatCannotBeSeen(t *testing.T) {
	t.Parallel()
	for _, c := range "\u200e\u200f\u061c\u202e\u2066\u200b\ufeff\u2028\u2029\u0085\x1b" {
		if name, ok := form.FileName("a" + string(c) + "b.png"); ok {
			t.Errorf("%U is taken: %q", c, name)
		}
	}
	for _, sent := range []string{"\u0645\u06cc\u200c\u062e.txt", "\U0001f469\u200d\U0001f680.png", "ä ö.txt"} {
		if name, ok := form.FileName(sent); !ok || name != sent {
			t.Errorf("%q is %q, %v", sent, name, ok)
		}
	}
}
