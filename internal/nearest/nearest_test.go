package nearest_test

import (
	"strings"
	"testing"

	"github.com/tenon-go/tenon/internal/nearest"
)

func TestWord(t *testing.T) {
	t.Parallel()
	words := []string{"addr", "drain", "log_level"}
	for text, want := range map[string]string{
		"adr": "addr", "Addr": "addr", "darin": "drain", "loglevel": "log_level", "port": "", "": "", strings.Repeat("a", 1000): "",
	} {
		if got := nearest.Word(text, words); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
