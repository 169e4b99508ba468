package ascii_test

import (
	"strings"
	"testing"

	"github.com/tenon-go/tenon/internal/ascii"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	const others = "!#$%&'*+-.^_`|~"
	for c := range 256 {
		b := byte(c)
		letter := 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
		want := letter || '0' <= b && b <= '9' || strings.IndexByte(others, b) >= 0
		if got := ascii.IsToken("x" + string([]byte{b})); got != want {
			t.Errorf("%q in a token: %v, want %v", b, got, want)
		}
	}
	if ascii.IsToken("") {
		t.Error("nothing is a token")
	}
}

func TestHex(t *testing.T) {
	t.Parallel()
	for c := range 256 {
		value := strings.IndexByte("0123456789abcdef", byte(c)|0x20)
		if '0' > c || c > '9' && c < 'A' {
			value = -1
		}
		if got := ascii.IsHex(byte(c)); got != (value >= 0) {
			t.Errorf("%q is hexadecimal: %v", byte(c), got)
		}
		if value >= 0 && int(ascii.Hex(byte(c))) != value {
			t.Errorf("%q is %d, want %d", byte(c), ascii.Hex(byte(c)), value)
		}
	}
}

// TestPlain puts every byte at every place of texts of up to three words.
func TestPlain(t *testing.T) {
	t.Parallel()
	for c := range 256 {
		for size := range 24 {
			for at := range size {
				text := []byte(strings.Repeat("a", size))
				text[at] = byte(c)
				want := size
				if c < ' ' || c >= 0x80 || c == '"' || c == '\\' {
					want = at
				}
				if got := ascii.Plain(text); got != want {
					t.Fatalf("%q: %d, want %d", text, got, want)
				}
				if got := ascii.Plain(string(text)); got != want {
					t.Fatalf("%q as a string: %d, want %d", text, got, want)
				}
			}
		}
	}
}
